"""Files of every kind, encoding and separator give the same rows, and true line numbers."""

import json
import re
import zipfile
from datetime import UTC, datetime, time, timedelta

import geopandas
import pytest
from openpyxl import Workbook
from shapely.geometry import Point

from data.importers import read_jobs, read_technicians, read_territories

ZONE = "America/Santiago"
HEADINGS = ["number", "title", "service", "latitude", "longitude"]
GOOD = ["1", "Boiler", "45", "-29.9", "-71.25"]
BAD = ["2", "Boiler", "soon", "-29.9", "-71.25"]


def write_csv(path, rows, separator=",", encoding="utf-8"):
    path.write_bytes("\r\n".join(separator.join(row) for row in rows).encode(encoding))
    return path


def write_xlsx(path, rows):
    workbook = Workbook()
    for row in rows:
        workbook.worksheets[0].append(row)
    workbook.save(path)
    return path


def complaints(result):
    return [str(problem) for problem in result.problems]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_any_encoding_and_separator_will_do(tmp_path, separator, encoding):
    rows = [["Número", "Título", "Duración", "Latitud", "Longitud"], ["1", "Cañería", "45", "-29.9", "-71.25"]]
    result = read_jobs(write_csv(tmp_path / "jobs.csv", rows, separator, encoding), ZONE)
    assert [job.title for job in result.records] == ["Cañería"]
    warned = ["Windows-1252" in problem.what for problem in result.problems]
    assert warned == ([True] if encoding == "cp1252" else [])


def test_decimal_commas_go_with_semicolons(tmp_path):
    rows = [HEADINGS, ["1", "Boiler", "45", "-29,9", "-71,25"]]
    (job,) = read_jobs(write_csv(tmp_path / "jobs.csv", rows, ";"), ZONE).records
    assert job.location == (-29.9, -71.25)


@pytest.mark.parametrize(
    "headings",
    [
        ["JOB NUMBER", "Job_Title".removeprefix("Job_"), "ServiceTime", "LAT", "Lng"],
        ["Auftragsnr.", "Bezeichnung", "Dauer (Min)", "Breitengrad", "Längengrad"],
        ["Número de orden", "Descripción", "Duración en minutos", "Latitud", "Longitud"],
        ["Référence", "Intitulé", "Durée prévue [min]", "LATITUDE", "longitude"],
    ],
)
def test_headings_are_known_in_four_languages(tmp_path, headings):
    result = read_jobs(write_csv(tmp_path / "jobs.csv", [headings, GOOD]), ZONE)
    assert complaints(result) == []
    assert result.records[0].service_s == 2700


def test_a_heading_may_state_its_unit(tmp_path):
    rows = [
        ["number", "title", "service_s", "setup (h)", "latitude", "longitude"],
        ["1", "Boiler", "90", "0.5", "1.5", "2.5"],
    ]
    (job,) = read_jobs(write_csv(tmp_path / "jobs.csv", rows), ZONE).records
    assert (job.service_s, job.setup_s) == (90, 1800)


def test_a_job_to_be_restored_before_it_is_due_is_refused_on_its_line(tmp_path):
    rows = [[*HEADINGS, "due_at", "restore_by_at"], [*GOOD, "2025-07-02 12:00", "2025-07-02 11:00"]]
    (wrong,) = read_jobs(write_csv(tmp_path / "jobs.csv", rows), ZONE).errors
    assert (wrong.number, wrong.column, wrong.what) == (2, "restore_by_at", "it is to be restored before work is due")


def test_the_kind_of_work_may_say_how_long_it_takes(tmp_path):
    """What is empty is not told, and none at all is said with a dash; a kind that does not say it is refused."""
    rows = [
        ["number", "title", "service", "job_type", "skills", "parts", "priority", "latitude", "longitude"],
        ["1", "Boiler", "", "Repair", "-", "", "", "1.5", "2.5"],
        ["2", "Boiler", "", "Look", "gas:2", "-", "0", "1.5", "2.5"],
        ["3", "Boiler", "", "", "", "", "", "1.5", "2.5"],
    ]
    path = write_csv(tmp_path / "jobs.csv", rows)
    result = read_jobs(path, ZONE, keep_good=True, has_length=lambda _, job_type: job_type == "Repair")
    (job,) = result.records
    assert (job.service_s, job.skills, job.parts, job.priority, job.setup_s) == (None, {}, None, None, None)
    assert job.untold == {"address", "territory", "on", "windows", "required", "preferred", "excluded", "notes"}
    assert [(one.number, one.column) for one in result.problems] == [(3, "service"), (4, "service")]
    assert len(read_jobs(path, ZONE, keep_good=True).records) == 0


def test_line_numbers_count_blank_lines_and_lines_inside_quotes(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text(
        "\nnumber,title,service,latitude,longitude\n"
        '1,"Boiler\n\nin the attic",45,-29.9,-71.25\n'
        "\n"
        "2,Boiler,soon,-29.9,-71.25\n"
        ",,,,\n"
        "3,Boiler,45,-29.9,-71.25\n"
        "4,Boiler,late,-29.9,-71.25\n"
    )
    result = read_jobs(path, ZONE, keep_good=True)
    assert [problem.number for problem in result.errors] == [7, 10]
    assert [job.number for job in result.records] == ["1", "3"]
    assert result.records[0].title == "Boiler\n\nin the attic"
    assert (result.good, result.total) == (2, 4)


def test_lines_of_another_width_are_refused_one_by_one(tmp_path):
    rows = [HEADINGS, GOOD[:4], [*GOOD, "extra"], [*GOOD, "", ""]]
    result = read_jobs(write_csv(tmp_path / "jobs.csv", rows), ZONE, keep_good=True)
    assert [(problem.number, problem.what) for problem in result.problems] == [
        (2, "it has 4 cells where the headings are 5"),
        (3, "it has 6 cells where the headings are 5"),
    ]
    assert len(result.records) == 1


def test_quotation_marks_that_do_not_match_are_reported_and_good_lines_kept(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text('number,title,service,latitude,longitude\n1,"A"x,45,1.5,2.5\n2,B,45,1.5,2.5\n3,"C,45,1.5,2.5\n')
    result = read_jobs(path, ZONE, keep_good=True)
    assert [problem.number for problem in result.problems] == [2, 4]
    assert [job.number for job in result.records] == ["2"]
    assert result.total == 3


def test_rows_of_a_sheet_have_the_numbers_that_excel_shows(tmp_path):
    path = write_xlsx(tmp_path / "jobs.xlsx", [[], HEADINGS, GOOD, [], BAD])
    result = read_jobs(path, ZONE, keep_good=True)
    assert [(problem.where, problem.column) for problem in result.problems] == [("row 5", "service")]
    assert len(result.records) == 1


def test_numbers_and_times_of_a_sheet_keep_their_meaning(tmp_path):
    rows = [
        ["number", "title", "date", "from", "to", "duration", "lat", "lon", "due", "phone"],
        [
            7.0,
            2025,
            datetime(2025, 7, 1),
            time(9),
            0.5,
            timedelta(minutes=50),
            -29.9,
            -71.25,
            datetime(2025, 7, 1, 15),
            56900000001,
        ],
    ]
    (job,) = read_jobs(write_xlsx(tmp_path / "jobs.xlsx", rows), "UTC").records
    assert (job.number, job.title, job.customer_phone, job.service_s) == ("7", "2025", "56900000001", 3000)
    assert job.windows == ((datetime(2025, 7, 1, 9, tzinfo=UTC), datetime(2025, 7, 1, 12, tzinfo=UTC)),)
    assert job.due_at == datetime(2025, 7, 1, 15, tzinfo=UTC)


def test_a_date_means_the_same_in_a_sheet_and_in_text(tmp_path):
    """Work is due, and windows end, when the day is over; they begin, and calls come in, from its beginning."""
    headings = [*HEADINGS, "earliest", "latest", "reported", "due", "restore by"]
    days = [datetime(2025, 7, day) for day in (1, 3, 1, 2, 3)]
    sheet = write_xlsx(tmp_path / "jobs.xlsx", [headings, [*GOOD, *days]])
    text = write_csv(tmp_path / "jobs.csv", [headings, [*GOOD, *(f"{day:%Y-%m-%d}" for day in days)]])
    [job] = read_jobs(sheet, "UTC").records
    assert read_jobs(text, "UTC").records == (job,)
    assert job.windows == ((datetime(2025, 7, 1, tzinfo=UTC), datetime(2025, 7, 4, tzinfo=UTC)),)
    assert job.reported_at == datetime(2025, 7, 1, tzinfo=UTC)
    assert (job.due_at, job.restore_by_at) == (datetime(2025, 7, 3, tzinfo=UTC), datetime(2025, 7, 4, tzinfo=UTC))


def test_formulas_without_results_and_excels_errors_are_refused(tmp_path):
    rows = [HEADINGS, ["1", "=A1", "45", "1.5", "2.5"], ["2", "#N/A", "45", "1.5", "2.5"], GOOD, [*GOOD, "beside"]]
    result = read_jobs(write_xlsx(tmp_path / "jobs.xlsx", rows), ZONE, keep_good=True)
    assert [problem.number for problem in result.errors] == [2, 3, 5]
    assert len(result.records) == 1


def test_formulas_that_show_nothing_are_empty_cells(tmp_path):
    """As where they are copied down beyond the last line; only one without any result is refused."""
    heads = [*HEADINGS, "notes"]
    rows = [heads, [*GOOD, "=A1"], [f"=A{place}" for place in range(6)], ["3", *GOOD[1:], "=A2"]]
    path = store_results(write_xlsx(tmp_path / "jobs.xlsx", rows), lambda name: "" if name != "F4" else None)
    result = read_jobs(path, ZONE, keep_good=True)
    assert [(problem.number, "without a stored result" in problem.what) for problem in result.errors] == [(4, True)]
    assert [(job.number, job.notes) for job in result.records] == [("1", "")]


def store_results(path, result_of):
    """The workbook as Excel saves it: each formula with the text that it shows, or with no result."""

    def with_result(cell):
        text = result_of(cell[1])
        kind, value = (' t="str"', f"<v>{text}</v>") if text is not None else ("", "<v></v>")
        return f'<c r="{cell[1]}"{kind}>{cell[2]}{value}</c>'

    with zipfile.ZipFile(path) as workbook:
        parts = {name: workbook.read(name) for name in workbook.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    sheet, count = re.subn(r'<c r="(\w+)"[^>]*>(<f>.*?</f>)<v ?/></c>', with_result, sheet)
    assert count, "there are formulas"
    with zipfile.ZipFile(path, "w") as workbook:
        for name, content in {**parts, "xl/worksheets/sheet1.xml": sheet.encode()}.items():
            workbook.writestr(name, content)
    return path


def test_other_sheets_are_mentioned_and_can_be_chosen(tmp_path):
    workbook = Workbook()
    workbook.worksheets[0].append(HEADINGS)
    workbook.worksheets[0].append(GOOD)
    other = workbook.create_sheet("More")
    other.append(HEADINGS)
    other.append(["9", *GOOD[1:]])
    workbook.save(tmp_path / "jobs.xlsx")
    first = read_jobs(tmp_path / "jobs.xlsx", ZONE)
    assert [problem.what for problem in first.warnings] == ["sheet 'Sheet' was read, and not 'More'"]
    assert [job.number for job in read_jobs(tmp_path / "jobs.xlsx", ZONE, sheet="More").records] == ["9"]
    assert "no sheet 'Less'" in read_jobs(tmp_path / "jobs.xlsx", ZONE, sheet="Less").problems[0].what


def test_the_kind_of_a_file_is_told_by_its_content(tmp_path):
    path = write_csv(tmp_path / "jobs.xlsx", [HEADINGS, GOOD])
    assert len(read_jobs(path, ZONE).records) == 1


def test_geojson_of_other_programs_is_understood(tmp_path):
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [-71.25, -29.9]},
        "properties": {
            "id": 5,
            "name": "Ana",
            "hours": "Mon 08:00-17:00",
            "skills": {"gas": 3},
            "other territories": ["A", "B"],
        },
    }
    path = tmp_path / "people.geojson"
    path.write_text(
        json.dumps(
            {"type": "FeatureCollection", "features": [feature, {"type": "Feature", "geometry": {"type": "Blob"}}]}
        )
    )
    result = read_technicians(path, ZONE, keep_good=True)
    assert [problem.where for problem in result.errors] == ["feature 2"]
    (ana,) = result.records
    assert (ana.code, ana.home, ana.skills, ana.secondary_territories) == ("5", (-29.9, -71.25), {"gas": 3}, ("A", "B"))


def test_other_coordinate_systems_are_turned_into_degrees(tmp_path):
    frame = geopandas.GeoDataFrame(
        {"number": ["1"], "title": ["Boiler"], "service": [45]}, geometry=[Point(-71.25, -29.9)], crs="EPSG:4326"
    ).to_crs("EPSG:32719")
    frame.to_file(tmp_path / "jobs.gpkg", layer="jobs")
    (job,) = read_jobs(tmp_path / "jobs.gpkg", ZONE).records
    assert job.location == pytest.approx((-29.9, -71.25), abs=1e-9)


def test_a_territory_must_be_a_sound_area(tmp_path):
    def feature(name, geometry):
        return {"type": "Feature", "properties": {"name": name}, "geometry": geometry}

    bow_tie = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    metres = {"type": "Polygon", "coordinates": [[[0, 0], [5000, 0], [5000, 5000], [0, 0]]]}
    line = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
    path = tmp_path / "areas.geojson"
    features = [feature("A", bow_tie), feature("B", metres), feature("C", line), feature("D", None)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    result = read_territories(path, zone=ZONE, keep_good=True)
    assert [problem.what.split(" (")[0] for problem in result.errors] == [
        "its outline is not valid",
        "its coordinates are not degrees",
        "its geometry is a LineString",
    ]
    assert [territory.name for territory in result.records] == ["D"]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "the file is empty"),
        (b"\xd0\xcf\x11\xe0...", "this is an old .xls workbook"),
        (b"%PDF-1.7", "this is not a table"),
        (b"PK\x03\x04nothing", "this is not a readable .xlsx workbook"),
        (b"SQLite format 3\x00nothing", "this is not a GeoPackage"),
        (b'{"type": ', "this is not JSON"),
        (b'{"type": "Topology"}', "this is not a GeoJSON FeatureCollection"),
    ],
)
def test_files_that_cannot_be_read_say_why(tmp_path, content, what):
    path = tmp_path / "jobs.csv"
    path.write_bytes(content)
    (problem,) = read_jobs(path, ZONE).problems
    assert problem.what.startswith(what)
    assert problem.mend


def test_a_file_that_is_not_there_says_so(tmp_path):
    (problem,) = read_jobs(tmp_path / "none.csv", ZONE).problems
    assert "there is no file" in problem.what


def test_headings_alone_are_an_error(tmp_path):
    (problem,) = read_jobs(write_csv(tmp_path / "jobs.csv", [HEADINGS]), ZONE).problems
    assert problem.what == "there is no line below the headings"

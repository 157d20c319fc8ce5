"""Files of every kind, encoding and separator give the same rows, and true line numbers."""

import io
import json
import sqlite3
import zipfile
from contextlib import closing

import geopandas
import pytest
from shapely.geometry import Point

from data.importers import read_jobs, read_technicians, read_territories
from tests.data.importers.tables import GOOD, HEADINGS, ZONE, write_csv, write_xlsx

OPEN_XML = "http://schemas.openxmlformats.org/package/2006/content-types"


def archive(name, text):
    """Another program's document, or a damaged one."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr(name, text)
    return content.getvalue()


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


def test_the_kind_of_a_file_is_told_by_its_content(tmp_path):
    path = write_csv(tmp_path / "jobs.xlsx", [HEADINGS, GOOD])
    assert len(read_jobs(path, ZONE).records) == 1
    path = write_xlsx(tmp_path / "jobs.xlsx", [HEADINGS, GOOD]).rename(tmp_path / "jobs.csv")
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
    wrong = [
        {"type": "Feature", "geometry": {"type": "Blob"}},
        {**feature, "properties": ["Ana"]},
        {**feature, "properties": "Ana"},
    ]
    crs = {"type": "name", "properties": None}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature, *wrong]}))
    result = read_technicians(path, ZONE, keep_good=True)
    assert [problem.where for problem in result.errors] == ["feature 2", "feature 3", "feature 4"]
    (ana,) = result.records
    assert (ana.code, ana.home, ana.skills, ana.secondary_territories) == ("5", (-29.9, -71.25), {"gas": 3}, ("A", "B"))


def test_other_coordinate_systems_are_turned_into_degrees(tmp_path):
    frame = geopandas.GeoDataFrame(
        {"number": ["1"], "title": ["Boiler"], "service": [45]}, geometry=[Point(-71.25, -29.9)], crs="EPSG:4326"
    ).to_crs("EPSG:32719")
    frame.to_file(tmp_path / "jobs.gpkg", layer="jobs")
    path = (tmp_path / "jobs.gpkg").rename(tmp_path / "jobs #1, which?.gpkg")
    (job,) = read_jobs(path, ZONE).records
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
        (archive("[Content_Types].xml", f'<Types xmlns="{OPEN_XML}"/>'), "this is not a readable .xlsx workbook"),
        (archive("[Content_Types].xml", "<Types>"), "this is not a readable .xlsx workbook"),
    ],
)
def test_files_that_cannot_be_read_say_why(tmp_path, content, what):
    path = tmp_path / "jobs.csv"
    path.write_bytes(content)
    (problem,) = read_jobs(path, ZONE).problems
    assert problem.what.startswith(what)
    assert problem.mend


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # GDAL warns too
def test_a_geopackage_without_a_layer_that_it_names_says_so(tmp_path):
    frame = geopandas.GeoDataFrame({"number": ["1"]}, geometry=[Point(-71.25, -29.9)], crs="EPSG:4326")
    frame.to_file(tmp_path / "jobs.gpkg", layer="jobs")
    with closing(sqlite3.connect(tmp_path / "jobs.gpkg")) as package:
        package.execute("INSERT INTO gpkg_contents (table_name, data_type) VALUES ('more', 'attributes')")
        package.commit()
    (problem,) = read_jobs(tmp_path / "jobs.gpkg", ZONE, sheet="more").problems
    assert problem.what.startswith("layer 'more' cannot be read")


def test_a_file_that_is_not_there_says_so(tmp_path):
    (problem,) = read_jobs(tmp_path / "none.csv", ZONE).problems
    assert "there is no file" in problem.what


def test_headings_alone_are_an_error(tmp_path):
    (problem,) = read_jobs(write_csv(tmp_path / "jobs.csv", [HEADINGS]), ZONE).problems
    assert problem.what == "there is no line below the headings"

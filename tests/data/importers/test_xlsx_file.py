"""Workbooks mean what they show: numbers, dates, and the results of formulas."""

import re
import zipfile
from datetime import UTC, datetime, time, timedelta

from openpyxl import Workbook

from data.importers import read_jobs
from tests.data.importers.tables import BAD, GOOD, HEADINGS, ZONE, write_csv, write_xlsx


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

"""All errors come at once, each with its place, its cause and its cure."""

import json
from pathlib import Path

import pytest

from data.importers import read_jobs, read_technicians, read_territories

ZONE = "America/Santiago"
HERE = Path(__file__).parent
SHIPPED = Path(__file__).parents[3] / "data" / "sample" / "files"


def listing(result):
    return "".join(f"{problem}\n" for problem in result.problems) + f"{result.good} of {result.total} lines are good.\n"


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("jobs", lambda path: read_jobs(path, ZONE, territories=["Centro"], technicians=["T1", "T2"])),
        ("technicians", lambda path: read_technicians(path, ZONE, territories=["Centro"])),
        ("territories", lambda path: read_territories(path)),
        ("jobs_without_columns", lambda path: read_jobs(path, ZONE)),
    ],
)
def test_the_listing_of_a_bad_file_is_complete_and_clear(name, read):
    """The golden files are read by people: see that each line says where, what, and how to mend."""
    result = read(HERE / "golden" / f"{name}.csv")
    assert listing(result) == (HERE / "golden" / f"{name}.txt").read_text(encoding="utf-8")
    assert result.records == ()


def test_good_lines_are_kept_only_on_request(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text("number,title,service,lat,lon\n1,A,45,1.5,2.5\n2,B,never,1.5,2.5\n")
    refused = read_jobs(path, ZONE)
    assert (refused.records, refused.good, refused.total, refused.ok) == ((), 1, 2, False)
    assert [job.number for job in read_jobs(path, ZONE, keep_good=True).records] == ["1"]


def test_a_mistyped_year_is_refused_in_files_as_in_forms(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text(
        "number,title,service,lat,lon,date,due,time windows\n"
        "1,A,45,1.5,2.5,0026-11-24,,\n"
        "2,B,45,1.5,2.5,,9999-12-31,0026-11-24T09:00/0026-11-24T10:00\n"
        "3,C,45,1.5,2.5,2026-11-24,2026-11-24,9:00-12:00\n"
    )
    result = read_jobs(path, ZONE)
    far = [(one.number, one.column) for one in result.problems if "not between the years 2000 and 2199" in one.what]
    assert far == [(2, "date"), (3, "due"), (3, "time windows")]
    assert (len(result.problems), result.good) == (3, 1)


def test_a_warning_refuses_nothing(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text("number,title,service,lat,lon,colour\n1,A,45,1.5,2.5,red\n")
    result = read_jobs(path, ZONE)
    assert (len(result.records), result.ok, len(result.warnings)) == (1, True, 1)


def test_nothing_is_kept_of_a_file_without_a_needed_column(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text("number,title,lat,lon\n1,A,1.5,2.5\n")
    assert read_jobs(path, ZONE, keep_good=True).records == ()


def test_addresses_are_looked_up_where_coordinates_are_missing(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text("number,title,service,address\n1,A,45,Here 1\n2,B,45,Nowhere 2\n")
    result = read_jobs(path, ZONE, keep_good=True, geocode={"Here 1": (1.5, 2.5)}.get)
    assert [job.location for job in result.records] == [(1.5, 2.5)]
    assert [problem.what for problem in result.errors] == ["the address 'Nowhere 2' cannot be found"]
    assert "no address search is set up" in read_jobs(path, ZONE).errors[0].what


def test_days_that_nobody_stated_are_monday_to_friday_with_a_warning(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("code,name,start,end\n1,Ana,8:00,17:00\n")
    result = read_technicians(path, ZONE)
    assert sorted(result.records[0].hours) == [0, 1, 2, 3, 4]
    assert ["Monday to Friday" in problem.what for problem in result.warnings] == [True]


def test_a_wrong_time_of_work_is_told_once(tmp_path):
    path = tmp_path / "technicians.csv"
    path.write_text("code,name,start,end,days\nT1,Ana,early,17:00,Mon-Fri\nT2,Eva,08:00,17:00,Never\n")
    problems = [(problem.number, problem.column) for problem in read_technicians(path, ZONE).errors]
    assert problems == [(2, "start"), (3, "days")]


def test_points_of_a_map_in_metres_are_refused(tmp_path):
    """Without the name of its system nobody can turn them into degrees."""
    path = tmp_path / "jobs.geojson"
    feature = {"type": "Feature", "properties": {"number": "1", "title": "A", "service": 45},
               "geometry": {"type": "Point", "coordinates": [282_000.0, 6_688_000.0]}}  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    (problem,) = read_jobs(path, ZONE).errors
    assert "not degrees" in problem.what


def test_a_text_file_that_was_cut_off_is_refused(tmp_path):
    """Half a character is left at the end."""
    path = tmp_path / "jobs.csv"
    path.write_bytes("number,title".encode("utf-16") + b"x")
    (problem,) = read_jobs(path, ZONE).errors
    assert "encoding" in problem.what


def test_the_shipped_example_files_have_no_problems():
    territories = read_territories(SHIPPED / "territories.geojson")
    names = [territory.name for territory in territories.records]
    technicians = read_technicians(SHIPPED / "technicians.csv", ZONE, territories=names)
    codes = [technician.code for technician in technicians.records]
    jobs = read_jobs(SHIPPED / "jobs.csv", ZONE, territories=names, technicians=codes)
    assert (territories.problems, technicians.problems, jobs.problems) == ((), (), ())
    assert (len(names), len(codes), len(jobs.records)) == (5, 8, 28)


def test_advice_that_asks_something_ends_with_its_question_mark(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text("number,title,service,latitude,longitude\n1,Boiler,45,200,-71\n")
    said = str(read_jobs(path, "America/Santiago").errors[0])
    assert said.endswith("are the two swapped?")

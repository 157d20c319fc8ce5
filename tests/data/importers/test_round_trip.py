"""What is written is read back as the same records, from every kind of file; bad lines never cost good ones."""

import csv
import unicodedata
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon, box

from data.importers import (
    read_jobs,
    read_technicians,
    read_territories,
    write_jobs,
    write_technicians,
    write_territories,
)
from data.records import (
    TECHNICIAN_KINDS,
    AbsenceRecord,
    JobRecord,
    LunchBreak,
    TechnicianRecord,
    TerritoryRecord,
    WorkHours,
)
from data.sample.company import sample_company

KINDS = ("csv", "xlsx", "geojson", "gpkg")
ZONE = "America/Santiago"
QUICK = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # shrinking would write hundreds of files
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

# Any printable letters, signs and spaces inside; control characters are no part of a table.
texts = st.text(st.characters(categories=["L", "N", "P", "S"], include_characters=" \n"), max_size=12).map(
    lambda text: unicodedata.normalize("NFC", text).strip()
)
names = st.text("abcdefghijklmnopqrstuvwxyzäñé ", min_size=1, max_size=8).map(str.strip).filter(bool)
counted = st.dictionaries(names.map(lambda name: " ".join(name.split())), st.integers(1, 10), max_size=3)
codes = st.text("ABCXYZ0123456789-", min_size=2, max_size=6)
some_codes = st.frozensets(codes, max_size=2)
degrees = st.integers(1, 89 * 10**7).map(lambda parts: parts / 10**7)  # whole centimetres, as maps have them
locations = st.tuples(degrees, degrees.map(lambda degree: -degree))
instants = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)).map(
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
days = st.dates(date(2000, 1, 1), date(2099, 1, 1))


@st.composite
def windows(draw):
    """Up to two windows with a gap between."""
    at, found = draw(instants), []
    for _ in range(draw(st.integers(0, 2))):
        end_at = at + timedelta(seconds=draw(st.integers(0, 20_000)))
        found.append((at, end_at))
        at = end_at + timedelta(seconds=draw(st.integers(1, 20_000)))
    return tuple(found)


@st.composite
def jobs(draw):
    excluded = draw(some_codes)
    return JobRecord(
        number=draw(codes),
        title=draw(texts.filter(bool)),
        service_s=draw(st.integers(1, 86_400)),
        location=draw(locations),
        job_type=draw(texts),
        customer_name=draw(texts),
        customer_phone=draw(st.from_regex(r"\+56 9 0[0-9]{3} [0-9]{4}", fullmatch=True)),
        customer_email=draw(st.sampled_from(["", "ana@example.org"])),
        address=draw(texts),
        territory=draw(st.none() | texts.filter(bool)),
        setup_s=draw(st.integers(0, 7200)),
        skills=draw(counted),
        windows=draw(windows()),
        due_at=draw(st.none() | instants),
        priority=draw(st.integers(0, 100)),
        required=draw(some_codes) - excluded,
        preferred=draw(some_codes) - excluded,
        excluded=excluded,
        parts=draw(counted),
        notes=draw(texts),
    )


@st.composite
def hours(draw):
    start = draw(st.integers(0, 23 * 60))
    length = draw(st.integers(1, 14 * 60))
    overtime = draw(st.integers(0, 120))

    def clock(minutes):
        return time(minutes // 60 % 24, minutes % 60)

    return WorkHours(clock(start), clock(start + length), clock(start + length + overtime))


@st.composite
def technicians(draw):
    earliest, latest = sorted([draw(st.times()).replace(microsecond=0), draw(st.times()).replace(microsecond=0)])
    return TechnicianRecord(
        code=draw(codes),
        name=draw(texts.filter(bool)),
        kind=draw(st.sampled_from(TECHNICIAN_KINDS)),
        email=draw(st.sampled_from(["", "ana@example.org"])),
        phone=draw(texts),
        skills=draw(counted),
        territory=draw(st.none() | names),
        secondary_territories=tuple(draw(st.lists(names, max_size=2, unique=True))),
        home=draw(locations),
        home_address=draw(texts),
        hours=draw(st.dictionaries(st.integers(0, 6), hours(), min_size=1)),
        lunch=draw(st.none() | st.builds(LunchBreak, st.just(earliest), st.just(latest), st.integers(1, 14_400))),
        capacity=draw(counted),
        max_visits=draw(st.none() | st.integers(1, 100)),
        max_travel_s=draw(st.none() | st.integers(0, 50_000)),
        hourly_cost=draw(st.integers(0, 10**6)),
        day_cost=draw(st.integers(0, 10**6)),
        pace_percent=draw(st.integers(25, 400)),
        absences=tuple(
            AbsenceRecord(on, on + timedelta(days=length), reason)
            for on, length, reason in draw(st.lists(st.tuples(days, st.integers(0, 30), names), max_size=2))
        ),
    )


def unique(records, key):
    return st.lists(records, min_size=1, max_size=4, unique_by=key)


@pytest.mark.parametrize("kind", KINDS)
@QUICK
@given(records=unique(jobs(), lambda job: job.number))
def test_jobs_come_back_as_they_were_written(tmp_path, kind, records):
    path = tmp_path / f"jobs.{kind}"
    path.unlink(missing_ok=True)
    write_jobs(path, records)
    result = read_jobs(path, ZONE)
    assert result.problems == ()
    assert list(result.records) == records


@pytest.mark.parametrize("kind", KINDS)
@QUICK
@given(records=unique(technicians(), lambda technician: technician.code))
def test_technicians_come_back_as_they_were_written(tmp_path, kind, records):
    path = tmp_path / f"technicians.{kind}"
    path.unlink(missing_ok=True)
    write_technicians(path, records)
    stored = [
        TechnicianRecord(one.code, one.name, hours=one.hours, special_shifts=one.special_shifts) for one in records
    ]
    result = read_technicians(path, ZONE, known=stored)  # hours that overlap may stay where they are stored
    assert result.problems == ()
    assert list(result.records) == records


@pytest.mark.parametrize("kind", KINDS)
def test_territories_come_back_as_they_were_written(tmp_path, kind):
    ring = Polygon(box(0, 0, 0.3, 0.3).exterior, [box(0.1, 0.1, 0.2, 0.2).exterior])
    records = [
        TerritoryRecord("Ring", "Europe/Berlin", ring),
        TerritoryRecord("Dot", ZONE, box(0.3333333, 0.1428571, 0.6666667, 1)),
        TerritoryRecord("By name only", ZONE),
    ]
    write_territories(tmp_path / f"areas.{kind}", records)
    result = read_territories(tmp_path / f"areas.{kind}")
    assert result.problems == ()
    assert [(t.name, t.zone) for t in result.records] == [(t.name, t.zone) for t in records]
    for read, written in zip(result.records[:2], records[:2], strict=True):
        assert read.polygon.equals_exact(written.polygon, 0)
    assert result.records[2].polygon is None


@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_sample_company_survives_a_file(tmp_path, kind):
    company = sample_company(date(2025, 6, 11))
    jobs_path, people_path = tmp_path / f"jobs.{kind}", tmp_path / f"people.{kind}"
    write_jobs(jobs_path, company.list_jobs(date(2025, 6, 11)))
    write_technicians(people_path, company.technicians)
    assert read_jobs(jobs_path, ZONE).records == company.list_jobs(date(2025, 6, 11))
    assert read_technicians(people_path, ZONE).records == company.technicians


@given(
    bad=st.lists(st.booleans(), min_size=1, max_size=12), blanks=st.lists(st.integers(0, 2), min_size=12, max_size=12)
)
@QUICK
def test_bad_lines_are_numbered_right_and_no_good_one_is_lost(tmp_path, bad, blanks):
    """Titles with line breaks and blank lines in between move the lines that follow."""
    path = tmp_path / "jobs.csv"
    expected_good, expected_bad = [], []
    with path.open("w+", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["number", "title", "service", "latitude", "longitude"])
        for number, (is_bad, blank) in enumerate(zip(bad, blanks, strict=False)):
            file.write("\n" * blank)
            file.flush()
            line = path.read_text(encoding="utf-8").count("\n") + 1
            writer.writerow([f"J{number}", "two\nlines" if number % 2 else "one", "soon" if is_bad else 45, 1.5, 2.5])
            if is_bad:
                expected_bad.append(line)
            else:
                expected_good.append(f"J{number}")
    result = read_jobs(path, ZONE, keep_good=True)
    assert [job.number for job in result.records] == expected_good
    assert [problem.number for problem in result.problems] == expected_bad
    assert (result.good, result.total) == (len(expected_good), len(bad))


@pytest.mark.parametrize("kind", KINDS)
def test_signs_that_no_sheet_has_do_not_keep_a_table_from_being_written(tmp_path, kind):
    """Such as the line breaks of word processors."""
    job = JobRecord("J1", "Boiler", 2700, (1.5, 2.5), notes="first\x0bsecond")
    write_jobs(tmp_path / f"jobs.{kind}", [job])
    [read] = read_jobs(tmp_path / f"jobs.{kind}", ZONE).records
    assert read.notes.split() == ["first", "second"]


def test_a_text_table_says_its_encoding(tmp_path):
    """Excel takes it for another one without, and an ñ for two signs."""
    write_jobs(tmp_path / "jobs.csv", [JobRecord("J1", "Muñoz", 2700, (1.5, 2.5))])
    assert (tmp_path / "jobs.csv").read_bytes().startswith(b"\xef\xbb\xbfnumber,")


def test_an_outline_of_thousands_of_corners_comes_back_or_is_refused(tmp_path):
    """A cell of a workbook holds less, and would be cut off."""
    coast = TerritoryRecord("Coast", ZONE, Point(0.5, 0.5).buffer(0.25, quad_segs=1_500))
    write_territories(tmp_path / "areas.csv", [coast])
    result = read_territories(tmp_path / "areas.csv")
    assert result.problems == ()
    assert result.records[0].polygon.equals_exact(coast.polygon, 1e-9)
    with pytest.raises(ValueError, match="'polygon' of row 2 is too long for a workbook"):
        write_territories(tmp_path / "areas.xlsx", [coast])
    assert not (tmp_path / "areas.xlsx").exists()


def test_what_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(ValueError, match="cannot write"):
        write_jobs(tmp_path / "jobs.pdf", [])
    with pytest.raises(ValueError, match="nothing to write"):
        write_jobs(tmp_path / "jobs.csv", [])

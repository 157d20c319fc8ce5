"""Tables that people edit and bring back: written, read again, known again, and refused in words."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from data.business_records import (
    AbsenceLine,
    AssetRecord,
    ContractRecord,
    CustomerRecord,
    HolidaysRecord,
    JobTypeRecord,
    PartRecord,
)
from data.importers import (
    ABSENCES,
    ASSETS,
    CONTRACTS,
    CUSTOMERS,
    HOLIDAYS,
    JOB_TYPES,
    PARTS,
    TECHNICIANS,
    BadValue,
    World,
)
from data.importers.agreed_lists import (
    read_checklist,
    read_held_skills,
    read_holidays,
    read_limits,
    read_loans,
    read_on_call,
    read_open_hours,
    read_part_name,
    read_special_shifts,
    read_territory_name,
    read_yes,
)
from data.records import AbsenceRecord, Loan, OnCallRecord, TechnicianRecord, WorkHours

LI = CustomerRecord("Li", "123", address="Main Street 1", location=(-29.9, -71.25), notes="a; dog\ntwo cats", id=7)
LIFT = AssetRecord(
    7, "Lift", "Otis", "G2", "S-1", date(2020, 1, 2), None, "Main Street 1", (-29.9, -71.25), "", "Li", "123", 3
)
GOLD = ContractRecord(
    7, "Gold", date(2026, 1, 1), "Europe/Berlin", None, 4 * 3600, 45_000,
    {0: ((time(8), time(12)), (time(14), time(18))), 5: ((time(0), time(0)),)}, True, "Li", "123", 4,
)  # fmt: skip
REPAIR = JobTypeRecord(
    "Repair", 5400, 300, 30, {"gas": 2}, {"valve": 1}, (("Close the tap; wait", True), ("Sweep, and go", False)), 5
)
ANA = TechnicianRecord(
    code="T1",
    name="Ana",
    skills={"gas": 3, "lifts": 1},
    skills_until={"gas": date(2027, 1, 31)},
    home=(-29.9, -71.25),
    home_address="Home",
    hours={0: WorkHours(time(8), time(17), time(18))},
    absences=(AbsenceRecord(date(2026, 12, 24), date(2026, 12, 26), "leave"),),
    branch="North",
    special_shifts={date(2026, 12, 31): WorkHours(time(9), time(13), time(13))},
    loans={date(2026, 12, day): Loan("Coquimbo", "storm") for day in (1, 2, 4)},
    limits={("week", "visits"): 10, ("month", "work_s"): 40 * 3600},
    on_call=(OnCallRecord(datetime(2026, 11, 27, 20, tzinfo=UTC), datetime(2026, 11, 30, 11, tzinfo=UTC), "Coquimbo"),),
)
TWO_DUTIES = "2026-12-01 8:00..2026-12-01 9:00 A; 2026-12-01 8:30..2026-12-02 9:00 A"
WORLD = World("UTC", {"Coquimbo": "America/Santiago"}, {"T1"}, [LI])
TABLES = [
    (CUSTOMERS, LI),
    (ASSETS, LIFT),
    (CONTRACTS, GOLD),
    (JOB_TYPES, REPAIR),
    (PARTS, PartRecord("valve", "V-9")),
    (ABSENCES, AbsenceLine("T1", AbsenceRecord(date(2026, 12, 24), date(2026, 12, 26), "leave"))),
    (HOLIDAYS, HolidaysRecord("Coquimbo", {date(2026, 12, 25): "Christmas"})),
    (TECHNICIANS, ANA),
]


@pytest.mark.parametrize(("sheet", "record"), TABLES, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_written_is_read_again(tmp_path, sheet, record, ending):
    """The same record, and nothing to complain about."""
    path = tmp_path / f"table.{ending}"
    sheet.write(path, [record])
    result = sheet.read_file(path, WORLD, [] if sheet is ABSENCES else [record])
    assert (result.problems, result.records) == ((), (record,))


def read(tmp_path, sheet, text, known=(), **options):
    path = tmp_path / "table.csv"
    path.write_text(text)
    return sheet.read_file(path, WORLD, known, **options)


def test_a_column_that_a_file_does_not_have_changes_nothing(tmp_path):
    """Nor does a file that tells the hours in another way than they are known."""
    told = read(tmp_path, TECHNICIANS, "code,name,days,start,end\nT1,Ana Soto,Tue,07:00,15:00\n", [ANA])
    hours = {1: WorkHours(time(7), time(15), time(15))}
    assert told.records == (replace(ANA, name="Ana Soto", hours=hours),)


def test_an_empty_cell_of_a_column_empties_what_is_known(tmp_path):
    """That is how an absence is taken back."""
    told = read(tmp_path, TECHNICIANS, "code,name,hours,absences\nT1,Ana,Mon 08:00-17:00 (18:00),\n", [ANA])
    assert told.records == (replace(ANA, absences=()),)


def test_another_address_does_not_keep_the_coordinates_of_the_old_one(tmp_path):
    """An export has them beside it: it is looked up, or refused, unless they were changed too or it says the same."""
    world = replace(WORLD, geocode={"Prat 9": (1.5, 2.5)}.get)
    path = tmp_path / "table.csv"
    said = {
        "Prat 9,-29.9,-71.25": (1.5, 2.5),
        "Prat 9,-29.9,-71.2": (-29.9, -71.2),
        "MAIN  Street 1,-29.9,-71.25": LI.location,
    }
    for line, place in said.items():
        path.write_text(f"id,name,address,latitude,longitude\n7,Li,{line}\n")
        assert CUSTOMERS.read_file(path, world, [LI]).records[0].location == place
    path.write_text("id,name,address,latitude,longitude\n7,Li,Prat 8,-29.900001,-71.25\n")
    for here in (WORLD, world):
        [wrong] = CUSTOMERS.read_file(path, here, [LI]).errors
        assert wrong.column == "address"
        assert wrong.what == "the address is 'Prat 8' now, and the coordinates are still those of the old one"
    assert CUSTOMERS.read_file(path, world, [replace(LI, address="")]).records[0].location == (-29.900001, -71.25)


def test_a_row_is_known_by_its_id_else_by_what_people_call_it(tmp_path):
    """A new name for an id is a new name; a telephone number tells two of one name apart."""
    other = CustomerRecord("Li", "456", id=8)
    text = "id,name,phone\n7,Li & Sons,123\n,Li,456\n,Li,789\n"
    told = read(tmp_path, CUSTOMERS, text, [LI, other])
    assert [(one.id, one.name) for one in told.records] == [(7, "Li & Sons"), (8, "Li"), (None, "Li")]


def test_an_address_that_stays_keeps_its_place(tmp_path):
    """One that changes must be found, or brought with coordinates."""
    assert read(tmp_path, CUSTOMERS, "id,name,address\n7,Li,Main Street 1\n", [LI]).records[0].location == LI.location
    [wrong] = read(tmp_path, CUSTOMERS, "id,name,address\n7,Li,Side Street 2\n", [LI]).problems
    assert (wrong.where, wrong.column) == ("line 2", "address")


@pytest.mark.parametrize(
    ("sheet", "text", "known", "expected"),
    [
        (CUSTOMERS, "id,name\n9,Li\n", [LI], "line 2, column 'id': nothing has the id 9"),
        (CUSTOMERS, "name\nLi\n", [LI, replace(LI, id=8, phone="4")], "column 'name': 2 are known as 'Li'"),
        (CUSTOMERS, "id,name\n7,Li\n7,Lo\n", [LI], "line 3, column 'id': '7' is already on line 2"),
        (ASSETS, "customer,name,serial,maker\nLi,Door,S-1,Otis\n", [LIFT], "'serial': there is 'Otis S-1' already"),
        (ASSETS, "customer,name\nWho,Door\n", [], "column 'customer': there is no customer 'Who'"),
        (ASSETS, "customer,name\n,Door\n", [], "column 'customer': nothing says whose it is"),
        (CONTRACTS, "customer_id,name,from,to\n7,A,2026-02-01,2026-01-01\n", [], "2026-01-01 is before 2026-02-01"),
        (CONTRACTS, "customer,name,from,response,restore\nLi,A,2026-02-01,4,2\n", [], "than the time to respond"),
        (CONTRACTS, "customer,name,from\nLi,A,\n", [], "column 'from': it is empty"),
        (JOB_TYPES, "id,name\n5,Repair\n,Repair\n", [REPAIR], "line 3, column 'name': 'Repair' is already on line 2"),
        (PARTS, "name,number\ntap,V-9\n", [PartRecord("valve", "V-9")], "column 'number': there is 'V-9' already"),
        (ABSENCES, "technician,from,to\nT9,2026-12-02,2026-12-01\n", [], "there is no technician 'T9'"),
        (ABSENCES, "technician,from,to\nT1,2026-12-02,2026-12-01\n", [], "before it begins"),
        (HOLIDAYS, "territory,holidays\nMoon,2026-12-25 Christmas\n", [], "there is no territory 'Moon'"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_place(tmp_path, sheet, text, known, expected):
    """And nothing of the file is kept unless the good lines are asked for."""
    result = read(tmp_path, sheet, text, known)
    assert result.records == ()
    assert any(expected in str(problem) for problem in result.problems), [str(one) for one in result.problems]


def test_a_part_is_known_again_however_its_name_is_written(tmp_path):
    """It keeps its number where the file has none, and two lines are not two parts."""
    meter = PartRecord("gas meter", "V-9")
    assert read(tmp_path, PARTS, "name,number\nGas  Meter,V-9\n", [meter]).records == (meter,)
    assert read(tmp_path, PARTS, "name\nGas Meter\n", [meter]).records == (meter,)
    [wrong] = read(tmp_path, PARTS, "name,number\nGas meter,V-8\ngas meter,V-9\n").problems
    assert (wrong.number, wrong.column, wrong.what) == (3, "name", "'gas meter' is already on line 2")
    _, problems = PARTS.read_form({"name": "Gas Meter"}, WORLD, None, [meter])
    assert [one.what for one in problems] == ["there is 'gas meter' already"]


def test_a_form_says_what_is_wrong_by_field_and_keeps_what_it_does_not_ask():
    """What others have is taken; what one has oneself is not."""
    record, problems = JOB_TYPES.read_form({"priority": "60"}, WORLD, REPAIR, [])
    assert (record, problems) == (replace(REPAIR, priority=60), [])
    _, problems = JOB_TYPES.read_form({"name": "Repair", "service": "soon"}, WORLD, None, [REPAIR])
    assert [one.column for one in problems] == ["name", "service"]


@pytest.mark.parametrize(
    ("read_cell", "text"),
    [
        (read_held_skills, "gas:3 until soon"),
        (read_special_shifts, "2026-12-24"),
        (read_special_shifts, "2026-12-24 08:00-12:00; 2026-12-24 13:00-14:00"),
        (lambda text: read_loans(text, None), "Coquimbo"),
        (lambda text: read_loans(text, {}), "2026-12-01 Moon"),
        (lambda text: read_loans(text, None), "2026-12-03..2026-12-01 Moon"),
        (lambda text: read_loans(text, None), "2026-12-01..2026-12-03 A; 2026-12-02 B"),
        (read_limits, "10 a fortnight"),
        (read_limits, "10 visits a week; 12 visits a week"),
        (lambda text: read_on_call(text, "UTC", None), "2026-12-01 A"),
        (lambda text: read_on_call(text, "UTC", None), "2026-12-01 17:00..2026-12-01 08:00 A"),
        (lambda text: read_on_call(text, "UTC", None), TWO_DUTIES),
        (lambda text: read_on_call(text, "America/Santiago", None), "2026-01-01 0:00..9999-12-31 23:59 A"),
        (read_special_shifts, "9999-12-31 22:00-06:00"),
        (read_open_hours, "always"),
        (read_open_hours, "Mon 08:00-12:00; Mon-Fri 11:00-18:00"),
        (read_open_hours, "Mon 20:00-06:00; Mon 22:00-23:00"),
        (read_checklist, "(required)"),
        (read_holidays, "Christmas"),
        (read_holidays, "2026-12-25 Christmas; 2026-12-25 Again"),
        (read_part_name, "valve:3"),
        (read_territory_name, "Santiago, Centro"),
        (read_territory_name, "Coast: north"),
        (read_yes, "perhaps"),
    ],
)  # fmt: skip
def test_what_no_list_can_mean_is_refused(read_cell, text):
    """Each with what to write instead."""
    with pytest.raises(BadValue) as refused:
        read_cell(text)
    assert refused.value.mend


def test_duty_is_meant_by_the_wall_clock_of_its_territory():
    """Summer time in Chile is three hours behind."""
    [duty] = read_on_call("2026-11-27 17:00 to 2026-11-28 08:00 Coquimbo", "UTC", {"Coquimbo": "America/Santiago"})
    assert (duty.from_at, duty.until_at) == (
        datetime(2026, 11, 27, 20, tzinfo=UTC),
        datetime(2026, 11, 28, 11, tzinfo=UTC),
    )


def test_duty_that_begins_in_the_hour_that_comes_twice_is_written_so_that_it_is_read(tmp_path):
    """With its offset."""
    zone = ZoneInfo("America/Santiago")
    twice = datetime(2026, 4, 4, 23, 30, tzinfo=zone, fold=1)
    duty = (OnCallRecord(twice, datetime(2026, 4, 5, 8, tzinfo=zone), "Coquimbo"),)
    path = tmp_path / "team.csv"
    TECHNICIANS.write(path, [replace(ANA, on_call=duty)])
    [found] = TECHNICIANS.read_file(path, WORLD).records
    assert found.on_call is not None
    assert found.on_call[0].from_at == datetime(2026, 4, 5, 3, 30, tzinfo=UTC)


def test_hours_that_overlap_are_refused_line_by_line(tmp_path):
    """Each where it stands, with the other hours; good lines may be kept, and what is known already may stay."""
    text = (
        "code,name,hours,special_shifts\n"
        "T2,Bo,Mon 22:00-06:00; Tue 05:00-13:00,\n"
        "T3,Cy,Mon-Fri 08:00-17:00,2026-12-01 22:00-09:00; 2026-12-03 23:00-08:30\n"
        "T4,Di,Mon-Fri 08:00-17:00,2026-12-01 22:00-08:00\n"
    )
    told = read(tmp_path, TECHNICIANS, text, keep_good=True)
    assert [(one.number, one.column, one.what) for one in told.errors] == [
        (2, "hours", "Monday 22:00-06:00 ends after Tuesday 05:00-13:00 begins"),
        (
            3, "special_shifts",
            "Tuesday 2026-12-01 22:00-09:00 ends after Wednesday 2026-12-02 08:00-17:00, of the weekly hours, begins",
        ),
        (
            3, "special_shifts",
            "Thursday 2026-12-03 23:00-08:30 ends after Friday 2026-12-04 08:00-17:00, of the weekly hours, begins",
        ),
    ]  # fmt: skip
    assert [one.code for one in told.records] == ["T4"]
    stored = replace(told.records[0], hours={0: WorkHours(time(22), time(6), time(6)), 1: told.records[0].hours[1]})
    stored = replace(stored, hours={**stored.hours, 1: WorkHours(time(5), time(9), time(9))})
    same = "code,name,hours\nT4,Dina,Mon 22:00-06:00; Tue 05:00-09:00\n"
    assert read(tmp_path, TECHNICIANS, same, [stored]).errors == ()
    other = read(tmp_path, TECHNICIANS, "code,name,days,start,end\nT5,Ed,Mon-Sun,20:00,08:00\n")
    assert other.errors == (), "every night, and no day"


def test_weekly_hours_that_meet_those_of_a_single_day_say_how_to_mend(tmp_path):
    """The single day is what somebody may have forgotten."""
    known = replace(ANA, special_shifts={date(2026, 12, 29): WorkHours(time(22), time(6), time(6))}, absences=())
    told = read(tmp_path, TECHNICIANS, "code,name,days,start,end\nT1,Ana,Wed,05:00,13:00\n", [known])
    [wrong] = told.errors
    assert wrong.column == "start"
    assert wrong.mend == "Let the first end before the second begins, or take back the hours of 2026-12-29 alone"

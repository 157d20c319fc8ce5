"""Tables as files: what is exported, edited and brought back changes just what was edited."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from dispatch.cli import main
from dispatch.cli.import_ import KINDS as IN_ORDER
from dispatch.entry.files import KINDS, read_file, store_file, write_file
from dispatch.entry.forms import WrongFields, add_item, open_form, save_form
from dispatch.entry.saving import Stored
from dispatch.errors import InvalidInput, Stale
from dispatch.events import list_events, list_events_of
from dispatch.models import Absence, Contract, Customer, Technician
from tests.dispatch.town import MONDAY, MORNING, absent, job, job_named, settle, technician

NIGHT = {"on": "2026-12-01", "starts": "22:00", "ends": "06:00"}


@pytest.fixture
def town(session_factory):
    """A technician with an absence, a customer with an asset and a contract, a kind of work, a part."""
    settle(session_factory, [technician(absences=(absent(MONDAY, MONDAY),), capacity={"valve": 2})], [job()])
    rows = {
        "customers": {"name": "Li", "phone": "1", "address": "Main Street 1", "location": "-29.9, -71.25"},
        "assets": {"customer_id": "2", "name": "Lift", "serial": "S-1"},
        "contracts": {"customer_id": "2", "name": "Gold", "starts_on": "2026-01-01", "respond_within": "4"},
        "job-types": {"name": "Repair", "service": "90", "parts": "valve:1"},
    }
    for table, cells in rows.items():
        with session_factory.begin() as session:
            save_form(session, table, None, cells, 0, MORNING, None)
    return session_factory


def bring(town, kind, path, **options):
    with town.begin() as session:
        result = read_file(session, kind, path, MORNING, **options)
        assert not result.errors, [str(one) for one in result.errors]
        return store_file(session, kind, result.records, MORNING)


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_exported_and_brought_back_changes_nothing(town, tmp_path, kind):
    """No version, no event."""
    path = tmp_path / "table.xlsx"
    with town() as session:
        count = write_file(session, kind, path)
        before = len(list_events(session))
    assert count >= 1
    stored = bring(town, kind, path)
    assert (stored.added, stored.updated, stored.unchanged) == (0, 0, count)
    with town() as session:
        assert len(list_events(session)) == before


@pytest.mark.both_databases
def test_a_place_with_more_digits_than_a_workbook_keeps_stays(town, tmp_path):
    """As addresses that were looked up have it; a metre away is another place."""
    path = tmp_path / "customers.xlsx"
    with town.begin() as session:
        place = session.get(Customer, 2).location
        place.lat = -29.900035273342855
        old = place.id
    with town() as session:
        write_file(session, "customers", path)
    assert bring(town, "customers", path).updated == 0
    with town() as session:
        assert session.get(Customer, 2).location.id == old
    path = tmp_path / "customers.csv"
    path.write_text("id,name,latitude,longitude,address\n2,Li,-29.900045,-71.25,Main Street 1\n")
    assert bring(town, "customers", path).updated == 1


@pytest.mark.both_databases
def test_what_was_edited_in_the_file_is_changed_and_told(town, tmp_path):
    """And nothing else: the other customer, and the rest of this one, stay."""
    path = tmp_path / "customers.csv"
    with town() as session:
        write_file(session, "customers", path)
    path.write_text(path.read_text().replace("Li,1", "Li & Sons,2") + ",Newcomer,,,,,,\n")
    stored = bring(town, "customers", path)
    assert (stored.added, stored.updated, stored.unchanged) == (1, 1, 1)
    with town() as session:
        row = session.get(Customer, 2)
        assert (row.name, row.phone, row.location.address) == ("Li & Sons", "2", "Main Street 1")
        assert list_events_of(session, row)[-1].before == {"name": "Li", "phone": "1"}


@pytest.mark.both_databases
def test_a_file_without_absences_takes_none_away(town, tmp_path):
    """Nor what else was entered on the pages."""
    path = tmp_path / "team.csv"
    path.write_text("code,name,hours\nT1,Ana,Mon-Sun 08:00-17:00 (18:00)\nT2,Bo,Mon 08:00-12:00\n")
    assert bring(town, "technicians", path).added == 1
    with town() as session:
        cells = open_form(session, "technicians", 1).cells
    assert (cells["name"], cells["absences"][:10], cells["skills"], cells["capacity"]) == (
        "Ana", str(MONDAY), "gas:2", "valve:2",
    )  # fmt: skip


@pytest.mark.both_databases
def test_a_contract_with_jobs_under_it_does_not_go_to_another_customer(town, tmp_path):
    """Told with its line; one without jobs does."""
    path = tmp_path / "contracts.csv"
    path.write_text("id,customer_id,name,starts_on\n1,1,Gold,2026-01-01\n")
    with town.begin() as session:
        mine = job_named(session, "J1")
        mine.customer_id, mine.contract_id = 2, 1
    with town() as session:
        [wrong] = read_file(session, "contracts", path, MORNING).errors
    assert (wrong.number, wrong.what) == (2, "there are jobs of 'Li' under this contract")
    with town.begin() as session:
        job_named(session, "J1").contract_id = None
    assert bring(town, "contracts", path).updated == 1


@pytest.mark.both_databases
def test_absences_are_added_to_those_there_are(town, tmp_path):
    """One known gets another reason; the same file twice changes nothing."""
    path = tmp_path / "leave.csv"
    path.write_text(f"technician,from,to,reason\nT1,{MONDAY},{MONDAY},ill\nT1,2026-12-24,,leave\n")
    assert [bring(town, "absences", path) for _ in range(2)] == [Stored(1, 1, 0), Stored(0, 0, 2)]
    with town() as session:
        assert [one.reason for one in session.scalars(select(Absence).order_by(Absence.from_on))] == ["ill", "leave"]
        assert session.get(Technician, 1).version == 2, "one change for the whole file, none for the second"


def test_the_commands_write_and_read_the_same_file(session_factory, home, tmp_path, monkeypatch):
    """An error names line and column, and keeps the whole file out; what cannot be written is said."""
    settle(session_factory, [technician()], [job()])
    monkeypatch.setenv("WRENCHTIME_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", session_factory.settings.database_url)
    path = tmp_path / "customers.csv"

    def run(*arguments):
        return CliRunner().invoke(main, [str(one) for one in arguments])

    assert run("export", "customers", path).output == f"1 customers written to {path}.\n"
    assert run("import", "customers", path).stdout == "0 customers added, 0 updated, 1 unchanged.\n"
    (tmp_path / "c.csv").write_text("customer,name,from,response\nCustomer J1,Gold,2026-01-01,soon\nNobody,A,,4\n")
    refused = run("import", "contracts", tmp_path / "c.csv")
    assert refused.exit_code == 1
    assert "line 2, column 'response'" in refused.stderr
    assert "line 3, column 'customer'" in refused.stderr
    assert run("export", "contracts", path).stderr == "Error: Nothing was written: there is nothing to write.\n"
    for name in ("c.csv", "c.gpkg"):
        refused = run("export", "customers", tmp_path / "none" / name)
        assert refused.stderr == f"Error: Nothing was written: there is no folder {tmp_path / 'none'}.\n"
    with session_factory() as session:
        assert session.scalars(select(Contract)).all() == []


@pytest.mark.both_databases
def test_hours_that_overlap_are_refused_also_if_the_other_hours_came_after_the_file_was_read(town, tmp_path):
    """In the transaction that stores, all at once; what is stored stays."""
    path = tmp_path / "team.csv"
    path.write_text("code,name,hours\nT2,Bo,Wed 05:00-13:00\nT3,Cy,Wed 05:00-13:00\n")
    with town() as session:
        records = read_file(session, "technicians", path, MORNING).records
    with town.begin() as session:
        for code in ("T2", "T3"):
            cells = {"code": code, "name": code, "hours": "Mon 9-17", "special_shifts": "2026-12-01 22:00-08:00"}
            save_form(session, "technicians", None, cells, 0, MORNING, None)
    with town.begin() as session, pytest.raises(InvalidInput) as refused:
        store_file(session, "technicians", records, MORNING)
    starts = [f"{code}: Tuesday 2026-12-01 22:00-08:00 ends after" for code in ("T2", "T3")]
    assert [one[: len(starts[0])] for one in refused.value.problems] == starts
    with town() as session:
        assert [len(one.shift_patterns) for one in session.scalars(select(Technician))] == [7, 1, 1]
        assert not any(one.starts.hour == 5 for one in session.get(Technician, 2).shift_patterns)


@pytest.mark.both_databases
def test_a_night_before_a_holiday_comes_in_with_the_files_in_their_order(town, tmp_path):
    """The holiday comes first: without it the week's hours would begin before that night ends."""
    person = "T2,Bo,Town,Mon-Fri 08:00-17:00,2026-12-24 20:00-09:00"
    files = {
        "technicians": f"code,name,territory,hours,special_shifts\n{person}\n",
        "holidays": "territory,holidays\nTown,2026-12-25 Christmas\n",
    }
    for kind in sorted(files, key=IN_ORDER.index):
        path = tmp_path / f"{kind}.csv"
        path.write_text(files[kind])
        stored = bring(town, kind, path)
        assert stored.added + stored.updated == 1


@pytest.mark.both_databases
def test_of_two_at_once_whose_hours_overlap_together_one_is_refused(town):
    """Each would be good alone; whoever comes second is told so, or to look again."""

    def enter(number):
        with town.begin() as session:
            if number == 0:
                return add_item(session, "technicians", 1, "special_shifts", NIGHT, MORNING, None)
            return save_form(session, "technicians", 1, {"hours": "Wed 05:00-13:00"}, 1, MORNING, None)

    with ThreadPoolExecutor(2) as threads:
        done = [threads.submit(enter, number).exception() for number in range(2)]
    assert sorted(isinstance(one, (Stale, WrongFields)) for one in done) == [False, True]
    with town() as session:
        who = session.get(Technician, 1)
        assert (len(who.special_shifts), len(who.shift_patterns)) in ((1, 7), (0, 1))

"""Files come in by one command: what it says of them, what it stores, and how it ends."""

import json
from datetime import date

from shapely.geometry import box
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from data.records import TerritoryRecord
from dispatch import installation
from dispatch.events import list_events, record_event
from dispatch.models import Absence, Contract, Customer, Job, JobType, Technician
from tests.databases import lose_tables
from tests.dispatch.town import BERLIN, MONDAY, MORNING, SANTIAGO, absent, job, job_named, settle, technician

TECHNICIANS = "code,name,skills,hours\nT1,Ann,gas:2,Mon-Fri 08:00-17:00\nT2,Bob,gas,Mon-Fri 25:00-17:00\n"
JOBS = "number,title,service (min),customer_name,lat,lon\nJ1,Boiler,60,{},-29.9,-71.2\nJ2,Boiler,60,Li,-29.9,-71.2\n"

ISLES = box(-110, -28, -109, -27)


def test_import_lists_every_bad_line_and_stores_nothing(run, tmp_path, session_factory):
    """Unless the user wants the good lines."""
    file = tmp_path / "team.csv"
    file.write_text(TECHNICIANS)
    result = run("import", "technicians", str(file))
    assert result.exit_code == 1
    assert "line 3" in result.stderr
    assert "--keep-good" in result.output
    with session_factory() as session:
        assert session.query(Technician).count() == 0


def test_imported_jobs_are_as_long_as_their_kind_of_work_says_and_each_is_told(run, tmp_path, session_factory):
    """A kind without a length is refused with its line; a second time the same file changes nothing."""
    with session_factory.begin() as session:
        session.add_all([JobType(name="Repair", service_s=5400), JobType(name="Look")])
    file = tmp_path / "jobs.csv"
    file.write_text("number,title,job_type,lat,lon\n1,Boiler,Repair,-29.9,-71.2\n2,Boiler,Look,-29.9,-71.2\n")
    first = run("import", "jobs", str(file), "--keep-good")
    assert "line 3" in first.output + first.stderr
    assert "1 jobs added, 0 updated." in first.output
    file.write_text("number,title,job_type,lat,lon\n1,Boiler,Repair,-29.9,-71.2\n")
    assert "0 jobs added, 0 updated, 1 unchanged." in run("import", "jobs", str(file)).output
    with session_factory() as session:
        assert session.query(Job).one().service_s == 5400
        kinds = [one.kind for one in list_events(session)]
        assert kinds == ["job added", "jobs imported", "jobs imported"]


def test_a_known_job_at_the_same_address_stays_where_somebody_has_put_it(run, tmp_path, session_factory):
    """Nothing is looked up again, also where there is no address search."""
    settle(session_factory, [], [job("J1", address="Prat 1")])
    file = tmp_path / "jobs.csv"
    file.write_text("number,title,service,address,priority\nJ1,Boiler,60 min,Prat 1,9\n")
    assert "0 jobs added, 1 updated." in run("import", "jobs", str(file)).output
    with session_factory() as session:
        row = session.query(Job).one()
        assert (row.priority, row.location.point, row.territory.name) == (9, job("J1").location, "Town")
    file.write_text("number,title,service,address\nJ1,Boiler,60 min,Prat 2\n")
    assert "no address search is set up" in run("import", "jobs", str(file)).stderr


def test_an_address_from_before_they_were_checked_keeps_no_job_of_its_customer_out(run, tmp_path, session_factory):
    """Nobody can be sent anything there, and the nightly file brings it again; a new one like it is refused."""
    settle(session_factory, [], [job("J1", customer_name="Ana")])
    with session_factory.begin() as session:
        session.query(Customer).one().email = "ana..perez@example.org"
    file = tmp_path / "jobs.csv"
    heading = "number,title,service,lat,lon,customer_name,customer_email\n"
    file.write_text(f"{heading}J1,Boiler,60 min,-29.9,-71.26,Ana,ana..perez@example.org\n")
    assert "0 jobs added, 1 updated." in run("import", "jobs", str(file)).output
    with session_factory() as session:
        assert session.query(Customer).one().email == "ana..perez@example.org"
    file.write_text(f"{heading}J2,Boiler,60 min,-29.9,-71.26,Li,li..perez@example.org\n")
    assert "'li..perez@example.org'" in run("import", "jobs", str(file)).stderr


def test_import_keeps_the_good_lines_if_asked(run, tmp_path, session_factory):
    """And still ends with 1, since something was wrong; a dry run stores nothing."""
    file = tmp_path / "team.csv"
    file.write_text(TECHNICIANS)
    dry = run("import", "technicians", str(file), "--keep-good", "--dry-run", "--json")
    assert json.loads(dry.stdout) | {"read": 2, "good": 1, "added": 0} == json.loads(dry.stdout)
    result = run("import", "technicians", str(file), "--keep-good")
    assert result.exit_code == 1
    assert "1 technicians added" in result.stdout
    with session_factory() as session:
        assert session.query(Technician).one().name == "Ann"


def test_import_of_a_good_file_ends_well(run, tmp_path):
    """Twice: the second time everything is known."""
    file = tmp_path / "areas.csv"
    file.write_text("name,zone\nNorth,Europe/Berlin\n")
    first, second = (run("import", "territories", str(file)) for _ in range(2))
    assert (first.exit_code, first.stdout) == (0, "1 territories added, 0 updated.\n")
    assert (second.exit_code, second.stdout) == (0, "0 territories added, 0 updated, 1 unchanged.\n")


def test_import_refuses_a_zone_that_is_none(run, tmp_path):
    """With an example of one."""
    file = tmp_path / "team.csv"
    file.write_text(TECHNICIANS)
    result = run("import", "technicians", str(file), "--zone", "Mars/Olympus")
    assert result.exit_code == 2
    assert "Europe/Berlin" in result.stderr


def test_an_import_that_meets_another_change_of_the_same_job_says_so(run, tmp_path, monkeypatch):
    """On PostgreSQL a technician may report in the same moment."""
    from dispatch.entry import files

    def meet(*_arguments):
        raise StaleDataError("0 were matched")

    monkeypatch.setattr(files, "store_file", meet)
    file = tmp_path / "team.csv"
    file.write_text(TECHNICIANS)
    result = run("import", "technicians", str(file), "--keep-good")
    assert result.exit_code == 1
    assert "Somebody else changed this meanwhile" in result.stderr
    assert "Traceback" not in result.stderr


def test_what_somebody_changes_while_a_file_is_read_stays(run, tmp_path, session_factory, monkeypatch):
    """Of what the file says nothing, such as a telephone; looking up its addresses may take minutes."""
    from dispatch.entry import files

    settle(session_factory, [technician(phone="1")])
    read, readings = files.read_file, []

    def read_slowly(*given, **more):
        readings.append(read(*given, **more))
        if len(readings) == 1:
            with session_factory.begin() as session:
                row = session.query(Technician).one()
                row.phone = "2"
                record_event(session, "technician changed", MORNING, None, row)
        return readings[-1]

    monkeypatch.setattr(files, "read_file", read_slowly)
    (file := tmp_path / "team.csv").write_text("code,name,hours\nT1,Ann,Mon-Fri 08:00-17:00\n")
    first = run("import", "technicians", str(file))
    assert "0 technicians added, 1 updated." in first.stdout, first.stderr
    with session_factory() as session:
        row = session.query(Technician).one()
        assert (row.name, row.phone) == ("Ann", "2")
    assert run("import", "technicians", str(file)).exit_code == 0
    assert len(readings) == 3, "nothing was stored meanwhile"


def test_an_import_that_the_database_refuses_ends_in_a_sentence(run, tmp_path, monkeypatch):
    """Such as one that meets somebody who enters the same in that moment."""
    from dispatch.entry import files

    def meet(*_arguments):
        raise IntegrityError("", {}, Exception("UNIQUE constraint failed"))

    monkeypatch.setattr(files, "store_file", meet)
    (file := tmp_path / "parts.csv").write_text("name\nvalve\n")
    result = run("import", "parts", str(file))
    assert result.exit_code == 1
    assert "do not go together (UNIQUE constraint failed)" in result.stderr


def test_absences_that_clash_are_told_with_their_lines_before_anything_is_stored(run, tmp_path, session_factory):
    """With those there are, and with one another; the good ones can be kept."""
    settle(session_factory, [technician(absences=(absent(MONDAY, MONDAY),))])
    file = tmp_path / "leave.csv"
    file.write_text(
        f"technician,from,to\nT1,{MONDAY},{MONDAY}\nT1,2026-11-20,2026-11-30\nT1,2026-12-01,2026-12-05\nT1,2026-12-05,\n"
    )
    dry = run("import", "absences", str(file), "--dry-run")
    assert (dry.exit_code, "2 of 4 lines are good" in dry.output) == (1, True)
    assert "line 3, column 'from': 2026-11-23 to 2026-11-23 is an absence already (Holiday)" in dry.stderr
    assert "line 5, column 'from': 2026-12-01 to 2026-12-05 is an absence already (no reason given)" in dry.stderr
    with session_factory() as session:
        assert session.query(Absence).count() == 1
    assert "1 absences added, 1 updated." in run("import", "absences", str(file), "--keep-good").stdout


def test_what_only_storing_can_know_keeps_out_those_jobs_alone(run, tmp_path, session_factory):
    """A job goes to no other customer than its contract's: a dry run says so, and the good jobs can be kept."""
    settle(session_factory, [], [job("J1", customer_name="Hotel")])
    with session_factory.begin() as session:
        hotel = session.query(Customer).one()
        gold = Contract(customer_id=hotel.id, name="Gold", starts_on=date(2026, 1, 1), zone=SANTIAGO)
        session.add(gold)
        session.flush()
        job_named(session, "J1").contract_id = gold.id
    file = tmp_path / "jobs.csv"
    file.write_text(JOBS.format("Palace"))
    for options, said in (("--dry-run", "1 of 2 lines are good"), ("--keep-good", "1 jobs added, 0 updated.")):
        result = run("import", "jobs", str(file), options)
        assert (result.exit_code, said in result.stdout) == (1, True), result.output
        assert "error: job J1: it is under the contract 'Gold' of 'Hotel' and stays theirs. Corr" in result.stderr
    with session_factory() as session:
        assert {row.number: row.customer.name for row in session.query(Job)} == {"J1": "Hotel", "J2": "Li"}


def test_a_dry_run_stores_nothing(run, tmp_path, session_factory):
    settle(session_factory)
    file = tmp_path / "jobs.csv"
    file.write_text(JOBS.format("Li"))
    assert "2 of 2 lines are good; nothing was stored" in run("import", "jobs", str(file), "--dry-run").stdout
    with session_factory() as session:
        assert session.query(Job).count() == session.query(Customer).count() == len(list_events(session)) == 0


def test_a_dry_run_makes_no_tables(run, tmp_path, home):
    """So that a newer version beside a running older one leaves its database as it is."""
    lose_tables(home)
    (file := tmp_path / "jobs.csv").write_text(JOBS.format("Li"))
    result = run("import", "jobs", str(file), "--dry-run")
    assert (result.exit_code, "wrenchtime migrate" in result.stderr) == (1, True)


def test_the_zone_of_a_file_is_the_head_offices_only_with_the_first_territories(run, tmp_path, session_factory):
    """What is told of the clocks of one file changes no other day, night and form."""
    (areas := tmp_path / "areas.csv").write_text("name,zone\nNorth,America/Santiago\n")
    (parts := tmp_path / "parts.csv").write_text("name\nvalve\n")
    zones = []
    for kind, file, zone in (
        ("parts", parts, "Asia/Tokyo"),
        ("territories", areas, "America/Lima"),
        ("parts", parts, "Asia/Tokyo"),
        ("territories", areas, "Asia/Tokyo"),
    ):
        assert run("import", kind, str(file), "--zone", zone).exit_code == 0
        with session_factory() as session:
            zones.append(installation.get_zone(session))
    assert zones == ["UTC", "America/Lima", "America/Lima", "America/Lima"]


def test_territories_without_a_zone_option_leave_the_head_office_with_the_first_ones(run, tmp_path, session_factory):
    """Also when a later file of territories is imported with one."""
    (areas := tmp_path / "areas.csv").write_text("name,zone\nNorth,America/Santiago\n")
    assert run("import", "territories", str(areas)).exit_code == 0
    assert run("import", "territories", str(areas), "--zone", "Asia/Tokyo").exit_code == 0
    with session_factory() as session:
        assert installation.get_zone(session) == "America/Santiago"


def test_times_in_a_file_of_jobs_are_those_of_the_clock_where_the_work_is(run, tmp_path, session_factory):
    """Of the territory that is named, in which it lies, or in which a known job is; --zone says another for all."""
    areas = [TerritoryRecord("Town", SANTIAGO), TerritoryRecord("Isles", "Pacific/Easter", ISLES)]
    settle(session_factory, [], [job("J1"), job("J5", location=(-27.1, -109.4))], areas)
    with session_factory.begin() as session:
        installation.store_setting(session, installation.ZONE, BERLIN)
        job_named(session, "J5").territory = None  # as somebody has said, wherever it lies
    (file := tmp_path / "jobs.csv").write_text(
        "number,title,service,lat,lon,due_at,window_start,window_end\n"
        f"J1,Boiler,60 min,{job('J1').location[0]},{job('J1').location[1]},2026-11-23 10:00,,\n"
        "J2,Boiler,60 min,-27.1,-109.4,2026-11-23 10:00,2026-11-23 09:00,2026-11-23 10:00\n"
        "J3,Boiler,60 min,-29.9,-71.2,2026-11-23 10:00,,\n"
        "J4,Boiler,60 min,-29.9,-71.2,2026-11-23T10:00Z,,\n"
        "J5,Boiler,60 min,-27.1,-109.4,2026-11-23 10:00,,\n"
    )
    (named := tmp_path / "named.csv").write_text(
        "number,title,service,lat,lon,territory,due_at\nJ3,Boiler,60 min,-29.9,-71.2,Town,2026-11-23 10:00\n"
    )

    def due(name, *options):
        assert run("import", "jobs", str(name), *options).exit_code == 0
        with session_factory() as session:
            rows = session.query(Job).order_by(Job.number)
            return [row.due_at.hour for row in rows if row.due_at], job_named(session, "J2").windows[0].closes_at.hour

    assert due(file) == ([13, 15, 9, 10, 9], 15)
    assert due(named) == ([13, 15, 13, 10, 9], 15)
    assert due(file, "--zone", "UTC") == ([10, 10, 10, 10, 10], 10)

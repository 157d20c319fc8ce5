"""The migrations make exactly what the models say, forwards and backwards, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, func, inspect, select, text

from dispatch.backup.rows import LEFT_OUT
from dispatch.db import make_session_factory
from dispatch.migrations import downgrade, is_current, upgrade
from dispatch.models import Base
from tests.dispatch.backup.filled import fill


def test_the_migrations_and_the_models_agree(empty_settings):
    """Nothing would be generated: no table, column, index or constraint is missing or too many."""
    factory = make_session_factory(empty_settings)
    upgrade(factory.engine)
    with factory.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    factory.engine.dispose()


def test_check_constraints_of_the_models_are_in_the_database(empty_settings):
    """Alembic does not compare checks, so their names are compared here."""
    factory = make_session_factory(empty_settings)
    upgrade(factory.engine)
    found, wanted = set(), set()
    for table in Base.metadata.sorted_tables:
        found |= {check["name"] for check in inspect(factory.engine).get_check_constraints(table.name)}
        wanted |= {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)}
    assert found == wanted
    factory.engine.dispose()


def test_a_database_goes_up_down_and_up_again(empty_settings):
    """Down to nothing leaves no table of ours; up again is current."""
    factory = make_session_factory(empty_settings)
    upgrade(factory.engine)
    downgrade(factory.engine, "base")
    assert set(inspect(factory.engine).get_table_names()) <= {"alembic_version"}
    upgrade(factory.engine)
    upgrade(factory.engine)
    with factory.engine.connect() as connection:
        assert is_current(connection)
    factory.engine.dispose()


def test_a_town_with_a_row_in_every_table_goes_down_step_by_step_and_up_again(session_factory):
    """To the coming of the business side: what the older program knows comes back row by row."""
    engine = fill(session_factory).engine
    before = count_rows(engine)
    assert all(before.values())
    for step in range(17, 7, -1):
        downgrade(engine, f"{step:04}")
        left = count_rows(engine)
        assert left == {name: before[name] for name in left}, f"at {step:04}"
    upgrade(engine)
    assert count_rows(engine) == {name: count if name in left else 0 for name, count in before.items()}


def count_rows(engine: Engine) -> dict[str, int]:
    """How many rows each of our tables has that is there."""
    with engine.connect() as connection:
        there = set(inspect(connection).get_table_names())
        tables = [one for one in Base.metadata.sorted_tables if one.name in there - LEFT_OUT]
        return {one.name: connection.execute(select(func.count()).select_from(one)).scalar_one() for one in tables}


def test_an_empty_database_is_not_current(empty_settings):
    """So that commands can say what to do before they fail on a missing table."""
    factory = make_session_factory(empty_settings)
    with factory() as session:
        assert not is_current(session.connection())
    factory.engine.dispose()


def test_the_audit_trail_becomes_events_and_back(empty_settings):
    """In its order, with what it was about; the line after the way back gets an id of its own."""
    factory = make_session_factory(empty_settings)
    upgrade(factory.engine, "0003")
    line = "INSERT INTO audit_line (at, action, details) VALUES ('2026-11-23 09:00:00', :action, :details)"
    with factory.engine.begin() as connection:
        connection.execute(text(line), [
            {"action": "plan requested", "details": "{}"},
            {"action": "stop status", "details": '{"job_id": 7}'},
        ])  # fmt: skip
    upgrade(factory.engine, "0004")
    with factory.engine.connect() as connection:
        found = connection.execute(text("SELECT seq, kind, subject_kind, subject_id FROM event ORDER BY seq")).all()
    assert found == [(1, "plan requested", None, None), (2, "stop status", "job", 7)]
    downgrade(factory.engine, "0003")
    with factory.engine.begin() as connection:
        connection.execute(text(line), {"action": "run cancelled", "details": "{}"})
        found = connection.execute(text("SELECT id, action FROM audit_line ORDER BY id")).all()
    assert found == [(1, "plan requested"), (2, "stop status"), (3, "run cancelled")]
    factory.engine.dispose()


def test_plans_survive_the_coming_of_drafts_and_their_going(empty_settings):
    """With their routes, which refer to them and go when they go."""
    factory = make_session_factory(empty_settings)
    upgrade(factory.engine, "0004")
    with factory.engine.begin() as connection:
        for line in PLAN_OF_0004:
            connection.execute(text(line))
    upgrade(factory.engine, "0005")
    downgrade(factory.engine, "0004")
    upgrade(factory.engine, "0005")
    with factory.engine.connect() as connection:
        found = connection.execute(
            text("SELECT p.status, p.published_at = p.made_at, r.plan_id FROM plan_version p JOIN plan_route r ON true")
        ).all()
    assert found == [("published", True, 7)]
    factory.engine.dispose()


def test_drafts_go_with_all_that_is_in_them_on_the_way_down(empty_settings):
    """The older program knows none; what is published stays."""
    factory = make_session_factory(empty_settings)
    upgrade(factory.engine, "0004")
    with factory.engine.begin() as connection:
        for line in (*PLAN_OF_0004, *JOBS_OF_0004):
            connection.execute(text(line))
    upgrade(factory.engine, "0005")
    with factory.engine.begin() as connection:
        for line in DRAFT_OF_0005:
            connection.execute(text(line))
    downgrade(factory.engine, "0004")
    with factory.engine.connect() as connection:
        assert connection.execute(text("SELECT id FROM plan_version")).all() == [(7,)]
        for table, left in {"plan_route": 1, "stop": 1, "rest": 0, "unassigned_job": 0, "plan_record": 0}.items():
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == left, table
    factory.engine.dispose()


PLAN_OF_0004 = (
    "INSERT INTO technician (id, code, name, kind, active, hourly_cost, day_cost, pace_percent)"
    " VALUES (3, 'T1', 'Ana', 'employee', true, 0, 0, 100)",
    "INSERT INTO plan_version (id, plan_on, version, status, made_at, day_start_at, zone, policy, threads, seed,"
    " time_limit_s, engine_seconds, cost, costs, travel_source, travel_is_estimate, travel_attribution, input_hash)"
    " VALUES (7, '2026-11-23', 1, 'published', '2026-11-23 09:00:00', '2026-11-23 03:00:00', 'America/Santiago',"
    " 'balanced', 1, 0, 1, 1, 0, '{}', 'grid', false, '', '')",
    "INSERT INTO plan_route (id, plan_id, technician_id, shift_start_at, shift_end_at, latest_end_at, travel_home_s,"
    " travel_home_m) VALUES (1, 7, 3, '2026-11-23 11:00:00', '2026-11-23 20:00:00', '2026-11-23 20:00:00', 0, 0)",
)


def test_jobs_survive_the_coming_of_the_business_side_and_its_going(empty_settings):
    """With what belongs to them; every part that was named before is in the catalogue, once."""
    factory = make_session_factory(empty_settings)
    upgrade(factory.engine, "0004")
    with factory.engine.begin() as connection:
        for line in (*PLAN_OF_0004, *JOBS_OF_0004):
            connection.execute(text(line))
    for revision in ("0008", "0004", "0008"):
        (downgrade if revision == "0004" else upgrade)(factory.engine, revision)
        with factory.engine.connect() as connection:
            for table in ("job_part", "job_skill", "van_stock", "stop"):
                assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 1, f"{table} at {revision}"
            assert connection.execute(text("SELECT number, status FROM job")).all() == [("J1", "cancelled")]
    with factory.engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM part ORDER BY name")).all() == [("pump",), ("valve",)]
        assert connection.execute(text("SELECT status FROM stop")).all() == [("cancelled",)]
        assert connection.execute(text("SELECT version FROM technician")).all() == [(1,)]
    factory.engine.dispose()


def test_what_only_the_newer_program_knows_is_told_in_older_words_on_the_way_down(empty_settings):
    """A visit to be continued was done as far as the older program can say; dispatched is planned."""
    factory = make_session_factory(empty_settings)
    upgrade(factory.engine, "0004")
    with factory.engine.begin() as connection:
        for line in (*PLAN_OF_0004, *JOBS_OF_0004):
            connection.execute(text(line))
    upgrade(factory.engine, "0006")
    with factory.engine.begin() as connection:
        connection.execute(text("UPDATE job SET status = 'to_be_continued'"))
        connection.execute(text("UPDATE stop SET status = 'dispatched'"))
    downgrade(factory.engine, "0004")
    with factory.engine.connect() as connection:
        assert connection.execute(text("SELECT j.status, s.status FROM job j, stop s")).all() == [("done", "planned")]
    factory.engine.dispose()


JOBS_OF_0004 = (
    "INSERT INTO customer (id, name) VALUES (1, 'Li')",
    "INSERT INTO location (id, address, lat, lon) VALUES (1, 'Prat 1', -29.9, -71.2)",
    "INSERT INTO job (id, number, title, status, customer_id, location_id, priority, service_s, setup_s, notes,"
    " version) VALUES (5, 'J1', 'It drips', 'cancelled', 1, 1, 0, 600, 0, '', 4)",
    "INSERT INTO job_part (job_id, part, count) VALUES (5, 'valve', 1)",
    "INSERT INTO job_skill (job_id, name, level) VALUES (5, 'gas', 1)",
    "INSERT INTO van_stock (technician_id, part, count) VALUES (3, 'pump', 2)",
    "INSERT INTO stop (plan_id, route_id, job_id, position, status, pinned, planned_arrive_at, planned_start_at,"
    " planned_end_at, setup_s, travel_s, travel_m) VALUES (7, 1, 5, 1, 'en_route', false, '2026-11-23 12:00:00',"
    " '2026-11-23 12:00:00', '2026-11-23 13:00:00', 0, 0, 0)",
)


DRAFT_OF_0005 = (
    "INSERT INTO plan_version (id, plan_on, version, status, revision, made_at, day_start_at, zone, policy, threads,"
    " seed, time_limit_s, engine_seconds, cost, costs, travel_source, travel_is_estimate, travel_attribution,"
    " input_hash) SELECT 8, plan_on, 2, 'draft', 1, made_at, day_start_at, zone, policy, threads, seed, time_limit_s,"
    " engine_seconds, cost, costs, travel_source, travel_is_estimate, travel_attribution, input_hash FROM plan_version",
    "INSERT INTO plan_route (id, plan_id, technician_id, shift_start_at, shift_end_at, latest_end_at, travel_home_s,"
    " travel_home_m) SELECT 2, 8, technician_id, shift_start_at, shift_end_at, latest_end_at, 0, 0 FROM plan_route",
    "INSERT INTO stop (plan_id, route_id, job_id, position, status, pinned, planned_arrive_at, planned_start_at,"
    " planned_end_at, setup_s, travel_s, travel_m) SELECT 8, 2, job_id, 1, 'planned', false, planned_arrive_at,"
    " planned_start_at, planned_end_at, 0, 0, 0 FROM stop",
    "INSERT INTO rest (route_id, planned_start_at, planned_end_at) VALUES"
    " (2, '2026-11-23 14:00:00', '2026-11-23 14:30:00')",
)


def test_territories_survive_the_coming_of_their_telephones_and_its_going(empty_settings):
    """With their holidays, which go when they go; on the way down the number is dropped."""
    factory = make_session_factory(empty_settings)
    upgrade(factory.engine, "0016")
    with factory.engine.begin() as connection:
        connection.execute(text("INSERT INTO territory (id, name, zone, version) VALUES (1, 'Town', 'UTC', 2)"))
        connection.execute(
            text("INSERT INTO holiday (territory_id, holiday_on, name) VALUES (1, '2026-12-25', 'Christmas')")
        )
    upgrade(factory.engine, "0017")
    with factory.engine.begin() as connection:
        assert connection.execute(text("SELECT name, phone, version FROM territory")).all() == [("Town", None, 2)]
        connection.execute(text("UPDATE territory SET phone = '112'"))
    downgrade(factory.engine, "0016")
    upgrade(factory.engine, "0017")
    with factory.engine.connect() as connection:
        assert connection.execute(text("SELECT name, phone, version FROM territory")).all() == [("Town", None, 2)]
        assert connection.scalar(text("SELECT count(*) FROM holiday")) == 1
    factory.engine.dispose()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_sqlite_gives_no_id_out_twice(empty_settings):
    """PostgreSQL counts in sequences.

    A migration says `sqlite_autoincrement=True` to `create_table`, and to `batch_alter_table` as one of its
    `table_kwargs`: SQLAlchemy does not see that the old table had it.
    """
    factory = make_session_factory(empty_settings)
    upgrade(factory.engine)
    with factory.engine.connect() as connection:
        made_by = dict(connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all())
    counted = {table.name for table in Base.metadata.sorted_tables if table.autoincrement_column is not None}
    assert "job" in counted
    assert counted - {name for name, sql in made_by.items() if "PRIMARY KEY AUTOINCREMENT" in sql} == set()
    factory.engine.dispose()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_rows_and_indexes_survive_the_counting_of_ids_on_sqlite(empty_settings):
    """Where tables are copied for it; the id of a row that was deleted does not come again."""
    factory = make_session_factory(empty_settings)
    upgrade(factory.engine, "0018")

    def read(question):
        with factory.engine.connect() as connection:
            return set(connection.execute(text(question)).all())

    questions = ("SELECT * FROM territory", "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')")
    add = "INSERT INTO territory (name, zone, version) VALUES ('{}', 'UTC', 1)"
    with factory.engine.begin() as connection:
        connection.execute(text(add.format("Town")))
    before = [read(question) for question in questions]
    upgrade(factory.engine)
    assert [read(question) for question in questions] == before
    with factory.engine.begin() as connection:
        connection.execute(text("DELETE FROM territory"))
        connection.execute(text(add.format("Other")))
    assert read("SELECT id, name FROM territory") == {(2, "Other")}
    factory.engine.dispose()

"""`python -m tests.bench.at_once`: people who do the same thing in one moment; one wins, all others are told.

Every round, several threads wait for each other and then act on the same row, having seen the same state of it.
"""

import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click
from sqlalchemy import func, select

from dispatch.db import SessionFactory, make_session_factory
from dispatch.editing import change_row
from dispatch.errors import Conflict, DraftOutdated
from dispatch.jobs.moving import change_status, report_status
from dispatch.jobs.new import create_job
from dispatch.jobs.request import JobRequest
from dispatch.models import Customer, Event, Job, Location, PlanVersion, Technician
from dispatch.planning.by_hand import begin_draft
from dispatch.planning.deciding import decide, move_by_hand
from dispatch.planning.drafts import find_open_draft
from dispatch.planning.publish import publish_draft
from tests.bench.databases import KINDS, open_databases
from tests.dispatch.town import CENTRE, FREE, MONDAY, Grid, at, job, plan, settle, stops_of, technician, user_of

PEOPLE = 6
ROUNDS_A_VERSION = 10
EAST = (CENTRE[0], CENTRE[1] - 0.2)
NOW = at(9)
Act = Callable[[int], Any]


class Faults(AssertionError):
    """What went wrong, in sentences."""


def prepare(session_factory: SessionFactory) -> None:
    """A published day, and a draft of it that would move J1 to somebody who came later."""
    settle(session_factory, [technician("T1")], [job("J1", location=EAST), job("J2"), job("J3")])
    plan(session_factory)
    settle(session_factory, [technician(f"T{n}", home=EAST) for n in range(2, PEOPLE + 2)])
    plan(session_factory, as_draft=True)
    with session_factory.begin() as session:
        user_of(session, "D1", "dispatcher")
        user_of(session, "T1")


def all_at_once(act: Act) -> list[Any]:
    """What came of each: the answer, or the Conflict that somebody was told. Anything else is raised."""
    barrier = threading.Barrier(PEOPLE)

    def one(number: int) -> Any:
        barrier.wait(60)
        try:
            return act(number)
        except Conflict as told:
            return told

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(one, range(PEOPLE)))


def must_be_one(answers: Sequence[Any]) -> int:
    """The number of the only one who succeeded."""
    won = [number for number, answer in enumerate(answers) if not isinstance(answer, Conflict)]
    if len(won) != 1:
        raise Faults(f"{len(won)} of {len(answers)} succeeded")
    if not all(str(answer).endswith((".", "!")) for answer in answers if isinstance(answer, Conflict)):
        raise Faults(f"somebody was told no sentence: {answers}")
    return won[0]


def edit(factory: SessionFactory, turn: int) -> None:
    """All change the same technician, each to another value."""
    with factory() as session:
        seen = session.scalars(select(Technician).where(Technician.code == "T1")).one()

    def act(number: int) -> None:
        with factory.begin() as session:
            row = session.get_one(Technician, seen.id)
            change_row(session, row, seen.version, NOW, None, max_visits=turn * PEOPLE + number + 10)

    winner = must_be_one(all_at_once(act))
    with factory() as session:
        stored = session.get_one(Technician, seen.id)
        if (stored.version, stored.max_visits) != (seen.version + 1, turn * PEOPLE + winner + 10):
            raise Faults(f"the winner's value was lost: {stored.max_visits}")


def report(factory: SessionFactory, turn: int) -> None:
    """Of two endings of one visit, one is stored; the same one twice is no conflict."""
    number = "J2"
    stop = stops_of(factory)[number][1]
    with factory.begin() as session:
        user = user_of(session, "T1")
        report_status(session, stop.id, "on_site", user, NOW)
        before = _count_endings(session, stop.job_id)
    endings = ("done", "no_access")

    def act(one: int) -> None:
        with factory.begin() as session:
            report_status(session, stop.id, endings[one % 2], user, NOW)

    answers = all_at_once(act)
    stands = stops_of(factory)[number][1].status
    for one, answer in enumerate(answers):
        if isinstance(answer, Conflict) == (endings[one % 2] == stands):
            raise Faults(f"the visit is {stands}, and who reported {endings[one % 2]} was told: {answer}")
    with factory.begin() as session:
        if _count_endings(session, stop.job_id) != before + 1:
            raise Faults("a visit ended twice")
        office = user_of(session, "D1", "dispatcher")
        change_status(session, stop.job_id, "on_site" if stands == "done" else "planned", office, NOW, "Again.")


def _count_endings(session: Any, job_id: int) -> int:
    told = session.scalars(select(Event).where(Event.kind == "job status", Event.subject_id == job_id))
    return sum(one.after["status"] in ("done", "no_access") for one in told)


def decide_draft(factory: SessionFactory, turn: int) -> None:
    """All have seen the same revision of the draft, and say different things to its lines."""
    draft = _draft(factory)

    def act(number: int) -> None:
        said = ("accepted", "refused", "open")[number % 3]
        with factory.begin() as session:
            decide(session, draft.id, draft.revision, {draft.changes[0].id: said}, None, NOW)

    winner = must_be_one(all_at_once(act))
    if _draft(factory).changes[0].decision != ("accepted", "refused", "open")[winner % 3]:
        raise Faults("the decision that is stored is not the winner's")


def book(factory: SessionFactory, turn: int) -> None:
    """All give the same job to another technician."""
    draft = _draft(factory)

    def act(number: int) -> None:
        with factory.begin() as session:
            move_by_hand(session, draft.id, draft.revision, _job_id(session), f"T{number + 2}", at(10), None, NOW)

    winner = must_be_one(all_at_once(act))
    line = next(one for one in _draft(factory).changes if one.decision == "edited")
    if line.to_technician.code != f"T{winner + 2}":
        raise Faults("the job went to somebody else than the winner's choice")


def number_jobs(factory: SessionFactory, turn: int) -> None:
    """New jobs get a number each."""
    with factory() as session:
        customer, location = session.scalars(select(Customer.id)).first(), session.scalars(select(Location.id)).first()

    def act(number: int) -> str:
        with factory.begin() as session:
            request = JobRequest(customer or 0, location or 0, "Another", service_s=600)
            return create_job(session, request, NOW, None).number

    if len(set(all_at_once(act))) != PEOPLE:
        raise Faults("two jobs have one number")


def publish(factory: SessionFactory, turn: int) -> None:
    """Half publish one draft, about J1, while the others report of J3, which no version may lose.

    Where the report came first, all who publish may be told that the day has changed since.
    """
    to = f"T{turn % PEOPLE + 2}"
    with factory.begin() as session:
        begun = begin_draft(session, MONDAY, None, NOW)
        move_by_hand(session, begun.id, begun.revision, _job_id(session), to, at(10), None, NOW)
    draft, before, stop = _draft(factory), _count_versions(factory), stops_of(factory)["J3"][1]

    def act(number: int) -> None:
        if number % 2:
            _tell(factory, stop.id, "en_route")
        else:
            publish_draft(factory, draft.id, draft.revision, None, NOW, reason="They must.", travel_source=Grid())

    answers = all_at_once(act)
    is_published = any(not isinstance(answer, DraftOutdated) for answer in answers[::2])
    if is_published:
        must_be_one(answers[::2])
    if any(isinstance(answer, Conflict) for answer in answers[1::2]):
        raise Faults(f"a report was refused: {answers[1::2]}")
    if _count_versions(factory) != before + is_published:
        raise Faults(f"{_count_versions(factory) - before} versions were published")
    stands = stops_of(factory)
    if is_published and stands["J1"][0] != to:
        raise Faults(f"J1 is with {stands['J1'][0]}, not with {to}")
    if stands["J3"][1].status != "en_route":
        raise Faults(f"J3 is {stands['J3'][1].status} though it was begun")
    _tell(factory, stands["J3"][1].id, "planned")


def _tell(factory: SessionFactory, stop_id: int, status: str) -> None:
    with factory.begin() as session:
        report_status(session, stop_id, status, user_of(session, "T1"), NOW)


def _count_versions(factory: SessionFactory) -> int:
    with factory() as session:
        return session.scalar(select(func.count()).where(PlanVersion.published_at.is_not(None))) or 0


def _draft(factory: SessionFactory) -> PlanVersion:
    with factory() as session:
        draft = find_open_draft(session, MONDAY)
    if draft is None:
        plan(factory, now=NOW, as_draft=True, budget=FREE)
        return _draft(factory)
    return draft


def _job_id(session: Any) -> int:
    return int(session.scalars(select(Job.id).where(Job.number == "J1")).one())


CASES = (edit, report, decide_draft, book, number_jobs)


def run(factory: SessionFactory, rounds: int) -> Counter[str]:
    """So many rounds of each case, and at the end a publication for every ten; raises Faults."""
    prepare(factory)
    done: Counter[str] = Counter()
    for turn in range(rounds):
        for case in CASES:
            case(factory, turn)
            done[case.__name__] += PEOPLE
    for turn in range(-(-rounds // ROUNDS_A_VERSION)):
        publish(factory, turn)
        done["publish"] += PEOPLE
    return done


@click.command()
@click.option("--rounds", default=200, show_default=True)
@click.option("--database", type=click.Choice(KINDS), default="sqlite", show_default=True)
def main(rounds: int, database: str) -> None:
    """Act so many times at once."""
    with (
        tempfile.TemporaryDirectory(prefix="wrenchtime-at-once-") as folder,
        open_databases(database, Path(folder)) as make_installation,
    ):
        factory = make_session_factory(make_installation())
        done = run(factory, rounds)
        factory.engine.dispose()
    print(f"{database}: {done.total()} acts, {PEOPLE} in each moment; nothing was lost or doubled: {dict(done)}")


if __name__ == "__main__":
    main()

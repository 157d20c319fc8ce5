"""Turns a plan into rows, keeping what has happened on the road since the facts were read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import optimizer
from data.travel import TravelSource
from dispatch.events import record_event
from dispatch.models import PlanChange, PlanRoute, PlanVersion, PlanViolation, Rest, Stop, Technician, UnassignedJob
from dispatch.planning.answers import answer_incidents, describe, list_mended
from dispatch.planning.copying import copy_row
from dispatch.planning.facts import DayFacts, is_kept
from dispatch.planning.making_way import make_again, make_way
from dispatch.planning.problem import DayProblem
from dispatch.planning.progress import Begun
from dispatch.planning.shifts import find_shift
from dispatch.planning.taking_over import take_over_rest
from dispatch.planning.too_late import list_broken, why_left_out


@dataclass(frozen=True)
class Made:
    """How a plan was made: by which policy and search, on whose travel times."""

    policy: str
    threads: int
    seed: int
    iterations: int | None
    time_limit_s: float
    engine_seconds: float
    source: TravelSource


def store_plan(
    session: Session,
    facts: DayFacts,
    day: DayProblem,
    plan: optimizer.Plan,
    current: PlanVersion | None,
    made: Made,
    changes: Sequence[PlanChange],
    *,
    now: datetime,
    costs: Mapping[str, int],
    as_draft: bool = False,
    decided: PlanVersion | None = None,
    by_user_id: int | None = None,
    reason: str = "",
    answers: Collection[int] = (),
) -> PlanVersion:
    """Add the plan as the next version of its day: published instead of the current one, or a draft beside it.

    `decided` is the draft that it comes of, `by_user_id` who wants it, and `reason` why; `make_way` says what
    becomes of another draft. Of a repair, the routes of those whom it is not about are taken over as they are at this
    moment. `costs` are the whole day's, by rule; `answers` are the ids of the incidents that it repairs.
    """
    number = 1 + (session.scalar(select(func.max(PlanVersion.version)).where(PlanVersion.on == facts.on)) or 0)
    drafts = make_way(session, facts.on, number, as_draft=as_draft, decided=decided, now=now, by_user_id=by_user_id)
    if current is not None and not as_draft:
        current.status = "superseded"
    session.flush()  # at most one version of a day is published and one is a draft, at every moment
    version = PlanVersion(
        on=facts.on,
        version=number,
        status="draft" if as_draft else "published",
        published_at=None if as_draft else now,
        published_by_user_id=None if as_draft else by_user_id,
        draft_id=None if decided is None else decided.id,
        base_id=None if current is None else current.id,
        made_at=now,
        day_start_at=facts.day_start_at,
        zone=facts.zone,
        policy=made.policy,
        threads=made.threads,
        seed=made.seed,
        iterations=made.iterations,
        time_limit_s=made.time_limit_s,
        engine_seconds=round(made.engine_seconds, 3),
        cost=sum(costs.values()),
        costs=dict(costs),
        travel_source=made.source.name,
        travel_is_estimate=made.source.is_estimate,
        travel_attribution=made.source.attribution,
        # What came in after the draft was made is not in it: as old as the draft, so that it is soon planned again.
        input_hash=day.input_hash if decided is None else decided.input_hash,
        unassigned=list_unassigned(day, plan),
        violations=_violations(day, plan, current),
        changes=list(changes),
    )
    session.add(version)
    session.flush()  # stops name their plan by id
    told = {"on": version.on, "version": version.version, "changes": len(changes)}
    record_event(
        session, "draft made" if as_draft else "plan published", now, by_user_id, version, after=told, reason=reason
    )
    before = {stop.job_id: stop for route in (current.routes if current else []) for stop in route.stops}
    for code in day.technicians:
        version.routes.append(build_route(facts, day, plan.find_route(code), code, version.id, before))
    if facts.among is not None and current is not None:
        take_over_rest(session, version, current, facts.among, set(day.jobs))
    session.flush()
    mended = [] if as_draft or facts.among is not None else list_mended(session, version, facts.told, day.staying)
    outcome = f"{_words(version)}: {describe(version, facts)}"
    answer_incidents(session, version, [*answers, *mended], drafts, facts.told, now, by_user_id, outcome)
    make_again(session, drafts, now)
    return version


def _words(version: PlanVersion) -> str:
    what = "Proposed as draft" if version.status == "draft" else "Published as plan"
    return f"{what} {version.version}"


def build_route(
    facts: DayFacts, day: DayProblem, route: optimizer.Route | None, code: str, plan_id: int, before: dict[int, Stop]
) -> PlanRoute:
    """New rows, not in any session: a technician's day with what is begun of it. `before` are stops by job id."""
    hours = day.hours[code]
    row = PlanRoute(
        technician_id=day.technicians[code].id,
        shift_start_at=hours.start_at,
        shift_end_at=hours.end_at,
        latest_end_at=hours.latest_end_at,
        travel_home_s=0,
        travel_home_m=0,
    )
    if route is not None and route.call is not None:
        raise ValueError(f"the route of {code} calls at a depot, which stored plans have no place for")
    begun, planned = day.begun.get(code), []
    if route is not None:
        row.leave_at, row.home_at = _instant(facts, route.leave_s), _instant(facts, route.home_s)
        row.travel_home_s, row.travel_home_m = route.travel_home_s, route.travel_home_m
        row.rests = [
            Rest(planned_start_at=_instant(facts, rest.start_s), planned_end_at=_instant(facts, rest.end_s))
            for rest in route.rests
        ]
        planned = list(route.stops)
    elif begun is not None:  # and nothing more
        row.home_at, (row.travel_home_s, row.travel_home_m) = begun.home_at, begun.travel_home
    if begun is not None:  # as it happened, as far as is known by now; the rest begins there
        row.leave_at = begun.leave_at
        row.rests += [copy_row(rest) for rest in begun.rests]
        row.stops = [  # with the times that they were planned at, so that reports can compare
            copy_row(before.get(stop.job_id, stop), plan_id=plan_id, position=position)
            for position, stop in enumerate(begun.stops, 1)
        ]
        planned = [stop for stop in planned if stop.visit != begun.last.job.number]
    row.stops += [
        _stop(facts, stop, position, day.jobs[stop.visit].id, plan_id, before, row.technician_id)
        for position, stop in enumerate(planned, len(row.stops) + 1)
    ]
    if begun is not None and not planned:
        _go_home(row, facts, day.technicians[code], begun)
    return row


def _go_home(row: PlanRoute, facts: DayFacts, technician: Technician, begun: Begun) -> None:
    """The end of the day of somebody who does nothing more: home from what ended last, however late it is by now, and
    whoever was away by then was at work until that, though no longer than agreed."""
    if begun.last.actual_end_at is not None:
        row.home_at = begun.last.actual_end_at + timedelta(seconds=row.travel_home_s)
    if technician.id in facts.hindrances.away and row.home_at is not None:
        agreed = find_shift(technician, facts.on, facts.zone_of(technician))
        row.shift_end_at = max(row.shift_end_at, min(agreed.end_at, row.home_at) if agreed else row.home_at)
        row.latest_end_at = max(row.latest_end_at, row.shift_end_at)


def _stop(
    facts: DayFacts,
    stop: optimizer.Stop,
    position: int,
    job_id: int,
    plan_id: int,
    before: dict[int, Stop],
    technician_id: int,
) -> Stop:
    row = Stop(
        plan_id=plan_id,
        job_id=job_id,
        position=position,
        status="planned",
        pinned=False,
        planned_arrive_at=_instant(facts, stop.arrive_s),
        planned_start_at=_instant(facts, stop.start_s),
        planned_end_at=_instant(facts, stop.leave_s),
        setup_s=stop.setup_s,
        travel_s=stop.travel_s,
        travel_m=stop.travel_m,
    )
    old = before.get(job_id)
    if old is not None and is_kept(old) and old.route.technician_id == technician_id:
        row.status, row.pinned = old.status, old.pinned
        row.sent_at, row.seen_at = old.sent_at, old.seen_at
        row.actual_departed_at = old.actual_departed_at
        row.actual_start_at, row.actual_end_at = old.actual_start_at, old.actual_end_at
    return row


def list_unassigned(day: DayProblem, plan: optimizer.Plan) -> list[UnassignedJob]:
    """New rows, not in any session: what the plan leaves out, with its reasons."""
    rows = [
        UnassignedJob(
            job_id=day.jobs[one.visit].id,
            rule=why_left_out(day, one)[0],
            sentence=why_left_out(day, one)[1],
            technicians=[
                {"name": day.technicians[why.shift].name, "rule": why.rule, "sentence": why.sentence}
                for why in one.by_shift
            ],
            remedies=[f"{day.technicians[remedy.shift].name} {remedy.sentence}." for remedy in one.remedies],
        )
        for one in plan.unassigned
    ]
    rows += [
        UnassignedJob(job_id=one.job.id, rule=one.rule, sentence=one.sentence, technicians=[], remedies=[])
        for one in day.left_out
    ]
    return rows


def _violations(day: DayProblem, plan: optimizer.Plan, current: PlanVersion | None) -> list[PlanViolation]:
    """New rows, not in any session. Who keeps the same violation in the current version, and why, stays with it."""
    rows = [
        PlanViolation(
            rule=one.rule,
            sentence=day.sentence_of(one),
            job_id=day.jobs[one.visit].id if one.visit is not None else None,
            technician_id=day.technicians[one.shift].id if one.shift is not None else None,
        )
        for one in (*plan.violations, *list_broken(day, plan))
    ]
    rows += [
        PlanViolation(rule="travel", sentence=sentence, technician_id=technician.id)
        for technician, sentence in day.stranded
    ]
    kept = {_what_is_broken(one): one for one in (current.violations if current else []) if one.kept_reason}
    for row in rows:
        same = kept.get(_what_is_broken(row))
        if same is not None:
            row.kept_by_user_id, row.kept_reason = same.kept_by_user_id, same.kept_reason
    return rows


def _what_is_broken(row: PlanViolation) -> tuple[str, int | None, int | None]:
    """Not the sentence: it tells times, and these differ from version to version."""
    return row.rule, row.job_id, row.technician_id


def _instant(facts: DayFacts, second: int) -> datetime:
    return facts.day_start_at + timedelta(seconds=second)

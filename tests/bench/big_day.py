"""A day of a large company: copies of the sample city's own, with everybody and everything in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import numpy as np

from data.records import JobRecord, TechnicianRecord
from data.sample.customers import CustomerBook
from data.sample.districts import list_districts
from data.sample.orders import make_orders
from data.sample.team import make_team
from data.travel import sample_road_graph
from dispatch import clock, installation, intake
from dispatch.db import SessionFactory
from dispatch.events import begin_recording
from dispatch.jobs.intake import store_jobs
from dispatch.planning.facts import find_published

TEAM = 25
"""So many people has the sample company."""


def fill(factory: SessionFactory, on: date, companies: int, jobs: int, zone: str = "America/Santiago") -> None:
    """Store so many copies of the company, which share the jobs of the day; the database is empty before."""
    addresses, territories = sample_road_graph().random_addresses, [replace(one, zone=zone) for one in list_districts()]
    people: list[TechnicianRecord] = []
    work: list[JobRecord] = []
    for copy in range(companies):
        rng = np.random.default_rng(copy)
        team = make_team(on, territories, addresses, rng)
        orders = make_orders(on, jobs // companies, CustomerBook(addresses, rng), territories, team, rng)
        people += [replace(one, code=f"{one.code}-{copy}", name=f"{one.name} {copy}") for one in team]
        work += [_renamed(one, copy) for one in orders]
    with factory.begin() as session:
        installation.store_setting(session, installation.ZONE, zone)
        intake.store_territories(session, territories, clock.day_start(on, zone))
        intake.store_technicians(session, people)
        store_jobs(session, work, clock.day_start(on, zone))
        begin_recording(session)  # what is measured begins with an empty history


def _renamed(one: JobRecord, copy: int) -> JobRecord:
    """A job of one copy, shorter than usual so that ten fit into a day."""

    def named(codes: frozenset[str]) -> frozenset[str]:
        return frozenset(f"{code}-{copy}" for code in codes)

    return replace(
        one,
        number=f"{copy}-{one.number}",
        service_s=max(600, one.service_s * 7 // 10),
        preferred=named(one.preferred),
        required=named(one.required),
        excluded=named(one.excluded),
    )


def live_until(factory: SessionFactory, on: date, now: datetime) -> None:
    """Everybody has done by now what was planned until then."""
    with factory.begin() as session:
        plan = find_published(session, on)
        assert plan is not None
        for route in plan.routes:
            for stop in route.stops:
                if stop.planned_start_at <= now:
                    stop.actual_start_at, stop.status = stop.planned_start_at, "on_site"
                if stop.planned_end_at <= now:
                    stop.actual_end_at, stop.status, stop.job.status = stop.planned_end_at, "done", "done"

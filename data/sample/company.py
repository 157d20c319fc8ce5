"""The sample company: Norte Chico Servicios, 25 technicians in La Serena and Coquimbo, six days of work."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from data.records import Company, JobRecord
from data.sample.customers import Addresses, CustomerBook
from data.sample.districts import ZONE, list_districts
from data.sample.orders import instant, make_orders
from data.sample.team import ON_LEAVE, make_team
from data.travel import sample_road_graph

JOBS_PER_DAY = (180, 128, 112, 94, 77, 62)
"""Jobs booked for today and the five days ahead; later days still fill up."""


def sample_company(today: date, seed: int = 7, addresses: Addresses | None = None) -> Company:
    """The company as it stands on the morning of `today`; the same day and seed give the same company.

    Invented people on the real streets of the sample city, unless `addresses` draws other places. Today is
    tight: nearly all of it can be served, and what cannot has a reason that a dispatcher would recognise.
    """
    rng = np.random.default_rng(seed)
    draw_addresses = addresses if addresses is not None else sample_road_graph().random_addresses
    territories = list_districts()
    team = make_team(today, territories, draw_addresses, rng)
    book = CustomerBook(draw_addresses, rng)
    jobs: list[JobRecord] = []
    for days, count in enumerate(JOBS_PER_DAY):
        orders = make_orders(today + timedelta(days=days), count, book, territories, team, rng)
        jobs += _with_impossible_ones(orders) if days == 0 else orders
    return Company("Norte Chico Servicios", ZONE, territories, team, tuple(jobs))


def _with_impossible_ones(orders: list[JobRecord]) -> list[JobRecord]:
    """Turn four of today's jobs into ones that cannot be served, each for another reason."""
    on = orders[0].on
    assert on is not None
    zone = ZoneInfo(ZONE)
    changes: dict[str, dict[str, Any]] = {
        # Only the master of gas may certify a network, and is sick.
        "Gas installation certificate": {"title": "Gas network certificate", "skills": {"gas": 5}},
        # No van carries the part: it has to be fetched first.
        "Lift door repair": {"title": "Lift door drive exchange", "parts": {"door drive": 1}},
        # The customer insists on somebody who is on leave.
        "Wiring repair": {
            "title": "Wiring repair, second visit",
            "required": frozenset([ON_LEAVE]),
            "preferred": frozenset(),
            "excluded": frozenset(),
        },
        # Promised before anybody's shift begins.
        "Boiler repair": {
            "title": "Boiler repair before opening",
            "windows": ((instant(on, 6, zone), instant(on, 6.75, zone)),),
        },
    }
    changed = list(orders)
    for job_type, change in changes.items():
        place = next(i for i, job in enumerate(changed) if job.job_type == job_type)
        changed[place] = replace(changed[place], **change)
    return changed

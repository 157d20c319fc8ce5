"""Where a job that nobody has stored yet would fit on the days that are planned, the best of all of them first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.travel import TravelSource
from dispatch.errors import Conflict, InvalidInput
from dispatch.jobs.offers import SlotOffer, SlotRequest, find_wished, list_slot_offers
from dispatch.models import PlanVersion

MOST_DAYS = 14


@dataclass(frozen=True)
class PassedOver:
    """A day on which nothing can be offered, and why."""

    on: date
    sentence: str
    is_planned: bool = True


@dataclass(frozen=True)
class OffersAhead:
    """The best places of all days, the cheapest first and of those that cost the same the soonest; the other days."""

    offers: tuple[SlotOffer, ...]
    passed_over: tuple[PassedOver, ...]


def list_offers_ahead(
    session: Session,
    request: SlotRequest,
    until_on: date,
    now: datetime,
    count: int = 5,
    travel_source: TravelSource | None = None,
) -> OffersAhead:
    """From the day of the request until that one, at most MOST_DAYS of them; nothing is stored or held.

    Raises InvalidInput with all that is wrong.
    """
    days = [request.on + timedelta(days=n) for n in range(min((until_on - request.on).days, MOST_DAYS) + 1)]
    if not 1 <= len(days) <= MOST_DAYS:
        raise InvalidInput(
            [f"until_on: it is before `on`, or more than {MOST_DAYS} days are asked for; choose another."]
        )
    find_wished(session, request)
    published = select(PlanVersion.on).where(PlanVersion.on.in_(days), PlanVersion.status == "published")
    planned = set(session.scalars(published))
    offers, passed_over = [], []
    for on in days:
        if on not in planned:
            passed_over.append(PassedOver(on, f"{on} is not planned yet.", is_planned=False))
            continue
        try:
            offers += list_slot_offers(session, replace(request, on=on), now, count, travel_source)
        except (Conflict, InvalidInput) as refused:  # of that day alone: the others are offered all the same
            passed_over.append(PassedOver(on, str(refused)))
    best = sorted(offers, key=lambda one: (one.price, one.start_at))[:count]
    return OffersAhead(tuple(best), tuple(passed_over))

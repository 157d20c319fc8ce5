"""When a stop happens, as far as is known now: what really happened wins over what was planned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dispatch.jobs.statuses import BEGUN
from dispatch.models import Stop


def in_order_of_work(stops: Iterable[Stop]) -> list[Stop]:
    """What was begun, in that order, then the rest as planned: people do not always keep to the plan."""
    planned = sorted(stops, key=lambda stop: stop.position)
    begun = [stop for stop in planned if stop.status in BEGUN]
    begun.sort(key=lambda stop: stop.actual_start_at or stop.actual_departed_at or stop.planned_start_at)
    return [*begun, *(stop for stop in planned if stop.status not in BEGUN)]


def stop_start_at(stop: Stop) -> datetime:
    """When work starts or has started."""
    return stop.actual_start_at or stop.planned_start_at


def stop_end_at(stop: Stop) -> datetime:
    """When work ends or has ended; work that began late or early is expected to take as long as planned."""
    planned = stop.planned_end_at - stop.planned_start_at
    return stop.actual_end_at or stop_start_at(stop) + planned


def stop_arrive_at(stop: Stop) -> datetime:
    """When the technician arrives or has arrived."""
    return stop.actual_start_at or stop.planned_arrive_at

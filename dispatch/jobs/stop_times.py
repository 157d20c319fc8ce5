"""When a stop happens, as far as is known now: what really happened wins over what was planned."""

from __future__ import annotations

from datetime import datetime

from dispatch.models import Stop


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

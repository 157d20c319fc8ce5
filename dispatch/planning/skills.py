"""Which skills count for a shift: those that hold until it must end, since one that ends on the way cannot be split."""

from __future__ import annotations

from dispatch import clock
from dispatch.models import Technician
from dispatch.planning.shifts import ShiftHours


def list_held(technician: Technician, hours: ShiftHours, zone: str) -> dict[str, int]:
    """Levels by skill, for all of these hours; a skill holds to the end of its last day in `zone`."""
    return {
        one.name: one.level
        for one in technician.skills
        if one.expires_on is None or hours.latest_end_at <= clock.day_end(one.expires_on, zone)
    }


def list_ending(technician: Technician, hours: ShiftHours, zone: str) -> list[str]:
    """The skills that hold when the shift begins and not until it must end, by name."""
    return sorted(
        one.name
        for one in technician.skills
        if one.expires_on is not None and hours.start_at < clock.day_end(one.expires_on, zone) < hours.latest_end_at
    )

"""The names that forms offer: territories, skills, parts, kinds of work, zones."""

from __future__ import annotations

from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.models import KINDS, PERIODS, JobTypeSkill, Part, TechnicianSkill, Territory


def list_choices(session: Session) -> dict[str, list[tuple[str, str]]]:
    """By what is chosen from, in order: what is stored, and the words for it."""
    skills = {*session.scalars(select(TechnicianSkill.name)), *session.scalars(select(JobTypeSkill.name))}
    names = {
        "kinds": list(KINDS),
        "parts": list(session.scalars(select(Part.name).order_by(Part.name))),
        "periods": list(PERIODS),
        "skills": sorted(skills),
        "territories": list(session.scalars(select(Territory.name).order_by(Territory.name))),
        "units": ["visits", "hours"],
        "yes": ["yes", "no"],
        "zones": sorted(available_timezones()),
    }
    return {key: [(name, name.replace("_", " ")) for name in values] for key, values in names.items()}

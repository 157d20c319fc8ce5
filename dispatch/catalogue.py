"""Kinds of work, parts and skills, for the page of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.entry.tables import TABLES
from dispatch.models import Job, JobSkill, JobType, JobTypeSkill, Part, Technician, TechnicianSkill, VanStock


@dataclass(frozen=True)
class SkillLine:
    """A skill by its name: how many technicians hold it, how many kinds of work and open jobs need it."""

    name: str
    held_by: int
    types: int
    jobs: int


@dataclass(frozen=True)
class Catalogue:
    """Each by name; `stock` says how many pieces of a part all vans carry."""

    job_types: list[JobType]
    parts: list[Part]
    stock: dict[str, int]
    skills: list[SkillLine]


def get_catalogue(session: Session) -> Catalogue:
    """As it stands now."""
    held = _count(session, select(TechnicianSkill.name, func.count()).join(Technician).where(Technician.active))
    types = _count(session, select(JobTypeSkill.name, func.count()))
    jobs = _count(session, select(JobSkill.name, func.count()).join(Job).where(Job.status == "open"))
    names = sorted({*held, *types, *jobs})
    return Catalogue(
        job_types=TABLES["job-types"].list_rows(session),
        parts=TABLES["parts"].list_rows(session),
        stock=_count(session, select(VanStock.part, func.sum(VanStock.count))),
        skills=[SkillLine(name, held.get(name, 0), types.get(name, 0), jobs.get(name, 0)) for name in names],
    )


def _count(session: Session, query: object) -> dict[str, int]:
    """By the first column of the query."""
    first = query.selected_columns[0]  # type: ignore[attr-defined]
    return {name: int(count) for name, count in session.execute(query.group_by(first))}  # type: ignore[attr-defined]

"""What the catalogue tells beside its tables: how many hold the skills that work needs, and what all vans carry."""

from flask import Response

from dispatch.catalogue import get_catalogue
from web.api.answers import dump
from web.api.fields import Part, Several, Shown, Text, Whole
from web.api.tables import OFFICE, subject
from web.context import reading

__all__ = ["subject"]


class SkillLineShown(Shown):
    """A skill: a need that nobody holds, or that nothing needs any more, is seen at once."""

    name = Text()
    held_by = Whole(description="So many active technicians hold it.")
    job_types = Whole(attribute="types", description="So many kinds of work need it.")
    open_jobs = Whole(attribute="jobs", description="So many open jobs need it.")


class PartStockShown(Shown):
    """So many pieces of a part are on all vans together."""

    part = Text()
    count = Whole()


class CatalogueShown(Shown):
    """By name."""

    skills = Several(Part(SkillLineShown))
    stock = Several(Part(PartStockShown))


@subject.operation("GET", "/catalogue", CatalogueShown, who=OFFICE)
def catalogue() -> Response:
    """Which skills are held and needed by how many, and how many pieces of each part the vans carry."""
    with reading() as session:
        found = get_catalogue(session)
    stock = [{"part": part, "count": count} for part, count in sorted(found.stock.items())]
    return dump(CatalogueShown, {"skills": found.skills, "stock": stock})

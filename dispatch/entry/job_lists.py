"""The lists of a job as forms hold them, one item a line, its value behind a colon: skills, parts, people, assets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.importers.lists import read_counted, read_skills
from data.importers.rows import RowReader
from dispatch.entry.choices import list_choices
from dispatch.models import ASSET_WORK, WISHES, Asset, Job, Technician

LISTS = ("skills", "parts", "assets", "wishes")
WISH_WORDS = dict(zip(WISHES, ("must come", "should come", "must not come"), strict=True))


def list_job_choices(session: Session, customer_id: int) -> dict[str, list[tuple[str, str]]]:
    """What the lists offer to choose from, with the words for it."""
    people = session.scalars(select(Technician).where(Technician.active).order_by(Technician.name, Technician.code))
    assets = session.scalars(
        select(Asset).where(Asset.customer_id == customer_id, Asset.retired_on.is_(None)).order_by(Asset.name)
    )
    names = list_choices(session)
    return {
        "skills": names["skills"],
        "parts": names["parts"],
        "technicians": [(_name(one), _name(one)) for one in people],
        "wishes": list(WISH_WORDS.items()),
        "assets": [(str(one.id), one.name) for one in assets],
        "work": [(one, one) for one in ASSET_WORK],
    }


def write_lists(job: Job) -> dict[str, str]:
    """The cells of a stored job."""
    return {
        "skills": _lines({one.name: one.level for one in job.skills}),
        "parts": _lines({one.part: one.count for one in job.parts}),
        "assets": _lines({one.asset_id: one.work for one in job.assets}),
        "wishes": _lines({_name(one.technician): one.wish for one in job.wishes}),
    }


def write_usual(skills: Mapping[str, int], parts: Mapping[str, int]) -> dict[str, str]:
    """The cells that a kind of work fills in."""
    return {"skills": _lines(skills), "parts": _lines(parts)}


def read_lists(session: Session, reader: RowReader) -> dict[str, Any]:
    """Each list as a job takes it, {} where nothing stands; what is wrong is noted in the reader."""
    return {
        "skills": reader.get("skills", read_skills, {}),
        "parts": reader.get("parts", read_counted, {}),
        "assets": _read_pairs(reader, "assets", ASSET_WORK, lambda text: int(text) if text.isdecimal() else None),
        "wishes": _read_pairs(reader, "wishes", WISHES, _finder(session)),
    }


def _read_pairs(
    reader: RowReader, key: str, values: tuple[str, ...], find: Callable[[str], int | None]
) -> dict[int, str]:
    found: dict[int, str] = {}
    for line in str(reader.raw(key) or "").splitlines():
        name, _, value = line.rpartition(":")
        row_id = find(name.strip())
        if row_id is None:
            reader.refuse(f"{name.strip()!r} is not known", "Choose one from the list", key)
        elif value not in values:
            reader.refuse(f"nothing says what about {name.strip()!r}", f"Choose one of: {', '.join(values)}", key)
        elif row_id in found:
            reader.refuse(f"{name.strip()!r} stands there twice", "Keep one of the two", key)
        else:
            found[row_id] = value
    return found


def _finder(session: Session) -> Callable[[str], int | None]:
    """Finds somebody by "Name (code)", by the code, or by a name that one person alone has."""
    people = list(session.scalars(select(Technician)))

    def find(text: str) -> int | None:
        for is_meant in (
            lambda one: _name(one) == text,
            lambda one: one.code.casefold() == text.casefold(),
            lambda one: one.name.casefold() == text.casefold(),
        ):
            found = [one.id for one in people if is_meant(one)]
            if len(found) == 1:
                return found[0]
        return None

    return find


def _name(one: Technician) -> str:
    return f"{one.name} ({one.code})"


def _lines(pairs: Mapping[Any, Any]) -> str:
    return "\n".join(f"{name}:{value}" for name, value in pairs.items())

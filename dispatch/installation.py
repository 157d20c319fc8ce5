"""Facts about this installation: demo or not, the company, head-office zone, travel source.

They live in its database; what the environment says of the company and of travel comes first.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.models import StoredSetting, Territory
from dispatch.settings import Settings

TRAVEL_SOURCE = "travel_source"
ZONE = "zone"
COMPANY = "company"
DEMO = "demo"
LAST_JOB_NUMBER = "last_job_number"
PLANS_WHOLE_DAY = "plans_whole_day"
"""Set in the demo: plans also use hours that have passed, so that it can be shown at any time of the day."""

DEFAULT_TRAVEL_SOURCE = "straight-line"
DEFAULT_ZONE = "UTC"
_ZONE = "wrenchtime_zone"


def find_setting(session: Session, name: str) -> str | None:
    """The stored value, or None."""
    row = session.get(StoredSetting, name)
    return None if row is None else row.value


def store_setting(session: Session, name: str, value: str) -> None:
    """Store or replace."""
    session.merge(StoredSetting(name=name, value=value))
    forget_zone(session)


def get_zone(session: Session) -> str:
    """The zone in which days begin: the head office's, as set, else stored; else the first territory's; else UTC."""
    settings: Settings = session.info["settings"]
    if settings.company_zone is not None:
        return settings.company_zone
    known: str | None = session.info.get(_ZONE)  # asked again and again while one page is made
    if known is None:
        first = select(Territory.zone).order_by(Territory.id).limit(1)
        known = find_setting(session, ZONE) or session.scalar(first) or DEFAULT_ZONE
        session.info[_ZONE] = known
    return known


def forget_zone(session: Session) -> None:
    """Ask again whose days they are: whoever adds a territory, or gives one another zone, may have changed that."""
    session.info.pop(_ZONE, None)


def get_zone_at(session: Session, territory: Territory | None) -> str:
    """The zone of the clock by which people there speak: the territory's, or that of the head office in none."""
    return territory.zone if territory else get_zone(session)


def find_zone_elsewhere(session: Session, territory: Territory | None) -> str | None:
    """The same where it is not the head office's, so that it must be said; else None."""
    zone = get_zone_at(session, territory)
    return None if zone == get_zone(session) else zone


def has_several_zones(session: Session) -> bool:
    """Whether any territory lies in another zone than the head office."""
    elsewhere = select(Territory.id).where(Territory.zone != get_zone(session)).limit(1)
    return session.scalar(elsewhere) is not None


def list_unsaid(session: Session, zone: str) -> list[str]:
    """A sentence where the head office's zone, which is this one, is nobody's choice; none where it is somebody's."""
    settings: Settings = session.info["settings"]
    if zone != DEFAULT_ZONE or settings.company_zone is not None or find_setting(session, ZONE) is not None:
        return []
    if session.scalar(select(Territory.id).limit(1)) is not None:
        return []
    return [
        f"Days begin at midnight in {zone}, since nobody has said where the head office is: set COMPANY_ZONE to its "
        "time zone, such as Europe/Berlin."
    ]


def find_company(session: Session) -> str:
    """What customers know the company as: as set, else as stored; empty where nobody has said."""
    settings: Settings = session.info["settings"]
    return settings.company_name or find_setting(session, COMPANY) or ""


def get_travel_source_name(session: Session, from_environment: str | None) -> str:
    """What the environment says, else what the database says, else the straight line."""
    return from_environment or find_setting(session, TRAVEL_SOURCE) or DEFAULT_TRAVEL_SOURCE

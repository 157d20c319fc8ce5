"""The sample company's jobs of one day: who asked for what, when it was promised, and how urgent it is."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from data.local_time import start_of_day, to_utc
from data.records import JobRecord, TechnicianRecord, TerritoryRecord
from data.sample.catalogue import JOB_TYPES, TRADE_SHARES, JobType
from data.sample.customers import CustomerBook
from data.territories import assign

# Promised windows, as (from, to) hours of the day with how often each is given.
_WINDOWS = {(8.5, 12.5): 16, (9, 11): 8, (10, 12): 10, (11, 14): 8, (13, 17): 14, (14, 16): 8, (15, 18): 8, (16, 17): 2,
            (17, 20): 4, (9, 10): 2}  # fmt: skip
_SCHOOL_HOURS = ((8.5, 10.5), (14.5, 17))
_WORK_BEGINS = 7.5

Windows = tuple[tuple[datetime, datetime], ...]


def make_orders(
    on: date,
    count: int,
    book: CustomerBook,
    territories: tuple[TerritoryRecord, ...],
    team: tuple[TechnicianRecord, ...],
    rng: np.random.Generator,
) -> list[JobRecord]:
    """`count` jobs asked for on a day, in the order in which they came in."""
    zone = ZoneInfo(territories[0].zone)
    types = _draw_types(count, rng)
    customers = [book.draw(str(rng.choice(kind.customers))) for kind in types]
    areas = assign([customer.location for customer in customers], territories)
    orders = []
    for number, (kind, customer, area) in enumerate(zip(types, customers, areas, strict=True), start=1):
        preferred, required, excluded = _draw_people(kind, customer.sort, area, team, rng)
        windows = _draw_windows(kind, customer.sort, on, zone, rng)
        orders.append(
            JobRecord(
                number=f"{on:%y%m%d}-{number:03}",
                title=_title(kind, customer.sort),
                job_type=kind.name,
                service_s=_draw_minutes(kind, rng) * 60,
                setup_s=kind.setup * 60,
                customer_name=customer.name,
                customer_phone=customer.phone,
                customer_email=customer.email,
                address=customer.address,
                location=customer.location,
                territory=area,
                on=on,
                skills=dict(kind.skills),
                windows=windows,
                due_at=_draw_due(kind, on, zone, windows, rng),
                priority=int(rng.integers(kind.priority[0], kind.priority[1] + 1)),
                preferred=preferred,
                required=required,
                excluded=excluded,
                parts=dict(kind.parts),
                notes=str(rng.choice(kind.notes)),
            )
        )
    return orders


def instant(on: date, hour: float, zone: ZoneInfo) -> datetime:
    """The UTC instant of a local hour such as 13.5; hours past 24 are on the next day."""
    if hour >= 24:
        return start_of_day(on + timedelta(days=1), zone)
    return to_utc(on, time(int(hour), round(hour % 1 * 60)), zone)


def _draw_types(count: int, rng: np.random.Generator) -> list[JobType]:
    """Job types in fixed proportions, so that every day has its trades and its emergencies, in mixed order."""
    shares = {trade: sum(kind.share for kind in JOB_TYPES if kind.trade == trade) for trade in TRADE_SHARES}
    weights = np.array([TRADE_SHARES[kind.trade] * kind.share / shares[kind.trade] for kind in JOB_TYPES])
    ideal = weights / weights.sum() * count
    counts = np.floor(ideal).astype(int)
    counts[np.argsort(counts - ideal, kind="stable")[: count - counts.sum()]] += 1
    return [JOB_TYPES[i] for i in rng.permutation(np.repeat(np.arange(len(JOB_TYPES)), counts))]


def _draw_minutes(kind: JobType, rng: np.random.Generator) -> int:
    """Service minutes as people estimate them, in steps of five."""
    factor = 1 + kind.spread / 100 * float(rng.uniform(-1, 1))
    return max(10, 5 * round(kind.minutes * factor / 5))


def _draw_windows(kind: JobType, sort: str, on: date, zone: ZoneInfo, rng: np.random.Generator) -> Windows:
    if rng.random() >= kind.windowed:
        return ()
    if sort == "school":  # not while classes are on
        spans: tuple[tuple[float, float], ...] = _SCHOOL_HOURS
    else:
        weights = np.array(list(_WINDOWS.values()))
        spans = (list(_WINDOWS)[int(rng.choice(len(weights), p=weights / weights.sum()))],)
    return tuple((instant(on, start, zone), instant(on, end, zone)) for start, end in spans)


def _draw_due(kind: JobType, on: date, zone: ZoneInfo, windows: Windows, rng: np.random.Generator) -> datetime | None:
    """When work must have begun by contract; never before the customer wants to see anybody."""
    if kind.due_hours is None:
        return None
    hours = round(float(rng.uniform(*kind.due_hours)) * 4) / 4
    due_at = instant(on, _WORK_BEGINS + hours, zone)
    return max([due_at, *(end_at for start_at, end_at in windows if start_at >= due_at)])


def _draw_people(
    kind: JobType, sort: str, area: str | None, team: tuple[TechnicianRecord, ...], rng: np.random.Generator
) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Preferred, required and excluded technicians: a few customers have met somebody before."""
    able = [
        t.code
        for t in team
        if all(t.skills.get(skill, 0) >= level for skill, level in kind.skills.items())
        and area in (t.territory, *t.secondary_territories)
    ]
    nobody: frozenset[str] = frozenset()
    luck = float(rng.random())
    if not able or luck > 0.16:
        return nobody, nobody, nobody
    somebody = frozenset([able[int(rng.integers(len(able)))]])
    if luck < 0.02 and len(able) > 2:
        return nobody, nobody, somebody
    if luck < 0.03 and sort != "home":
        return nobody, somebody, nobody
    return somebody, nobody, nobody


def _title(kind: JobType, sort: str) -> str:
    return kind.name if sort == "home" else f"{kind.name} ({sort})"

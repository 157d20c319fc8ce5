"""Import jobs from CSV, XLSX, GeoJSON or GeoPackage."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from data.importers.cells import NONE
from data.importers.emails import get_email
from data.importers.known import Known
from data.importers.lists import make_window, read_counted, read_names, read_skills, read_windows
from data.importers.moments import read_day, read_moment
from data.importers.numbers import fold, read_text, read_whole
from data.importers.reading import import_file
from data.importers.result import BadValue, ImportResult
from data.importers.rows import Geocode, RowReader
from data.importers.synonyms import JOB_COLUMNS
from data.importers.times import DateOrder, read_length
from data.records import JobRecord

_NEEDS = (("number",), ("title",), ("service", "job_type"), ("latitude+longitude", "location", "address", "geometry"))
_PRIORITY_WORDS = {
    10: ("low", "niedrig", "gering", "baja", "bajo", "basse", "faible"),
    30: ("normal", "medium", "standard", "mittel", "media", "medio", "normale", "moyenne"),
    60: ("high", "hoch", "alta", "alto", "haute", "élevée"),
    80: ("urgent", "dringend", "urgente"),
    100: ("emergency", "critical", "notfall", "kritisch", "emergencia", "crítica", "urgence", "critique"),
}
_PRIORITIES = {fold(word): number for number, words in _PRIORITY_WORDS.items() for word in words}
LONGEST_SERVICE_S = 24 * 3600
ZoneOf = Callable[[str, str | None, bool, tuple[float, float]], str]
_ANY_DAY = date(2001, 1, 3)
_KEPT = {
    **{key: {key} for key in ("address", "territory", "on", "job_type", "required", "preferred", "excluded", "notes")},
    "windows": {"windows", "window_start", "window_end"},
}
"""By field: without any of these columns a file says nothing of it."""


def read_jobs(
    path: str | Path,
    zone: str,
    *,
    keep_good: bool = False,
    date_order: DateOrder | None = None,
    territories: Collection[str] | None = None,
    technicians: Collection[str] | None = None,
    geocode: Geocode | None = None,
    has_length: Callable[[str, str], bool] | None = None,
    known: Sequence[Mapping[str, Any]] = (),
    emails: Collection[str] = (),
    sheet: str | None = None,
    zone_of: ZoneOf | None = None,
) -> ImportResult[JobRecord]:
    """Read jobs whose dates and times without an offset are those of `zone` (an IANA name), or of what `zone_of` says
    of the job's number, the territory that is named, whether the file has a column for that, and the point.

    With `keep_good` the good lines are kept in spite of errors in others. `date_order` settles dates such
    as 03/04/2025. `territories` and `technicians` (codes), if given, are the only ones allowed. `geocode`
    looks up addresses without coordinates. `has_length` says of a number and a kind of work whether the time on site
    need not be told; left out, no kind's does. `known` are number, address, latitude and longitude of jobs that there
    are: one at the same address stays where it is. `emails` are those of customers that there are: they may stay, also
    where they are none. `sheet` names a workbook's sheet or a GeoPackage's layer. A date without a time, where
    something is due or a window ends, means until that day is over, else from its beginning.
    Raises ZoneInfoNotFoundError.
    """
    office = ZoneInfo(zone)

    def read_row(reader: RowReader) -> JobRecord:
        on = reader.find("on", lambda value: read_day(value, date_order))
        territory = reader.find("territory", read_text)
        reader.check_known("territory", (territory,) if territory else (), territories, "territory")
        people = {key: reader.get(key, read_names, ()) for key in ("required", "preferred", "excluded")}
        _check_people(reader, people, technicians)
        before = len(reader.problems)
        location = reader.find_location("address", geocode, was_exported=False)
        if location is None and len(reader.problems) == before and "address" not in reader.unmet_keys:
            reader.refuse("nothing says where it is", "Fill in latitude and longitude, or an address")
        number = reader.need("number", read_text) or ""
        here = office
        if zone_of is not None and location is not None:
            here = ZoneInfo(zone_of(number, territory, "territory" in reader.match.headings, location))
        record = JobRecord(
            number=number,
            title=reader.need("title", read_text) or "",
            service_s=_read_own_service(reader, has_length),
            location=location or (0.0, 0.0),
            job_type=reader.get("job_type", read_text, ""),
            customer_name=reader.get("customer_name", read_text, ""),
            customer_phone=reader.get("customer_phone", read_text, ""),
            customer_email=get_email(reader, "customer_email", emails),
            address=reader.get("address", read_text, ""),
            territory=territory,
            on=on,
            setup_s=reader.find("setup", lambda value: read_length(value, reader.match.units.get("setup"))),
            skills=reader.find("skills", _or_none(read_skills)),
            windows=_read_windows(reader, here, on, date_order),
            reported_at=reader.find("reported_at", lambda value: read_moment(value, here, on, date_order, "start")),
            due_at=reader.find("due_at", lambda value: read_moment(value, here, on, date_order)),
            restore_by_at=reader.find("restore_by_at", lambda value: read_moment(value, here, on, date_order)),
            priority=reader.find("priority", read_priority),
            required=frozenset(people["required"]),
            preferred=frozenset(people["preferred"]),
            excluded=frozenset(people["excluded"]),
            parts=reader.find("parts", _or_none(read_counted)),
            notes=reader.get("notes", read_text, ""),
            untold=frozenset(key for key, columns in _KEPT.items() if not columns & reader.match.headings.keys()),
        )
        if record.due_at and record.restore_by_at and record.restore_by_at < record.due_at:
            reader.refuse("it is to be restored before work is due", "Change the two", "restore_by_at")
        return record

    return import_file(path, JOB_COLUMNS, _NEEDS, read_row, Known((("number",),), known), keep_good, sheet)


def read_priority(value: Any) -> int:
    """A priority from 0 to 100, or a word: low 10, normal 30, high 60, urgent 80, emergency 100."""
    word = fold(read_text(value))
    if word in _PRIORITIES:
        return _PRIORITIES[word]
    try:
        return read_whole(value, 0, 100)
    except BadValue:
        raise BadValue(
            f"{read_text(value)!r} is not a priority",
            "Write 0 (may wait) to 100 (danger), or low, normal, high, urgent, emergency",
        ) from None


def read_service(value: Any, unit: str | None) -> int:
    """Seconds of work on site."""
    seconds = read_length(value, unit)
    if not 0 < seconds <= LONGEST_SERVICE_S:
        raise BadValue(
            f"{read_text(value)!r} is no time to work on site", "Write more than nothing and at most 24 hours"
        )
    return seconds


def _read_own_service(reader: RowReader, has_length: Callable[[str, str], bool] | None) -> int | None:
    """None where the kind of work says it, or what is known of the job."""
    found = reader.find("service", lambda value: read_service(value, reader.match.units.get("service")))
    if reader.raw("service") is None and "service" not in reader.unmet_keys:
        number, job_type = (reader.get(key, read_text, "") for key in ("number", "job_type"))
        if has_length is None or not has_length(number, job_type):
            reader.refuse("it is empty", "Fill it in, or name a kind of work that says how long it takes", "service")
    return found


def _or_none(read: Callable[[Any], dict[str, int]]) -> Callable[[Any], dict[str, int]]:
    """Reads `NONE` too."""
    return lambda value: {} if read_text(value) == NONE else read(value)


def _check_people(reader: RowReader, people: Mapping[str, tuple[str, ...]], known: Collection[str] | None) -> None:
    for key, codes in people.items():
        reader.check_known(key, codes, known, "technician")
    for key in ("required", "preferred"):
        for code in sorted(set(people[key]) & set(people["excluded"])):
            reader.refuse(f"technician {code!r} is {key} and excluded", "Keep one of the two", "excluded")


def _read_windows(
    reader: RowReader, zone: ZoneInfo, on: date | None, order: DateOrder | None
) -> tuple[tuple[datetime, datetime], ...]:
    """The windows from one column or from a start and an end, all of them on the day asked for."""
    # A wrong date has been noted already; any day will do to find what else is wrong with the times.
    on_or_any = _ANY_DAY if on is None and reader.raw("on") is not None else on
    start, end = reader.raw("window_start"), reader.raw("window_end")
    windows = reader.get("windows", lambda value: read_windows(value, zone, on_or_any, order), ())
    key = "windows"
    if start is not None or end is not None:
        key = "window_start" if start is not None else "window_end"
        if reader.raw("windows") is not None:
            reader.refuse("time windows are given twice, in one column and in two", "Leave one of them empty", key)
        elif start is None or end is None:
            reader.refuse("a window needs both ends", "Fill in start and end, or neither", key)
        else:
            window = reader.find("window_start", lambda value: make_window(value, end, zone, on_or_any, order))
            windows = (window,) if window else ()
    for start_at, _ in windows:
        day = start_at.astimezone(zone).date()
        if on is not None and day != on:
            reader.refuse(f"a window is on {day}, and the job on {on}", "Make the two agree", key)
    return windows

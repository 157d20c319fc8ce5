"""Checks an installation, one line per part; every line that is not well says how to mend it."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from dispatch import clock, installation, migrations
from dispatch.channel_trouble import find_trouble
from dispatch.db import SessionFactory, make_session_factory
from dispatch.errors import SettingsError
from dispatch.roads import get_travel_source
from dispatch.runs.leases import SCHEDULER_LEASE, find_holder
from dispatch.settings import Settings

OK, NOTE, FAILED = "ok", "note", "failed"
LEAST_PYTHON = (3, 11)


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it stands (ok, note, failed), what was found, how to mend it."""

    name: str
    status: str
    found: str
    mend: str = ""


def examine(settings: Settings, now: datetime, tell: Callable[[str], None] = lambda _name: None) -> list[Finding]:
    """Look at everything, whatever fails on the way. A note is no failure: something is not running now."""
    findings: list[Finding] = []
    session_factory = make_session_factory(settings)
    for name, look in (
        ("Python", _python),
        ("packages", _packages),
        ("home folder", lambda: _writable(settings.home)),
        ("database", lambda: _database(session_factory)),
        ("company", lambda: _company(session_factory)),
        ("travel source", lambda: _travel_source(session_factory)),
        ("e-mail", lambda: _channel(session_factory, "e-mail", _say_mail(settings))),
        ("SMS", lambda: _channel(session_factory, "SMS", _say_sms(settings))),
        ("cache", lambda: _writable(settings.home / "cache")),
        ("front end", _front_end),
        ("engine", _engine),
        ("scheduler", lambda: _scheduler(session_factory, now)),
    ):
        tell(name)
        findings.append(Finding(name, *look()))
    session_factory.engine.dispose()
    return findings


Look = tuple[str, str] | tuple[str, str, str]


def _python() -> Look:
    found = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < LEAST_PYTHON:
        return FAILED, found, "Install Python 3.11 or newer and set up again."
    return OK, found


def _packages() -> Look:
    try:
        wanted = metadata.requires("wrenchtime") or []
    except metadata.PackageNotFoundError:
        return FAILED, "wrenchtime itself is not installed", "Run `make run` or `pip install -e .`."
    missing = sorted(_missing(wanted))
    if missing:
        return FAILED, f"missing: {', '.join(missing)}", "Run `make run` or `pip install -e .` again."
    return OK, f"wrenchtime {metadata.version('wrenchtime')} and all it needs"


def _missing(requirements: list[str]) -> Iterator[str]:
    for requirement in requirements:
        if "extra ==" in requirement:
            continue
        name = requirement.split(";")[0].split(" ")[0].split(">")[0].split("<")[0].split("=")[0].strip()
        try:
            metadata.version(name)
        except metadata.PackageNotFoundError:
            yield name


def _writable(folder: Path) -> Look:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return FAILED, f"{folder}: {error.strerror}", "Make it writable, or set WRENCHTIME_HOME to another folder."
    return OK, str(folder)


def _database(session_factory: SessionFactory) -> Look:
    engine = session_factory.engine
    shown = engine.url.render_as_string(hide_password=True)
    try:
        with session_factory() as session:
            current = migrations.is_current(session.connection())
    except SQLAlchemyError as error:
        why = str(getattr(error, "orig", error)).strip().splitlines()[0]
        return FAILED, f"{shown}: {why}", "Check DATABASE_URL and that the database server runs."
    if not current:
        return FAILED, f"{shown} is not at this version's state", "Run `wrenchtime migrate` (or `wrenchtime demo`)."
    return OK, shown


def _travel_source(session_factory: SessionFactory) -> Look:
    try:
        with session_factory() as session:
            source = get_travel_source(session)
    except SQLAlchemyError:
        return FAILED, "unknown: the database has no answer", "Mend the database first."
    except SettingsError as error:
        return FAILED, str(error), "Set TRAVEL_SOURCE to `sample`, `straight-line` or a file that exists."
    return OK, f"{source.name}, an estimate: {source.error_note}" if source.is_estimate else source.name


def _channel(session_factory: SessionFactory, channel: str, found: str | None) -> Look:
    """What the newest try of the scheduler showed; none is made here. `found` is None where it is not set up."""
    if found is None:
        return OK, "not set up: nobody is sent any"
    try:
        with session_factory() as session:
            trouble = find_trouble(session, channel)
    except SQLAlchemyError:
        return FAILED, "unknown: the database has no answer", "Mend the database first."
    if trouble is not None:
        return FAILED, f"{trouble.fault} So since {clock.to_iso(trouble.since_at)}.", trouble.mend
    return OK, found


def _say_mail(settings: Settings) -> str | None:
    server = settings.mail_server
    return None if server is None else f"{server.host}:{server.port}, from {server.sender}"


def _say_sms(settings: Settings) -> str | None:
    """Where the gateway is; what follows in its address may be a secret."""
    return None if settings.sms_url is None else urlsplit(settings.sms_url).netloc


def _company(session_factory: SessionFactory) -> Look:
    try:
        with session_factory() as session:
            name, zone = installation.find_company(session), installation.get_zone(session)
            unsaid = installation.list_unsaid(session, zone)
    except SQLAlchemyError:
        return FAILED, "unknown: the database has no answer", "Mend the database first."
    found = f"{name or 'messages to customers name no company'}; days begin at midnight in {zone}"
    mend = [*([] if name else ["Set COMPANY_NAME."]), *unsaid]
    return (NOTE, found, " ".join(mend)) if mend else (OK, found)


def _front_end() -> Look:
    web = importlib.util.find_spec("web")
    folder = Path(web.origin).parent if web and web.origin else Path("web")
    if not (folder / "static" / "dist" / ".vite" / "manifest.json").is_file():
        return FAILED, "not built", "Run `make run`, or `npm ci && npm run build` in web/frontend."
    return OK, "built"


def _engine() -> Look:
    """Plan the smallest day there is; the first time after an installation this compiles the engine."""
    import optimizer

    try:
        seconds = optimizer.warm_up()
    except Exception as error:  # whatever it is, the other lines are told too
        mend = "Set NUMBA_CACHE_DIR to a folder that this user may write; if that is not it, install again."
        return FAILED, f"cannot plan ({type(error).__name__}: {error})", mend
    return OK, f"plans; warmed up in {seconds:.1f} s on {os.cpu_count()} core(s)"


def _scheduler(session_factory: SessionFactory, now: datetime) -> Look:
    try:
        with session_factory() as session:
            holder = find_holder(session, SCHEDULER_LEASE, now)
    except SQLAlchemyError:
        return FAILED, "unknown: the database has no answer", "Mend the database first."
    if holder is None:
        return NOTE, "not running", "`wrenchtime serve` starts one; without it, run `wrenchtime scheduler`."
    return OK, f"{holder} leads"

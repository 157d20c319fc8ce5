"""The settings of one installation, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from data.phones import EXAMPLE, is_phone
from data.travel import Hour, TravelError, read_hours
from dispatch.accounts.roles import ROLES
from dispatch.errors import SettingsError
from dispatch.mail import EXAMPLE_SENDER, MailServer, find_fault_of_sender, find_fault_of_url
from dispatch.notices.languages import LANGUAGES
from dispatch.secret_key import LEAST_KEY_LENGTH, check_key, get_stored_key
from dispatch.webhooks.sending import list_faults_of_url


@dataclass(frozen=True)
class Settings:
    """What may differ between two installations; every field has its environment variable."""

    home: Path
    database_url: str
    secret_key: str
    travel_source: str | None
    """`TRAVEL_SOURCE`; None means: what the database says (see `dispatch.installation`)."""
    travel_by_hour: tuple[Hour, ...]
    """`TRAVEL_BY_HOUR`; from when on a drive takes so many percent of the usual time, in the head office's zone."""
    map_tile_url: str | None
    nightly_plan_at: time
    """Wall clock of the head office's zone."""
    horizon_days: int
    """How many days, from tomorrow on, the nightly task plans."""
    firm_days: int
    """`FIRM_DAYS`; so many days from today on are firm, those after them tentative."""
    maintenance_ahead_days: int
    """`MAINTENANCE_AHEAD_DAYS`; how long before its days begin recurring work becomes a job."""
    replan_every_s: int
    plan_time_limit_s: float
    repair_time_limit_s: float
    """`REPAIR_TIME_LIMIT_S`; how long the optimizer may think about a repair at most; a few visits take less."""
    plan_threads: int
    """`PLAN_THREADS`; how many searches work on one plan side by side."""
    backup_at: time
    """Wall clock, as `nightly_plan_at`."""
    keep_backups: int
    """`KEEP_BACKUPS`; of the nightly backups so many are kept, the newest; 0 makes none."""
    backup_folder: Path
    """`BACKUP_FOLDER`; better on another disk."""
    keep_runs_days: int
    """`KEEP_RUNS_DAYS`; how long it is kept what tasks did and when."""
    keep_versions_days: int
    """`KEEP_VERSIONS_DAYS`; how long plan versions that nobody works by any more are kept after their day."""
    trusted_proxies: int
    """`TRUSTED_PROXIES`; how many proxies in front of us say truly who the visitor is."""
    keep_records_days: int
    """`KEEP_RECORDS_DAYS`; how long it is kept how a plan was found."""
    nightly_plan: str
    """`NIGHTLY_PLAN`: "publish" what the nightly task plans, or "propose" it as a draft."""
    replan: str
    """`REPLAN`: "publish" or "propose" a new plan after something changed, or only "warn" that there should be one."""
    change_most_jobs: int
    """`CHANGE_MOST_JOBS`; how many published jobs that could stay a new plan may move."""
    change_keep_h: int
    """`CHANGE_KEEP_H`; whoever starts within so many hours keeps their technician."""
    change_promises: str
    """`CHANGE_PROMISES`: what was promised and is not firm has its "price", or new plans "keep" it where they can."""
    change_price_min: int
    """`CHANGE_PRICE_MIN`; what moving a published job must save, in minutes of travel."""
    change_tolerance_min: int
    """`CHANGE_TOLERANCE_MIN`; a start that moves by no more than this is no change."""
    public_url: str | None
    """`PUBLIC_URL`; where people reach this installation, for links in messages; never ends in a slash."""
    company_name: str
    """`COMPANY_NAME`; what customers know the company as; empty: what the database says, as of the zone."""
    company_zone: str | None
    """`COMPANY_ZONE`; where the head office is, and its days begin; None: see `dispatch.installation`."""
    company_phone: str
    """`COMPANY_PHONE`; where customers call whose territory has no number of its own; empty where none is told them."""
    company_language: str
    """`COMPANY_LANGUAGE`; in which customers are told things who wish for no other, and e-mails about accounts are."""
    mail_server: MailServer | None
    """`SMTP_URL` and `MAIL_FROM`; None sends no e-mail."""
    second_factor_for: frozenset[str]
    """`SECOND_FACTOR_FOR`; the roles that must sign in with a code beside their password."""
    api_requests_per_min: int
    """`API_REQUESTS_PER_MIN`; of one token, in all processes together."""
    sms_url: str | None
    """`SMS_URL`; the gateway that takes SMS for customers; None sends none."""
    sms_secret: str
    """`SMS_SECRET`; signs what the gateway is sent."""
    quiet_hours: tuple[time, time]
    """`QUIET_HOURS`; from when until when customers are told nothing, by their own clock."""
    remind_at: time
    """`REMIND_AT`; when customers are reminded of tomorrow's visits; wall clock, as `nightly_plan_at`."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment. Makes the home folder and the secret key on first use.

        Raises SettingsError with all that is wrong.
        """
        env = os.environ if environ is None else environ
        wrong: list[str] = []
        home = Path(env.get("WRENCHTIME_HOME") or "var").expanduser().absolute()
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"WRENCHTIME_HOME: cannot make the folder {home} ({error.strerror}). "
                "Name a folder that this user may write."
            ) from error
        settings = cls(
            home=home,
            database_url=_database_url(env.get("DATABASE_URL"), home),
            secret_key=check_key(env.get("SECRET_KEY"), wrong) or get_stored_key(home / "secret_key"),
            travel_source=env.get("TRAVEL_SOURCE") or None,
            travel_by_hour=_hours(env.get("TRAVEL_BY_HOUR", ""), wrong),
            map_tile_url=env.get("MAP_TILE_URL") or None,
            nightly_plan_at=_time_of_day(env, "NIGHTLY_PLAN_AT", "20:00", wrong),
            horizon_days=_whole_number(env, "PLAN_HORIZON_DAYS", 1, 1, 14, wrong),
            firm_days=_whole_number(env, "FIRM_DAYS", 2, 0, 14, wrong),
            maintenance_ahead_days=_whole_number(env, "MAINTENANCE_AHEAD_DAYS", 30, 0, 366, wrong),
            replan_every_s=_whole_number(env, "REPLAN_EVERY_S", 300, 10, 86_400, wrong),
            plan_time_limit_s=_whole_number(env, "PLAN_TIME_LIMIT_S", 10, 1, 3_600, wrong),
            repair_time_limit_s=_whole_number(env, "REPAIR_TIME_LIMIT_S", 2, 1, 60, wrong),
            plan_threads=_whole_number(env, "PLAN_THREADS", min(os.cpu_count() or 1, 64), 1, 64, wrong),
            backup_at=_time_of_day(env, "BACKUP_AT", "02:30", wrong),
            keep_backups=_whole_number(env, "KEEP_BACKUPS", 7, 0, 1_000, wrong),
            backup_folder=Path(env.get("BACKUP_FOLDER") or home / "backups").expanduser().absolute(),
            keep_runs_days=_whole_number(env, "KEEP_RUNS_DAYS", 90, 1, 3_650, wrong),
            keep_versions_days=_whole_number(env, "KEEP_VERSIONS_DAYS", 180, 1, 3_650, wrong),
            trusted_proxies=_whole_number(env, "TRUSTED_PROXIES", 0, 0, 5, wrong),
            keep_records_days=_whole_number(env, "KEEP_RECORDS_DAYS", 30, 0, 3_650, wrong),
            nightly_plan=_one_of(env, "NIGHTLY_PLAN", ("publish", "propose"), wrong),
            replan=_one_of(env, "REPLAN", ("propose", "publish", "warn"), wrong),
            change_most_jobs=_whole_number(env, "CHANGE_MOST_JOBS", 20, 0, 100_000, wrong),
            change_keep_h=_whole_number(env, "CHANGE_KEEP_H", 2, 0, 48, wrong),
            change_promises=_one_of(env, "CHANGE_PROMISES", ("price", "keep"), wrong),
            change_price_min=_whole_number(env, "CHANGE_PRICE_MIN", 15, 0, 1_440, wrong),
            change_tolerance_min=_whole_number(env, "CHANGE_TOLERANCE_MIN", 15, 0, 240, wrong),
            public_url=_public_url(env.get("PUBLIC_URL"), wrong),
            company_name=" ".join(env.get("COMPANY_NAME", "").split()),
            company_zone=_zone(env, "COMPANY_ZONE", wrong),
            company_phone=_phone(env, "COMPANY_PHONE", wrong),
            company_language=_one_of(env, "COMPANY_LANGUAGE", LANGUAGES, wrong),
            mail_server=_mail_server(env.get("SMTP_URL"), env.get("MAIL_FROM", "").strip(), wrong),
            second_factor_for=_some_of(env, "SECOND_FACTOR_FOR", ROLES, wrong),
            api_requests_per_min=_whole_number(env, "API_REQUESTS_PER_MIN", 600, 1, 1_000_000, wrong),
            sms_url=_sms_url(env.get("SMS_URL"), wrong),
            sms_secret=_sms_secret(env.get("SMS_SECRET", ""), bool(env.get("SMS_URL")), wrong),
            quiet_hours=_hours_of_day(env, "QUIET_HOURS", "21:00-08:00", wrong),
            remind_at=_time_of_day(env, "REMIND_AT", "16:00", wrong),
        )
        if wrong:
            raise SettingsError("\n".join(wrong))
        return settings


def _hours(given: str, wrong: list[str]) -> tuple[Hour, ...]:
    try:
        return read_hours(given)
    except TravelError as error:
        wrong.append(f"TRAVEL_BY_HOUR: {error}.")
        return ()


def _database_url(given: str | None, home: Path) -> str:
    if not given:
        return f"sqlite:///{home / 'wrenchtime.sqlite3'}"
    # Hosting services still hand out the two short spellings; SQLAlchemy needs the driver named.
    for short in ("postgres://", "postgresql://"):
        if given.startswith(short):
            return "postgresql+psycopg://" + given.removeprefix(short)
    return given


def _phone(env: Mapping[str, str], name: str, wrong: list[str]) -> str:
    given = env.get(name, "").strip()
    if given and not is_phone(given):
        wrong.append(f"{name}: {given!r} is no telephone number; write one such as {EXAMPLE}.")
    return given


def _zone(env: Mapping[str, str], name: str, wrong: list[str]) -> str | None:
    given = env.get(name, "").strip()
    if given and given not in available_timezones():
        wrong.append(f"{name} is {given!r}; give an IANA name such as America/Santiago.")
    return given or None


def _whole_number(env: Mapping[str, str], name: str, default: int, least: int, most: int, wrong: list[str]) -> int:
    text = env.get(name) or str(default)
    if text.isascii() and text.isdigit() and least <= int(text) <= most:
        return int(text)
    wrong.append(f"{name} is {text!r}; give a whole number from {least} to {most}.")
    return default


def _one_of(env: Mapping[str, str], name: str, values: tuple[str, ...], wrong: list[str]) -> str:
    """One of the values; the first where nothing is said."""
    text = env.get(name) or values[0]
    if text in values:
        return text
    wrong.append(f"{name} is {text!r}; give one of: {', '.join(values)}.")
    return values[0]


def _some_of(env: Mapping[str, str], name: str, values: tuple[str, ...], wrong: list[str]) -> frozenset[str]:
    """Any of the values, separated by commas; none where nothing is said."""
    given = {word.strip() for word in env.get(name, "").split(",") if word.strip()}
    if unknown := given - set(values):
        wrong.append(f"{name} names {', '.join(sorted(unknown))}; give some of: {', '.join(values)}.")
    return frozenset(given & set(values))


def _public_url(given: str | None, wrong: list[str]) -> str | None:
    if not given:
        return None
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        wrong.append(f"PUBLIC_URL is {given!r}; give the address that people open, such as https://plan.example.org.")
    return given.rstrip("/")


def _mail_server(url: str | None, sender: str, wrong: list[str]) -> MailServer | None:
    """None without an address of a server; what is said of whom mails are from has to be right all the same."""
    before = len(wrong)
    if url and (fault := find_fault_of_url(url)):
        wrong.append(f"SMTP_URL: {fault}.")
    if url and not sender:
        wrong.append(f"MAIL_FROM is not set; say whom e-mails are from, such as {EXAMPLE_SENDER}.")
    elif sender and (fault := find_fault_of_sender(sender)):
        wrong.append(f"MAIL_FROM: {fault}.")
    return MailServer.from_url(url, sender) if url and len(wrong) == before else None


def _sms_url(given: str | None, wrong: list[str]) -> str | None:
    """Not shown where it is wrong: gateways have people write keys into it."""
    for fault in list_faults_of_url(given) if given else ():
        wrong.append(f"SMS_URL: {fault.replace(given or '', 'what is given')}")
    return given or None


def _sms_secret(given: str, is_needed: bool, wrong: list[str]) -> str:
    if is_needed and len(given) < LEAST_KEY_LENGTH:
        wrong.append(f"SMS_SECRET must have {LEAST_KEY_LENGTH} random characters or more; the gateway checks us by it.")
    return given


def _hours_of_day(env: Mapping[str, str], name: str, default: str, wrong: list[str]) -> tuple[time, time]:
    text = env.get(name) or default
    try:
        starts, ends = text.split("-")
        return time.fromisoformat(starts.strip()), time.fromisoformat(ends.strip())
    except ValueError:
        wrong.append(f"{name} is {text!r}; give two times of day such as {default}.")
        return time(), time()


def _time_of_day(env: Mapping[str, str], name: str, default: str, wrong: list[str]) -> time:
    text = env.get(name) or default
    try:
        return time.fromisoformat(text)
    except ValueError:
        wrong.append(f"{name} is {text!r}; give a time of day such as 20:00.")
        return time.fromisoformat(default)

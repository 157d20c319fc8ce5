"""The words of notices: what the program ships, what people made of them, and how fields are filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.clock import local_day, local_time
from dispatch.errors import InvalidInput, NotFound, Stale
from dispatch.events import record_event
from dispatch.models import LANGUAGES, NOTICE_CHANNELS, NOTICE_KINDS, NoticeText
from dispatch.notices.shipped import SHIPPED, SMS_KINDS, SMS_KINDS_ALONE

FIELDS = {
    "customer": "the customer's name",
    "company": "the name of the company",
    "phone": "the telephone of the territory, else the company's; a line with it is left out where there is none",
    "title": "what is to be done",
    "number": "the number of the job",
    "date": "the day, such as Monday 23 November",
    "from": "from when somebody comes, such as 09:30",
    "until": "until when somebody comes",
    "technician": "the first name of the technician",
    "address": "where the work is",
    "link": "the page of the visit; a line with it is left out where there is none",
}
SAMPLE = {
    "customer": "Ana Rojas", "company": "Example Service", "phone": "+56 51 221 0000",
    "title": "Boiler service", "number": "W17", "date": "Monday 23 November",
    "from": "09:00", "until": "11:00", "technician": "Bruno", "address": "Prat 12", "link": "https://plan.example.org/c/AAAAB…",
}  # fmt: skip
"""What the fields hold in a preview."""
LONGEST = {"e-mail": 4000, "SMS": 459}
"""An SMS of more than 459 characters would be sent in more than three parts."""
CHANGED_MEANWHILE = "Somebody else has changed these words meanwhile: look at them as they are now."
_FIELD = re.compile(r"\{(\w+)\}")

DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
           "noviembre", "diciembre"),
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """Subject and body with fields such as {date}; `version` is 0 for what the program ships.

    `alone`: not being active, it is sent to those who are reached on no other channel.
    """

    subject: str
    body: str
    active: bool
    version: int = 0
    alone: bool = False


def get_words(session: Session, kind: str, channel: str, language: str) -> Words:
    """What is sent. Raises NotFound for what there is no such notice of."""
    if kind not in NOTICE_KINDS or channel not in NOTICE_CHANNELS or language not in LANGUAGES:
        raise NotFound("There is no such notice.")
    row = session.get(NoticeText, (kind, channel, language))
    if row is not None:
        return Words(row.subject, row.body, row.active, row.version)
    subject, body = SHIPPED[language][kind]
    if channel == "SMS":
        said = " ".join(body.split("\n\n")[1].split()) + "\n{link}"
        return Words("", said, kind in SMS_KINDS, alone=kind in SMS_KINDS_ALONE)
    return Words(subject, body, True)


def list_all_words(session: Session) -> list[tuple[str, str, str, Words]]:
    """Every kind of notice on every channel in every language, with its words."""
    return [
        (kind, channel, language, get_words(session, kind, channel, language))
        for kind in NOTICE_KINDS
        for channel in NOTICE_CHANNELS
        for language in LANGUAGES
    ]


def change_words(
    session: Session,
    kind: str,
    channel: str,
    language: str,
    seen_version: int,
    words: Words,
    now: datetime,
    by_user_id: int,
) -> None:
    """Store other words. Raises NotFound, Stale (somebody changed them), InvalidInput with all that is wrong."""
    old = get_words(session, kind, channel, language)
    wrong = list_faults(words, channel)
    if wrong:
        raise InvalidInput(wrong)
    if old.version != seen_version:
        raise Stale(CHANGED_MEANWHILE)
    values = {"subject": words.subject.strip(), "body": words.body.strip(), "active": words.active}
    about = {"kind": kind, "channel": channel, "language": language}
    row = session.get(NoticeText, (kind, channel, language))
    if row is None:
        try:
            with session.begin_nested():
                session.add(NoticeText(**about, **values))
        except IntegrityError as first:  # somebody else has stored theirs, in this instant
            raise Stale(CHANGED_MEANWHILE) from first
    else:
        for name, value in values.items():
            setattr(row, name, value)
    record_event(session, "notice words changed", now, by_user_id, before=about, after=about | values)


def list_faults(words: Words, channel: str) -> list[str]:
    """What is wrong with words: sentences that begin with "subject" or "text", as the form calls them."""
    wrong = []
    if channel == "e-mail" and not words.subject.strip():
        wrong.append("subject: it is empty; write what the e-mail is about.")
    if "\n" in words.subject.strip() or "\r" in words.subject.strip():
        wrong.append("subject: it has more than one line; write one.")
    if not words.body.strip():
        wrong.append("text: it is empty; write what the customer is to read.")
    if len(words.body) > LONGEST[channel]:
        wrong.append(f"text: it has {len(words.body)} characters; shorten it to {LONGEST[channel]}.")
    for field, text in (("subject", words.subject), ("text", words.body)):
        unknown = sorted(set(_FIELD.findall(text)) - set(FIELDS))
        wrong += [f"{field}: there is no field {{{name}}}; use some of: {', '.join(FIELDS)}." for name in unknown]
    return wrong


def preview_words(words: Words) -> Words:
    """What a customer would read, with an example in each field. The words are known to have no faults."""
    return replace(words, subject=fill_in(words.subject, SAMPLE), body=fill_in(words.body, SAMPLE))


def fill_in(text: str, facts: Mapping[str, str]) -> str:
    """The text with its fields; a line with a field that holds nothing is left out, and no gap where it was."""
    lines = [
        _FIELD.sub(lambda found: facts[found[1]], line)
        for line in text.splitlines()
        if all(facts[name] for name in _FIELD.findall(line))
    ]
    said = "\n".join(lines).strip()
    return said if len(lines) == len(text.splitlines()) else re.sub(r"\n{3,}", "\n\n", said)


def say_day(at: datetime, zone: str, language: str) -> str:
    """Such as "Monday 23 November", or "lunes 23 de noviembre"."""
    on = local_day(at, zone)
    day, month = DAYS[language][on.weekday()], MONTHS[language][on.month - 1]
    return f"{day} {on.day} {month}" if language == "en" else f"{day} {on.day} de {month}"


def say_time(at: datetime, zone: str) -> str:
    """Such as 09:30."""
    return local_time(at, zone)

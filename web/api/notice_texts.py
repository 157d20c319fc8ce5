"""The words of messages to customers: all of them, a preview, and changing one."""

from typing import Any

from flask import Response
from flask_login import current_user

from dispatch.db import Session
from dispatch.errors import InvalidInput
from dispatch.models import LANGUAGES, NOTICE_CHANNELS, NOTICE_KINDS
from dispatch.notices.office import KIND_WORDS
from dispatch.notices.texts import FIELDS, Words, change_words, get_words, list_all_words, list_faults, preview_words
from web.access import ADMIN, MANAGER
from web.api.answers import by_field, dump, seen_version
from web.api.customers import subject
from web.api.fields import Body, Choice, Flag, Part, Several, Shown, Text, Whole
from web.context import now, reading, writing

__all__ = ["subject"]

WHO = (MANAGER, ADMIN)
ALL = "/notices/texts"
ONE = ALL + "/<kind>/<channel>/<language>"
NAMES = {"text": "body"}
"""What forms call the fields, where that is not their name."""


class NoticeWordsSent(Body):
    """Words with fields such as {date}; a line with a field that holds nothing is left out."""

    subject = Text(200, load_default="", description="Of an e-mail; an SMS has none.")
    body = Text(10_000, 1, required=True)


class NoticeTextSent(NoticeWordsSent):
    """What is sent from now on."""

    active = Flag(required=True, description="false: such messages are not sent.")


class NoticeWordsShown(Shown):
    """What a customer would read."""

    subject = Text()
    body = Text()


class NoticeTextShown(Shown):
    """The words of one kind of message. The version is 0 as long as they are those that the program brings."""

    kind = Choice(NOTICE_KINDS)
    about = Text(description="When it is sent.")
    channel = Choice(NOTICE_CHANNELS)
    language = Choice(LANGUAGES)
    subject = Text()
    body = Text()
    active = Flag()
    alone = Flag(description="Not being active, they are sent to those who are reached on no other channel.")
    version = Whole()


class NoticeFieldShown(Shown):
    """What can stand in words, between braces."""

    name = Text()
    what = Text()


class NoticeTextsShown(Shown):
    """Every kind on every channel in every language, and the fields that words may have."""

    texts = Several(Part(NoticeTextShown))
    fields_known = Several(Part(NoticeFieldShown))


@subject.operation("GET", ALL, NoticeTextsShown, who=WHO)
def list_of_notice_texts() -> Response:
    """The words of all messages, and whether they are sent."""
    with reading() as session:
        texts = [_as_shown(*one) for one in list_all_words(session)]
    known = [{"name": name, "what": what} for name, what in FIELDS.items()]
    return dump(NoticeTextsShown, {"texts": texts, "fields_known": known})


@subject.operation("GET", ONE, NoticeTextShown, who=WHO, versioned=True)
def one_notice_text(kind: str, channel: str, language: str) -> Response:
    """The words of one kind of message on one channel in one language."""
    with reading() as session:
        return _show(session, kind, channel, language)


@subject.operation("PUT", ONE, NoticeTextShown, who=WHO, body=NoticeTextSent, versioned=True)
def change_notice_text(body: dict[str, Any], kind: str, channel: str, language: str) -> Response:
    """Store other words, or that such messages are not sent."""
    version = seen_version()
    with writing() as session:
        try:
            change_words(session, kind, channel, language, version, Words(**body), now(), current_user.id)
        except InvalidInput as wrong:
            raise by_field(wrong, NAMES) from wrong
        session.flush()
        return _show(session, kind, channel, language)


@subject.operation("POST", ONE + "/preview", NoticeWordsShown, who=WHO, body=NoticeWordsSent)
def preview_notice_text(body: dict[str, Any], kind: str, channel: str, language: str) -> Response:
    """What words look like with an example in each field; nothing is stored."""
    words = Words(**body, active=True)
    with reading() as session:
        get_words(session, kind, channel, language)  # 404 where there is no such message
    if wrong := list_faults(words, channel):
        raise by_field(InvalidInput(wrong), NAMES)
    return dump(NoticeWordsShown, preview_words(words))


def _show(session: Session, kind: str, channel: str, language: str) -> Response:
    words = get_words(session, kind, channel, language)
    return dump(NoticeTextShown, _as_shown(kind, channel, language, words), words.version)


def _as_shown(kind: str, channel: str, language: str, words: Words) -> dict[str, Any]:
    return {"kind": kind, "about": KIND_WORDS[kind], "channel": channel, "language": language, **vars(words)}

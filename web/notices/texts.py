"""The words of messages: all of them, and changing one with a preview."""

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.errors import InvalidInput
from dispatch.notices.office import KIND_WORDS
from dispatch.notices.texts import FIELDS, Words, change_words, get_words, list_all_words, list_faults, preview_words
from web.access import ADMIN, MANAGER, role_required
from web.context import now, reading, writing
from web.forms import refuse
from web.notices.views import blueprint


@blueprint.get("/texts")
@role_required(MANAGER, ADMIN)
def texts() -> Any:
    """Every kind of message on every channel in every language, and whether it is sent."""
    with reading() as session:
        return render_template("notices/texts.html", lines=list_all_words(session), words=KIND_WORDS)


@blueprint.get("/texts/<kind>/<channel>/<language>")
@role_required(MANAGER, ADMIN)
def text(kind: str, channel: str, language: str) -> Any:
    """One of them, with what it looks like filled in."""
    with reading() as session:
        return _page(kind, channel, language, get_words(session, kind, channel, language))


@blueprint.post("/texts/<kind>/<channel>/<language>")
@role_required(MANAGER, ADMIN)
def change_text(kind: str, channel: str, language: str) -> Any:
    """Store other words, or with `preview` only show them filled in; 400 with all that is wrong."""
    seen = request.form.get("version", "")
    if not seen.isdecimal() or len(seen) > 9:
        refuse("The form must have the number `version`.")
    body = request.form.get("body", "").replace("\r\n", "\n")
    given = Words(request.form.get("subject", ""), body, "active" in request.form, int(seen))
    if "preview" in request.form:
        with reading() as session:
            known = get_words(session, kind, channel, language)
        return _page(kind, channel, language, replace(given, alone=known.alone), list_faults(given, channel))
    try:
        with writing() as session:
            change_words(session, kind, channel, language, int(seen), given, now(), current_user.id)
    except InvalidInput as refused:
        return _page(kind, channel, language, given, refused.problems), 400
    return redirect(url_for("notices.texts"))


def _page(kind: str, channel: str, language: str, words: Words, problems: Any = ()) -> str:
    return render_template(
        "notices/text.html",
        kind=kind,
        kind_words=KIND_WORDS[kind],
        channel=channel,
        language=language,
        words=words,
        fields=FIELDS,
        shown=None if problems else preview_words(words),
        problems=problems,
    )

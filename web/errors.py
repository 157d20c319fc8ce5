"""Turns every refusal into plain words: a page for people, problem details (RFC 9457) for scripts."""

import logging
import secrets
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from dispatch.errors import Conflict, Forbidden, InvalidInput, NotFound, SettingsError, Stale, TooMany, WrongDocument
from web.assets import AssetsMissing
from web.problems import is_api, list_errors

log = logging.getLogger(__name__)

TITLES = {
    400: "That request could not be understood",
    401: "Please sign in",
    403: "You may not open this",
    404: "There is nothing here",
    405: "That cannot be done here",
    409: "That cannot be done as things are now",
    412: "It has been changed since you have seen it",
    413: "That is too large",
    415: "That is not the kind of content expected here",
    422: "That cannot be done as asked",
    428: "Say which version you have seen",
    429: "Too many requests",
    500: "Something went wrong on our side",
    503: "Not ready yet",
}
SENTENCES = {
    401: "You are not signed in, or it is so long ago that you were signed out. Sign in and try again.",
    403: "Your account's role does not include this page. If you need it, ask your administrator.",
    404: "The address may be mistyped, or what it showed has been removed.",
    500: "It was written to the server's log. What you asked for may not have been done: look, and try it once more. "
    "If it happens again, tell your administrator the number {reference}.",
}


def wants_problem_json(asked: Request) -> bool:
    """Whether this request is a script's, so that an error must be JSON rather than a page."""
    return "/api/" in asked.path


SOMEBODY_ELSE = "Somebody else was quicker"
NOT_DONE = (
    "Nothing of what you asked for was stored. Look how it stands now, and do it again if it still is to be done."
)
"""What a page adds to a conflict, where the sentence says only why."""


def init_app(app: Flask) -> None:
    """Answer each kind of error with its status and a sentence."""
    app.register_error_handler(NotFound, lambda error: answer(404, str(error)))
    app.register_error_handler(Forbidden, lambda error: answer(403, str(error)))
    app.register_error_handler(Conflict, lambda error: answer(409, str(error)))
    app.register_error_handler(Stale, _stale)
    app.register_error_handler(InvalidInput, _invalid)
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(SettingsError, _wrongly_set_up)
    app.register_error_handler(AssetsMissing, _front_end_missing)
    app.register_error_handler(CSRFError, _csrf_refused)
    app.register_error_handler(HTTPException, http_error)


def answer(status: int, sentence: str, **more: Any) -> Any:
    """The error as the asker can read it: JSON under /api/, with what `more` is to be said, else a page."""
    title = more.pop("title", None) or TITLES.get(status, "That did not work")
    if wants_problem_json(request):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": sentence, **more}
        return problem, status, {"Content-Type": "application/problem+json"}
    said = {"status": status, "title": title, "sentence": sentence, "back": _find_way_back(), **more}
    if status == 500:  # not render_template, which loads the signed-in user from a database that may be what is broken
        return current_app.jinja_env.get_template("errors/broken.html").render(**said), status
    if status == 409:
        reference = make_reference()
        log.warning("Refused %s: %s %s, since: %s", reference, request.method, request.path, sentence)
        said |= {"advice": NOT_DONE, "reference": reference}
    return render_template("errors/error.html", **said), status


def make_reference() -> str:
    """A number that finds one line of the log, short enough to be read out on the telephone."""
    drawn = secrets.token_hex(4).upper()
    return f"{drawn[:4]}-{drawn[4:]}"


def log_fault(error: BaseException | None) -> str:
    """Write a fault of ours to the log with all that is known, and give its number there."""
    reference = make_reference()
    log.error("Unhandled error %s at %s %s", reference, request.method, request.path, exc_info=error)
    return reference


def _find_way_back() -> str | None:
    """The path on this site that somebody sent a form from, or followed a link on; looking there again does nothing."""
    came_from, adapter = urlsplit(request.referrer or ""), current_app.create_url_adapter(request)
    if adapter is None or came_from.netloc != request.host or not adapter.test(came_from.path, "GET"):
        return None
    if request.method == "GET" and came_from.path == request.path:
        return None
    return f"{came_from.path}?{came_from.query}".rstrip("?")


def _invalid(error: InvalidInput) -> Any:
    """The API tells what it cannot read (400) from what the business refuses (422)."""
    if not is_api(request):
        return answer(400, str(error))
    known_to_clients = {"code": 2, "error": str(error)} if isinstance(error, WrongDocument) else {}  # VROOM's way
    return answer(422, str(error), errors=list_errors(error), **known_to_clients)


def _stale(error: Stale) -> Any:
    """Programs that named the version are told 412, everybody else 409."""
    return answer(412, str(error)) if is_api(request) else answer(409, str(error), title=SOMEBODY_ELSE)


def _too_many(error: TooMany) -> Any:
    body, status, *headers = answer(429, str(error))
    return body, status, {"Retry-After": str(error.wait_s), **(headers[0] if headers else {})}


def http_error(error: HTTPException) -> Any:
    """What the framework refuses: no such page, not this method, too large; or a fault of ours."""
    if error.response is not None:
        return error.response
    status = error.code or 500
    said_by_us = error.description if error.description != type(error).description else None
    sentence, more = said_by_us or SENTENCES.get(status, "Go back and try again."), {}
    if isinstance(error, InternalServerError) and error.original_exception is not None:
        reference = log_fault(error.original_exception)
        sentence, more = SENTENCES[500].format(reference=reference), {"reference": reference}
    reply = answer(status, sentence, **more)
    body, status, headers = reply if len(reply) == 3 else (*reply, {})
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return body, status, {**kept, **headers}


def _csrf_refused(_error: CSRFError) -> Any:
    """The phone keeps what it could not send with an old page's token, and sends it with the next page's."""
    response = current_app.make_response(
        answer(400, "This page has been open for too long to be trusted. Reload it and try again.")
    )
    response.headers["X-Old-Page"] = "1"
    return response


def _wrongly_set_up(error: SettingsError) -> Any:
    """A setting that is only used now, such as the travel source: the sentence says how to mend it."""
    log.error("%s", error)
    return answer(503, str(error))


def _front_end_missing(error: AssetsMissing) -> Any:
    """Without style sheets no template can be drawn: say so in the plainest page there is."""
    log.error("%s", error)
    if wants_problem_json(request):
        return answer(503, str(error))
    return f"<!doctype html><html lang=en><title>Wrenchtime</title><h1>{TITLES[503]}</h1><p>{error}</p>", 503

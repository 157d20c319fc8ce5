"""Turns every refusal into plain words: a page for people, problem details (RFC 9457) for scripts."""

import logging
from typing import Any

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
    409: "Things have changed meanwhile",
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
    500: "It has been written to the server's log. Try again; if it stays, tell your administrator when.",
}


def wants_problem_json(asked: Request) -> bool:
    """Whether this request is a script's, so that an error must be JSON rather than a page."""
    return "/api/" in asked.path


def init_app(app: Flask) -> None:
    """Answer each kind of error with its status and a sentence."""
    app.register_error_handler(NotFound, lambda error: answer(404, str(error)))
    app.register_error_handler(Forbidden, lambda error: answer(403, str(error)))
    app.register_error_handler(Conflict, lambda error: answer(409, str(error)))
    app.register_error_handler(Stale, lambda error: answer(412 if is_api(request) else 409, str(error)))
    app.register_error_handler(InvalidInput, _invalid)
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(SettingsError, _wrongly_set_up)
    app.register_error_handler(AssetsMissing, _front_end_missing)
    app.register_error_handler(CSRFError, _csrf_refused)
    app.register_error_handler(HTTPException, http_error)


def answer(status: int, sentence: str, **more: Any) -> Any:
    """The error as the asker can read it: JSON under /api/, with what `more` is to be said, else a page."""
    title = TITLES.get(status, "That did not work")
    if wants_problem_json(request):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": sentence, **more}
        return problem, status, {"Content-Type": "application/problem+json"}
    if status == 500:  # not render_template, which loads the signed-in user from a database that may be what is broken
        return current_app.jinja_env.get_template("errors/broken.html").render(title=title, sentence=sentence), status
    return render_template("errors/error.html", status=status, title=title, sentence=sentence), status


def _invalid(error: InvalidInput) -> Any:
    """The API tells what it cannot read (400) from what the business refuses (422)."""
    if not is_api(request):
        return answer(400, str(error))
    known_to_clients = {"code": 2, "error": str(error)} if isinstance(error, WrongDocument) else {}  # VROOM's way
    return answer(422, str(error), errors=list_errors(error), **known_to_clients)


def _too_many(error: TooMany) -> Any:
    body, status, *headers = answer(429, str(error))
    return body, status, {"Retry-After": str(error.wait_s), **(headers[0] if headers else {})}


def http_error(error: HTTPException) -> Any:
    """What the framework refuses: no such page, not this method, too large; or a fault of ours."""
    if error.response is not None:
        return error.response
    status = error.code or 500
    if isinstance(error, InternalServerError) and error.original_exception is not None:
        log.error("Unhandled error at %s %s", request.method, request.path, exc_info=error.original_exception)
    said_by_us = error.description if error.description != type(error).description else None
    reply = answer(status, said_by_us or SENTENCES.get(status, "Go back and try again."))
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

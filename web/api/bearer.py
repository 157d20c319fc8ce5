"""Who calls the API: a token in the `Authorization` header names the user; requests are counted and limited."""

from flask import Flask, Response, abort, current_app, g, request
from flask_login import LoginManager

from dispatch.accounts.identity import get_identity
from dispatch.accounts.tries import network_of
from dispatch.api.limits import Counted, count_request
from dispatch.api.tokens import PREFIX, find_holder, note_use
from dispatch.errors import TooMany
from web.access import EVERYONE, roles_of
from web.context import house, now, reading, writing
from web.problems import is_api
from web.signed_in import SignedIn
from web.visitor import get_address

WRONG_PER_MIN = 30
"""Requests without a right token, from one address: 256 bits cannot be guessed, but trying keeps the server busy."""
HOW = "Send a token in the header `Authorization: Bearer wt_...`; people make theirs on the page of their account."


def init_app(app: Flask) -> None:
    """Let tokens in under /api/v1/, where cookies count for nothing, and nowhere else. Before the check of roles."""
    app.before_request(_identify)
    app.after_request(_tell_limits)
    manager: LoginManager = app.extensions["wrenchtime_login"]
    manager.request_loader(lambda _request: g.get("person"))


def _identify() -> None:
    """Read the token, count the request, and check what the token may do."""
    if not is_api(request) or request.endpoint is None or roles_of(current_app, request.endpoint) == EVERYONE:
        return
    secret = _find_secret()
    with reading() as session:
        found = find_holder(session, secret, now()) if secret is not None else None
        person = SignedIn(**vars(get_identity(session, found.user.id)), session_id="") if found else None
    bucket = f"token {found.token_id}" if found else f"address {network_of(get_address())}"
    limit = house().settings.api_requests_per_min if found else WRONG_PER_MIN
    with writing() as session:
        g.counted = counted = count_request(session, bucket, limit, now())
        if found and found.use_is_news:
            note_use(session, found.token_id, now())
    if counted.left < 0:
        raise TooMany(f"{limit} requests a minute are the most; go on in {counted.resets_in_s} s.", counted.resets_in_s)
    if found is None:
        abort(401, description=f"There is no token, or it is wrong, revoked or at its end. {HOW}")
    scope = current_app.view_functions[request.endpoint].__dict__["needed_scope"]
    if not found.may(scope):
        abort(403, description=f"This token has not the scope {scope}; make one that has.")
    g.person, g.token_id = person, found.token_id


def _find_secret() -> str | None:
    """What is sent behind `Bearer`; or a token alone, as clients of other services that solve routes send their key."""
    sent = request.headers.get("Authorization", "").strip()
    scheme, _, secret = sent.partition(" ")
    if scheme.lower() == "bearer":
        return secret.strip()
    return sent if sent.startswith(PREFIX) and not secret else None


def _tell_limits(response: Response) -> Response:
    counted: Counted | None = g.get("counted")
    if counted is not None:
        response.headers["RateLimit-Policy"] = f'"requests";q={counted.limit};w=60'
        response.headers["RateLimit"] = f'"requests";r={max(0, counted.left)};t={counted.resets_in_s}'
    if response.status_code == 401 and is_api(request):
        response.headers["WWW-Authenticate"] = 'Bearer realm="Wrenchtime"'
    return response

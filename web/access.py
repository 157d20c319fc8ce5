"""Who may open which view: each view names its roles, and one hook turns everyone else away."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user

from web.context import TERRITORIES
from web.errors import SENTENCES, answer, wants_problem_json

DISPATCHER, TECHNICIAN, MANAGER, ADMIN = "dispatcher", "technician", "manager", "admin"
ROLES = frozenset({DISPATCHER, TECHNICIAN, MANAGER, ADMIN})
EVERYONE: frozenset[str] = frozenset({"everyone"})

LIMITED = (
    "Your account is limited to territories, and this concerns them all. "
    "Ask a dispatcher who is not limited, or an administrator."
)

View = TypeVar("View", bound=Callable[..., Any])


def role_required(*roles: str) -> Callable[[View], View]:
    """Let only these roles in. Stands directly under the route decorator."""
    unknown = set(roles) - ROLES
    if unknown or not roles:
        raise ValueError(f"role_required takes some of {sorted(ROLES)}, not {sorted(unknown)}")
    return lambda view: _mark(view, frozenset(roles))


def public(view: View) -> View:
    """Let anyone in, signed in or not: the sign-in page and the health check."""
    return _mark(view, EVERYONE)


def while_setting_up(view: View) -> View:
    """Let in also those who must set up their second factor before they may do anything else."""
    view.__dict__["while_setting_up"] = True
    return view


def within_territories(view: View) -> View:
    """Let in also dispatchers who are limited to territories: the view looks things up by `reading` and `writing`
    alone, which find nothing else, and shows and does nothing that concerns other territories."""
    view.__dict__["within_territories"] = True
    return view


def is_open_to_limited(app: Flask, endpoint: str) -> bool:
    """Whether a dispatcher who is limited to territories may open this endpoint; closed unless its view says so."""
    return hasattr(app.view_functions[endpoint], "within_territories")


def _mark(view: View, roles: frozenset[str]) -> View:
    view.__dict__["allowed_roles"] = roles
    return view


def roles_of(app: Flask, endpoint: str) -> frozenset[str]:
    """The roles that may open this endpoint; nobody when its view does not say."""
    found: frozenset[str] = getattr(app.view_functions[endpoint], "allowed_roles", frozenset())
    return found


def init_app(app: Flask) -> None:
    """Check every request against the roles its view names."""
    app.before_request(_turn_away)


def _turn_away() -> Any:
    if request.endpoint is None:  # no such page: let it become a 404
        return None
    roles = roles_of(current_app, request.endpoint)
    if roles == EVERYONE:
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if current_user.role not in roles:
        return _shut_out(SENTENCES[403])
    is_for_them = hasattr(current_app.view_functions[request.endpoint], "while_setting_up")
    if current_user.must_set_up_second_factor and not is_for_them:
        return _ask_to_set_up()
    if current_user.territory_ids and not is_open_to_limited(current_app, request.endpoint):
        abort(403, description=LIMITED)
    setattr(g, TERRITORIES, current_user.territory_ids)
    return None


def _ask_to_sign_in() -> Any:
    if wants_problem_json(request):
        abort(401)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("auth.login", next=wanted))


def _ask_to_set_up() -> Any:
    if wants_problem_json(request):
        return _shut_out("Your role needs a second factor: set it up on your account's page first.")
    return redirect(url_for("account.second_factor"))


def _shut_out(sentence: str) -> Any:
    """What is wrong is the account's, not what was asked: the phone keeps its reports until it may send them."""
    response = current_app.make_response(answer(403, sentence))
    response.headers["X-Shut-Out"] = "1"
    return response


def refuse_unguarded_views(app: Flask) -> None:
    """Stop the application from starting with a view that forgot to say who may open it."""
    forgotten = sorted(name for name in app.view_functions if not roles_of(app, name))
    if forgotten:
        raise RuntimeError(f"These views need @role_required(...) or @public: {', '.join(forgotten)}")

"""What happens by itself when something is reported: do it, propose it, or only warn."""

from typing import Any

from flask import Response
from flask_login import current_user

from dispatch.db import Session
from dispatch.errors import NotFound
from dispatch.living.policies import list_policies, set_action
from web.access import ADMIN, DISPATCHER, MANAGER
from web.api.answers import dump, seen_version
from web.api.events import subject
from web.api.incident_schemas import ActionSent, PoliciesShown, PolicyShown
from web.context import now, reading, writing

__all__ = ["subject"]

WHO = (DISPATCHER, MANAGER, ADMIN)
ONE = "/incidents/policies/<kind>"


@subject.operation("GET", "/incidents/policies", PoliciesShown, who=WHO)
def list_of_policies() -> Response:
    """What happens by itself, for every kind."""
    with reading() as session:
        return dump(PoliciesShown, {"policies": list_policies(session)})


@subject.operation("GET", ONE, PolicyShown, who=WHO, versioned=True)
def one_policy(kind: str) -> Response:
    """What happens by itself when this is reported. Its version is 0 until somebody changes the default."""
    with reading() as session:
        return _show(session, kind)


@subject.operation("PUT", ONE, PolicyShown, who=WHO, body=ActionSent, versioned=True)
def change_policy(body: dict[str, Any], kind: str) -> Response:
    """Say what happens from now on; what was reported before is not touched."""
    version = seen_version()
    with writing() as session:
        _find(session, kind)
        set_action(session, kind, body["action"], version, now(), current_user.id)
        session.flush()
        return _show(session, kind)


def _show(session: Session, kind: str) -> Response:
    found = _find(session, kind)
    return dump(PolicyShown, found, found["version"])


def _find(session: Session, kind: str) -> dict[str, Any]:
    found = next((one for one in list_policies(session) if one["kind"] == kind), None)
    if found is None:
        raise NotFound(f"There is no kind of event {kind!r}.")
    return found

"""Puts the API together: its parts, its description, and how its errors are told."""

from typing import Any

from flask import Flask
from flask_smorest import Api
from marshmallow import Schema
from werkzeug.exceptions import HTTPException

from web import errors
from web.api import (
    accounts,
    catalogue,
    customers,
    description,
    drafts,
    events,
    incident_policies,
    incidents,
    jobs,
    maintenance,
    maintenance_ahead,
    moves,
    notice_texts,
    notices,
    on_site,
    optimization,
    plans,
    reports,
    stops,
    tables,
    tasks,
    technicians,
    territories,
    versions,
    webhooks,
    why_here,
)
from web.api.fields import Part, Several, Shown, Text, Whole
from web.api.schemas import ErrorShown
from web.api.subject import WrongRequest
from web.problems import list_wrong_fields

PARTS = (jobs, customers, technicians, tables, plans, events, reports, webhooks, accounts, tasks, optimization)
assert drafts.subject is moves.subject is versions.subject is plans.subject, "drafts stand among the plans"
assert catalogue.subject is tables.subject, "skills and stock stand in the catalogue"
assert incidents.subject is incident_policies.subject is events.subject, "what happens on a day stands among the events"
assert on_site.subject is maintenance.subject is maintenance_ahead.subject is why_here.subject is jobs.subject, (
    "photos, recurring work and reasons stand among the jobs"
)
assert notices.subject is notice_texts.subject is customers.subject, "messages stand among the customers"
assert stops.subject is territories.subject is technicians.subject, (
    "stops, territories and vans stand among the technicians"
)


class ProblemShown(Shown):
    """What went wrong (RFC 9457), with every error in the request if it is the request that is wrong."""

    type = Text()
    title = Text()
    status = Whole(400, 599)
    detail = Text()
    errors = Several(Part(ErrorShown))

    def on_bind_field(self, field_name: str, field_obj: Any) -> None:
        """Errors only where there are some."""
        super().on_bind_field(field_name, field_obj)
        field_obj.required = field_name != "errors"


class OwnApi(Api):  # type: ignore[misc]  # the library ships no types
    """The library's API, with problems as the whole application tells them."""

    ERROR_SCHEMA: type[Schema] = ProblemShown

    def handle_http_exception(self, error: HTTPException) -> Any:
        """As everywhere else."""
        return errors.http_error(error)


def init_app(app: Flask) -> None:
    """Serve every part under /api/v1. Tokens stand in for cookies there, so that forms of other sites cannot act."""
    api = OwnApi(app, spec_kwargs=description.ABOUT)
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    for part in PARTS:
        app.extensions["csrf"].exempt(part.subject)
        api.register_blueprint(part.subject)
    app.register_error_handler(WrongRequest, _wrong_request)
    description.init_app(app, api.spec)


def _wrong_request(error: WrongRequest) -> Any:
    found = list_wrong_fields(error.messages)
    count = "One thing is" if len(found) == 1 else f"{len(found)} things are"
    return errors.answer(400, f"{count} wrong with the request; `errors` says what.", errors=found)

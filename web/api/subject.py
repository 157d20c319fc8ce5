"""A part of the API: its operations are declared in one line each, and described by what is declared."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

from flask import Request, abort
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, ValidationError
from webargs.flaskparser import FlaskParser

from web.access import DISPATCHER, role_required, within_territories

View = TypeVar("View", bound=Callable[..., Any])

ETAG = {"ETag": {"description": "The version shown; send it in If-Match to change it.", "schema": {"type": "string"}}}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": "The ETag of the version that you have seen.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
}
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "The same request with the same key is done once, and answered alike for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}


class WrongRequest(Exception):
    """The request does not fit its description: `messages` holds all that is wrong, by place."""

    def __init__(self, messages: Mapping[str, Any]) -> None:
        self.messages = messages
        super().__init__(str(messages))


class Parser(FlaskParser):
    """Reads bodies and queries; says everything that is wrong at once."""

    DEFAULT_VALIDATION_STATUS = 400
    DEFAULT_UNKNOWN_BY_LOCATION = {"query": RAISE}  # noqa: RUF012 - as webargs declares it

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body; 415 when it says that it is something else, 400 when it is no JSON."""
        if not req.is_json:
            abort(415, description="Send JSON, and say so: `Content-Type: application/json`.")
        return req.get_json()

    def handle_error(
        self, error: ValidationError, req: Request, schema: Schema, **_more: Any
    ) -> NoReturn:  # the messages are by place: "json" or "query"
        """Told by the handler that the application has for it."""
        raise WrongRequest(error.messages_dict)


class Subject(Blueprint):  # type: ignore[misc]  # the library ships no types
    """A blueprint under /api/v1 whose scopes are `name:read` and `name:write`."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, description: str) -> None:
        super().__init__(f"api_{name}", __name__, url_prefix="/api/v1", description=description)
        self.subject = name

    def operation(
        self,
        method: str,
        path: str,
        answer: type[Schema] | None,
        *,
        who: tuple[str, ...],
        status: int = 200,
        body: type[Schema] | None = None,
        query: type[Schema] | None = None,
        versioned: bool = False,
        creates: bool = False,
        within: bool = False,
        describes: Mapping[str, Any] | None = None,
    ) -> Callable[[View], View]:
        """Serve the view there to users of these roles whose tokens have the scope: GET reads, all else writes.

        `versioned`: what is answered has an ETag, and to change it If-Match is needed. `creates`: an
        Idempotency-Key is understood. `within`: also dispatchers who are limited to territories may, since the view
        finds and changes only what is theirs. The view gets the query, then the body, as read by their schemas.
        """
        scope = f"{self.subject}:{'read' if method == 'GET' else 'write'}"
        changes = versioned and method in ("PATCH", "PUT", "DELETE")
        headers = [IF_MATCH] * changes + [IDEMPOTENCY_KEY] * creates

        def decorate(view: View) -> View:
            said = (view.__doc__ or "").strip()
            assert said, f"{view.__name__} needs a docstring: it describes the operation"
            served: Any = view
            if body:
                served = self.arguments(body)(served)
            if query:
                served = self.arguments(query, location="query")(served)
            served = self.response(status, answer, headers=ETAG if versioned and answer else None)(served)
            summary, _, rest = said.partition("\n")
            closed = () if within or DISPATCHER not in who else ("Not for dispatchers limited to territories.",)
            more = " ".join([*rest.split(), f"Scope: `{scope}`.", *closed])
            served = self.doc(
                operationId=view.__name__,
                summary=summary.rstrip("."),
                description=more,
                security=[{"token": []}],
                **({"parameters": headers} if headers else {}),
                **(describes or {}),
            )(served)
            served = role_required(*who)(served)
            served = within_territories(served) if within else served
            served.needed_scope = scope
            self.route(path, methods=[method], tags=[self.subject])(served)
            return view

        return decorate

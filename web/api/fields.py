"""The kinds of values in requests and answers, each with the sentence that says what is wrong and how to mend it."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from dispatch.clock import to_iso
from dispatch.entry.forms import FIRST_YEAR, LAST_YEAR
from web.forms import parse_day

LARGEST = 2**31 - 1
"""Of whole numbers in both databases."""
DAY = r"^(20|21)\d\d-\d\d-\d\d$"
MOMENT = r"^(20|21)\d\d-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$"
CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"
STORABLE = r"^[^\u0000]*$"
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
ALWAYS = {"required": "it is missing; send it", "null": "it is null; send a value, or leave it out"}


def _told(
    options: dict[str, Any], form: str | None = None, pattern: str | None = None, **sentences: str
) -> dict[str, Any]:
    """Options as the library takes them: what describes the field is metadata, also that it is text of a form."""
    metadata: dict[str, Any] = {key: options.pop(key) for key in ("description", "examples") if key in options}
    if pattern:
        metadata |= {"type": "string", "pattern": pattern} | ({"format": form} if form else {})
    return {"error_messages": ALWAYS | sentences, "metadata": metadata, **options}


class Text(fields.String):
    """Text that both databases can store."""

    def __init__(self, longest: int = 4_000, shortest: int = 0, **options: Any) -> None:
        wrong = "it is no text; send a JSON string"
        super().__init__(
            validate=validate.Length(
                shortest,
                longest,
                error=f"it has not from {shortest} to {longest:,} characters; shorten or complete it",
            ),
            **_told(options, None, STORABLE, invalid=wrong, invalid_utf8=wrong),
        )

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, *args, **kwargs)
        if UNSTORABLE.search(text):
            raise ValidationError("it holds a character that cannot be stored (NUL or half of a pair); leave it out")
        return text


class Derived(fields.Function):
    """Text of an answer that is worked out from its row."""

    def __init__(self, work_out: Callable[[Any], str], **options: Any) -> None:
        super().__init__(work_out, **_told(options, None, STORABLE))


class Whole(fields.Integer):
    """A whole number; in a query it comes as text."""

    def __init__(self, least: int = 0, most: int = LARGEST, *, in_query: bool = False, **options: Any) -> None:
        wrong = f"it is no whole number from {least:,} to {most:,}; send such a number"
        super().__init__(
            strict=not in_query, validate=validate.Range(least, most, error=wrong), **_told(options, invalid=wrong)
        )
        self.error_messages["too_large"] = wrong

    def _validated(self, value: Any) -> int:
        """JSON does not tell 3.0 from 3."""
        return int(super()._validated(int(value) if isinstance(value, float) and value.is_integer() else value))


class Number(fields.Float):
    """A number between two others."""

    def __init__(self, least: float, most: float, **options: Any) -> None:
        wrong = f"it is no number from {least} to {most}; send such a number"
        super().__init__(
            validate=validate.Range(least, most, error=wrong), **_told(options, invalid=wrong, special=wrong)
        )

    def _validated(self, value: Any) -> float:
        if isinstance(value, str):
            raise self.make_error("invalid", input=value)
        number: float = super()._validated(value)
        return number


class Flag(fields.Boolean):
    """Yes or no."""

    truthy = {True, "true"}  # noqa: RUF012 - as marshmallow declares it
    falsy = {False, "false"}  # noqa: RUF012

    def __init__(self, **options: Any) -> None:
        super().__init__(**_told(options, invalid="it is neither true nor false; send one of them"))

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool | str):
            raise self.make_error("invalid", input=value)
        return bool(super()._deserialize(value, *args, **kwargs))


class Choice(fields.String):
    """One of a few words."""

    def __init__(self, choices: Iterable[str], **options: Any) -> None:
        choices = tuple(choices)
        wrong = f"it is none of the words allowed; send one of: {', '.join(choices)}"
        super().__init__(validate=validate.OneOf(choices, error=wrong), **_told(options, invalid=wrong))


class Day(fields.Field[date]):
    """A date, such as 2026-11-23; dumps dates and what is text already."""

    def __init__(self, **options: Any) -> None:
        wrong = f"it is no day from {FIRST_YEAR} to {LAST_YEAR}; write it as 2026-11-23"
        super().__init__(**_told(options, "date", DAY, invalid=wrong))

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> date:
        day = parse_day(value) if isinstance(value, str) and re.match(DAY, value) else None
        if day is None:
            raise self.make_error("invalid")
        return day

    def _serialize(self, value: Any, *_args: Any, **_kwargs: Any) -> str | None:
        return value.isoformat() if isinstance(value, date) else value


class Moment(fields.Field[datetime]):
    """An instant with its zone, such as 2026-11-23T14:05:00Z; dumps instants and what is text already."""

    def __init__(self, **options: Any) -> None:
        wrong = "it is no instant with a zone; write it as 2026-11-23T14:05:00Z or 2026-11-23T11:05:00-03:00"
        super().__init__(**_told(options, "date-time", MOMENT, invalid=wrong))

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> datetime:
        if not isinstance(value, str) or not re.match(MOMENT, value):
            raise self.make_error("invalid")
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except ValueError as error:
            raise self.make_error("invalid") from error

    def _serialize(self, value: Any, *_args: Any, **_kwargs: Any) -> str | None:
        return to_iso(value) if isinstance(value, datetime) else value


class Clock(fields.Field[time]):
    """A time on the wall clock, such as 08:30."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**_told(options, None, CLOCK, invalid="it is no time of day; write it as 08:30"))

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> time:
        if not isinstance(value, str) or not re.match(CLOCK, value):
            raise self.make_error("invalid")
        return time.fromisoformat(value)

    def _serialize(self, value: Any, *_args: Any, **_kwargs: Any) -> str | None:
        return value.strftime("%H:%M") if isinstance(value, time) else value


class Several(fields.List[Any]):
    """A list of at most so many values."""

    def __init__(self, of: Any, most: int = 500, **options: Any) -> None:
        super().__init__(
            of,
            validate=validate.Length(max=most, error=f"it has more than {most} entries; send fewer"),
            **_told(options, invalid="it is no list; send a JSON array"),
        )


class Object(fields.Dict):
    """An object whose members are told in words; only answers hold it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**_told(options, invalid="it is no object; send a JSON object"))


class Part(fields.Nested):
    """An object inside an object."""

    def __init__(self, schema: type[Schema], **options: Any) -> None:
        super().__init__(schema, **_told(options, type="it is no object; send a JSON object"))


class Body(Schema):
    """What requests send: names that are not known are refused, since they are mistyped or not understood."""

    error_messages = {"unknown": "it is not known here; leave it out or mend its name",  # noqa: RUF012
                      "type": "it is no object; send a JSON object"}  # fmt: skip


class Query(Body):
    """What stands behind the question mark."""


class Shown(Schema):
    """What answers hold. Fields are always there, null where there is nothing; more may be added in time."""

    class Meta:
        """What is not known yet is no error."""

        unknown = EXCLUDE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """All are required in the description; how long text and lists may be binds who sends, not who answers."""
        field_obj.required = True
        if isinstance(field_obj, Text | Several):
            field_obj.validators = []
            field_obj.metadata = {key: told for key, told in field_obj.metadata.items() if key != "pattern"}

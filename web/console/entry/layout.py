"""What the forms ask: fields by their keys, in words and in order. How each is read is none of a page's business."""

from collections.abc import Mapping
from dataclasses import dataclass

PATHS = {
    "technicians": "team",
    "holidays": "team/holidays",
    "customers": "customers",
    "assets": "customers/assets",
    "contracts": "customers/contracts",
    "job-types": "catalogue/job-types",
    "parts": "catalogue/parts",
}
"""Where each table has its forms, below the page that it belongs to."""
OWNED = ("assets", "contracts")
"""Tables whose rows belong to a customer."""


@dataclass(frozen=True)
class Field:
    """`kind` is text, email, number, area, lines (a list, one item a line), pairs, day, moment or time.

    `choices` names a list to be offered, or with `only` to choose from. Pairs are lines of something and its value,
    `values` by name to choose from, or a number; `value_label` says what that is. A `fixed` field is asked for
    something new only; `initial` is what it then begins with.
    """

    key: str
    label: str
    kind: str = "text"
    hint: str = ""
    choices: str = ""
    only: bool = False
    required: bool = False
    fixed: bool = False
    initial: str = ""
    wide: bool = False
    values: str = ""
    value_label: str = ""

    def show(self, cells: Mapping[str, str]) -> str:
        """What the field says of these cells, or at first."""
        said = cells.get(self.key, "") if cells else self.initial
        return said.replace("; ", "\n") if self.kind == "lines" else said


@dataclass(frozen=True)
class Part:
    """Fields that are edited together."""

    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class List:
    """A list on a page: what it is called, what stands there when it is empty, and how an item is entered."""

    title: str
    nothing: str
    fields: tuple[Field, ...]


_PHONE = Field("phone", "Telephone")
_EMAIL = Field("email", "E-mail")
_NOTES = Field("notes", "Notes", "area")
_LOCATION_HINT = "Latitude and longitude. Empty: a new address is looked up; one that stays keeps its place."
_ADDRESS = Field("address", "Address")
_LOCATION = Field("location", "Place on the map", hint=_LOCATION_HINT)
_TERRITORY = Field("territory", "Territory", choices="territories", only=True)

_PERSON = (
    Field("code", "Code", required=True, fixed=True, hint="Short and unique, such as T7. It stays."),
    Field("name", "Name", required=True),
    Field("kind", "Employment", choices="kinds", only=True, required=True, initial="employee"),
    Field("branch", "Department or company", hint="Where somebody borrowed or contracted comes from."),
    _PHONE,
    _EMAIL,
    Field(
        "active",
        "Works here",
        choices="yes",
        only=True,
        required=True,
        initial="yes",
        hint="No: nothing is planned for them any more.",
    ),
)
_WORK = (
    _TERRITORY,
    Field("secondary_territories", "Also works in", hint="Territories, with semicolons between them.", wide=True),
    Field(
        "hours",
        "Hours of the week",
        "lines",
        "One a line: Mon-Thu 08:00-17:00 (18:00), with the latest end by overtime in brackets.",
        required=True,
    ),
    Field("lunch", "Lunch", hint="When it may begin, and how long it is: 12:00-14:00 45 min."),
    Field("home_address", "The day begins at", hint="Home or depot; empty: at the first customer."),
    _LOCATION,
    Field("max_visits", "Visits a day at most", "number"),
    Field("max_travel", "Driving a day at most", hint="Such as 3 h."),
    Field("pace_percent", "Pace in percent", "number", "120 takes a fifth longer than usual."),
    Field("hourly_cost", "Cost of an hour", "number"),
    Field("day_cost", "Cost of a day", "number", "What it costs to call somebody out at all."),
)

PARTS: dict[str, dict[str, Part]] = {
    "technicians": {"person": Part("Person", _PERSON), "work": Part("Work", _WORK)},
    "customers": {
        "": Part("Customer", (Field("name", "Name", required=True), _PHONE, _EMAIL, _ADDRESS, _LOCATION, _NOTES))
    },
    "assets": {
        "": Part(
            "Asset",
            (
                Field("name", "Name", required=True, hint="What people call it, such as Lift, north entrance."),
                Field("maker", "Maker"),
                Field("model", "Model"),
                Field("serial", "Serial number"),
                Field("installed_on", "Installed on", "day"),
                Field("retired_on", "Retired on", "day", "It stays in the customer's history."),
                Field("address", "Address", hint="Empty: where the customer is."),
                _LOCATION,
                _NOTES,
            ),
        )
    },
    "contracts": {
        "": Part(
            "Contract",
            (
                Field("name", "Name", required=True),
                Field("starts_on", "From", "day", required=True),
                Field("ends_on", "Until", "day", "The last day; empty until it is ended."),
                Field("respond_within", "Begin work within", hint="Hours after the report, such as 4 or 4 h 30 min."),
                Field("restore_within", "Working again within", hint="Hours after the report, such as 12."),
                Field("hours", "Hours that count", "lines", "One a line: Mon-Fri 08:00-18:00. Empty: always."),
                Field("zone", "Time zone of the hours", choices="zones"),
                Field("runs_on_holidays", "Counts on holidays", choices="yes", only=True, required=True, initial="no"),
            ),
        )
    },
    "job-types": {
        "": Part(
            "Kind of work",
            (
                Field("name", "Name", required=True),
                Field("service", "Usual time on site", hint="Such as 45 min or 1h30. Empty: said for each job."),
                Field("setup", "Set-up", hint="To park, enter and unpack, paid once per site: 10 min."),
                Field("priority", "Priority", "number", "0 (may wait) to 100 (danger)."),
                Field("skills", "Skills needed", "lines", "One a line, with the least level: gas:2"),
                Field("parts", "Parts used up", "lines", "One a line, with how many: valve:1"),
                Field("checklist", "Checklist", "lines", "One step a line; (required) behind those that must be done."),
            ),
        )
    },
    "parts": {
        "": Part(
            "Part",
            (
                Field("name", "Name", required=True, fixed=True, hint="As vans and jobs name it. It stays."),
                Field("number", "Supplier's number"),
            ),
        )
    },
}

_FROM, _TO = Field("from", "From", "day", required=True), Field("to", "To", "day", hint="Empty: that day alone.")
_REASON = Field("reason", "Why")
_WHERE = Field("territory", "Territory", choices="territories", only=True, required=True)

LISTS = {
    "skills": List(
        "Skills",
        "None yet: only work that needs no skill is planned for them.",
        (
            Field("name", "Skill", choices="skills", required=True),
            Field("level", "Level, 1 to 10", "number"),
            Field("until", "Last day", "day"),
        ),
    ),
    "absences": List("Absences", "None.", (_FROM, _TO, _REASON)),
    "special_shifts": List(
        "Other hours on single days",
        "None. What is entered here holds in place of the week's hours, also on a holiday.",
        (
            Field("on", "Day", "day", required=True),
            Field("starts", "From", "time", required=True),
            Field("ends", "To", "time", required=True),
            Field("latest", "Latest end", "time"),
        ),
    ),
    "loans": List("Lent to other territories", "Not lent.", (_FROM, _TO, _WHERE, _REASON)),
    "on_call": List(
        "On call",
        "Never.",
        (Field("from", "From", "moment", required=True), Field("until", "Until", "moment", required=True), _WHERE),
    ),
    "limits": List(
        "Limits",
        "None. Contractors may take on so much and no more.",
        (
            Field("most", "At most", "number", required=True),
            Field("unit", "Visits or hours", choices="units", only=True, required=True),
            Field("period", "In a", choices="periods", only=True, required=True),
        ),
    ),
    "capacity": List(
        "Van stock",
        "The van carries no parts.",
        (
            Field("part", "Part", choices="parts", required=True),
            Field("count", "Pieces", "number", required=True),
        ),
    ),
    "holidays": List(
        "Holidays",
        "None.",
        (Field("on", "Day", "day", required=True), Field("name", "Name", required=True)),
    ),
}

TECHNICIAN_LISTS = ("absences", "skills", "special_shifts", "loans", "on_call", "limits", "capacity")

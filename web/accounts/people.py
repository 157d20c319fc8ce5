"""Adding somebody, and changing who somebody is, what they may do and where: the forms of the page of accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from dispatch.accounts.changes import change_person, change_role, hold_account, invite_user, limit_dispatcher
from dispatch.accounts.invitations import mail_invitation
from dispatch.accounts.overview import (
    Account,
    describe_account,
    list_technicians_without_account,
    list_territory_names,
)
from dispatch.accounts.password_links import make_link
from dispatch.accounts.users import get_user
from dispatch.db import Session
from dispatch.errors import Conflict, Forbidden, InvalidInput
from dispatch.mail import MailFault
from web.access import ADMIN, role_required
from web.accounts.views import blueprint, draw_accounts
from web.console.entry.layout import Field
from web.context import house, now, reading, writing
from web.forms import get_seen_version, refuse
from web.new_password import address_of

ROLES = (
    ("dispatcher", "Dispatcher: plans and runs the days"),
    ("technician", "Technician: sees their own day"),
    ("manager", "Manager: reports and messages"),
    ("admin", "Admin: everything, also accounts"),
)
FIELDS = (
    Field("name", "Name", required=True, hint="As the pages show it."),
    Field("email", "E-mail address", "email", required=True, hint="What they sign in with."),
    Field("role", "Role", choices="roles", only=True, required=True),
    Field("technician_code", "Which technician", choices="technicians", only=True, hint="For the role technician."),
)
TERRITORIES = "territory_ids"
WAS = "was-"
"""What the names of hidden fields begin with that hold what a field said when the form was opened."""
OWN = "This is your own account: nobody changes what they may do themselves. Ask another admin."


@dataclass(frozen=True)
class Person:
    """What the form says. What another role than the chosen one has is not asked for, and counts for nothing."""

    name: str
    email: str
    role: str
    technician_code: str | None
    territory_ids: frozenset[int]


@blueprint.get("/new")
@role_required(ADMIN)
def new() -> Any:
    """The empty form."""
    with reading() as session:
        return _draw(session, None, {})


@blueprint.post("/new")
@role_required(ADMIN)
def add() -> Any:
    """Add somebody; the link at which they choose a password is shown on this answer, and never again."""
    typed = _typed()
    try:
        with writing() as session:
            person = _read(typed)
            user = invite_user(
                session,
                email=person.email,
                name=person.name,
                role=person.role,
                technician_code=person.technician_code,
                by_user_id=current_user.id,
                now=now(),
            )
            if person.territory_ids:
                limit_dispatcher(session, user.id, person.territory_ids, current_user.id, now())
            link = address_of(make_link(session, user, get_user(session, current_user.id), now()))
    except InvalidInput as wrong:
        return _again(None, typed, wrong=wrong), 400
    except Conflict as taken:
        return _again(None, typed, refusal=str(taken)), 409
    return draw_accounts(added=user, link=link, **_mail(user.id, link))


@blueprint.get("/<int:user_id>/change")
@role_required(ADMIN)
def edit(user_id: int) -> Any:
    """The form, filled in."""
    _refuse_own(user_id)
    with reading() as session:
        return _draw(session, describe_account(session, user_id, ADMIN, now()), {})


@blueprint.post("/<int:user_id>/change")
@role_required(ADMIN)
def change(user_id: int) -> Any:
    """Store it; 409 shows what was written beside what stands there now, when somebody else has changed the account."""
    _refuse_own(user_id)
    typed, seen_version = _typed(), get_seen_version(request.form)
    try:
        with writing() as session:
            hold_account(session, user_id, seen_version, now())
            _store(session, user_id, _read(typed))
    except InvalidInput as wrong:
        return _again(user_id, typed, wrong=wrong, version=seen_version), 400
    except Conflict as stale:
        return _again(user_id, typed, refusal=str(stale)), 409
    flash(f"The account of {typed['name']} is stored.")
    return redirect(url_for("accounts.page"))


def _store(session: Session, user_id: int, person: Person) -> None:
    """All of it or nothing; all that is wrong is said at once."""
    problems: list[str] = []
    try:
        change_person(session, user_id, person.email, person.name, current_user.id, now())
    except InvalidInput as wrong:
        problems += wrong.problems
    try:
        change_role(session, user_id, person.role, person.technician_code, current_user.id, now())
        if person.role == "dispatcher":
            limit_dispatcher(session, user_id, person.territory_ids, current_user.id, now())
    except InvalidInput as wrong:
        problems += wrong.problems
    if problems:
        raise InvalidInput(problems)


def _mail(user_id: int, link: str) -> dict[str, Any]:
    """Send the link where e-mail is set up; what the page says of it."""
    settings = house().settings
    if settings.mail_server is None or settings.public_url is None:
        return {}
    try:
        mail_invitation(house().session_factory, settings.mail_server, user_id, link, current_user.id, now())
    except MailFault as fault:
        return {"fault": str(fault)}
    return {"is_mailed": True}


def _refuse_own(user_id: int) -> None:
    if user_id == current_user.id:
        raise Forbidden(OWN)


def _typed() -> dict[str, str]:
    """The form as text; the territories that are ticked stand in one, as they do when the form was opened."""
    ticked = request.form.getlist(TERRITORIES)
    if not all(text.isdecimal() and len(text) < 10 for text in ticked):
        refuse("Territories are given by their numbers.")
    typed = {key: value.strip() for key, value in request.form.items()}
    return {**{field.key: typed.get(field.key, "") for field in FIELDS}, **typed, TERRITORIES: _join(map(int, ticked))}


def _read(typed: Mapping[str, str]) -> Person:
    role = typed["role"]
    return Person(
        name=typed["name"],
        email=typed["email"],
        role=role,
        technician_code=(typed["technician_code"] or None) if role == "technician" else None,
        territory_ids=_split(typed[TERRITORIES]) if role == "dispatcher" else frozenset(),
    )


def _again(
    user_id: int | None,
    typed: Mapping[str, str],
    *,
    wrong: InvalidInput | None = None,
    refusal: str = "",
    version: int | None = None,
) -> str:
    """The form with what was written. After a refusal: what the person has not changed is as it is now."""
    with reading() as session:
        account = None if user_id is None else describe_account(session, user_id, ADMIN, now())
        if refusal:
            typed = {key: value for key, value in typed.items() if value != typed.get(WAS + key)}
        return _draw(session, account, typed, wrong=_by_field(wrong), refusal=refusal, version=version)


def _draw(session: Session, account: Account | None, typed: Mapping[str, str], **said: Any) -> str:
    stored = {} if account is None else {**vars(account), TERRITORIES: _join(account.territory_ids)}
    cells = {key: str(stored.get(key) or "") for key in (*(field.key for field in FIELDS), TERRITORIES)}
    values = {**cells, **typed}
    refusal = said.get("refusal", "")
    version = said.get("version")
    return render_template(
        "accounts/person.html",
        account=account,
        fields=FIELDS,
        cells=cells,
        was=cells if refusal else {key: typed.get(WAS + key, cells[key]) for key in cells},
        values=values,
        ticked=_split(values[TERRITORIES]),
        version=account.version if version is None and account is not None else version,
        wrong=said.get("wrong", {}),
        refusal=refusal,
        territories=list_territory_names(session),
        choices={"roles": ROLES, "technicians": _list_technicians(session, cells["technician_code"])},
    )


def _list_technicians(session: Session, own_code: str) -> list[tuple[str, str]]:
    """Whom somebody may sign in as: those without an account, and who it is now."""
    free = [(code, f"{name} ({code})") for code, name in list_technicians_without_account(session)]
    return [(own_code, f"{own_code} (as until now)"), *free] if own_code else free


def _by_field(wrong: InvalidInput | None) -> dict[str, list[str]]:
    """What is wrong, by the field that each sentence begins with."""
    found: dict[str, list[str]] = {}
    for problem in wrong.problems if wrong is not None else ():
        key, _, sentence = problem.partition(": ")
        found.setdefault(key, []).append(sentence[:1].upper() + sentence[1:])
    return found


def _join(numbers: Any) -> str:
    return ",".join(map(str, sorted(numbers)))


def _split(text: str) -> frozenset[int]:
    return frozenset(int(number) for number in text.split(",") if number)

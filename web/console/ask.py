"""The forms of what customers ask for: a new job, what is changed of it, and the time that is promised for it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from dispatch.accounts.users import find_user
from dispatch.entry.find_time import find_times
from dispatch.entry.forms import WrongFields
from dispatch.entry.job_edit import open_job_edit, save_job_edit
from dispatch.entry.job_effects import list_job_effects
from dispatch.entry.job_lists import list_job_choices
from dispatch.entry.job_terms import describe_terms
from dispatch.entry.new_job import enter_job, open_job_form
from dispatch.entry.promises import keep_promise, open_promise, take_back
from dispatch.errors import Conflict, InvalidInput
from dispatch.installation import find_zone_elsewhere
from web.access import ADMIN, DISPATCHER, role_required, within_territories
from web.console.entry.layout import Field
from web.console.views import blueprint
from web.context import now, reading, writing
from web.forms import get_seen_version, has_address

NEEDS = (
    Field("skills", "Skills needed", "pairs", "Each with the least level.", "skills", value_label="Level at least"),
    Field("parts", "Parts needed", "pairs", "Each with how many.", "parts", value_label="Pieces"),
    Field(
        "wishes",
        "Technicians",
        "pairs",
        "Who must come: nobody else may. Who should come: rather than others.",
        choices="technicians",
        values="wishes",
        value_label="Wish",
        wide=True,
    ),
    Field(
        "assets",
        "Assets",
        "pairs",
        "The customer's, each with what is done to it.",
        choices="assets",
        only=True,
        values="work",
        value_label="Work",
        wide=True,
    ),
)
JOB_FIELDS = (
    Field("job_type", "Kind of work", choices="job_types", only=True),
    Field("title", "What is to be done", hint="Empty: as the kind of work is called."),
    Field("service", "Time on site", hint="Such as 45 min or 1h30; empty: as the kind of work says."),
    Field("priority", "Priority", "number", "0 (may wait) to 100 (danger); empty: as the kind of work says."),
    Field("requested_on", "Day asked for", "day", "Empty: any day."),
    Field("place", "Where", choices="places", only=True),
    Field("address", "Or another address"),
    Field("location", "Its place on the map", hint="Latitude and longitude; empty: it is looked up.", wide=True),
    Field("window_from", "Somebody is there from", "moment"),
    Field("window_until", "Somebody is there until", "moment", "Work may begin until then."),
    Field("promised_from", "Promised from", "moment", "What the customer was told; no plan moves it."),
    Field("promised_until", "Promised until", "moment"),
    Field("promise_firm", "The promise is firm", choices="yes", only=True, initial="yes", required=True),
    *NEEDS,
    Field("notes", "Notes for the technician", "area"),
)
EDIT_FIELDS = (
    Field("title", "What is to be done", required=True),
    Field("service", "Time on site", hint="Such as 45 min or 1h30.", required=True),
    Field("priority", "Priority", "number", "0 (may wait) to 100 (danger).", required=True),
    Field("requested_on", "Day asked for", "day", "Empty: any day."),
    Field("due_at", "Due: work begins by", "moment", "Empty: nothing is due."),
    Field("restore_by_at", "Restored by: it works again", "moment", "Empty: at any time."),
    Field("address", "Where", required=True),
    Field("location", "Its place on the map", hint="Latitude and longitude; those of another address are looked up."),
    Field("windows", "Somebody is there", "lines", "One time window a line, as 2026-11-23 09:00..2026-11-23 12:00."),
    *NEEDS,
    Field("notes", "Notes for the technician", "area"),
)
PROMISE_FIELDS = (
    Field("from", "Work begins at the earliest", "moment", required=True),
    Field("until", "Work begins at the latest", "moment", required=True),
    Field("firm", "Firm", choices="yes", only=True, required=True, initial="yes", hint="No plan begins outside it."),
    Field("reason", "Why it is moved", hint="Asked for where something was promised before."),
)


@blueprint.get("/customers/<int:customer_id>/jobs/new")
@role_required(DISPATCHER, ADMIN)
def new_job(customer_id: int) -> Any:
    """The form; with `job_type`, filled in with what that kind of work needs."""
    return _draw_job(customer_id, read_cells(JOB_FIELDS, request.args), fill=True)


@blueprint.post("/customers/<int:customer_id>/jobs/new")
@role_required(DISPATCHER, ADMIN)
def ask_for_job(customer_id: int) -> Any:
    """Store the job; 400 with every fault beside its field.

    The form again with `fill`: with what that kind of work needs; with `find`: with times that could be promised; with
    `take`, from/until: with that window promised.
    """
    cells = read_cells(JOB_FIELDS) | {"filled": request.form.get("filled", "")}
    if "fill" in request.form:
        return _draw_job(customer_id, cells, fill=True)
    if "take" in request.form:
        begins, _, ends = request.form["take"].partition("/")
        return _draw_job(customer_id, cells | {"promised_from": begins, "promised_until": ends}, is_taken=True)
    if "find" in request.form:
        return _find_time(customer_id, cells)
    try:
        with writing(looks_up=has_address(cells)) as session:
            number = enter_job(session, customer_id, cells, now(), current_user.id).number
    except WrongFields as wrong:
        return _draw_job(customer_id, cells, wrong=wrong.fields), 400
    flash(f"Job {number} is entered. The next plan of its day will place it.")
    return redirect(url_for("console.customer", customer_id=customer_id))


@blueprint.get("/jobs/<int:job_id>/edit")
@role_required(DISPATCHER, ADMIN)
@within_territories
def edit_job(job_id: int) -> Any:
    """What the job asks for, to be changed."""
    return _draw_edit(job_id)


@blueprint.post("/jobs/<int:job_id>/edit")
@role_required(DISPATCHER, ADMIN)
@within_territories
def store_job(job_id: int) -> Any:
    """Store it; 400 with every fault beside its field, 409 when it is closed or somebody else has changed it."""
    cells = read_cells(EDIT_FIELDS)
    seen = get_seen_version(request.form)
    try:
        with writing(looks_up=has_address(cells)) as session:
            job = save_job_edit(session, job_id, seen, cells, now(), current_user.id)
            effects = list_job_effects(session, job, now())
    except WrongFields as wrong:
        return _draw_edit(job_id, cells, seen, wrong=wrong.fields), 400
    except Conflict as stale:
        return _draw_edit(job_id, cells, is_stale=True, wrong={"": [str(stale)]}), 409
    for sentence in ["Changed. Plans that are made from now on follow it.", *effects]:
        flash(sentence)
    return redirect(url_for("console.job", job_id=job_id))


@blueprint.get("/customers/jobs/<int:job_id>/promise")
@role_required(DISPATCHER, ADMIN)
def promise(job_id: int) -> Any:
    """What is promised for a job, to be made, moved or withdrawn."""
    return _draw_promise(job_id)


@blueprint.post("/customers/jobs/<int:job_id>/promise")
@role_required(DISPATCHER, ADMIN)
def store_promise(job_id: int) -> Any:
    """Make, move or withdraw (`withdraw`) the promise; 400 says what is wrong, 409 that the job is closed."""
    cells = {field.key: request.form.get(field.key, "").strip() for field in PROMISE_FIELDS}
    try:
        with writing() as session:
            user = find_user(session, current_user.id)
            assert user is not None
            if "withdraw" in request.form:
                job = take_back(session, job_id, cells["reason"], now(), user)
            else:
                job = keep_promise(session, job_id, cells, now(), user)
            customer_id, number = job.customer_id, job.number
    except WrongFields as wrong:
        return _draw_promise(job_id, cells, wrong=wrong.fields), 400
    except InvalidInput as refused:
        return _draw_promise(job_id, cells, wrong={"": list(refused.problems)}), 400
    flash(f"The promise for job {number} is {'withdrawn' if 'withdraw' in request.form else 'kept'}.")
    return redirect(url_for("console.customer", customer_id=customer_id))


def read_cells(fields: Iterable[Field], form: MultiDict[str, str] | None = None) -> dict[str, str]:
    """What a form says, by field that it has; pairs as lines, each with its value behind a colon."""
    form = request.form if form is None else form
    cells = {}
    for field in (one for one in fields if one.key in form):
        if field.kind == "pairs":
            pairs = zip(form.getlist(field.key), form.getlist(f"{field.key}-value"), strict=False)
            cells[field.key] = "\n".join(f"{name.strip()}:{value.strip()}" for name, value in pairs if name.strip())
        else:
            cells[field.key] = form.get(field.key, "").replace("\r\n", "\n").strip()
    return cells


def _find_time(customer_id: int, cells: dict[str, str]) -> Any:
    try:
        with reading() as session:
            found = find_times(session, customer_id, cells, now())
    except WrongFields as wrong:
        return _draw_job(customer_id, cells, wrong=wrong.fields), 400
    return _draw_job(customer_id, cells, found=found)


def _draw_job(customer_id: int, typed: dict[str, str], fill: bool = False, **said: Any) -> str:
    with reading() as session:
        form = open_job_form(session, customer_id, typed.get("job_type", ""), now())
        initial = {field.key: field.initial for field in JOB_FIELDS}
        if form.choices["places"]:
            initial["place"] = form.choices["places"][0][0]
        filled = {key: value for key, value in form.filled.items() if key != "title" or not typed.get("title")}
        values = {**initial, **typed, **(filled if fill else {})}
        fields = _name_clock(JOB_FIELDS, "By the clock of the place." if form.is_in_several_zones else "")
        return render_template("console/new_job.html", form=form, fields=fields, values=values, **{"wrong": {}, **said})


def _draw_edit(job_id: int, typed: dict[str, str] | None = None, seen: int | None = None, **said: Any) -> str:
    with reading() as session:
        job, cells = open_job_edit(session, job_id)
        version = job.version if seen is None else seen
        values, said = cells | (typed or {}), {"wrong": {}, "is_stale": False, **said}
        return render_template(
            "console/edit_job.html", job=job, fields=_with_terms(session, job), values=values, stored=cells,
            version=version, choices=list_job_choices(session, job.customer_id), **said,
        )  # fmt: skip


def _with_terms(session: Any, job: Any) -> list[Field]:
    """The fields of a stored job; those that its contract speaks of say what it does."""
    said = describe_terms(session, job)
    told = [replace(one, hint=f"{said[one.key]} {one.hint}") if one.key in said else one for one in EDIT_FIELDS]
    return _name_clock(told, _tell_zone(session, job))


def _tell_zone(session: Any, job: Any) -> str:
    zone = find_zone_elsewhere(session, job.territory)
    return f"Time in {zone}." if zone else ""


def _name_clock(fields: Iterable[Field], words: str) -> list[Field]:
    """The fields, with words at each time of which clock is meant, where it may be another than the head office's."""
    return [
        replace(one, hint=f"{one.hint} {words}".strip()) if one.kind == "moment" or one.key == "windows" else one
        for one in fields
    ]


def _draw_promise(job_id: int, typed: dict[str, str] | None = None, **said: Any) -> str:
    with reading() as session:
        job, cells = open_promise(session, job_id)
        values = {**{field.key: field.initial for field in PROMISE_FIELDS}, **cells, **(typed or {})}
        return render_template(
            "console/promise.html",
            job=job,
            is_promised=bool(cells),
            fields=_name_clock(PROMISE_FIELDS, _tell_zone(session, job)),
            values=values,
            choices={"yes": [("yes", "yes"), ("no", "no")]},
            **{"wrong": {}, **said},
        )

"""What the office sees of notices: what customers ask for, what could not be sent, and what was told to whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from dispatch import clock, installation
from dispatch.channel_trouble import find_trouble
from dispatch.customers.records import get_customer
from dispatch.errors import Conflict, NotFound
from dispatch.events import record_event
from dispatch.models import ContactWish, Customer, CustomerRequest, Feedback, Job, Notice
from dispatch.notices.links import VisitLink, list_links
from dispatch.notices.told import select_told
from dispatch.notices.visits import may_still_change, read_visits
from dispatch.notices.wishes import get_wish, list_channels
from dispatch.slices import MOST, Cut, Slice, cut_in_order, cut_newest_first

FIRST = Cut()
KIND_WORDS = {
    "confirmed": "first time told",
    "moved": "another time",
    "reminder": "reminder",
    "on_the_way": "on the way",
    "late": "will be late",
    "done": "done, asked how it went",
    "missed": "nobody let us in",
    "cancelled": "cancelled",
}


@dataclass(frozen=True)
class NoticeLine:
    """A notice as a list shows it, times by the head office's clock; `when` is when it was over, or is tried next."""

    id: int
    when: str
    kind: str
    channel: str
    status: str
    to: str
    job: Job
    subject: str
    body: str
    fault: str


@dataclass(frozen=True)
class RequestLine:
    """What a customer asks for."""

    id: int
    at: str
    wants: str
    words: str
    job: Job


@dataclass(frozen=True)
class ChannelTroubleLine:
    """Why nothing goes out on a channel, and how to mend it; times by the head office's clock.

    `waiting` counts what is due.
    """

    fault: str
    mend: str
    since: str
    tried: str
    waiting: int


@dataclass(frozen=True)
class OfficePage:
    """`unplanned` are jobs whose customers were told a time that is still to come, and that nobody is going to then."""

    channels: list[str]
    mail_trouble: ChannelTroubleLine | None
    sms_trouble: ChannelTroubleLine | None
    has_links: bool
    requests: list[RequestLine]
    unplanned: list[tuple[str, Job]]
    given_up: Slice[NoticeLine]
    newest: Slice[NoticeLine]


@dataclass(frozen=True)
class CustomerNotices:
    """Telling one customer: a part of what they were told, and of what they said of visits."""

    customer: Customer
    wish: ContactWish
    notices: Slice[NoticeLine]
    feedback: Slice[tuple[str, Feedback]]


def count_requests(session: Session) -> int:
    """How many customers wait for an answer."""
    waiting = select(func.count()).select_from(CustomerRequest).where(CustomerRequest.answered_at.is_(None))
    return session.scalar(waiting) or 0


def get_office_page(
    session: Session, now: datetime, given_up: Cut = FIRST, newest: Cut = FIRST, most: int = MOST
) -> OfficePage:
    """Newest first, parts of what was given up and of all; requests that wait longest first."""
    zone, settings = installation.get_zone(session), session.info["settings"]
    asked = session.scalars(
        select(CustomerRequest)
        .where(CustomerRequest.answered_at.is_(None))
        .order_by(CustomerRequest.at, CustomerRequest.id)
        .options(joinedload(CustomerRequest.job).joinedload(Job.customer))
    )
    return OfficePage(
        list_channels(settings),
        _find_trouble(session, "e-mail", zone),
        _find_trouble(session, "SMS", zone),
        settings.public_url is not None,
        [RequestLine(one.id, _at(one.at, zone), one.wants, one.words, one.job) for one in asked],
        _list_unplanned(session, now, zone),
        _slice(session, _select().where(Notice.status == "given_up"), given_up, zone, most),
        _slice(session, _select(), newest, zone, most),
    )


def get_customer_notices(
    session: Session, customer_id: int, told: Cut = FIRST, said: Cut = FIRST, most: int = MOST
) -> CustomerNotices:
    """The newest first. Raises NotFound."""
    customer = get_customer(session, customer_id)
    zone = installation.get_zone(session)
    of_customer = Job.customer_id == customer_id
    feedback = select(Feedback).join(Feedback.job).where(of_customer).options(joinedload(Feedback.job))
    feedback = feedback.order_by(Feedback.at.desc(), Feedback.job_id.desc())
    return CustomerNotices(
        customer,
        get_wish(session, customer_id),
        _slice(session, _select().join(Notice.job).where(of_customer), told, zone, most),
        cut_in_order(session, feedback, said, most).map(lambda one: (_at(one.at, zone), one)),
    )


def slice_visit_pages(
    session: Session, customer_id: int, now: datetime, cut: Cut = FIRST
) -> Slice[tuple[Job, VisitLink]]:
    """A part of the customer's open visits with the links to their pages, the newest first."""
    visits = cut_newest_first(
        session, select(Job).where(Job.customer_id == customer_id, Job.status == "open"), Job.id, cut
    )
    links = list_links(session, [job.id for job in visits.rows], now)
    return replace(visits, rows=list(zip(visits.rows, links, strict=True)))


def answer_request(session: Session, request_id: int, now: datetime, by_user_id: int) -> None:
    """Somebody has dealt with what a customer asked for. Raises NotFound, Conflict (somebody else has)."""
    row = session.get(CustomerRequest, request_id, with_for_update={"of": CustomerRequest})
    if row is None:
        raise NotFound(f"There is no request with id {request_id}.")
    if row.answered_at is not None:
        raise Conflict("Somebody has dealt with this already.")
    row.answered_at, row.answered_by_user_id = now, by_user_id
    record_event(session, "customer answered", now, by_user_id, row.job, after={"wanted": row.wants})


def send_again(session: Session, notice_id: int, now: datetime, by_user_id: int) -> None:
    """Try what was given up from the beginning, if it still is true then. Raises NotFound, Conflict."""
    row = session.get(Notice, notice_id, with_for_update={"of": Notice})
    if row is None:
        raise NotFound(f"There is no notice with id {notice_id}.")
    if row.status != "given_up":
        raise Conflict("This message is not given up: it is on its way, or has been sent.")
    row.status, row.tries, row.next_at = "waiting", 0, now
    record_event(session, "notice sent again", now, by_user_id, row.job, after={"notice": row.kind})


@dataclass(frozen=True)
class FeedbackFigures:
    """How many customers said how it went, and the mean of their answers from 1 to 5; None without an answer."""

    answers: int
    mean: float | None


def get_feedback_figures(session: Session, from_on: date, to_on: date) -> FeedbackFigures:
    """Of the answers that came on these days, both included."""
    zone = installation.get_zone(session)
    in_time = Feedback.at >= clock.day_start(from_on, zone), Feedback.at < clock.day_end(to_on, zone)
    count, mean = session.execute(select(func.count(), func.avg(Feedback.score)).where(*in_time)).one()
    return FeedbackFigures(count, None if mean is None else float(mean))


def _find_trouble(session: Session, channel: str, zone: str) -> ChannelTroubleLine | None:
    """None also where the channel is set up no more."""
    trouble = find_trouble(session, channel)
    if trouble is None or channel not in list_channels(session.info["settings"]):
        return None
    is_waiting = Notice.channel == channel, Notice.status == "waiting", Notice.queued_at <= trouble.tried_at
    waiting = session.scalar(select(func.count()).select_from(Notice).where(*is_waiting)) or 0
    since, tried = _at(trouble.since_at, zone), _at(trouble.tried_at, zone)
    return ChannelTroubleLine(trouble.fault, trouble.mend, since, tried, waiting)


def _list_unplanned(session: Session, now: datetime, zone: str) -> list[tuple[str, Job]]:
    """Told a time to come, open, and neither promised nor planned for a day that is firm: people have to call, since
    nothing true can be sent."""
    job_ids = {row.job_id for row in session.scalars(select_told().where(Notice.told_until_at > now))}
    visits, settings = read_visits(session, job_ids, now), session.info["settings"]
    return [
        (f"{_at(visit.told.window[0], zone)} to {_at(visit.told.window[1], zone)}", visit.job)
        for visit in visits.values()
        if visit.told is not None and visit.told.window[1] > now and not visit.is_as(visit.told)
        # another time that is firm, or promised, is told by itself
        if (visit.status == "requested" and visit.window is None) or may_still_change(visit, settings, now)
    ]


def _select() -> Select[Notice]:
    return select(Notice).order_by(Notice.id.desc()).options(joinedload(Notice.job).joinedload(Job.customer))


def _slice(session: Session, query: Select[Notice], cut: Cut, zone: str, most: int = MOST) -> Slice[NoticeLine]:
    return cut_newest_first(session, query, Notice.id, cut, most).map(lambda one: _line(one, zone))


def _line(row: Notice, zone: str) -> NoticeLine:
    return NoticeLine(
        row.id,
        _at(row.next_at, zone),
        KIND_WORDS[row.kind],
        row.channel,
        row.status.replace("_", " "),
        row.address,
        row.job,
        row.subject,
        row.body,
        row.fault,
    )


def _at(at: datetime, zone: str) -> str:
    return f"{clock.local_day(at, zone)} {clock.local_time(at, zone)}"

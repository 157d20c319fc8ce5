"""The customer's own page of a visit: what it shows, and what they can say there. It changes no plan by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch import installation
from dispatch.errors import Conflict, InvalidInput
from dispatch.events import record_event
from dispatch.models import WISHES_OF_CUSTOMERS, CustomerRequest, Feedback, Job
from dispatch.notices.links import get_job_of_link
from dispatch.notices.texts import say_day, say_time
from dispatch.notices.visits import Visit, get_visit, may_still_change
from dispatch.notices.windows import Window
from dispatch.notices.wishes import change_wish, get_wish
from dispatch.settings import Settings
from dispatch.territories.phone import find_phone

LONGEST_WORDS = 1000
MOST_REQUESTS = 3
"""So many open requests about one visit; further ones would tell nobody anything new."""
SAYS_HOW_IT_WENT = ("done", "to_be_continued")


@dataclass(frozen=True)
class VisitPage:
    """`state` is one of planned, on_the_way, on_site, done, continued, missed, cancelled, unknown; times are by the
    clock there.

    The street is not shown: whoever finds the address of the page learns no more than the message said.
    """

    language: str
    company: str
    title: str
    state: str
    day: str
    from_time: str
    until_time: str
    technician: str
    asked: tuple[str, ...]
    can_ask: bool
    score: int | None
    can_score: bool
    wants_no_messages: bool
    phone: str


STATES = {
    "planned": "planned",
    "dispatched": "planned",
    "en_route": "on_the_way",
    "on_site": "on_site",
    "done": "done",
    "to_be_continued": "continued",
    "no_access": "missed",
    "cancelled": "cancelled",
}


def get_visit_page(session: Session, token: str, now: datetime, settings: Settings) -> VisitPage:
    """Raises NotFound for an address that is none of ours, or too old."""
    visit = _read(session, token, now)
    wish = get_wish(session, visit.job.customer_id)
    window = _find_known_window(visit, settings, now)
    asked = session.scalars(
        select(CustomerRequest.wants)
        .where(CustomerRequest.job_id == visit.job.id, CustomerRequest.answered_at.is_(None))
        .order_by(CustomerRequest.id)
    ).all()
    feedback = session.get(Feedback, visit.job.id)
    state = STATES.get(visit.status, "planned")
    if state == "planned" and window is None:
        state = "unknown"
    return VisitPage(
        language=wish.language,
        company=installation.find_company(session),
        title=visit.job.title,
        state=state,
        day=say_day(window[0], visit.zone, wish.language) if window else "",
        from_time=say_time(window[0], visit.zone) if window else "",
        until_time=say_time(window[1], visit.zone) if window else "",
        technician=visit.technician if state in ("planned", "on_the_way", "on_site") else "",
        asked=tuple(asked),
        can_ask=state in ("planned", "missed", "unknown") and len(asked) < MOST_REQUESTS,
        score=feedback.score if feedback else None,
        can_score=visit.status in SAYS_HOW_IT_WENT,
        wants_no_messages=wish.no_email and wish.no_sms,
        phone=find_phone(visit.job, settings),
    )


def ask(session: Session, token: str, wants: str, words: str, now: datetime) -> None:
    """Ask for another time, or to cancel; the office hears of it. Raises NotFound, InvalidInput, Conflict."""
    visit = _read(session, token, now)
    wrong = []
    if wants not in WISHES_OF_CUSTOMERS:
        wrong.append(f"Choose one of: {', '.join(WISHES_OF_CUSTOMERS)}.")
    if len(words) > LONGEST_WORDS:
        wrong.append(f"Write at most {LONGEST_WORDS} characters.")
    if wrong:
        raise InvalidInput(wrong)
    session.get(Job, visit.job.id, with_for_update={"key_share": True})
    open_ones = CustomerRequest.job_id == visit.job.id, CustomerRequest.answered_at.is_(None)
    if (session.scalar(select(func.count()).where(*open_ones)) or 0) >= MOST_REQUESTS:
        raise Conflict("We have your requests and will be in touch.")
    session.add(CustomerRequest(job_id=visit.job.id, at=now, wants=wants, words=words.strip()))
    record_event(session, "customer asks", now, None, visit.job, after={"wants": wants}, reason=words.strip())


def say_how_it_went(session: Session, token: str, score: int, words: str, now: datetime) -> None:
    """Store the answer; another one replaces it. Raises NotFound, InvalidInput, Conflict (it is not done yet)."""
    visit = _read(session, token, now)
    if visit.status not in SAYS_HOW_IT_WENT:
        raise Conflict("The work is not done yet.")
    if not 1 <= score <= 5 or len(words) > LONGEST_WORDS:
        raise InvalidInput([f"Give 1 to 5, and at most {LONGEST_WORDS} characters."])
    session.get(Job, visit.job.id, with_for_update={"key_share": True})  # who clicks twice is one after the other
    row = session.get(Feedback, visit.job.id)
    before = {"score": row.score} if row else None
    if row is None:
        session.add(Feedback(job_id=visit.job.id, at=now, score=score, words=words.strip()))
    else:
        row.at, row.score, row.words = now, score, words.strip()
    event = {"score": score}
    record_event(session, "feedback given", now, None, visit.job, before=before, after=event, reason=words.strip())


def stop_messages(session: Session, token: str, now: datetime) -> None:
    """No more messages to this customer, until they or the office say otherwise. Raises NotFound."""
    visit = _read(session, token, now)
    language = get_wish(session, visit.job.customer_id).language
    change_wish(session, visit.job.customer_id, None, now, None, language=language, no_email=True, no_sms=True)


def _read(session: Session, token: str, now: datetime) -> Visit:
    return get_visit(session, get_job_of_link(session, token, now), now)


def _find_known_window(visit: Visit, settings: Settings, now: datetime) -> Window | None:
    """What the customer was told, as long as it holds; else what is true now and will not change by itself."""
    told = visit.told
    if visit.status == "en_route" and told is not None and visit.window is not None:
        is_over = visit.window[1] < min(now, told.window[1])  # a delay was told from the road
        return told.window if is_over else visit.window
    if told is not None and visit.status in ("planned", "dispatched", "requested") and visit.is_as(told):
        return told.window
    return None if may_still_change(visit, settings, now) else visit.window

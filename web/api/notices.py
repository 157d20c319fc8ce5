"""Messages to customers: what was told to whom, what was given up, what they ask for, how they want to be told."""

from typing import Any

from flask import Response, request, url_for
from flask_login import current_user

from dispatch.customers.records import get_customer
from dispatch.jobs.moving import get_job
from dispatch.models import LANGUAGES, WISHES_OF_CUSTOMERS
from dispatch.notices.links import get_link, revoke_links
from dispatch.notices.office import NoticeLine, answer_request, get_customer_notices, get_office_page, send_again
from dispatch.notices.wishes import change_wish, get_wish
from dispatch.slices import Cut, Slice
from web.access import ADMIN, DISPATCHER, MANAGER
from web.api.answers import MOST_AT_ONCE, PageQuery, dump, read_cursors, seen_version, write_cursor
from web.api.customers import ONE as ONE_CUSTOMER
from web.api.customers import subject
from web.api.fields import Body, Choice, Day, Flag, Part, Several, Shown, Text, Whole
from web.context import house, now, reading, writing

__all__ = ["subject"]

OFFICE = (DISPATCHER, ADMIN)


class NoticesQuery(PageQuery):
    """Which pages of the two lists of messages."""

    cursor = Text(200, description="Where to go on with the newest: the `next` of the page before.")
    given_up_cursor = Text(
        200, description="Where to go on with what was given up: `next_given_up` of the page before."
    )


class CustomerNoticesQuery(PageQuery):
    """Which pages of the two lists."""

    cursor = Text(200, description="Where to go on with the messages: the `next` of the page before.")
    feedback_cursor = Text(200, description="Where to go on with the feedback: `next_feedback` of the page before.")


class NoticeJobShown(Shown):
    """The job that a message is about."""

    id = Whole(1)
    number = Text()
    customer_id = Whole(1)


class NoticeShown(Shown):
    """One message. `at` is when it was over, or is tried next, on the head office's wall clock."""

    id = Whole(1)
    at = Text(attribute="when")
    kind = Text()
    channel = Text()
    status = Text()
    to = Text()
    job = Part(NoticeJobShown)
    subject = Text()
    body = Text()
    fault = Text()


class CustomerRequestShown(Shown):
    """What a customer asks for."""

    id = Whole(1)
    at = Text()
    wants = Choice(WISHES_OF_CUSTOMERS)
    words = Text()
    job = Part(NoticeJobShown)


class UnplannedShown(Shown):
    """A job whose customer was told a time to come at which nobody comes; `told` is on the head office's clock."""

    told = Text()
    job = Part(NoticeJobShown)


class FeedbackShown(Shown):
    """How a visit went by its customer, from 1 to 5."""

    at = Text()
    score = Whole(1, 5)
    words = Text()
    job = Part(NoticeJobShown)


class ChannelTroubleShown(Shown):
    """Why nothing goes out on a channel, whatever is in it; times on the head office's wall clock."""

    fault = Text()
    mend = Text()
    since = Text()
    tried = Text(description="When it was tried last; it is tried again every minute as long as something waits.")
    waiting = Whole(description="How many messages wait because of it.")


class NoticesShown(Shown):
    """What waits for somebody, and a page of the messages given up and of all; the newest first."""

    channels = Several(Text(), description="Those that this installation has set up.")
    mail_trouble = Part(
        ChannelTroubleShown, allow_none=True, description="Why no e-mail goes out at present; null where it does."
    )
    sms_trouble = Part(
        ChannelTroubleShown, allow_none=True, description="Why no SMS goes out at present; null where it does."
    )
    requests = Several(Part(CustomerRequestShown))
    unplanned = Several(Part(UnplannedShown), description="Whom somebody should call, since no message would be true.")
    given_up = Several(Part(NoticeShown), most=MOST_AT_ONCE)
    next_given_up = Text(
        400, allow_none=True, description="The cursor of what else was given up; null on the last page."
    )
    newest = Several(Part(NoticeShown), most=MOST_AT_ONCE)
    next = Text(400, allow_none=True, description="The cursor of the next page of the newest; null on the last.")


class CustomerNoticesShown(Shown):
    """A page of what a customer was told, and one of what they said of visits; the newest first."""

    notices = Several(Part(NoticeShown), most=MOST_AT_ONCE)
    feedback = Several(Part(FeedbackShown), most=MOST_AT_ONCE)
    next_feedback = Text(400, allow_none=True, description="The cursor of the next page of feedback; null on the last.")
    next = Text(400, allow_none=True, description="The cursor of the next page of notices; null on the last.")


class ContactWishSent(Body):
    """How a customer wants to be told."""

    language = Choice(LANGUAGES, required=True)
    no_email = Flag(required=True)
    no_sms = Flag(required=True)


class ContactWishShown(Shown):
    """How a customer wants to be told. The version is 0 as long as nobody has said so."""

    language = Choice(LANGUAGES)
    no_email = Flag()
    no_sms = Flag()
    version = Whole()


@subject.operation("GET", "/notices", NoticesShown, who=(DISPATCHER, MANAGER, ADMIN), query=NoticesQuery)
def list_of_notices(query: dict[str, Any]) -> Response:
    """What customers ask for, who was told a time that nobody plans any more, what was given up, and the newest."""
    given_up, newest = (Cut(before=one or None) for one in read_cursors(query, "given_up_cursor", "cursor"))
    with reading() as session:
        page = get_office_page(session, now(), given_up, newest, query["limit"])
        unplanned = [{"told": told, "job": job} for told, job in page.unplanned]
        messages = {
            "given_up": page.given_up.rows,
            "next_given_up": _after(page.given_up),
            "newest": page.newest.rows,
            "next": _after(page.newest),
        }
        return dump(NoticesShown, {**vars(page), **messages, "unplanned": unplanned})


@subject.operation(
    "POST", "/notices/<int(min=1, max=2147483647):notice_id>/again", None, who=OFFICE, status=204
)  # fmt: skip
def send_notice_again(notice_id: int) -> Response:
    """Try once more what was given up; 409 when it is not given up any more."""
    with writing() as session:
        send_again(session, notice_id, now(), current_user.id)
    return Response(status=204)


@subject.operation(
    "POST", "/notices/requests/<int(min=1, max=2147483647):request_id>/answered", None, who=OFFICE, status=204
)
def answer_customer_request(request_id: int) -> Response:
    """Somebody has dealt with what a customer asked for; 409 when somebody else has."""
    with writing() as session:
        answer_request(session, request_id, now(), current_user.id)
    return Response(status=204)


@subject.operation("GET", ONE_CUSTOMER + "/notices", CustomerNoticesShown, who=OFFICE, query=CustomerNoticesQuery)
def notices_of_customer(query: dict[str, Any], customer_id: int) -> Response:
    """What a customer was told, and what they said of visits."""
    before, skip = read_cursors(query, "cursor", "feedback_cursor")
    with reading() as session:
        found = get_customer_notices(session, customer_id, Cut(before=before or None), Cut(skip=skip), query["limit"])
        said = [{"at": at, "score": one.score, "words": one.words, "job": one.job} for at, one in found.feedback.rows]
        more = write_cursor(found.feedback.on.skip) if found.feedback.on else None
        page = {"notices": found.notices.rows, "feedback": said, "next_feedback": more, "next": _after(found.notices)}
        return dump(CustomerNoticesShown, page)


def _after(part: Slice[NoticeLine]) -> str | None:
    return write_cursor(part.rows[-1].id) if part.on else None


@subject.operation("GET", ONE_CUSTOMER + "/contact-wish", ContactWishShown, who=OFFICE, versioned=True)
def contact_wish(customer_id: int) -> Response:
    """How the customer wants to be told."""
    with reading() as session:
        wish = get_wish(session, get_customer(session, customer_id).id)
        return dump(ContactWishShown, wish, wish.version)


@subject.operation(
    "PUT", ONE_CUSTOMER + "/contact-wish", ContactWishShown, who=OFFICE, body=ContactWishSent, versioned=True
)
def change_contact_wish(body: dict[str, Any], customer_id: int) -> Response:
    """Store how the customer wants to be told: in which language, and on which channels not."""
    version = seen_version()
    with writing() as session:
        change_wish(session, customer_id, version, now(), current_user.id, **body)
        session.flush()
        wish = get_wish(session, customer_id)
        return dump(ContactWishShown, wish, wish.version)


class CustomerLinkShown(Shown):
    """The page of a visit for its customer. Whoever has it sees when somebody comes, and may ask for another time."""

    link = Text()
    until_on = Day(description="The last day on which it is good.")


@subject.operation("GET", "/jobs/<int(min=1, max=2147483647):job_id>/customer-link", CustomerLinkShown, who=OFFICE)
def customer_link(job_id: int) -> Response:
    """A link for the customer of a job, as the next message would carry it; those sent before stay good too."""
    with reading() as session:
        link = get_link(session, get_job(session, job_id).id, now())
    base = house().settings.public_url or request.host_url.rstrip("/")
    address = base + url_for("customer.visit", token=link.token)
    return dump(CustomerLinkShown, {"link": address, "until_on": link.until_on})


@subject.operation("DELETE", "/jobs/<int(min=1, max=2147483647):job_id>/customer-link", None, who=OFFICE, status=204)
def revoke_customer_link(job_id: int) -> Response:
    """Let all links for the customer of a job that were made until now open nothing; ask for a new one then."""
    with writing() as session:
        revoke_links(session, job_id, now(), current_user.id)
    return Response(status=204)

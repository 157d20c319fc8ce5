"""The pages of messages: what customers ask, in which words they are told, and how they want to be."""

import re
from dataclasses import replace

import pytest

from dispatch.channel_trouble import end_trouble, note_trouble
from dispatch.db import make_session_factory
from dispatch.mail import MailServer
from dispatch.models import LANGUAGES, ContactWish, CustomerRequest, Event, Feedback, Job, Notice, NoticeText
from dispatch.notices.links import make_token
from dispatch.notices.visit_page import STATES
from tests.web.conftest import NOW, at
from web import context
from web.customer.words import SAID

SECRET = "only for tests " * 3
BODY = "We come {date}.\n{link}"


@pytest.fixture
def dispatcher(signed_in):
    return signed_in("dispatcher")


@pytest.fixture
def page():
    """The address of the first job's page."""
    return f"/c/{make_token(SECRET, 1, NOW)}"


def text(someone, path):
    response = someone.get(path)
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_data(as_text=True)


def test_a_customer_sees_when_who_and_nothing_else_without_signing_in(visitor, page):
    """First name, honest window; no street, no other customer, no link into the house."""
    shown = text(visitor, page)
    assert "We come on Monday 23 November between 08:30 and 10:30." in shown
    assert "Ana will come." in shown
    for hidden in ("Rojas", "Street 1", "Customer 2", "Ring twice", "/console", "/login"):
        assert hidden not in shown, hidden
    assert '<meta name="robots" content="noindex">' in shown


def test_where_to_call_stands_on_every_page_of_a_customer(app, visitor, page):
    """Also on refusals, which read nothing from the database; as a link that a telephone dials."""
    assert "tel:" not in visitor.get(page).get_data(as_text=True), "none is set"
    house = app.extensions["wrenchtime"]
    settings = replace(house.settings, company_phone="+56 51 221 0000")
    app.extensions["wrenchtime"] = replace(house, settings=settings)
    for path in (page, "/c/AAAA"):
        assert '<a href="tel:+56512210000">Call us: +56 51 221 0000</a>' in visitor.get(path).get_data(as_text=True)


def test_the_page_follows_the_visit_and_asks_how_it_went(visitor, signed_in, page, clock, database):
    """On the way, at work, done; the last answer counts and is shown to the office."""
    ana = signed_in("technician")
    clock.now = at(9)
    said = {
        "en_route": "Ana is on the way and arrives between 09:25 and 09:40.",
        "on_site": "Ana is at work.",
        "done": "The work is done.",
    }
    for status, sentence in said.items():
        assert ana.post_json("/phone/api/stops/1/status", {"status": status}).status_code == 200
        assert sentence in text(visitor, page)
    for score, words in (("2", "Muddy boots"), ("5", "They came back and cleaned up")):
        assert visitor.post(f"{page}/feedback", score=score, words=words).status_code == 302
    assert "Thank you for your answer." in text(visitor, page)
    assert [(one.score, one.words) for one in database.query(Feedback)] == [(5, "They came back and cleaned up")]
    assert "They came back and cleaned up" in text(signed_in("dispatcher"), "/notices/customers/1")
    assert visitor.post(f"{page}/feedback", score="6").status_code == 400
    figures = text(signed_in("manager"), "/manager?from=2026-11-23&to=2026-11-23")
    assert "5.0 of 5" in figures
    assert "1 answer of customers" in figures


def test_what_a_customer_asks_for_reaches_the_office_and_changes_nothing(visitor, dispatcher, page, database):
    """It stands on the page of messages until somebody has dealt with it; more than three tell nobody anything new."""
    assert visitor.post(f"{page}/ask", wants="another time", words="<b>Not before noon</b>").status_code == 302
    assert "We have your request" in text(visitor, page)
    shown = text(dispatcher, "/notices")
    assert "&lt;b&gt;Not before noon" in shown
    assert "customer asks" in text(dispatcher, "/console/customers/1")
    assert "1 customer waits for an answer" in text(dispatcher, "/console")
    board = dispatcher.get("/console/api/board?on=2026-11-24").json
    assert board["requests"] == 1
    assert dispatcher.post("/notices/requests/1/answered").status_code == 302
    news = dispatcher.get(f"/console/api/board/news?on=2026-11-24&after={board['seq']}").json["news"]
    assert news["requests"] == 0
    assert dispatcher.post("/notices/requests/1/answered").status_code == 409
    assert "Nobody waits for an answer." in text(dispatcher, "/notices")
    assert "for an answer" not in text(dispatcher, "/console")
    for _ in range(3):
        assert visitor.post(f"{page}/ask", wants="cancel").status_code == 302
    enough, wrong = visitor.post(f"{page}/ask", wants="cancel"), visitor.post(f"{page}/ask", wants="my money back")
    assert (enough.status_code, wrong.status_code) == (409, 400)
    assert "We have your requests already" in enough.text
    assert "Choose one of the answers" in wrong.text
    assert database.query(CustomerRequest).count() == 4
    assert database.get(Job, 1).status == "open"


def test_a_customer_stops_messages(visitor, dispatcher, page, database):
    """And the office lets them come again, if nobody else has changed that meanwhile."""
    assert visitor.post(f"{page}/stop").status_code == 302
    assert "You get no more messages from us." in text(visitor, page)
    wish = {"language": "es", "email": "on", "version": "1"}
    assert dispatcher.post("/notices/customers/1", **wish).status_code == 302
    assert dispatcher.post("/notices/customers/1", **wish).status_code == 409
    [row] = database.query(ContactWish)
    assert (row.language, row.no_email, row.no_sms) == ("es", False, True)
    assert "Iremos el lunes 23 de noviembre" in text(visitor, page)
    assert database.query(Event).filter_by(kind="contact wish changed").count() == 2


def test_a_customer_who_speaks_spanish_is_refused_in_spanish(visitor, dispatcher, page):
    """On the page of the visit, which stays: what they asked for, and why not now."""
    dispatcher.post("/notices/customers/1", language="es", email="on", sms="on", version="0")
    early = visitor.post(f"{page}/feedback", score="5")
    assert early.status_code == 409
    assert "El trabajo todavía no está terminado." in early.text
    assert "Iremos el lunes 23 de noviembre" in early.text
    empty = visitor.post(f"{page}/ask")
    assert (empty.status_code, "Elija una de las respuestas" in empty.text) == (400, True)
    old = visitor.client.post(f"{page}/ask", data={"wants": "cancel", "csrf_token": "of another time"})
    assert (old.status_code, "Esta página estuvo abierta demasiado tiempo" in old.text) == (400, True)
    assert visitor.client.post("/c/nobodys/ask", data={"wants": "cancel"}).status_code == 404


@pytest.mark.parametrize(("days", "words"), [(0, "Esta dirección no es nuestra"), (46, "Esta página ya no existe")])
def test_an_address_that_opens_nothing_says_so_in_the_language_of_the_browser(visitor, page, clock, days, words):
    """Nobody knows whose it is."""
    clock.now = at(9 + 24 * days)
    answer = visitor.client.get(page if days else "/c/nobodys", headers={"Accept-Language": "es-CL,es;q=0.9,en;q=0.5"})
    assert answer.status_code == 404
    assert words in answer.text
    assert '<html lang="es">' in answer.text


def test_every_language_has_all_the_words():
    """Of the page, with the same fields; and as many answers to choose from."""
    english = SAID["en"]
    assert set(SAID) == set(LANGUAGES)
    assert {*STATES.values(), "unknown"} <= set(english)
    for said in SAID.values():
        assert set(said) == set(english)
        assert [re.findall(r"{\w+}", words) for words in said.values()] == [
            re.findall(r"{\w+}", english[key]) for key in said
        ]
        assert len(said["scores"].split(", ")) == 5


@pytest.mark.parametrize("days", [0, 46])
def test_an_address_that_is_made_up_or_too_old_opens_nothing(visitor, page, clock, days):
    """Whatever is tried with it; the message says what to do."""
    clock.now = at(9 + 24 * days)
    address = page if days else page[:-1] + ("A" if page[-1] != "A" else "B")
    for response in (
        visitor.get(address),
        visitor.post(f"{address}/ask", wants="cancel"),
        visitor.post(f"{address}/feedback", score="5"),
        visitor.post(f"{address}/stop"),
        visitor.get("/c/not-one-of-ours"),
        visitor.get("/c/ä"),
    ):
        assert response.status_code == 404
        assert "Sign in" not in response.text  # a customer has no account


def test_the_words_are_changed_with_a_preview(signed_in, database):
    """What is wrong with them is said at once; a field that does not exist is refused before a customer reads it."""
    manager = signed_in("manager")
    address = "/notices/texts/confirmed/e-mail/en"
    assert "between 09:00 and 11:00" in text(manager, address)
    preview = manager.post(address, subject="Hello", body=BODY, version="0", preview="yes")
    assert "We come Monday 23 November." in preview.get_data(as_text=True)
    assert database.query(NoticeText).count() == 0
    refused = manager.post(address, subject=" ", body="{price}", version="0")
    assert refused.status_code == 400
    for words in ("subject: it is empty", "text: there is no field {price}"):
        assert words in refused.get_data(as_text=True)
    assert manager.post(address, subject="Hello", body=BODY, version="0", active="on").status_code == 302
    assert manager.post(address, subject="Hello", body=BODY, version="0").status_code == 409
    assert "yes, changed" in text(manager, "/notices/texts")
    assert manager.get("/notices/texts/confirmed/pigeon/en").status_code == 404


def test_the_words_say_which_sms_are_sent_to_whom_e_mail_does_not_reach(signed_in):
    """Until somebody stores them: then what is stored holds for all."""
    manager = signed_in("manager")
    address, note = "/notices/texts/confirmed/SMS/en", "this SMS is sent to customers who are not reached by e-mail"
    assert text(manager, "/notices/texts").count("where there is no e-mail") == 2 * 2
    assert note in text(manager, address)
    assert note in manager.post(address, body=BODY, version="0", preview="yes").get_data(as_text=True)
    assert note not in text(manager, "/notices/texts/done/SMS/en")
    assert manager.post(address, body=BODY, version="0").status_code == 302
    assert note not in text(manager, address)
    assert text(manager, "/notices/texts").count("where there is no e-mail") == 3


def test_the_page_says_what_is_not_set_up_and_shows_what_was_given_up(app, dispatcher, signed_in):
    """A manager reads; dispatchers send again, once."""
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.add(
            Notice(job_id=1, kind="late", channel="SMS", about="x", status="given_up", fault="No answer.",
                   queued_at=NOW, next_at=NOW, useful_until_at=NOW, address="+56")
        )  # fmt: skip
    for someone, buttons in ((dispatcher, 1), (signed_in("manager"), 0)):
        shown = text(someone, "/notices")
        assert "SMTP_URL for e-mail and SMS_URL for SMS are not set up" in shown
        assert shown.count("Send again</button>") == buttons
    assert dispatcher.post("/notices/1/again").status_code == 302
    assert dispatcher.post("/notices/1/again").status_code == 409


@pytest.mark.parametrize(("channel", "mend"), [
    ("e-mail", "Check SMTP_URL, MAIL_FROM and the account"),
    ("SMS", "Check SMS_URL, SMS_SECRET and the account"),
])  # fmt: skip
def test_what_keeps_messages_from_going_out_is_told_on_the_board_and_with_the_messages(
    app, clock, dispatcher, signed_in, channel, mend
):
    """Who reads it there can mend it, or knows whom to tell; it is gone when a mail was taken."""
    factory = app.extensions["wrenchtime"].session_factory
    fault = "mail.example.org takes no message: Wrong password"
    with factory.begin() as session:
        session.add(
            Notice(job_id=1, kind="late", channel=channel, about="x", status="waiting", fault=fault,
                   queued_at=NOW, next_at=NOW, useful_until_at=NOW, address="ana@example.org")
        )  # fmt: skip
        note_trouble(session, channel, fault, NOW)
    assert f"No {channel}" not in text(dispatcher, "/console"), "where none is set up, none is missed"
    server = MailServer.from_url("smtp://mail.example.org", "me@example.org")
    settings = replace(factory.settings, mail_server=server, sms_url="https://sms.example.org")
    context.install(app, context.House(settings, make_session_factory(settings), clock))
    assert f"No {channel} goes out to customers at present" in text(dispatcher, "/console")
    assert text(dispatcher, "/console").count("goes out to customers at present") == 1, "the other one works"
    for role in ("dispatcher", "manager", "admin"):
        shown = text(signed_in(role), "/notices")
        for words in ("1 message waits", fault, mend):
            assert shown.count(words) == (2 if words == fault else 1), words
    with factory.begin() as session:
        end_trouble(session, channel)
    assert f"No {channel}" not in text(dispatcher, "/notices") + text(dispatcher, "/console")
    app.extensions["wrenchtime"].session_factory.engine.dispose()

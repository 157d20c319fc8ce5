"""Whoever listens hears everything that is theirs, once and in order, and nothing else."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from dispatch.accounts.sessions import LASTS
from dispatch.accounts.users import set_password
from dispatch.models import User
from dispatch.news import list_news
from tests.web.live.listener import PATIENCE_S
from web.live import broadcast, views
from web.live.broadcast import PAGE


def test_a_listener_hears_of_what_happens_after_they_came(signed_in, listen, tell):
    """To what, when, and on which days; not what was before."""
    tell("job status", "job", 1)
    listener = listen(signed_in("dispatcher"))
    tell("plan published", "plan_version", 1)
    [news] = listener.read_news(1)
    assert news == {"id": "2", "seq": 2, "kind": "plan published", "at": "2026-11-23T12:00:00Z",
                    "subject": "plan_version", "subject_id": 1, "days": ["2026-11-23"]}  # fmt: skip


@pytest.mark.parametrize("how", ["header", "address"])
def test_who_was_away_misses_nothing(signed_in, listen, tell, how: str):
    """They say the last number that they have seen, as browsers do by themselves or a page in its address."""
    for _ in range(5):
        tell("job status", "job", 1)
    dispatcher = signed_in("dispatcher")
    if how == "header":
        listener = listen(dispatcher, **{"Last-Event-ID": "2"})
    else:
        listener = listen(dispatcher, "/live/api/events?after=2")
    tell("job status", "job", 1)
    assert [news["seq"] for news in listener.read_news(4)] == [3, 4, 5, 6]


def test_who_was_away_for_long_gets_everything_page_by_page(signed_in, listen, tell):
    """Also while more happens."""
    count = PAGE * 2 + 50
    tell("imported", times=count - 1)
    listener = listen(signed_in("dispatcher"), "/live/api/events?after=0")
    tell("job status", "job", 1)
    assert [news["seq"] for news in listener.read_news(count)] == list(range(1, count + 1))


def test_those_who_come_back_from_different_events_are_told_by_one_reading(signed_in, listen, tell, monkeypatch):
    """After a restart everybody comes back, and each has heard something else last."""
    count, all_are_back, readings = 10, threading.Event(), []

    def read_when_all_are_back(*given):
        readings.append(given)
        assert all_are_back.wait(PATIENCE_S)
        return list_news(*given)

    monkeypatch.setattr(broadcast, "list_news", read_when_all_are_back)
    tell("job status", "job", 1, times=count)
    dispatcher = signed_in("dispatcher")
    listeners = [listen(dispatcher, f"/live/api/events?after={after}") for after in range(count)]
    all_are_back.set()
    for after, listener in enumerate(listeners):
        assert [news["seq"] for news in listener.read_news(count - after)] == list(range(after + 1, count + 1))
    assert len(readings) <= 2  # of who was the first, and of all others


def test_a_technician_hears_of_their_own_jobs_and_plans_only(signed_in, listen, tell):
    """Jobs 1 and 2 are Ana's, 3 is Bruno's; what is about no job is the office's."""
    ana, office = listen(signed_in("technician")), listen(signed_in("dispatcher"))
    for job_id in (3, 1, 2):
        tell("job status", "job", job_id)
    tell("jobs imported")
    tell("plan published", "plan_version", 1)
    assert [(news["subject"], news["subject_id"]) for news in ana.read_news(3)] == [
        ("job", 1), ("job", 2), ("plan_version", 1)
    ]  # fmt: skip
    assert [news["seq"] for news in office.read_news(5)] == [1, 2, 3, 4, 5]


def test_managers_hear_of_plans_and_only_admins_of_accounts(signed_in, listen, tell):
    """What has happened to accounts is nobody else's business."""
    listeners = {role: listen(signed_in(role)) for role in ("manager", "dispatcher", "admin")}
    tell("password set", "user_account", 1)
    tell("job status", "job", 1)
    tell("plan published", "plan_version", 1)
    heard = {role: [news["seq"] for news in one.read_news(1)] for role, one in listeners.items()}
    assert heard == {"manager": [3], "dispatcher": [2], "admin": [1]}


def test_signs_of_life_tell_how_far_somebody_has_been_told(signed_in, listen, tell):
    """What was not for them is not asked for again when they come back."""
    ana = listen(signed_in("technician"))
    tell("job status", "job", 3)
    while (event := ana.read_event())["id" if "id" in event else "retry"] != "1":
        assert "data" not in event or event["event"] == "pulse"
    assert event == {"id": "1", "event": "pulse", "data": "1"}


def test_a_number_from_before_a_restore_starts_anew(signed_in, listen, tell):
    """The listener knows events that are not in this database: they are told to read everything again."""
    listener = listen(signed_in("dispatcher"), **{"Last-Event-ID": "700"})
    while "event" not in (event := listener.read_event()):
        assert "retry" in event
    assert event == {"id": "0", "event": "restart", "data": "0"}
    tell("job status", "job", 1)
    assert [news["seq"] for news in listener.read_news(1)] == [1]


@pytest.mark.parametrize("text", ["x", "-1", "9" * 19, "1.5"])
def test_a_number_that_is_none_is_refused(signed_in, text: str):
    """In words."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        answer = signed_in("dispatcher").client.get(
            "/live/api/events", headers={"Last-Event-ID": text}, environ_overrides={"gunicorn.socket": ours}
        )
    assert answer.status_code == 400
    assert "numbers of events" in answer.json["detail"]


def test_who_gets_another_password_or_is_switched_off_is_cut_off(app, signed_in, listen):
    """With the next sign of life; everybody else goes on."""
    cut_off, goes_on = listen(signed_in("manager")), listen(signed_in("dispatcher"))
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        set_password(session, "manager@example.org", "another battery staple")
    assert cut_off.has_ended()
    assert goes_on.read_event() is not None
    with app.extensions["wrenchtime"].session_factory.begin() as session:
        session.scalars(select(User).where(User.role == "dispatcher")).one().active = False
    assert goes_on.has_ended()


def test_who_signs_out_elsewhere_ends_the_streams_there(signed_in, listen):
    """A screen left on shows nothing new; this one goes on."""
    here, elsewhere = signed_in("manager"), signed_in("manager")
    goes_on, cut_off = listen(here), listen(elsewhere)
    here.post("/account/sessions/end")
    assert cut_off.has_ended()
    assert goes_on.read_event() is not None


def test_a_stream_ends_with_the_session_that_nobody_works_in(signed_in, listen, clock):
    """A laptop that was closed for a night hears nothing before somebody signs in."""
    listener = listen(signed_in("manager"))
    clock.now += LASTS
    assert None in [listener.read_event() for _ in range(5)]


def test_a_listener_who_reads_nothing_holds_up_nobody_and_fills_no_memory(app, signed_in, listen, tell):
    """Their connection is full; they get the rest when they read again."""
    dispatcher = signed_in("dispatcher")
    slow, quick = listen(dispatcher), listen(dispatcher)
    count = 6_000
    tell("imported", times=count)
    assert [news["seq"] for news in quick.read_news(count)] == list(range(1, count + 1))
    assert 0 < max(len(one._unsent) for one in app.extensions["wrenchtime_live"]._streams) < 100_000
    assert [news["seq"] for news in slow.read_news(count)] == list(range(1, count + 1))


def test_the_thread_ends_with_the_last_stream_and_starts_with_the_next(app, signed_in, listen, tell):
    """While nobody listens the database is not asked anything."""
    dispatcher = signed_in("dispatcher")
    listen(dispatcher).close()
    live = app.extensions["wrenchtime_live"]
    while live._thread is not None:
        threading.Event().wait(0.01)
    listener = listen(dispatcher)
    tell("job status", "job", 1)
    assert listener.read_news(1)


def test_without_a_database_streams_end_and_come_back(app, signed_in, listen, tell, monkeypatch, caplog):
    """Nobody looks at a screen that seems alive and is not."""
    dispatcher = signed_in("dispatcher")
    listener = listen(dispatcher)

    def fail(_session):
        raise OSError("no database")

    with monkeypatch.context() as broken:
        broken.setattr("web.live.broadcast.get_newest_seq", fail)
        assert listener.has_ended()
    assert "cut off" in caplog.text
    again = listen(dispatcher)
    tell("job status", "job", 1)
    assert again.read_news(1)


def test_too_many_streams_are_refused(app, signed_in, listen, monkeypatch):
    """503; the screen goes on by looking."""
    monkeypatch.setattr(views, "MOST_STREAMS", 1)
    dispatcher = signed_in("dispatcher")
    listen(dispatcher)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        answer = dispatcher.client.get("/live/api/events", environ_overrides={"gunicorn.socket": ours})
    assert answer.status_code == 503


def test_nobody_takes_the_streams_of_all_others(signed_in, listen, monkeypatch):
    """One person may have so many open, on all their screens and of all their programs; the others go on."""
    monkeypatch.setattr(views, "MOST_OF_ONE", 2)
    dispatcher = signed_in("dispatcher")
    for screen in (dispatcher, signed_in("dispatcher")):
        listen(screen)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        answer = dispatcher.client.get("/live/api/events", environ_overrides={"gunicorn.socket": ours})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert "2 streams are open for your account" in answer.json["detail"]
    assert listen(signed_in("manager")).read_event()


def test_a_web_server_that_cannot_hand_over_connections_says_so(signed_in):
    """501, with the server that can."""
    answer = signed_in("dispatcher").get("/live/api/events")
    assert answer.status_code == 501
    assert "wrenchtime serve" in answer.json["detail"]


def test_forty_listeners_hear_forty_writers_once_and_in_order(signed_in, listen, tell):
    """Whatever the order in which the writers come through."""
    dispatcher = signed_in("dispatcher")
    listeners = [listen(dispatcher) for _ in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: tell("job status", "job", 1), range(40)))
    for listener in listeners:
        assert [news["seq"] for news in listener.read_news(40)] == list(range(1, 41))

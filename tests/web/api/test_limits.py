"""How many requests a minute a token may send, in all processes together."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from dispatch.api.limits import count_request
from tests.web.conftest import NOW
from web.api import bearer


@pytest.fixture
def five_a_minute(app: Flask) -> None:
    object.__setattr__(app.extensions["wrenchtime"].settings, "api_requests_per_min", 5)


def test_every_answer_says_how_many_more_may_come_and_the_next_minute_begins_anew(five_a_minute, dispatcher, clock):
    """Five, then 429 with the time to wait; others are not touched."""
    clock.now = NOW + timedelta(seconds=20)
    answers = [dispatcher.get("/jobs") for _ in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [429]
    assert [one.headers["RateLimit"] for one in answers[-3:]] == [
        '"requests";r=1;t=40', '"requests";r=0;t=40', '"requests";r=0;t=40'
    ]  # fmt: skip
    assert answers[0].headers["RateLimit-Policy"] == '"requests";q=5;w=60'
    assert answers[-1].headers["Retry-After"] == "40"
    assert answers[-1].mimetype == "application/problem+json"
    clock.now = NOW + timedelta(seconds=60)
    assert dispatcher.get("/jobs").status_code == 200


def test_one_token_uses_up_nothing_of_another(five_a_minute, make_caller):
    """Each has its own."""
    first, second = make_caller("dispatcher"), make_caller("dispatcher")
    assert [first.get("/jobs").status_code for _ in range(6)][-1] == 429
    assert second.get("/jobs").status_code == 200


def test_an_address_that_sends_wrong_tokens_is_told_to_wait_and_right_ones_are_not(
    dispatcher, make_caller, monkeypatch
):
    """Also while it waits: several programs may share an address."""
    monkeypatch.setattr(bearer, "WRONG_PER_MIN", 3)
    wrong = make_caller("dispatcher")
    wrong.secret = "wt_wrong"
    assert [wrong.get("/jobs").status_code for _ in range(5)] == [401, 401, 401, 429, 429]
    assert dispatcher.get("/jobs").status_code == 200


def test_many_at_once_are_all_counted(app: Flask):
    """Eight threads and forty requests: nobody slips through."""
    factory = app.extensions["wrenchtime"].session_factory

    def count(_: int) -> int:
        with factory.begin() as session:
            return count_request(session, "token 1", 30, NOW).left

    with ThreadPoolExecutor(8) as threads:
        left = list(threads.map(count, range(40)))
    assert sorted(left) == list(range(-10, 30))

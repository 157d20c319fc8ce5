"""The dispatcher's board: the page, the data behind it, and runs of planning."""

import dataclasses
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from dispatch.board.day import get_board
from dispatch.models import Event, TaskRun
from dispatch.planning.day import POLICY_NAMES
from tests.databases import settings_for
from tests.web.conftest import NOW, Visitor
from web.app import create_app
from web.console.policies import POLICIES


@pytest.fixture
def dispatcher(signed_in):
    """A dispatcher who has signed in."""
    return signed_in("dispatcher")


def ask_for_plan(visitor, on: object = "2026-11-24", policy: object = "balanced"):
    return visitor.post_json("/console/api/plan", {"on": on, "policy": policy})


def test_the_page_offers_every_policy_that_planning_knows(dispatcher):
    text = dispatcher.get("/console").get_data(as_text=True)
    assert [one.name for one in POLICIES] == list(POLICY_NAMES)
    for one in POLICIES:
        assert f'value="{one.name}"' in text
        assert one.sentence in text


def test_the_page_has_every_part_that_the_script_looks_for(dispatcher):
    """src/console/page.ts finds these by id and throws when one is missing."""
    text = dispatcher.get("/console").get_data(as_text=True)
    for part in ("console", "date", "territory", "search", "kpis", "plan-day", "strip", "problem", "unassigned",
                 "timeline", "table", "map", "details", "plan-line", "plan-dialog"):  # fmt: skip
        assert f'id="{part}"' in text


def test_the_map_takes_tiles_only_from_the_server_that_the_installation_names(dispatcher, home, static, clock):
    """By default the streets are our own; with MAP_TILE_URL the page names the tiles and the browser may load them."""
    assert "data-tiles" not in dispatcher.get("/console").get_data(as_text=True)
    url = "https://tiles.example/{z}/{x}/{y}.png"
    app = create_app(dataclasses.replace(settings_for(home), map_tile_url=url), clock=clock, static=static)
    visitor = Visitor(app.test_client())
    visitor.sign_in("dispatcher")
    page = visitor.get("/console")
    app.extensions["wrenchtime"].session_factory.engine.dispose()
    assert f'data-tiles="{url}"' in page.get_data(as_text=True)
    assert "https://tiles.example" in page.headers["Content-Security-Policy"]


def test_the_board_is_of_today_unless_another_day_is_asked_for(dispatcher):
    today = dispatcher.get("/console/api/board").json
    assert (today["on"], today["zone"], today["plan"]["version"]) == ("2026-11-23", "America/Santiago", 3)
    assert [one["name"] for one in today["technicians"]] == ["Ana Rojas", "Bruno Díaz"]
    tomorrow = dispatcher.get("/console/api/board?on=2026-11-24").json
    assert (tomorrow["on"], tomorrow["plan"]) == ("2026-11-24", None)


def test_an_open_board_is_told_what_has_changed_or_to_read_all(dispatcher):
    board = dispatcher.get("/console/api/board").json
    path = f"/console/api/board/news?on=2026-11-23&after={board['seq']}&version="
    news = dispatcher.get(path + "3").json["news"]
    assert (news["on"], news["seq"], news["technicians"]) == ("2026-11-23", board["seq"], [])
    assert dispatcher.get(path + "2").json == {"news": None}
    refused = dispatcher.get("/console/api/board/news?on=2026-11-23")
    assert refused.status_code == 400
    assert "after which event" in refused.text


def test_an_open_board_of_today_asks_when_visits_are_really_expected(dispatcher, clock):
    """Ana was to begin at nine and has reported nothing; on other days nothing is expected."""
    assert dispatcher.get("/console/api/board/expected").json == {"on": "2026-11-23", "expected": {}}
    clock.now = NOW + timedelta(minutes=40)
    expected = dispatcher.get("/console/api/board/expected?on=2026-11-23").json["expected"]
    assert expected["1"] == expected["3"] == "2026-11-23T12:40:00Z"
    assert dispatcher.get("/console/api/board/expected?on=2026-11-24").json["expected"] == {}


def test_rows_that_were_put_into_json_before_are_the_same_to_every_board(dispatcher, database):
    first, second = (dispatcher.get("/console/api/board") for _ in range(2))
    assert first.mimetype == "application/json"
    assert first.json == second.json == get_board(database, date(2026, 11, 23), NOW) | {"requests": 0}
    assert "Díaz" in first.get_data(as_text=True)


def test_a_day_on_the_board_holds_travel_visits_and_breaks_in_order(dispatcher):
    """Ana's break falls on the way to her second visit and cuts that trip in two."""
    ana = dispatcher.get("/console/api/board").json["technicians"][0]
    kinds = [item["type"] for item in ana["items"]]
    assert kinds == ["travel", "visit", "travel", "break", "travel", "visit", "travel"]
    starts = [item["start_at"] for item in ana["items"]]
    assert starts == sorted(starts)


@pytest.mark.parametrize("what", ["board", "routes"])
@pytest.mark.parametrize("day", ["tomorrow", "9999-12-31", "0001-01-01"])
def test_what_is_no_day_is_refused_with_an_example(dispatcher, what, day):
    """So are the ends of the calendar, which have no day before or after them."""
    response = dispatcher.get(f"/console/api/{what}?on={day}")
    assert response.status_code == 400
    assert "year-month-day" in response.json["detail"]


def test_each_technician_with_visits_has_one_line_on_the_map(dispatcher):
    lines = dispatcher.get("/console/api/routes?on=2026-11-23").json["features"]
    assert [line["properties"]["name"] for line in lines] == ["Ana Rojas", "Bruno Díaz"]
    assert {line["geometry"]["type"] for line in lines} == {"LineString"}
    assert dispatcher.get("/console/api/routes?on=2026-11-24").json["features"] == []


def test_the_streets_below_the_map_may_be_kept_by_the_browser_and_by_nobody_else(dispatcher):
    response = dispatcher.get("/console/api/basemap")
    assert response.json == {"type": "FeatureCollection", "attribution": "", "features": []}
    assert response.headers["Cache-Control"] == "private, max-age=86400"


def test_asking_for_a_plan_queues_a_run_in_the_name_of_whoever_asked(dispatcher, database):
    answer = ask_for_plan(dispatcher, policy="customer first")
    assert answer.status_code == 202
    run = database.scalars(select(TaskRun)).one()
    assert answer.json == {"run_id": run.id}
    assert (run.status, run.arguments) == ("queued", {"on": "2026-11-24", "policy": "customer first"})
    assert database.scalars(select(Event.user_id).where(Event.kind == "plan requested")).one() == 1


def test_a_run_tells_how_far_it_is(dispatcher):
    run_id = ask_for_plan(dispatcher).json["run_id"]
    run = dispatcher.get(f"/console/api/runs/{run_id}").json
    assert (run["status"], run["progress"], run["plan_version"], run["error"]) == ("queued", 0.0, None, None)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"on": "soon", "policy": "cheap"}, ["`on`", "`policy`"]),
        ({"on": "9999-12-31", "policy": "balanced"}, ["`on`"]),
        ({"on": "2026-11-24"}, ["`policy`"]),
        ({"policy": "balanced"}, ["`on`"]),
        ({"on": 20261124, "policy": ["balanced"]}, ["`on`", "`policy`"]),
    ],
)
def test_a_wrong_request_for_a_plan_hears_all_that_is_wrong(dispatcher, database, body, named):
    response = dispatcher.post_json("/console/api/plan", body)
    assert response.status_code == 400
    assert [field for field in ("`on`", "`policy`") if field in response.json["detail"]] == named
    assert database.scalars(select(TaskRun)).all() == []


def test_a_request_without_the_pages_token_plans_nothing(dispatcher, database):
    response = dispatcher.client.post("/console/api/plan", json={"on": "2026-11-24", "policy": "balanced"})
    assert response.status_code == 400
    assert database.scalars(select(TaskRun)).all() == []


def test_an_unknown_run_is_not_found(dispatcher):
    assert dispatcher.get("/console/api/runs/77").status_code == 404
    assert dispatcher.post_json("/console/api/runs/77/cancel", {}).status_code == 404


def test_a_run_is_cancelled_once(dispatcher):
    run_id = ask_for_plan(dispatcher).json["run_id"]
    cancelled = dispatcher.post_json(f"/console/api/runs/{run_id}/cancel", {})
    assert cancelled.json["status"] == "cancelled"
    assert dispatcher.post_json(f"/console/api/runs/{run_id}/cancel", {}).status_code == 409

"""A town of two technicians with a published day, in a real database of each kind, served by the real application."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch.accounts import passwords
from dispatch.accounts.users import add_user
from dispatch.db import SessionFactory, make_session_factory
from dispatch.models import (
    Customer,
    Job,
    JobPart,
    JobSkill,
    JobWindow,
    Location,
    Part,
    PlanRoute,
    PlanVersion,
    Rest,
    ShiftPattern,
    Stop,
    Technician,
    Territory,
)
from tests.databases import PutDatabase, settings_for
from web import context, live
from web.app import create_app

TODAY = date(2026, 11, 23)
MIDNIGHT = datetime(2026, 11, 23, 3, tzinfo=UTC)  # in La Serena, three hours behind
NOW = MIDNIGHT + timedelta(hours=9)
PASSWORD = "correct horse battery"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
ENTRIES = {"src/shared/base.css": "base.css", "src/shell/shell.css": "shell.css", "src/phone/main.ts": "phone.js",
           "src/shell/main.ts": "shell.js", "src/phone/worker.ts": "worker.js",
           "src/report/main.ts": "report.js", "src/report/job.ts": "job.js",
           "src/territories/main.ts": "territories.js",
           "src/report/report.css": "pages.css",
           "src/console/main.ts": "console.js"}  # fmt: skip


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Visitor:
    """Someone in front of a browser: sends the CSRF token as our pages do."""

    client: FlaskClient

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, buffered=True)

    def token(self) -> str:
        page = self.client.get("/no-such-page").get_data(as_text=True)
        found = re.search(r'<meta name="csrf-token" content="([^"]+)">', page)
        assert found, page
        return found[1]

    def post(self, path: str, **fields: str) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token(), **fields})

    def post_json(self, path: str, body: Any) -> TestResponse:
        return self.client.post(path, json=body, headers={"X-CSRFToken": self.token()})

    def sign_in(self, role: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        return self.post("/login", email=f"{role}@example.org", password=password, **fields)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that are hashed in no time; how hard they are to guess is tested where they are stored."""
    monkeypatch.setattr(passwords, "_hasher", QUICK)


def fill(factory: SessionFactory) -> None:
    """The town and its users."""
    with factory.begin() as session:
        session.add(Part(name="valve"))
        session.flush()
        session.add_all(make_town())
        session.flush()
        add_users(session)


def at(hour: int, minute: int = 0) -> datetime:
    """That wall clock of the town, today."""
    return MIDNIGHT + timedelta(hours=hour, minutes=minute)


def make_town() -> list[Any]:
    """Ana visits customers 1 and 2, Bruno customer 3; a lunch break between Ana's stops."""
    territory = Territory(name="La Serena", zone="America/Santiago")
    homes = [Location(address=f"Home {n}", lat=-29.9, lon=-71.25) for n in (1, 2)]
    names = ("Ana Rojas", "Bruno Díaz")
    people = [
        Technician(code=f"T{n}", name=name, territory=territory, home=home,
                   shift_patterns=[ShiftPattern(weekday=0, starts=time(8), ends=time(16))])
        for n, (name, home) in enumerate(zip(names, homes, strict=True), 1)
    ]  # fmt: skip
    jobs = [
        Job(number=f"J-{n}", title=f"Boiler {n}", service_s=3600, priority=10, notes="Ring twice.",
            customer=Customer(name=f"Customer {n}", phone="+56 51 255 0114"),
            location=Location(address=f"Street {n}", lat=-29.9, lon=-71.25 - n / 100), territory=territory,
            windows=[JobWindow(opens_at=at(8), closes_at=at(12))],
            skills=[JobSkill(name="gas", level=2)], parts=[JobPart(part="valve", count=n)])
        for n in (1, 2, 3)
    ]  # fmt: skip
    ana = route(people[0], [stop(jobs[0], 1, 9), stop(jobs[1], 2, 11)])
    ana.rests = [Rest(planned_start_at=at(10, 10), planned_end_at=at(10, 40))]
    bruno = route(people[1], [stop(jobs[2], 1, 9)])
    plan = PlanVersion(
        on=TODAY, version=3, status="published", made_at=NOW, published_at=NOW,
        day_start_at=MIDNIGHT, zone="America/Santiago", policy="balanced", threads=1, seed=0,
        iterations=1, time_limit_s=1, engine_seconds=0.1, cost=10, costs={"travel": 10},
        travel_source="straight-line", travel_is_estimate=True, travel_attribution="", input_hash="x",
        routes=[ana, bruno],
    )  # fmt: skip
    for one in plan.routes:
        for visit in one.stops:
            visit.plan_id = 1
    return [*people, *jobs, plan]


def stop(job: Job, position: int, hour: int) -> Stop:
    """An hour of work, after half an hour on the road."""
    return Stop(job=job, position=position, planned_arrive_at=at(hour), planned_start_at=at(hour),
                planned_end_at=at(hour + 1), travel_s=1800, travel_m=9000)  # fmt: skip


def route(technician: Technician, stops: list[Stop]) -> PlanRoute:
    """Eight hours of shift, home half an hour after the last stop."""
    last = stops[-1].planned_end_at
    return PlanRoute(technician=technician, shift_start_at=at(8), shift_end_at=at(16), latest_end_at=at(17),
                     leave_at=at(8, 30), home_at=last + timedelta(minutes=30), travel_home_s=1800,
                     travel_home_m=9000, stops=stops)  # fmt: skip


def add_users(session: Any) -> None:
    """One user of each role; the technician is Ana."""
    for role in ("dispatcher", "technician", "manager", "admin"):
        ana = session.get_one(Technician, 1).code if role == "technician" else None
        name = f"{role.capitalize()} Example"
        add_user(session, email=f"{role}@example.org", name=name, role=role, password=PASSWORD, technician_code=ana)


@pytest.fixture
def clock() -> Clock:
    """The application's clock: Monday at nine in the town."""
    return Clock()


@pytest.fixture
def home(put_database: PutDatabase, quick_hashes: None) -> Path:
    """The home folder of an installation with the town in it."""
    return put_database(fill)


def build_static(folder: Path) -> Path:
    """A front end as Vite builds it, small."""
    assets = folder / "dist" / "assets"
    assets.mkdir(parents=True)
    (folder / "dist" / ".vite").mkdir()
    manifest = {entry: {"file": f"assets/{file}"} for entry, file in ENTRIES.items()}
    (folder / "dist" / ".vite" / "manifest.json").write_text(json.dumps(manifest))
    for file in ENTRIES.values():
        (assets / file).write_text("/* built */")
    return folder


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """A front end of the test's own."""
    return build_static(tmp_path / "static")


@pytest.fixture(scope="session")
def built_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, put together once: that takes longer than most tests do, and so does compiling its templates."""
    folder = tmp_path_factory.mktemp("built")
    return create_app(settings_for(folder), static=build_static(folder / "static"))


@pytest.fixture
def app(built_app: Flask, home: Path, clock: Clock):
    """The application of that installation: nothing of another test's is left in it."""
    house = context.House(settings_for(home), make_session_factory(settings_for(home)), clock)
    context.install(built_app, house)
    live.init_app(built_app)
    yield built_app
    house.session_factory.engine.dispose()


@pytest.fixture
def own_app(home: Path, static: Path, clock: Clock):
    """The same put together anew, for a test that changes it."""
    app = create_app(settings_for(home), clock=clock, static=static)
    yield app
    app.extensions["wrenchtime"].session_factory.engine.dispose()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who has not signed in."""
    return Visitor(app.test_client())


@pytest.fixture
def signed_in(app: Flask):
    """`signed_in("manager")`: somebody of that role who has signed in."""

    def sign_in(role: str) -> Visitor:
        visitor = Visitor(app.test_client())
        assert visitor.sign_in(role).status_code == 302
        return visitor

    return sign_in


@pytest.fixture
def database(app: Flask):
    """The application's database, for looking at what was stored."""
    with app.extensions["wrenchtime"].session_factory() as session:
        yield session

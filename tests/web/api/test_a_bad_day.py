"""The story of docs/a-bad-day.md, told by programs with tokens over real HTTP, as the screens play it in tests/e2e."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

import pytest
from sqlalchemy import select

from dispatch.accounts.users import add_user
from dispatch.api.tokens import make_token
from dispatch.demo.users import PASSWORD
from dispatch.models import Technician, User
from tests.e2e.living_city import MONDAY, City, at, living_city

ON = MONDAY.isoformat()
LONGER_MIN = 120


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The sample city, planned at six in the morning."""
    with living_city(tmp_path_factory.mktemp("bad-day")) as running:
        yield running


@dataclass(frozen=True)
class Program:
    """Calls the real server with its token, and with nothing else; an answer that refuses is an error."""

    address: str
    secret: str

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[Any, str]:
        """The answer, and its ETag."""
        sent = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json", **headers}
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(f"{self.address}/api/v1{path}", data, sent, method=method), timeout=300) as answer:
            return json.loads(answer.read()), answer.headers.get("ETag", "")

    def get(self, path: str) -> Any:
        return self.call("GET", path)[0]

    def post(self, path: str, body: Any) -> Any:
        return self.call("POST", path, body)[0]

    def publish(self, draft_id: int) -> None:
        """As decided: all its lines are still open, so as proposed."""
        _, tag = self.call("GET", f"/drafts/{draft_id}")
        self.call("PUT", f"/drafts/{draft_id}/published", {}, **{"If-Match": tag})


def office_of(city: City) -> Program:
    with city.session_factory.begin() as session:
        user = session.scalars(select(User).where(User.role == "dispatcher")).one()
        scopes = ("plans:write", "events:write", "jobs:read", "customers:read", "technicians:read")
        return Program(city.address, make_token(session, user, "office", scopes, city.now, None)[1])


def phone_of(city: City, technician_id: int) -> Program:
    """The program on the technician's phone, with a token that can do no more than it needs."""
    with city.session_factory.begin() as session:
        code = session.get_one(Technician, technician_id).code
        user = session.scalars(select(User).where(User.technician_id == technician_id)).first() or add_user(
            session, email=f"{code}@city.example", name=code, role="technician", password=PASSWORD, technician_code=code
        )
        session.flush()
        return Program(
            city.address, make_token(session, user, "phone", ("technicians:read", "events:write"), city.now, None)[1]
        )


def visits(office: Program) -> dict[int, dict[int, dict[str, Any]]]:
    """The visits of each technician on the board, by job, in their order."""
    board = office.get(f"/board?on={ON}")
    return {
        lane["id"]: {item["job_id"]: item for item in lane["items"] if item["type"] == "visit"}
        for lane in board["technicians"]
    }


def busiest(office: Program, *but: int) -> int:
    """The technician with the most visits that have not begun."""
    waiting = {
        who: [one for one in stops.values() if one["status"] == "planned"] for who, stops in visits(office).items()
    }
    return max(waiting.keys() - set(but), key=lambda who: (len(waiting[who]), -who))


def report(city: City, program: Program, kind: str, **facts: Any) -> int:
    """What happened is told, and the scheduler repairs the day; the incident's id."""
    made = program.post("/incidents", {"kind": kind, "on": ON, **facts})
    assert (made["status"], made["action"]) == ("open", "propose")
    assert city.turn_scheduler() == 1
    return int(made["id"])


def find_draft(office: Program, incident_id: int) -> int | None:
    """The draft that waits for decisions about it."""
    plan = office.get(f"/incidents/{incident_id}")["plan"]
    return int(plan["id"]) if plan and plan["status"] == "draft" else None


def test_a_bad_day(city: City):
    """Everybody can be told everything that the screens tell, and do all that they do."""
    office = office_of(city)

    # Half past seven: two call in ill. One draft holds both; nothing moves before it is published.
    city.now = at(7, 30)
    first_id = busiest(office)
    ill = [first_id, busiest(office, first_id)]
    before = visits(office)
    told = [report(city, office, "technician_ill", technician_id=who, words="A fever") for who in ill]
    drafts = {find_draft(office, one) for one in told}
    assert len(drafts) == 1, "the second repair holds the first"
    assert visits(office) == before
    [draft_id] = drafts
    assert draft_id is not None
    assert all(line["reason"] for line in office.get(f"/drafts/{draft_id}")["changes"])
    office.publish(draft_id)
    assert [visits(office)[who] for who in ill] == [{}, {}]
    for incident_id, who in zip(told, ill, strict=True):
        assert office.get(f"/incidents/{incident_id}")["status"] == "repaired"
        done = office.get(f"/incidents/{incident_id}/history")["done"]
        assert {job["job_id"] for one in done for job in one["jobs"]} >= before[who].keys()

    # Half past nine: a job takes two hours longer, as its technician's phone tells. Who waits can be called.
    city.live_until(at(9, 30))
    lanes = visits(office)
    at_work = [(who, job) for who, stops in lanes.items() for job in stops if stops[job]["status"] == "on_site"]
    late_id, longer_id = max(at_work, key=lambda both: (len(lanes[both[0]]), both))
    told_late = report(city, phone_of(city, late_id), "overrun", job_id=longer_id, minutes=LONGER_MIN)
    late = [one for one in office.get(f"/incidents?on={ON}&status=open")["incidents"] if one["kind"] == "will_be_late"]
    waiting = [one for one in late if one["technician"]["id"] == late_id]
    assert waiting
    for one in waiting:
        customer_id = office.get(f"/jobs/{one['job_id']}")["customer"]["id"]
        assert one["late_s"] > 0
        assert office.get(f"/customers/{customer_id}")["phone"]
    proposed = find_draft(office, told_late)
    assert proposed is not None
    office.publish(proposed)
    assert office.get(f"/incidents/{told_late}")["status"] == "repaired"

    # Ten: people are stuck in a lift. The office sees who can come and whom that displaces; the phone has the visit.
    city.live_until(at(10), but=frozenset([late_id]))
    customer_id = office.get("/customers?q=Condominio")["items"][0]["id"]
    place = office.get(f"/customers/{customer_id}/places")["places"][0]
    call = {"on": ON, "customer_id": customer_id, "location_id": place["id"], "title": "People stuck in the lift",
            "minutes": 30, "skills": [{"name": "lifts", "level": 1}], "due_at": at(12).isoformat()}  # fmt: skip
    emergency = office.post("/emergencies", call)
    [best, *_] = office.get(f"/incidents/{emergency['id']}/ways")["ways"]
    chosen = {name: best[name] for name in ("technician_code", "moved", "start_at")}
    assert office.post(f"/incidents/{emergency['id']}/way", chosen)["status"] == "published"
    sent_id = next(who for who, stops in visits(office).items() if emergency["job_id"] in stops)
    day = phone_of(city, sent_id).get(f"/technicians/{sent_id}/day?on={ON}")
    assert "People stuck in the lift" in {stop["title"] for stop in day["stops"]}

    # Eleven: a customer cancels. The visit is struck off.
    city.live_until(at(11), but=frozenset([late_id]))
    cancelled = list(visits(office)[busiest(office, late_id)])[-1]
    told_off = report(city, office, "cancellation", job_id=cancelled, words="The tenant has moved out")
    proposed = find_draft(office, told_off)
    if proposed is not None:  # nothing moves where nobody who was left out fits into that time
        office.publish(proposed)
    assert office.get(f"/jobs/{cancelled}")["status"] == "cancelled"
    assert office.get(f"/incidents/{told_off}")["status"] == "repaired"

    # Somebody is told to be ill by mistake: what others were given comes back.
    wrong_id = busiest(office, late_id, sent_id)
    before = visits(office)
    mistake = report(city, office, "technician_ill", technician_id=wrong_id)
    proposed = find_draft(office, mistake)
    assert proposed is not None
    office.publish(proposed)
    given = before[wrong_id].keys() - visits(office)[wrong_id].keys()
    assert given
    office.post(f"/incidents/{mistake}/taken-back", {"reason": "It was somebody else of that name"})
    assert visits(office)[wrong_id].keys() == before[wrong_id].keys()
    assert office.get(f"/incidents/{mistake}")["status"] == "dismissed"

    # In the evening all that has happened is listed, and every job of the day is somewhere.
    listed = office.get(f"/incidents?on={ON}&limit=200")["incidents"]
    over = {one["id"] for one in listed if one["status"] == "repaired" and one["outcome"]}
    assert over >= {*told, told_late, emergency["id"], told_off}
    board = office.get(f"/board?on={ON}")
    known = {job for stops in visits(office).values() for job in stops} | {one["job_id"] for one in board["unassigned"]}
    assert {emergency["job_id"], *(job for stops in before.values() for job in stops)} - {cancelled} <= known
    assert all(one["sentence"] for one in board["unassigned"])

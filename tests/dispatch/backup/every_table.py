"""A row for every table that a town alone leaves empty: what is agreed, told, reported, kept for programs or people."""

from datetime import date, time, timedelta

from dispatch.models import (
    Absence,
    ApiToken,
    Appointment,
    Asset,
    Base,
    BorrowedDay,
    ChecklistItem,
    ContactWish,
    Contract,
    ContractHours,
    CustomerLink,
    CustomerRequest,
    Feedback,
    Holiday,
    Incident,
    IncidentPolicy,
    JobAsset,
    JobCheck,
    JobType,
    JobTypePart,
    JobTypeSkill,
    JobWish,
    KeptAnswer,
    Limit,
    MaintenancePlan,
    MaintenanceVisit,
    Note,
    Notice,
    NoticeText,
    OnCall,
    PasswordLink,
    PasswordRequest,
    PlanChange,
    PlanViolation,
    RecoveryCode,
    RequestCount,
    SecondFactor,
    SpecialShift,
    TaskRun,
    TechnicianSkill,
    TechnicianTerritory,
    UnassignedJob,
    UserSession,
    UserTerritory,
    VanStock,
    Webhook,
    WebhookDelivery,
)
from tests.dispatch.town import MONDAY, MORNING

LATER = MORNING + timedelta(hours=1, microseconds=1)
HASH = "0123456789abcdef" * 4
MIDNIGHT_TIMES = (time(0), time(23, 59, 59))


def list_rows(words: str, user_id: int, event_seq: int) -> list[list[Base]]:
    """In groups that can be stored one after the other; `words` are easy to get wrong.

    The town has technicians 1 and 2, jobs 1 to 3 of customers 1 to 3 at locations 3 to 5, a territory and a plan.
    """
    opens, closes = MIDNIGHT_TIMES
    agreed: list[Base] = [
        Contract(customer_id=1, name=words, starts_on=MONDAY, ends_on=None, zone="Europe/Berlin"),
        JobType(name=words, service_s=60),
        Asset(customer_id=1, location_id=3, name=words, serial=None, installed_on=date(1999, 12, 31)),
        Holiday(territory_id=1, on=date(2026, 12, 25), name=words),
        Webhook(url="https://example.org", secret=words, kinds=["noted", words], told_seq=2**40, added_at=LATER),
    ]
    of_jobs: list[Base] = [
        ContractHours(contract_id=1, weekday=6, opens=opens, closes=closes),
        JobTypeSkill(job_type_id=1, name=words),
        JobTypePart(job_type_id=1, part="valve", count=2),
        ChecklistItem(job_type_id=1, position=1, text=words, required=True),
        Appointment(job_id=1, promised_from_at=MORNING, promised_until_at=LATER, is_firm=False, promised_at=MORNING),
        Appointment(
            job_id=1, promised_from_at=MORNING, promised_until_at=LATER, promised_at=MORNING, withdrawn_at=LATER,
            withdrawn_reason=words,
        ),
        JobAsset(job_id=1, asset_id=1, work="repair"),
        JobCheck(job_id=1, position=1, text=words, done_at=LATER, done_by_user_id=user_id),
        JobWish(job_id=1, technician_id=2, wish="excluded"),
        MaintenancePlan(
            title=words, customer_id=1, location_id=3, asset_id=1, contract_id=1, service_s=60, every=3,
            unit="month", first_due_on=MONDAY, weekdays=[0, 6], months=[],
        ),
        Note(at=LATER, user_id=user_id, channel="letter", text=words, asset_id=1),
    ]  # fmt: skip
    of_people: list[Base] = [
        Absence(technician_id=1, from_on=MONDAY, to_on=MONDAY, reason=words),
        BorrowedDay(technician_id=1, on=MONDAY, territory_id=1, reason=words),
        Limit(technician_id=1, period="week", unit="work_s", most=0),
        OnCall(technician_id=1, territory_id=1, from_at=MORNING, until_at=LATER),
        SpecialShift(technician_id=1, on=MONDAY, starts=opens, ends=closes),
        TechnicianSkill(technician_id=1, name=words, expires_on=MONDAY),
        TechnicianTerritory(technician_id=1, territory_id=1),
        VanStock(technician_id=1, part="valve", count=0),
    ]
    of_the_day: list[Base] = [
        Incident(
            kind="road_closed", on=MONDAY, technician_id=None, job_id=1, from_at=MORNING, until_at=LATER, lat=-0.1,
            lon=1e-9, radius_m=1, words=words, reported_at=LATER, action="propose", plan_id=1,
        ),
        IncidentPolicy(kind="overrun", action="warn"),
        MaintenanceVisit(plan_id=1, turn=0, due_on=MONDAY, job_id=None, left_out_reason=words),
        PlanChange(
            plan_id=1, job_id=1, kind="moved", from_technician_id=1, from_start_at=MORNING, to_technician_id=2,
            to_start_at=LATER, reason=words, gain=-(2**40), costs={words: 1}, together_job_ids=[2],
        ),
        PlanViolation(plan_id=1, rule="skills", sentence=words, job_id=1, kept_by_user_id=user_id, kept_reason=words),
        TaskRun(task="plan", due_at=MORNING, arguments={"on": None}, progress=0.1, best_cost=2**40, plan_id=1),
        UnassignedJob(
            plan_id=1, job_id=2, rule="skills", sentence=words, technicians=[{"name": words}], remedies=[words]
        ),
    ]  # fmt: skip
    told: list[Base] = [
        ContactWish(customer_id=1, language="es", no_sms=True),
        CustomerLink(job_id=1, revoked=1),
        CustomerRequest(job_id=1, at=LATER, wants="cancel", words=words),
        Feedback(job_id=1, at=LATER, score=5, words=words),
        Notice(
            job_id=1, kind="late", channel="SMS", about="event 1", queued_at=MORNING, next_at=LATER,
            useful_until_at=LATER, told_from_at=MORNING, told_until_at=LATER, body=words,
        ),
        NoticeText(kind="done", channel="e-mail", language="es", active=False, subject="", body=words),
        WebhookDelivery(webhook_id=1, event_seq=event_seq, next_at=LATER, answer=None, fault=words),
    ]  # fmt: skip
    of_accounts: list[Base] = [
        ApiToken(user_id=user_id, name=words, hint="wt_abcd", sha256=HASH, scopes=["jobs:read"], made_at=LATER),
        KeptAnswer(
            user_id=user_id, key=words, request_sha256=HASH, kept_at=LATER, status=201, headers={"Location": words},
            body=[None, words, 1.5],
        ),
        PasswordLink(token_hash=HASH, user_id=user_id, expires_at=LATER),
        PasswordRequest(email=words, asked_at=LATER),
        RecoveryCode(user_id=user_id, code_hash=HASH),
        RequestCount(bucket=words, since_at=LATER, count=1),
        SecondFactor(user_id=user_id, secret=words, last_step=2**40),
        UserSession(id=words, user_id=user_id, began_at=MORNING, seen_at=LATER, address="::1", browser=words),
        UserTerritory(user_id=user_id, territory_id=1),
    ]  # fmt: skip
    return [agreed, of_jobs, of_people, of_the_day, told, of_accounts]

"""Is the installation well, and if not, why: for load balancers, monitors and `wrenchtime doctor`."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from dispatch import clock, migrations
from dispatch.models import PlanVersion
from dispatch.runs.faults import list_at_fault
from dispatch.runs.leases import SCHEDULER_LEASE, find_holder


def get_health(session: Session, now: datetime) -> tuple[bool, dict[str, Any]]:
    """Whether all is well, and the report with a sentence for everything that is not."""
    report: dict[str, Any] = {
        "version": get_version(),
        "database": False,
        "migrations_current": False,
        "scheduler_alive": False,
        "at_fault": [],
        "last_plan": None,
        "reasons": [],
    }
    reasons: list[str] = report["reasons"]
    try:
        session.execute(text("SELECT 1"))
        report["database"] = True
        report["migrations_current"] = migrations.is_current(session.connection())
        if not report["migrations_current"]:
            reasons.append("The database is not at the state this version needs: run `wrenchtime migrate`.")
            return False, report
        report["scheduler_alive"] = find_holder(session, SCHEDULER_LEASE, now) is not None
        faults = [(run.task, run.error) for run in list_at_fault(session)]
        report["at_fault"] = [task for task, _ in faults]
        report["last_plan"] = _find_last_plan(session)
    except SQLAlchemyError as error:
        reasons.append(f"The database does not answer ({type(error).__name__}): check DATABASE_URL and the server.")
        return False, report
    if not report["scheduler_alive"]:
        reasons.append("No scheduler process is alive: start `wrenchtime scheduler`, or `wrenchtime serve`.")
    reasons += [f"The scheduler goes on after a fault in its work ({task}): {error}" for task, error in faults]
    return not reasons, report


def get_version() -> str:
    """The installed version of this program."""
    try:
        return version("wrenchtime")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0+unknown"


def _find_last_plan(session: Session) -> dict[str, Any] | None:
    plan = session.scalar(select(PlanVersion).order_by(PlanVersion.made_at.desc(), PlanVersion.id.desc()).limit(1))
    if plan is None:
        return None
    return {"on": plan.on.isoformat(), "version": plan.version, "made_at": clock.to_iso(plan.made_at)}

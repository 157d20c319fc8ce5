"""The stored rows, split by subject; import them from here."""

from dispatch.models.base import Base, UtcDateTime
from dispatch.models.changes import CHANGE_KINDS, DECISIONS, PlanChange
from dispatch.models.events import Event
from dispatch.models.jobs import JOB_STATUSES, WISHES, Job, JobPart, JobSkill, JobType, JobWindow, JobWish
from dispatch.models.operations import (
    ROLES,
    RUN_STATUSES,
    Lease,
    StoredSetting,
    TaskRun,
    User,
)
from dispatch.models.people import (
    KINDS,
    Absence,
    ShiftPattern,
    Technician,
    TechnicianSkill,
    TechnicianTerritory,
    VanStock,
)
from dispatch.models.places import Customer, Location, Territory
from dispatch.models.plans import (
    PLAN_STATUSES,
    STOP_STATUSES,
    PlanRecord,
    PlanRoute,
    PlanVersion,
    PlanViolation,
    Rest,
    Stop,
    UnassignedJob,
)
from dispatch.models.wrong_tries import WrongTries

__all__ = [
    "CHANGE_KINDS",
    "DECISIONS",
    "JOB_STATUSES",
    "KINDS",
    "PLAN_STATUSES",
    "ROLES",
    "RUN_STATUSES",
    "STOP_STATUSES",
    "WISHES",
    "Absence",
    "Base",
    "Customer",
    "Event",
    "Job",
    "JobPart",
    "JobSkill",
    "JobType",
    "JobWindow",
    "JobWish",
    "Lease",
    "Location",
    "PlanChange",
    "PlanRecord",
    "PlanRoute",
    "PlanVersion",
    "PlanViolation",
    "Rest",
    "ShiftPattern",
    "Stop",
    "StoredSetting",
    "TaskRun",
    "Technician",
    "TechnicianSkill",
    "TechnicianTerritory",
    "Territory",
    "UnassignedJob",
    "User",
    "UtcDateTime",
    "VanStock",
    "WrongTries",
]

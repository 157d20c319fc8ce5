"""The stored rows, split by subject; import them from here."""

from dispatch.accounts.roles import ROLES
from dispatch.models.accounts import (
    PasswordLink,
    PasswordRequest,
    RecoveryCode,
    SecondFactor,
    UserSession,
    UserTerritory,
)
from dispatch.models.agreements import (
    Appointment,
    Contract,
    ContractHours,
)
from dispatch.models.api import ApiToken, KeptAnswer, RequestCount
from dispatch.models.assets import (
    ASSET_WORK,
    Asset,
    JobAsset,
)
from dispatch.models.base import (
    Base,
    UtcDateTime,
    Versioned,
)
from dispatch.models.changes import CHANGE_KINDS, DECISIONS, PlanChange
from dispatch.models.events import Event
from dispatch.models.incidents import (
    ACTIONS,
    INCIDENT_KINDS,
    INCIDENT_STATUSES,
    Incident,
    IncidentPolicy,
)
from dispatch.models.job_types import (
    ChecklistItem,
    JobType,
    JobTypePart,
    JobTypeSkill,
)
from dispatch.models.jobs import (
    JOB_STATUSES,
    WISHES,
    Job,
    JobCheck,
    JobPart,
    JobSkill,
    JobWindow,
    JobWish,
)
from dispatch.models.maintenance import COUNT_FROM, UNITS, MaintenancePlan, MaintenanceVisit
from dispatch.models.notes import (
    CHANNELS,
    LARGEST_PHOTO,
    PHOTO_TYPES,
    Note,
    Photo,
)
from dispatch.models.notices import (
    NOTICE_CHANNELS,
    NOTICE_KINDS,
    NOTICE_STATUSES,
    WISHES_OF_CUSTOMERS,
    ContactWish,
    CustomerLink,
    CustomerRequest,
    Feedback,
    Notice,
    NoticeText,
)
from dispatch.models.operations import (
    RUN_STATUSES,
    Lease,
    StoredSetting,
    TaskRun,
    User,
)
from dispatch.models.parts import (
    Part,
)
from dispatch.models.people import (
    KINDS,
    Technician,
    TechnicianSkill,
    TechnicianTerritory,
    VanStock,
)
from dispatch.models.places import (
    Customer,
    Holiday,
    Location,
    Territory,
)
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
from dispatch.models.webhooks import DELIVERY_STATUSES, Webhook, WebhookDelivery
from dispatch.models.working_time import (
    LIMIT_UNITS,
    PERIODS,
    Absence,
    BorrowedDay,
    Limit,
    OnCall,
    ShiftPattern,
    SpecialShift,
)
from dispatch.models.wrong_tries import WrongTries
from dispatch.notices.languages import LANGUAGES

__all__ = [
    "ACTIONS",
    "ASSET_WORK",
    "CHANGE_KINDS",
    "CHANNELS",
    "COUNT_FROM",
    "DECISIONS",
    "DELIVERY_STATUSES",
    "INCIDENT_KINDS",
    "INCIDENT_STATUSES",
    "JOB_STATUSES",
    "KINDS",
    "LANGUAGES",
    "LARGEST_PHOTO",
    "LIMIT_UNITS",
    "NOTICE_CHANNELS",
    "NOTICE_KINDS",
    "NOTICE_STATUSES",
    "PERIODS",
    "PHOTO_TYPES",
    "PLAN_STATUSES",
    "ROLES",
    "RUN_STATUSES",
    "STOP_STATUSES",
    "UNITS",
    "WISHES",
    "WISHES_OF_CUSTOMERS",
    "Absence",
    "ApiToken",
    "Appointment",
    "Asset",
    "Base",
    "BorrowedDay",
    "ChecklistItem",
    "ContactWish",
    "Contract",
    "ContractHours",
    "Customer",
    "CustomerLink",
    "CustomerRequest",
    "Event",
    "Feedback",
    "Holiday",
    "Incident",
    "IncidentPolicy",
    "Job",
    "JobAsset",
    "JobCheck",
    "JobPart",
    "JobSkill",
    "JobType",
    "JobTypePart",
    "JobTypeSkill",
    "JobWindow",
    "JobWish",
    "KeptAnswer",
    "Lease",
    "Limit",
    "Location",
    "MaintenancePlan",
    "MaintenanceVisit",
    "Note",
    "Notice",
    "NoticeText",
    "OnCall",
    "Part",
    "PasswordLink",
    "PasswordRequest",
    "Photo",
    "PlanChange",
    "PlanRecord",
    "PlanRoute",
    "PlanVersion",
    "PlanViolation",
    "RecoveryCode",
    "RequestCount",
    "Rest",
    "SecondFactor",
    "ShiftPattern",
    "SpecialShift",
    "Stop",
    "StoredSetting",
    "TaskRun",
    "Technician",
    "TechnicianSkill",
    "TechnicianTerritory",
    "Territory",
    "UnassignedJob",
    "User",
    "UserSession",
    "UserTerritory",
    "UtcDateTime",
    "VanStock",
    "Versioned",
    "Webhook",
    "WebhookDelivery",
    "WrongTries",
]

"""What happens on a day, as requests tell it and answers show it."""

from dispatch.living.kinds import KINDS
from dispatch.living.lines import describe_travel, tell_outcome
from dispatch.living.reporting import LARGEST_RADIUS_M, MOST_MINUTES
from dispatch.models import ACTIONS, INCIDENT_KINDS, INCIDENT_STATUSES
from web.api.answers import MOST_AT_ONCE, PageQuery
from web.api.fields import Body, Choice, Day, Derived, Flag, Moment, Number, Part, Several, Shown, Text, Whole
from web.api.job_schemas import LevelSent
from web.api.schemas import NamedShown, PlaceSought

REPORTED = tuple(kind.name for kind in KINDS if not kind.is_seen and kind.name != "emergency")
NEEDS = "; ".join(f"{kind.name}: {', '.join(kind.needs)}" for kind in KINDS if kind.name in REPORTED)


class IncidentsQuery(PageQuery):
    """Which of them, and which page."""

    on = Day(description="Left out: today at the head office.")
    status = Choice(INCIDENT_STATUSES, description="Left out: all.")


class IncidentSent(Body):
    """What has happened."""

    kind = Choice(REPORTED, required=True, description=f"What each needs: {NEEDS}.")
    on = Day(required=True)
    technician_id = Whole(1, description="Of what happens at a visit: whoever is sent there, or left out.")
    job_id = Whole(1, description="Not kept where it is about a technician, ill or late.")
    minutes = Whole(1, MOST_MINUTES, description="How late somebody is, or how much longer than planned a job takes.")
    until_at = Moment(description="When a road is open again; left out: not on this day.")
    until_on = Day(description="The last day on which somebody is ill; left out: this day only.")
    lat = Number(-90, 90, description="A place is lat, lon and radius_m together, or none of them.")
    lon = Number(-180, 180)
    radius_m = Whole(1, LARGEST_RADIUS_M, description="Nothing within so many metres of there can be reached.")
    part = Text(200, 1)
    words = Text(1_000)


class CallerSent(Body):
    """Somebody who calls for the first time."""

    name = Text(200, 1, required=True)
    phone = Text(50)
    email = Text(200)


class EmergencySent(Body):
    """What the caller says. Skills and minutes take the place of what the job type says.

    Either `job_id`, or who calls (`customer_id` or `customer`), where (`location_id` or `location`) and what is wrong.
    """

    on = Day(required=True)
    job_id = Whole(1, description="An open job that is stored: its windows and its promise give way.")
    customer_id = Whole(1)
    customer = Part(CallerSent, description="Who calls for the first time.")
    location_id = Whole(1, description="One of the customer's places.")
    location = Part(PlaceSought, description="Another place.")
    title = Text(300, 1, description="What is wrong; needed for a new job.")
    job_type_id = Whole(1)
    minutes = Whole(1, MOST_MINUTES, description="How long the work takes.")
    due_at = Moment(description="When work should have started.")
    skills = Several(Part(LevelSent), most=50)
    words = Text(1_000)


class RepairSent(Body):
    """How the repair is to come."""

    as_draft = Flag(load_default=True, description="false publishes the repair when it is made.")


class WaySent(Body):
    """The way that was seen. 409 when it is no longer there like that."""

    technician_code = Text(100, 1, required=True)
    moved = Text(100, load_default="", description="The number of the job that makes room; empty where none does.")
    start_at = Moment(required=True)
    as_draft = Flag(load_default=False, description="true proposes it instead of publishing it.")


class ActionSent(Body):
    """What happens by itself from now on."""

    action = Choice(ACTIONS, required=True)


class AnswerShown(Shown):
    """The draft that waits for decisions about it, or the version that was published for it."""

    id = Whole(1)
    on = Day()
    version = Whole(1)
    status = Text()


class IncidentShown(Shown):
    """Something that happened: until it is dismissed, every plan of its day reckons with it."""

    id = Whole(1)
    kind = Choice(INCIDENT_KINDS)
    on = Day()
    status = Choice(INCIDENT_STATUSES)
    technician = Part(NamedShown, allow_none=True)
    job_id = Whole(1, allow_none=True)
    job_number = Text(attribute="job.number", allow_none=True, dump_default=None)
    from_at = Moment()
    until_at = Moment(allow_none=True)
    until_on = Day(allow_none=True)
    late_s = Whole(allow_none=True)
    lat = Number(-90, 90, allow_none=True)
    lon = Number(-180, 180, allow_none=True)
    radius_m = Whole(1, allow_none=True)
    part = Text(allow_none=True)
    words = Text()
    travel = Derived(describe_travel, description="What a closed road means for travel times; empty for other kinds.")
    reported_at = Moment()
    reported_by = Part(NamedShown, allow_none=True, description="null for what the watch has seen.")
    action = Choice(ACTIONS, description="What the policy said when it was reported.")
    plan = Part(AnswerShown, allow_none=True)
    outcome = Derived(tell_outcome, description="What was done about it; empty as long as nothing was.")
    closed_at = Moment(allow_none=True)
    closed_by = Part(NamedShown, allow_none=True)
    reason = Text(description="Why it was dismissed.")
    version = Whole(1)


class ChangedJobShown(Shown):
    """A job that the plan changes, and in words where it was and where it is."""

    job_id = Whole(1)
    number = Text()
    title = Text()
    customer = Text()
    words = Text()


class DoneShown(Shown):
    """Jobs that the plan changes alike."""

    what = Text(description="Such as: Goes to somebody else.")
    jobs = Several(Part(ChangedJobShown))


class IncidentLineShown(Shown):
    """One thing that happened to it, on the head office's wall clock."""

    at = Text()
    what = Text()
    who = Text()
    words = Text()


class IncidentHistoryShown(Shown):
    """What was done, job by job, and everything that happened to it."""

    done = Several(Part(DoneShown), description="By the draft or the version that answers it; empty without one.")
    history = Several(Part(IncidentLineShown))


class BudgetShown(Shown):
    """How many jobs of a day programs have moved by themselves, of so many that they may move."""

    moved = Whole(0)
    most = Whole(0)
    left = Whole(0)
    since_at = Moment(
        description="Midnight, or when a person last published the plan of that day; "
        "to choose how an emergency is served does not count."
    )
    words = Text()


class IncidentsShown(Shown):
    """What happened on the day, the newest first."""

    on = Day()
    budget = Part(BudgetShown, allow_none=True, description="null while the plan of the day is tentative.")
    incidents = Several(Part(IncidentShown), most=MOST_AT_ONCE)
    next = Text(400, allow_none=True, description="The cursor of the next page; null on the last.")


class WayShown(Shown):
    """One way to serve an emergency."""

    technician_code = Text(attribute="code")
    technician = Text()
    phone = Text()
    arrive_at = Moment()
    start_at = Moment()
    late_s = Whole(description="How much later than due.")
    added_travel_s = Whole(-(2**31))
    added_travel_m = Whole(-(2**31))
    price_s = Whole(-(2**31), description="What the day gets dearer by, in seconds of travel.")
    moved = Text(description="The number of the job that makes room; empty where none does.")
    displaces = Several(Text(), description="Who waits longer, moves, or is left out.")


class WaysShown(Shown):
    """The cheapest first. Without any, `remedies` say what would have to change; `planned` says who has the job
    already, and the ways are those to come sooner."""

    ways = Several(Part(WayShown))
    remedies = Several(Text())
    planned = Text()


class PolicyShown(Shown):
    """What happens by itself when such a thing is reported."""

    kind = Choice(INCIDENT_KINDS)
    title = Text(attribute="words")
    action = Choice(ACTIONS)
    default = Choice(ACTIONS)
    choices = Several(Choice(ACTIONS))
    version = Whole()


class PoliciesShown(Shown):
    """Of every kind."""

    policies = Several(Part(PolicyShown))

"""Jobs as requests send them and answers show them."""

from dispatch.jobs.statuses import STATUSES
from dispatch.models import ASSET_WORK, WISHES
from web.api.answers import PageQuery
from web.api.fields import Body, Choice, Day, Flag, Moment, Part, Several, Shown, Text, Whole
from web.api.schemas import LevelShown, NamedShown, PlaceShown, PlaceSought, SpanSent

LONGEST_S = 30 * 24 * 3600


class JobsQuery(PageQuery):
    """Which jobs."""

    number = Text(100, 1)
    customer_id = Whole(1, in_query=True)
    requested_on = Day()
    is_open = Flag(description="true: neither done nor cancelled; false: closed.")


class AssetWorkSent(Body):
    """What is to be done to an asset of the customer."""

    asset_id = Whole(1, required=True)
    work = Choice(ASSET_WORK, required=True)


class LevelSent(Body):
    """A skill that is needed, at this level or above."""

    name = Text(100, 1, required=True)
    level = Whole(1, 100, load_default=1)


class CountSent(Body):
    """So many pieces of a part."""

    part = Text(200, 1, required=True)
    count = Whole(1, 10_000, required=True)


class WishSent(Body):
    """Somebody who must come (only those who are required may), should, or must not."""

    technician_id = Whole(1, required=True)
    wish = Choice(WISHES, required=True)


class JobSent(Body):
    """A new job. What is left out is as the job's type, or the customer's contract, says."""

    customer_id = Whole(1, required=True)
    location = Part(PlaceSought, required=True)
    title = Text(300, 1, required=True)
    number = Text(100, 1, description="Left out, it is given one.")
    job_type_id = Whole(1)
    service_s = Whole(1, LONGEST_S, description="How long the work takes.")
    setup_s = Whole(0, LONGEST_S, description="To park, enter and unpack, once at a place.")
    priority = Whole(0, 100)
    requested_on = Day()
    due_at = Moment(description="When work should have started.")
    restore_by_at = Moment(description="When work should have ended.")
    windows = Several(Part(SpanSent), most=50, description="When work may start; none means at any time.")
    promised = Part(SpanSent, description="What the customer was told.")
    promise_is_firm = Flag(load_default=True, description="No plan starts the work outside a firm promise.")
    notes = Text(10_000)
    skills = Several(Part(LevelSent), most=50)
    parts = Several(Part(CountSent), most=50)
    assets = Several(Part(AssetWorkSent), most=50)
    wishes = Several(Part(WishSent), most=50)


class JobChange(Body):
    """What is left out stays as it is; a list that is sent takes the place of the one that there is."""

    title = Text(300, 1)
    service_s = Whole(1, LONGEST_S)
    setup_s = Whole(0, LONGEST_S)
    priority = Whole(0, 100)
    requested_on = Day(allow_none=True)
    due_at = Moment(allow_none=True)
    restore_by_at = Moment(allow_none=True)
    windows = Several(Part(SpanSent), most=50)
    notes = Text(10_000)
    location = Part(PlaceSought, description="Where the work is; its territory follows.")
    skills = Several(Part(LevelSent), most=50)
    parts = Several(Part(CountSent), most=50)
    assets = Several(Part(AssetWorkSent), most=50)
    wishes = Several(Part(WishSent), most=50)


class JobEffectsShown(Shown):
    """Why the job cannot stay as it is planned, and what happens about that; empty where it can."""

    sentences = Several(Text())


class StatusSent(Body):
    """Where the job is to stand, and why where a reason is asked for."""

    status = Choice(STATUSES, required=True)
    reason = Text(1_000, load_default="")


class PromiseSent(SpanSent):
    """When the customer is told that work starts, and why, where that replaces another promise."""

    is_firm = Flag(load_default=True, description="No plan starts the work outside a firm promise.")
    reason = Text(1_000, load_default="")


class ReasonSent(Body):
    """Why, in the words of whoever asks for it."""

    reason = Text(1_000, 1, required=True)


class StatusShown(Shown):
    """Where the job stands now, and where it may be moved from there."""

    job_id = Whole(1)
    number = Text()
    status = Choice(STATUSES)
    next = Several(Choice(STATUSES))


class WindowShown(Shown):
    """Work may start from then until then."""

    from_at = Moment(attribute="opens_at")
    until_at = Moment(attribute="closes_at")


class PromiseShown(Shown):
    """What the customer was told."""

    from_at = Moment(attribute="promised_from_at")
    until_at = Moment(attribute="promised_until_at")
    is_firm = Flag()


class PartShown(Shown):
    """Parts that the work uses up; `used` is null until it is reported."""

    part = Text()
    count = Whole(1)
    used = Whole(allow_none=True)


class WishShown(Shown):
    """Who must, should or must not come."""

    technician_id = Whole(1)
    wish = Choice(WISHES)


class AssetWorkShown(Shown):
    """What is to be done to an asset."""

    asset_id = Whole(1)
    work = Choice(ASSET_WORK)


class VisitShown(Shown):
    """The visit in the published plan of the last day that has one."""

    stop_id = Whole(1, attribute="id")
    on = Day(attribute="route.plan.on")
    technician = Part(NamedShown, attribute="route.technician")
    position = Whole(1)
    pinned = Flag()
    planned_start_at = Moment()
    planned_end_at = Moment()
    actual_start_at = Moment(allow_none=True)
    actual_end_at = Moment(allow_none=True)


class JobShown(Shown):
    """A job, with what is promised and what is planned."""

    id = Whole(1, attribute="job.id")
    number = Text(attribute="job.number")
    title = Text(attribute="job.title")
    status = Choice(STATUSES)
    customer = Part(NamedShown, attribute="job.customer")
    location = Part(PlaceShown, attribute="job.location")
    territory = Part(NamedShown, attribute="job.territory", allow_none=True)
    job_type = Part(NamedShown, attribute="job.job_type", allow_none=True)
    contract_id = Whole(1, attribute="job.contract_id", allow_none=True)
    return_of_id = Whole(1, attribute="job.return_of_id", allow_none=True)
    reported_at = Moment(attribute="job.reported_at", allow_none=True)
    requested_on = Day(attribute="job.requested_on", allow_none=True)
    due_at = Moment(attribute="job.due_at", allow_none=True)
    restore_by_at = Moment(attribute="job.restore_by_at", allow_none=True)
    priority = Whole(0, 100, attribute="job.priority")
    service_s = Whole(1, attribute="job.service_s")
    setup_s = Whole(attribute="job.setup_s")
    notes = Text(attribute="job.notes")
    windows = Several(Part(WindowShown), attribute="job.windows")
    promise = Part(PromiseShown, allow_none=True)
    skills = Several(Part(LevelShown), attribute="job.skills")
    parts = Several(Part(PartShown), attribute="job.parts")
    wishes = Several(Part(WishShown), attribute="job.wishes")
    assets = Several(Part(AssetWorkShown), attribute="job.assets")
    visit = Part(VisitShown, attribute="stop", allow_none=True)
    version = Whole(1, attribute="job.version")

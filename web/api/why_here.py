"""Why a job is planned with this technician and not with that one."""

from typing import Any

from flask import Response

from dispatch.jobs.why_here import explain_place
from web.api.answers import dump
from web.api.fields import Day, Moment, Object, Part, Query, Several, Shown, Text, Whole
from web.api.job_schemas import LONGEST_S
from web.api.jobs import OFFICE, ONE, subject
from web.context import now, reading

__all__ = ["subject"]


class WhyQuery(Query):
    """How many of those who could have it instead."""

    count = Whole(1, 20, in_query=True, load_default=3)


class AnotherShown(Shown):
    """Another technician who could have it, everything else staying as it is."""

    technician_id = Whole(1)
    technician = Text()
    start_at = Moment()
    difference = Whole(-LONGEST_S, description="What the day would get dearer by, in the policy's unit.")
    differences = Object(description="The same by rule, such as travel and lateness.")
    sentence = Text()


class UnableShown(Shown):
    """A technician who works that day and cannot have it: the rule that binds, and what it says of them."""

    technician_id = Whole(1)
    technician = Text()
    rule = Text()
    sentence = Text()


class WhyHereShown(Shown):
    """With whom the job is published and why in a sentence, who comes next, and why the others cannot come."""

    on = Day()
    technician_id = Whole(1)
    technician = Text()
    start_at = Moment()
    sentence = Text()
    alternatives = Several(Part(AnotherShown), description="The cheapest first.")
    cannot = Several(Part(UnableShown))


@subject.operation("GET", ONE + "/why", WhyHereShown, who=OFFICE, query=WhyQuery)
def why_here(query: dict[str, Any], job_id: int) -> Response:
    """Why this technician and not that one?

    What each other would cost as the published day stands by now, rule by rule; only this job is moved, and only in
    thought. 409 where the job is on no published route, or its day is over.
    """
    with reading() as session:
        return dump(WhyHereShown, explain_place(session, job_id, now(), query["count"]))

"""The manager's reports."""

from typing import Any

from flask import Response

from dispatch.notices.office import get_feedback_figures
from dispatch.reports.days import get_utilization
from web.access import ADMIN, MANAGER
from web.api.answers import dump
from web.api.fields import Day, Number, Object, Part, Query, Several, Shown, Whole
from web.api.subject import Subject
from web.context import reading

subject = Subject("reports", "How shift time is used.")


class PeriodQuery(Query):
    """From the first to the last day, both included; at most 92."""

    from_on = Day(required=True)
    to_on = Day(required=True)


class FeedbackFiguresShown(Shown):
    """What customers said of visits, from 1 to 5; the mean is null where nobody did."""

    answers = Whole()
    mean = Number(1, 5, allow_none=True)


class UtilizationShown(Shown):
    """Seconds, shares from 0 to 1, and what each figure means."""

    definitions = Object()
    rows = Several(Object(), description="One for each technician and planned day.")
    technicians = Several(Object())
    totals = Object()
    feedback = Part(FeedbackFiguresShown)


@subject.operation("GET", "/reports/utilization", UtilizationShown, who=(MANAGER, ADMIN), query=PeriodQuery)
def utilization(query: dict[str, Any]) -> Response:
    """Utilization and busy share of a period, by technician and day, and in total; and what customers said."""
    with reading() as session:
        report = get_utilization(session, query["from_on"], query["to_on"])
        feedback = get_feedback_figures(session, query["from_on"], query["to_on"])
        return dump(UtilizationShown, {**report, "feedback": feedback})

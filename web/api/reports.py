"""The manager's reports."""

from typing import Any

from flask import Response

from dispatch.reports import get_utilization
from web.access import ADMIN, MANAGER
from web.api.answers import dump
from web.api.fields import Day, Object, Query, Several, Shown
from web.api.subject import Subject
from web.context import reading

subject = Subject("reports", "How shift time is used.")


class PeriodQuery(Query):
    """From the first to the last day, both included; at most 92."""

    from_on = Day(required=True)
    to_on = Day(required=True)


class UtilizationShown(Shown):
    """Seconds, shares from 0 to 1, and what each figure means."""

    definitions = Object()
    rows = Several(Object(), description="One for each technician and planned day.")
    technicians = Several(Object())
    totals = Object()


@subject.operation("GET", "/reports/utilization", UtilizationShown, who=(MANAGER, ADMIN), query=PeriodQuery)
def utilization(query: dict[str, Any]) -> Response:
    """Utilization and busy share of a period, by technician and day, and in total."""
    with reading() as session:
        return dump(UtilizationShown, get_utilization(session, query["from_on"], query["to_on"]))

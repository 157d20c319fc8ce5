"""The manager's pages: how the shift time is used, as a page and as a file for a spreadsheet."""

from typing import Any

from flask import Blueprint, Response, render_template, request

from dispatch.notices.office import get_feedback_figures
from dispatch.reports.charts import shift_share_chart
from dispatch.reports.days import get_utilization
from web.access import ADMIN, MANAGER, role_required
from web.context import reading, today_of
from web.manager.period import find_usual_name, read_period, usual_periods
from web.manager.spreadsheet import as_csv

blueprint = Blueprint("manager", __name__, url_prefix="/manager")


@blueprint.get("")
@role_required(MANAGER, ADMIN)
def utilization() -> Any:
    """Utilization and busy share of a period, with how they are computed."""
    with reading() as session:
        today = today_of(session)
        period = read_period(request.args, today)
        report = get_utilization(session, period.from_on, period.to_on)
        feedback = get_feedback_figures(session, period.from_on, period.to_on)
    return render_template(
        "manager/utilization.html",
        report=report,
        feedback=feedback,
        period=period,
        usual_periods=usual_periods(today),
        chosen=find_usual_name(period, today),
        chart=shift_share_chart(report["technicians"]),
    )


@blueprint.get("/utilization.csv")
@role_required(MANAGER, ADMIN)
def utilization_file() -> Response:
    """The same period, one line per technician and day."""
    with reading() as session:
        period = read_period(request.args, today_of(session))
        report = get_utilization(session, period.from_on, period.to_on)
    name = f"utilization-{period.from_on}-{period.to_on}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_csv(report["rows"]), mimetype="text/csv", headers=headers)

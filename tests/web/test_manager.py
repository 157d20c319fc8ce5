"""The manager's figures: the page, the chart, the table and the file say what the report says."""

import csv
import io
import json
import re
from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from dispatch.reports.days import get_utilization
from web.manager.period import Period, find_usual_name, read_period, usual_periods
from web.manager.spreadsheet import as_csv
from web.words import hours, label, lasting, percent

TODAY = date(2026, 11, 23)


def words(html: str) -> str:
    """A page's text without tags, for looking at what people read."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_page_shows_the_figures_of_the_report(signed_in, database):
    """Ana works 2 h and Bruno 1 h of 8 h each: utilization 3/16; travel is in the busy share only."""
    totals = get_utilization(database, TODAY, TODAY)["totals"]
    assert (totals["service_s"], totals["shift_s"]) == (3 * 3600, 16 * 3600)
    text = words(signed_in("manager").get("/manager?from=2026-11-23&to=2026-11-23").get_data(as_text=True))
    assert "Utilization 18.8% service 3 h 00 ÷ shift 16 h 00" in text
    assert f"Busy share {totals['busy_share']:.1%} service and travel 5 h 30 ÷ shift 16 h 00" in text


def test_the_table_has_a_line_for_each_technician(signed_in, database):
    """Name, utilization and busy share as in the report."""
    text = words(signed_in("manager").get("/manager?from=2026-11-23&to=2026-11-23").get_data(as_text=True))
    for row in get_utilization(database, TODAY, TODAY)["technicians"]:
        assert f"{row['technician']} {row['utilization']:.0%} {row['busy_share']:.0%} 1 {row['visits']} 8 h 00" in text


def test_the_chart_draws_the_report(signed_in):
    """The specification inside the page has each technician's service share; Vega draws it."""
    page = signed_in("manager").get("/manager?from=2026-11-23&to=2026-11-23").get_data(as_text=True)
    found = re.search(r'id="chart-spec">(.*?)</script>', page, re.S)
    assert found
    values = json.loads(found[1])["layer"][0]["data"]["values"]
    assert {v["technician"]: v["share"] for v in values if v["part"] == "Service"} == {
        "Ana Rojas": 0.25, "Bruno Díaz": 0.125,
    }  # fmt: skip


def test_every_definition_of_the_report_is_on_the_page(signed_in, database):
    """Nobody has to guess what a figure means."""
    text = words(signed_in("manager").get("/manager?from=2026-11-23&to=2026-11-23").get_data(as_text=True))
    for sentence in get_utilization(database, TODAY, TODAY)["definitions"].values():
        assert sentence in text


def test_a_period_without_plans_says_so(signed_in):
    """No table of zeros."""
    assert "No plan in this period" in signed_in("manager").get("/manager?from=2025-01-01&to=2025-01-02").text


def test_a_period_that_makes_no_sense_is_explained(signed_in):
    """The sentence of the report reaches the manager."""
    response = signed_in("manager").get("/manager?from=2026-11-23&to=2026-11-01")
    assert response.status_code == 400
    assert "is after the last" in response.text


def test_the_file_has_the_rows_of_the_report(signed_in, database):
    """One line per technician and day, in whole seconds."""
    response = signed_in("manager").get("/manager/utilization.csv?from=2026-11-23&to=2026-11-23")
    assert response.headers["Content-Disposition"] == 'attachment; filename="utilization-2026-11-23-2026-11-23.csv"'
    lines = list(csv.DictReader(io.StringIO(response.text)))
    rows = get_utilization(database, TODAY, TODAY)["rows"]
    assert [(line["technician"], int(line["service_s"]), float(line["busy_share"])) for line in lines] == [
        (row["technician"], row["service_s"], row["busy_share"]) for row in rows
    ]


def test_a_name_that_a_spreadsheet_would_run_as_a_formula_stays_a_name(database):
    """A technician called =HYPERLINK(...) must not run on the manager's computer."""
    row = {**get_utilization(database, TODAY, TODAY)["rows"][0], "technician": "=1+1"}
    assert next(csv.DictReader(io.StringIO(as_csv([row]))))["technician"] == "'=1+1"


def test_without_a_choice_the_period_is_the_last_seven_days():
    """Both ends included."""
    assert read_period(MultiDict(), TODAY) == Period(date(2026, 11, 17), TODAY)


def test_a_period_that_two_names_fit_is_marked_under_one():
    """On a Sunday the last seven days are this week."""
    sunday = date(2026, 11, 22)
    assert usual_periods(sunday)["Last 7 days"] == usual_periods(sunday)["This week"]
    assert find_usual_name(usual_periods(sunday)["This week"], sunday) == "Last 7 days"
    assert find_usual_name(Period(date(2026, 11, 3), sunday), sunday) is None


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (hours(3 * 3600 + 300), "3\u00a0h\u00a005"),
        (hours(0), "0\u00a0h\u00a000"),
        (hours(-300), "-0\u00a0h\u00a005"),
        (lasting(-3900), "-1\u00a0h\u00a005"),
        (lasting(-120), "-2\u00a0min"),
        (lasting(3900), "1\u00a0h\u00a005"),
        (percent(0.18751, 1), "18.8%"),
        (percent(None), "–"),
        (label("busy_share"), "Busy share"),
        (label("shift_s"), "Shift"),
    ],
)
def test_figures_read_as_people_say_them(shown: str, expected: str):
    """Lengths, shares, initials and names of figures."""
    assert shown == expected

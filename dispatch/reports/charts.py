"""Draws a report's figures as Vega-Lite specifications: plain dicts for a browser, a printer or an e-mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

PARTS = {
    "Service": ("service_s", "#0b5bd7"),
    "Travel": ("travel_s", "#8db8f5"),
    "Wait": ("wait_s", "#f0c36d"),
    "Break": ("break_s", "#b9c4d2"),
}
"""What a shift is spent on, in the order of the stack. Service ends at the utilization, travel at the
busy share."""

INK, INK_SOFT, LINE = "#0f1b2d", "#46566c", "#dfe5ed"
ROW_PX = 26


def shift_share_chart(technicians: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One bar per technician: which share of the shift went into what, the highest utilization on top.

    A dashed line stands where the shift ends; what is beyond is overtime.

    `technicians` are sums over the period, as `reports.get_utilization` gives them; someone without a
    shift has no share and is left out.
    """
    on_duty = [row for row in technicians if row["shift_s"] > 0]
    on_duty.sort(key=lambda row: (-row["service_s"] / row["shift_s"], row["technician"]))
    names = _distinct_names(on_duty)
    values = [
        {
            "technician": name,
            "part": part,
            "order": order,
            "share": round(row[field] / row["shift_s"], 4),
            "hours": round(row[field] / 3600, 2),
        }
        for name, row in zip(names, on_duty, strict=True)
        for order, (part, (field, _colour)) in enumerate(PARTS.items())
    ]
    bars = (
        _chart_of(values)
        .mark_bar(height=16, stroke="white", strokeWidth=1)
        .encode(
            y=alt.Y("technician:N", sort=names, title=None),
            x=alt.X("share:Q", stack="zero", title="Share of the shift", axis=alt.Axis(format=".0%", tickCount=6)),
            color=alt.Color(
                "part:N",
                scale=alt.Scale(domain=list(PARTS), range=[colour for _field, colour in PARTS.values()]),
                legend=alt.Legend(title=None, orient="top", symbolType="square"),
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("technician:N", title="Technician"),
                alt.Tooltip("part:N", title="Spent on"),
                alt.Tooltip("share:Q", title="Share of the shift", format=".1%"),
                alt.Tooltip("hours:Q", title="Hours", format=".1f"),
            ],
        )
    )
    whole_shift = _chart_of([{"share": 1}]).mark_rule(color=INK, strokeDash=[4, 3]).encode(x="share:Q")
    chart = alt.layer(bars, whole_shift).properties(width="container", height=ROW_PX * max(len(on_duty), 1))
    specification: dict[str, Any] = _in_house_style(chart).to_dict()
    return specification


def _chart_of(values: Sequence[Mapping[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.Data(values=values))  # type: ignore[no-untyped-call]


def _distinct_names(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """One name a bar: two people of the same name keep apart by their number."""
    often = Counter(row["technician"] for row in rows)
    return [
        row["technician"] if often[row["technician"]] == 1 else f"{row['technician']} ({row['technician_id']})"
        for row in rows
    ]


def _in_house_style(chart: alt.LayerChart | alt.FacetChart) -> Any:
    return (
        chart.configure(font="Inter, system-ui, sans-serif", background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            domain=False,
            ticks=False,
            gridColor=LINE,
            labelColor=INK_SOFT,
            titleColor=INK_SOFT,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelPadding=8,
            labelLimit=220,
        )
        .configure_axisY(grid=False, labelColor=INK)
        .configure_legend(labelColor=INK, labelFontSize=13, symbolSize=140)
    )

"""A plan version in a few numbers and sentences, for the command line and the log."""

from __future__ import annotations

from typing import Any

from dispatch.models import PlanVersion
from dispatch.reports.kpis import add_up, route_totals


def summarize(version: PlanVersion) -> dict[str, Any]:
    """JSON-ready; `version` is what `plan_day` returns."""
    totals = [route_totals(route) for route in version.routes]
    total = add_up(totals)
    return {
        "on": version.on.isoformat(),
        "version": version.version,
        "policy": version.policy,
        "seed": version.seed,
        "engine_seconds": version.engine_seconds,
        "cost": version.cost,
        "costs": version.costs,
        "travel_source": version.travel_source,
        "input_hash": version.input_hash,
        "visits": total.visits + len(version.unassigned),
        "assigned": total.visits,
        "technicians": sum(one.visits > 0 for one in totals),
        "travel_s": total.travel_s,
        "travel_m": total.travel_m,
        "service_s": total.service_s,
        "late": total.late,
        "utilization": total.utilization,
        "busy_share": total.busy_share,
        "unassigned": [
            {"number": one.job.number, "rule": one.rule, "sentence": one.sentence, "remedies": one.remedies}
            for one in version.unassigned
        ],
        "status": version.status,
        "changes": [{"number": one.job.number, "kind": one.kind, "reason": one.reason} for one in version.changes],
        "violations": [one.sentence for one in version.violations],
    }

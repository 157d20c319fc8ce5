"""`wrenchtime plan`: plan one day, and publish the plan or propose it."""

from __future__ import annotations

from datetime import datetime

import click

from dispatch.cli.interrupt import first_interrupt_ends_search
from dispatch.cli.output import json_option, print_json, progress, says_errors

SHOWN = 20
"""How many left-out jobs are told one by one."""


@click.command(name="plan")
@click.argument("day", required=False, metavar="[DATE]", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--policy", default="balanced", show_default=True, help="A named set of weights.")
@click.option(
    "--time-limit",
    "time_limit_s",
    type=click.FloatRange(0.1, 3600),
    metavar="SECONDS",
    help="How long to search.  [default: PLAN_TIME_LIMIT_S or 10]",
)
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed searches the same way.")
@click.option("--iterations", type=click.IntRange(0), help="Stop after so many steps: reproducible on any machine.")
@click.option("--draft", "as_draft", is_flag=True, help="Store the plan as a draft for people to decide about.")
@json_option
@says_errors
def command(
    day: datetime | None,
    policy: str,
    time_limit_s: float | None,
    seed: int,
    iterations: int | None,
    as_draft: bool,
    as_json: bool,
) -> None:
    """Plan DATE (default: today at the head office) and publish the plan.

    Started and pinned visits stay where they are. Ctrl-C ends the search and publishes the best plan so far; pressed
    twice, it gives up. Ends with exit code 1 when no plan could be made.

    \b
    Examples:
      wrenchtime plan
      wrenchtime plan 2026-12-01 --policy "customer first" --time-limit 30
      wrenchtime plan --draft
      wrenchtime plan --json
    """
    from dispatch import clock, installation
    from dispatch.cli.database import open_database
    from dispatch.planning.day import plan_day
    from dispatch.planning.problem import get_policy
    from dispatch.planning.summary import summarize
    from dispatch.runs.execution import utc_now
    from dispatch.settings import Settings

    get_policy(policy)  # said before anything is computed
    settings = Settings.from_env()
    session_factory = open_database(settings)
    now = utc_now()
    with session_factory() as session:
        zone = installation.get_zone(session)
    on = day.date() if day else clock.local_day(now, zone)
    with progress(f"Plan of {on}") as tell, first_interrupt_ends_search() as interrupted:
        version = plan_day(
            session_factory,
            on,
            now=now,
            policy=policy,
            as_draft=as_draft,
            seed=seed,
            iterations=iterations,
            time_limit_s=time_limit_s or settings.plan_time_limit_s,
            on_progress=lambda step: tell(step.share, step.message),
            enough=interrupted,
        )
    summary = summarize(version)
    if as_json:
        print_json(summary)
        return
    if as_draft and summary["status"] != "draft":
        click.echo(f"Nothing better found for {on}; plan {summary['version']} stays as it is, and no draft was made.")
        return
    kind = "draft" if as_draft else "version"
    click.echo(
        f"Planned {on} as {kind} {summary['version']} in {summary['engine_seconds']:.1f} s: "
        f"{summary['assigned']} of {summary['visits']} visits by {summary['technicians']} technicians, "
        f"{summary['travel_s'] / 3600:.1f} h of travel, {summary['late']} late."
    )
    for one in summary["changes"]:
        click.echo(f"  {one['kind']} {one['number']}: {one['reason']}")
    for one in summary["unassigned"][:SHOWN]:
        click.echo(f"  left out {one['number']}: {one['sentence']}")
    if len(summary["unassigned"]) > SHOWN:
        click.echo(f"  and {len(summary['unassigned']) - SHOWN} more; --json lists all.")
    for sentence in summary["violations"]:
        click.echo(f"  broken, because pinned: {sentence}")

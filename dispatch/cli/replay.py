"""`wrenchtime replay`: search again as a stored run did, and prove that it finds the same plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dispatch.cli.output import json_option, print_json, says_errors

if TYPE_CHECKING:
    from optimizer.record import Record

DIFFERENT = 1
"""The exit code when the plan is another one, or a refused one is still refused."""


@click.command(name="replay")
@click.argument("run", metavar="RUN")
@json_option
@says_errors
def command(run: str, as_json: bool) -> None:
    """Search again exactly as RUN did, however long that takes, and compare the plans.

    RUN is the number of a run, a plan (2026-12-01 for the published one, 2026-12-01/3 for a version), or a file: one
    that `wrenchtime optimize --record` wrote, or a refused case in the folder `refused` of WRENCHTIME_HOME. Ends with
    exit code 1 when the plan is another one, or when a refused case is still refused. Nothing is stored.

    \b
    Examples:
      wrenchtime replay 2026-12-01
      wrenchtime replay 2026-12-01/3 --json
      wrenchtime replay var/refused/20261201T080000Z-1a2b3c4d.json.gz
    """
    from dispatch.cli.database import open_database
    from dispatch.planning.records import find_record_file, get_record, made_by
    from dispatch.settings import Settings

    record = find_record_file(run)
    if record is None:
        with open_database(Settings.from_env())() as session:
            record = get_record(session, run)
    answer: dict[str, Any] = {"recorded_by": record.made_by, "replayed_by": made_by()}
    answer |= _judge(record) if record.plan is None else _search(record)
    if as_json:
        print_json(answer)
    else:
        _tell(answer)
    if not answer["same"]:
        raise SystemExit(DIFFERENT)


def _search(record: Record) -> dict[str, Any]:
    import optimizer
    from optimizer.record import list_differences

    assert record.plan is not None
    assert record.plan.run is not None
    run = record.plan.run
    again = optimizer.replay(record.problem, run)
    differences = list_differences(record.plan, again)
    return {
        "engine": run.engine,
        "seed": run.seed,
        "threads": run.threads,
        "iterations": run.iterations,
        "visits": len(record.problem.visits),
        "recorded_cost": record.plan.cost,
        "cost": again.cost,
        "differences": differences,
        "same": not differences,
    }


def _judge(record: Record) -> dict[str, Any]:
    import optimizer

    reason = optimizer.why_refused(record.problem, record.refused)
    return {"recorded_reason": record.reason, "reason": reason, "same": not reason}


def _tell(answer: dict[str, Any]) -> None:
    if answer["recorded_by"] != answer["replayed_by"]:
        click.echo(f"Recorded by {answer['recorded_by'] or 'an unknown version'}.")
        click.echo(f"Replayed by {answer['replayed_by']}: other versions may find other plans.")
    if "reason" in answer:
        click.echo(f"Was refused: {answer['recorded_reason']}.")
        click.echo(f"Still refused: {answer['reason']}." if answer["reason"] else "It is accepted now.")
        return
    click.echo(
        f"Searched {answer['visits']} visits again by {answer['engine']}: seed {answer['seed']}, "
        f"{answer['threads']} thread(s), {answer['iterations']} iterations each."
    )
    for difference in answer["differences"]:
        click.echo(f"  different: {difference}")
    click.echo(f"The same plan to the second, at a cost of {answer['cost']}." if answer["same"] else "Another plan.")

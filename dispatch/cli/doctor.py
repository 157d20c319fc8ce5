"""`wrenchtime doctor`: is everything in order, and if not, how to mend it."""

from __future__ import annotations

from dataclasses import asdict

import click

from dispatch.cli.output import json_option, print_json, progress, says_errors


@click.command(name="doctor")
@json_option
@says_errors
def command(as_json: bool) -> None:
    """Check the installation: Python, packages, database, travel source, e-mail, cache, front end, engine, scheduler.

    Every line that failed says how to mend it; then the exit code is 1. Also warms the engine up.

    \b
    Examples:
      wrenchtime doctor
      wrenchtime doctor --json
    """
    from dispatch.doctor import FAILED, OK, examine
    from dispatch.runs.execution import utc_now
    from dispatch.settings import Settings

    with progress("Doctor") as tell:
        findings = examine(Settings.from_env(), utc_now(), lambda name: tell(None, name))
    failed = [one for one in findings if one.status == FAILED]
    if as_json:
        print_json({"ok": not failed, "findings": [asdict(one) for one in findings]})
    else:
        for one in findings:
            click.echo(f"{one.status:<7}{one.name + ':':<15}{one.found}")
            if one.status != OK:
                click.echo(f"{'':<22}{one.mend}")
        click.echo("All is well." if not failed else f"{len(failed)} of {len(findings)} checks failed.")
    if failed:
        raise SystemExit(1)

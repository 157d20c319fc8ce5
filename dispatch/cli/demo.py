"""`wrenchtime demo`: the sample company, ready to look around in."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from dispatch.cli.output import json_option, print_json, progress, says_errors

if TYPE_CHECKING:
    from dispatch.db import SessionFactory


@click.command(name="demo")
@click.option("--live", is_flag=True, help="Of the demo's plan of today, do what was planned until now.")
@json_option
@says_errors
def command(live: bool, as_json: bool) -> None:
    """Create the sample company, or bring it up to today.

    25 technicians and six days of work in La Serena and Coquimbo, Chile: invented people on real streets. Safe
    to run again; a database that holds other data is refused.

    \b
    Examples:
      wrenchtime demo
      wrenchtime demo --live
      WRENCHTIME_HOME=/tmp/look wrenchtime demo --json
    """
    from dispatch.cli.database import connect
    from dispatch.demo.company import install_demo
    from dispatch.migrations import upgrade
    from dispatch.runs.execution import utc_now
    from dispatch.settings import Settings

    session_factory = connect(Settings.from_env())
    if live:
        _live(session_factory, as_json)
        return
    with progress("Demo") as tell:
        tell(None, "Preparing the database")
        upgrade(session_factory.engine)
        result = install_demo(session_factory, utc_now(), tell=lambda message: tell(None, message))
    if as_json:
        print_json(asdict(result))
        return
    click.echo(
        f"{result.company}: {result.technicians} technicians, {result.jobs_today} jobs today "
        f"({result.today}), {result.jobs} jobs in all."
    )
    click.echo("Sign in as:")
    for user in result.users:
        click.echo(f"  {user.role:<11} {user.email:<31} password {user.password}")
    click.echo("Next (`make run` does it by itself): `wrenchtime plan`, `wrenchtime demo --live`, `wrenchtime serve`.")


def _live(session_factory: SessionFactory, as_json: bool) -> None:
    from dispatch.demo.day import live_until_now
    from dispatch.runs.execution import utc_now

    with session_factory.begin() as session:
        visits = live_until_now(session, utc_now())
    if as_json:
        print_json({"visits": visits})
    else:
        click.echo(f"{visits} visits that were to begin by now are on site or done, as planned.")

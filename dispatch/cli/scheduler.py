"""`wrenchtime scheduler`: the process that runs the tasks and executes the plans people ask for."""

from __future__ import annotations

import logging

import click

from dispatch.cli.output import says_errors


@click.command(name="scheduler")
@says_errors
def command() -> None:
    """Run the scheduled tasks until stopped with Ctrl-C or SIGTERM.

    The nightly plan, re-plans after changes, and plans that people ask for. Any number of these processes may
    run: one leads, the others take over when it is gone. `wrenchtime serve` starts one by itself.

    \b
    Examples:
      wrenchtime scheduler
      NIGHTLY_PLAN_AT=19:30 PLAN_HORIZON_DAYS=3 wrenchtime scheduler
    """
    from dispatch.cli.database import open_database
    from dispatch.scheduler import run_forever
    from dispatch.settings import Settings

    logging.basicConfig(level=logging.INFO, format="%(asctime)s scheduler %(levelname)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    run_forever(open_database(Settings.from_env()))

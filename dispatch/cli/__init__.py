"""The command line: `wrenchtime COMMAND`. Heavy imports stand inside the commands, so that help is quick."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, MutableMapping

import click

COMMANDS = {
    "demo": "dispatch.cli.demo",
    "import": "dispatch.cli.import_",
    "export": "dispatch.cli.export",
    "user": "dispatch.cli.user",
    "token": "dispatch.cli.token",
    "plan": "dispatch.cli.plan",
    "optimize": "dispatch.cli.optimize",
    "replay": "dispatch.cli.replay",
    "bench": "dispatch.cli.bench",
    "serve": "dispatch.cli.serve",
    "scheduler": "dispatch.cli.scheduler",
    "migrate": "dispatch.cli.migrate",
    "backup": "dispatch.cli.backup",
    "restore": "dispatch.cli.restore",
    "doctor": "dispatch.cli.doctor",
}
"""Command -> the module that holds it as `command`."""


class LazyCommands(MutableMapping[str, click.Command]):
    """Imports a command's module when that command is asked for."""

    def __init__(self, modules: dict[str, str]) -> None:
        self._modules = modules
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._loaded:
            self._loaded[name] = importlib.import_module(self._modules[name]).command
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


class InOrder(click.Group):
    """Lists its commands in the order in which somebody meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


def _version() -> str:
    from importlib.metadata import version

    return version("wrenchtime")


def _print_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"wrenchtime {_version()}")
        ctx.exit()


@click.group(
    cls=InOrder,
    commands=LazyCommands(COMMANDS),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version, help="Print the version."
)
def main() -> None:
    """Wrenchtime plans and runs the day of a field service team.

    \b
    Examples:
      wrenchtime demo                 a sample company in a real city, to look around in
      wrenchtime plan                 plan today
      wrenchtime serve                serve it at http://127.0.0.1:8000
      wrenchtime doctor               is everything in order?

    Settings are environment variables; WRENCHTIME_HOME (default ./var) is where data lives.
    """

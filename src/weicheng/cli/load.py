"""`weicheng load …`: the tables an office has, one module of this package per kind of table."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import cast

import click

# Each kind has a module load_<kind>.py with its click command, named `command` or like the kind.
KINDS = ("standard", "places", "people", "duty-sheet", "problems")


class Kinds(click.Group):
    """Finds the kinds of table whose modules exist."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The kinds in the order of `KINDS`."""
        return [kind for kind in KINDS if find_spec(_module(kind))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command that loads one kind, or None."""
        if cmd_name not in KINDS or find_spec(_module(cmd_name)) is None:
            return None
        module = importlib.import_module(_module(cmd_name))
        name = "command" if hasattr(module, "command") else cmd_name.replace("-", "_")
        return cast(click.Command, getattr(module, name))


def _module(kind: str) -> str:
    return f"weicheng.cli.load_{kind.replace('-', '_')}"


@click.group("load", cls=Kinds)
def command() -> None:
    """装入手里的表：标准、点位、人员、包保分工表、问题台账。"""

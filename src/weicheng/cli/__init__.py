"""The `weicheng` command: one module per command, loaded when it is asked for."""

from __future__ import annotations

import importlib
import os
from importlib.util import find_spec
from typing import cast

import click

from weicheng import __version__
from weicheng.server.refusals import CannotRun

# One module of this package per command; each holds a click command (or group) named `command`.
COMMANDS = (
    "serve",
    "load",
    "verify",
    "draw",
    "forecast",
    "score",
    "demo",
    "backup",
    "restore",
    "shell-link",
    "translations",
)
# These start their own database, or need none.
WITHOUT_DATABASE = {"serve", "restore", "translations"}


def set_up_django() -> None:
    """Makes models importable."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weicheng.settings")
    django.setup()


class Commands(click.Group):
    """Finds a command's module by name, and opens the installation's database for it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands whose modules exist, in the order of `COMMANDS`."""
        return [name for name in COMMANDS if find_spec(_module(name))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS or find_spec(_module(cmd_name)) is None:
            return None
        if cmd_name not in {"serve", "restore"}:
            set_up_django()
        return cast(click.Command, importlib.import_module(_module(cmd_name)).command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Opens the database before the command's module reads the settings."""
        if args and args[0] in COMMANDS and args[0] not in WITHOUT_DATABASE and not _help(args):
            from weicheng.cli.database import opened

            ctx.with_resource(opened())
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Says what stands in the way as one sentence."""
        try:
            return super().invoke(ctx)
        except CannotRun as reason:
            raise click.ClickException(str(reason)) from reason
        except PermissionError as reason:
            raise click.ClickException(
                f"没有权限：{reason.filename}。它可能由另一个用户创建，请用同一个用户运行。"
            ) from reason


def _module(name: str) -> str:
    return f"{__name__}.{name.replace('-', '_')}"


def _help(args: list[str]) -> bool:
    return "--help" in args


@click.group(cls=Commands, context_settings={"help_option_names": ["--help"]})
@click.version_option(__version__, prog_name="weicheng")
def main() -> None:
    """卫城：一个装置的全部命令。数据在 var/ 里（或 WEICHENG_VAR）。"""

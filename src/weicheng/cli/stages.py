"""The steps of a start that need Django, each run in a child so that the starter stays small."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable

from weicheng.server import orphans, roles
from weicheng.server.layout import Layout
from weicheng.server.parent import dying_with
from weicheng.server.postgres import Postgres
from weicheng.server.refusals import CannotRun


def environment(layout: Layout, database: Postgres | None) -> dict[str, str]:
    """What every child of this start inherits; DATABASE_URL is the app's, not the owner's."""
    made = dict(os.environ)
    made.update(
        {
            "DJANGO_SETTINGS_MODULE": "weicheng.settings",
            "WEICHENG_VAR": str(layout.var),
            "PYTHONUTF8": "1",
            "PYTHONUNBUFFERED": "1",
            orphans.MARK: str(layout.var),
        }
    )
    if database is not None:
        made["DATABASE_URL"] = database.address(roles.APP)
        made["DATABASE_OWNER_URL"] = database.address(roles.OWNER)
    return made


def for_services(made: dict[str, str]) -> dict[str, str]:
    """The same without the owner's address: what answers requests cannot change the tables."""
    return {name: value for name, value in made.items() if name != "DATABASE_OWNER_URL"}


def run(
    stage: str,
    made: dict[str, str],
    *arguments: str,
    hear: Callable[[str], None] | None = None,
) -> list[list[str]]:
    """Runs one stage of `weicheng.cli.steps`; returns the facts it told (lists of words).

    Other lines it prints go to `hear` as they come.
    """
    command = [sys.executable, "-m", "weicheng.cli.steps", stage, *arguments]
    with subprocess.Popen(  # noqa: S603
        command,
        cwd="/",
        env=made,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        process_group=0,
        preexec_fn=dying_with(os.getpid(), signal.SIGTERM),  # noqa: PLW1509
    ) as child:
        try:
            facts = _listen(child, hear)
        except BaseException:
            child.terminate()
            raise
    if child.returncode:
        raise CannotRun(f"启动步骤 {stage} 没有完成（{child.returncode}），原因见上面的输出。")
    return facts


def _listen(child: subprocess.Popen[str], hear: Callable[[str], None] | None) -> list[list[str]]:
    facts = []
    for line in child.stdout or ():
        if line.startswith("\x1e"):
            facts.append(line[1:].rstrip("\n").split("\t"))
        elif hear is not None:
            hear(line.rstrip("\n"))
    return facts

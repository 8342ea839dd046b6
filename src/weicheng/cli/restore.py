"""`weicheng restore FILE`: a backup into an empty installation, under the present tables."""

from __future__ import annotations

import os
from pathlib import Path

import click

from weicheng.cli import stages
from weicheng.server import restoring, roles
from weicheng.server.layout import Layout
from weicheng.server.lock import StarterLock
from weicheng.server.postgres import Postgres


@click.command("restore")
@click.argument("source", type=click.Path(path_type=Path, exists=True))
def command(source: Path) -> None:
    """把备份 SOURCE 恢复到一个空的装置；先核对每个文件，不符就什么都不做。"""
    layout = Layout.of_environment()
    with StarterLock(layout), restoring.opened(source.absolute()) as folder:
        layout.make()
        given = os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL")
        database = None if given else Postgres(layout)
        try:
            if database is not None:
                database.start()
            address = database.address(roles.OWNER) if database is not None else str(given)
            manifest = restoring.put(folder, address, layout)
            stages.run("tables", stages.environment(layout, database), hear=click.echo)
        finally:
            if database is not None:
                database.stop()
    click.echo(
        f"已恢复 {manifest['taken_at']} 的备份，{len(manifest['files'])} 个文件全部核对一致。"
    )

"""`weicheng backup DIR|FILE`: the whole installation in one dated folder, or in one .tar file."""

from __future__ import annotations

import os
from pathlib import Path

import click

from weicheng.server import backup
from weicheng.server.layout import Layout


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
def command(target: Path) -> None:
    """备份数据库、照片和密钥到目录 TARGET，或到 .tar 文件。运行中也可以备份。"""
    made = backup.take(os.environ["DATABASE_URL"], Layout.of_environment(), target.absolute())
    click.echo(f"已备份到 {made}（含密钥与个人信息，请妥善保管）")

"""`weicheng load standard [FILE]`: checks a YAML file of the standard and loads it whole."""

from __future__ import annotations

from pathlib import Path

import click

from weicheng.standards.load import load_standard


@click.command("standard")
@click.argument("path", required=False, type=click.Path(path_type=Path))
def standard(path: Path | None) -> None:
    """装入标准、点位类型、问题类别或本地目标（YAML）；不写文件名就装自带的2021版。"""
    report = load_standard(path)
    for line in report.lines:
        click.echo(line, err=not report.ok)
    if not report.ok:
        raise SystemExit(1)

"""`weicheng verify`: recomputes every state from its events and every photo from its hash."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

import click


@click.command("verify")
@click.option("--json", "as_json", is_flag=True, help="机器可读的结果。")
@click.option("--photos/--no-photos", default=True, help="是否重算照片的校验值。")
def command(as_json: bool, photos: bool) -> None:
    """核对：由事件重算每件问题的状态，由文件重算每张照片的校验值，有出入就列出来（退出码 1）。"""
    from weicheng.evidence.models import Blob
    from weicheng.evidence.verify import verify_blobs
    from weicheng.problems.models import Problem
    from weicheng.problems.verify import verify_problems

    problems = _with_bar("核对问题", verify_problems, hidden=as_json)
    blobs = _with_bar("核对照片", verify_blobs, hidden=as_json) if photos else []
    differences = [asdict(d) for d in (*problems, *blobs)]
    if as_json:
        counts = {"problems": Problem.objects.count(), "files": Blob.objects.count()}
        click.echo(
            json.dumps({**counts, "differences": differences}, ensure_ascii=False, default=str)
        )
    else:
        for difference in differences:
            click.echo("  ".join(f"{k}={v}" for k, v in difference.items()))
        click.echo(
            f"问题 {Problem.objects.count()} 件，文件 {Blob.objects.count()} 个，"
            + (f"有 {len(differences)} 处出入。" if differences else "没有出入。")
        )
    sys.exit(1 if differences else 0)


def _with_bar(label: str, work: Any, *, hidden: bool) -> list[Any]:
    """Run work(progress) under a progress bar on the error stream."""
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=hidden) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        found: list[Any] = work(progress)
        return found

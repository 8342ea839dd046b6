"""Puts a backup into an empty installation, after every file of it has been checked."""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from weicheng.server import backup, binaries
from weicheng.server.layout import Layout, write_private
from weicheng.server.refusals import CannotRun

# An installation with a row in any of these holds somebody's work.
WORK = ("problems_problem", "places_region", "places_site", "intake_lead", "evidence_blob")


@contextmanager
def opened(source: Path) -> Iterator[Path]:
    """The backup as a folder; a .tar is unpacked to a temporary place first."""
    if source.is_dir():
        yield source
        return
    if not source.is_file() or not tarfile.is_tarfile(source):
        raise CannotRun(f"{source} 不是卫城的备份文件。")
    with tempfile.TemporaryDirectory(prefix="weicheng-restore-", dir=source.parent) as place:
        with tarfile.open(source) as packed:
            packed.extractall(place, filter="data")
        yield next(path for path in Path(place).iterdir() if path.is_dir())


def check(folder: Path) -> dict[str, Any]:
    """Compares every file with the manifest; refuses with the names of those that differ."""
    manifest = backup.read_manifest(folder)
    wrong = [name for name, told in manifest["files"].items() if not _agrees(folder / name, told)]
    if wrong:
        shown = "、".join(wrong[:5])
        raise CannotRun(
            f"备份已损坏，有 {len(wrong)} 个文件与清单不符：{shown}。没有恢复任何内容。"
        )
    return manifest


def _agrees(path: Path, told: dict[str, Any]) -> bool:
    return path.is_file() and backup.fact(path) == told


def refuse_unless_empty(address: str) -> None:
    """Refuses when the installation already holds work. `address` is the owner's."""
    with psycopg.connect(address) as connection:
        for table in WORK:
            if connection.execute("SELECT to_regclass(%s)", [f"public.{table}"]).fetchone() == (
                None,
            ):
                continue
            if connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():  # noqa: S608
                raise CannotRun(
                    "这里已有数据，只能恢复到空的装置。请用 WEICHENG_VAR 指定一个新的数据目录。"
                )


def put(folder: Path, address: str, layout: Layout) -> dict[str, Any]:
    """Restores a checked backup; returns its manifest. `address` is the owner's."""
    manifest = check(folder)
    refuse_unless_empty(address)
    for name in manifest["files"]:
        if name.startswith("evidence/"):
            target = layout.var / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                backup.link_or_copy(folder / name, target)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    command = [binaries.program("pg_restore"), "--dbname=", "--no-owner", "--no-privileges"]
    command += ["--exit-on-error", "--single-transaction", folder / backup.DUMP]
    done = subprocess.run(  # noqa: S603
        [str(part) for part in command],
        env=backup.connection_environment(address),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise CannotRun(f"恢复数据库失败：{done.stderr.decode('utf-8', 'replace').strip()}")
    if (folder / "secret.key").exists():
        write_private(layout.var / "secret.key", (folder / "secret.key").read_text())
    layout.keep_note("installation", {"kind": "own", "complete": True})
    return manifest

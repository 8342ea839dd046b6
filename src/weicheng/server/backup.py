"""Takes the whole installation away in one folder or file, and proves that it is whole."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from weicheng import __version__
from weicheng.server import binaries
from weicheng.server.layout import Layout
from weicheng.server.refusals import CannotRun

KEPT = 14  # nightly backups
FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
LOCAL = ZoneInfo("Asia/Shanghai")
NAMED = re.compile(r"weicheng-\d{8}-\d{6}")


def take(address: str, layout: Layout, target: Path) -> Path:
    """Backs up into `target`: a .tar file, or a folder in which a dated folder is made.

    Returns what was made. A broken-off backup never carries a final name. The backup holds the
    keys and every person's data: it is readable by its owner only.
    """
    if target.suffix == ".tar":
        if target.exists():
            raise CannotRun(f"{target} 已存在，请换一个文件名。")
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = target.with_name(f".{target.name}.unfinished")
        shutil.rmtree(folder, ignore_errors=True)
        _fill(address, layout, folder)
        _pack(folder, target)
        return target
    target.mkdir(parents=True, exist_ok=True)
    name = f"weicheng-{datetime.now(LOCAL):%Y%m%d-%H%M%S}"
    folder = target / f".{name}.unfinished"
    _fill(address, layout, folder, earlier=latest(target))
    folder.rename(target / name)
    return target / name


def nightly(layout: Layout) -> Path | None:
    """The backup of this night if it is due; keeps the newest fourteen. None when not due."""
    if not is_due(layout, datetime.now(LOCAL)):
        return None
    for broken in layout.backups.glob(".weicheng-*.unfinished"):
        shutil.rmtree(broken)
    made = take(os.environ["DATABASE_URL"], layout, layout.backups)
    for old in _finished(layout.backups)[:-KEPT]:
        shutil.rmtree(old)
    return made


def is_due(layout: Layout, now: datetime) -> bool:
    """At night after 20 hours; by day, for a machine switched off at night, after 26."""
    newest = latest(layout.backups)
    if newest is None:
        return True
    taken = datetime.strptime(newest.name, "weicheng-%Y%m%d-%H%M%S").replace(tzinfo=LOCAL)
    return now - taken > timedelta(hours=20 if now.hour == 2 else 26)


def latest(folder: Path) -> Path | None:
    """The newest finished backup in a folder."""
    return next(reversed(_finished(folder)), None)


def _finished(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if NAMED.fullmatch(p.name) and p.is_dir())


def _fill(address: str, layout: Layout, folder: Path, *, earlier: Path | None = None) -> None:
    folder.mkdir(mode=0o700)
    dump = [binaries.program("pg_dump"), "--format=custom", f"--file={folder / DUMP}"]
    # The address goes through the environment: arguments can be read by every user.
    done = subprocess.run(  # noqa: S603
        [*map(str, dump), "--no-owner", "--no-privileges"],
        env=connection_environment(address),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise CannotRun(f"备份数据库失败：{done.stderr.decode('utf-8', 'replace').strip()}")
    # Evidence after the database: every photo that a row of the dump names is then there.
    known = read_manifest(earlier)["files"] if earlier else {}
    files = {DUMP: fact(folder / DUMP)}
    for name in evidence_names(layout):
        source, copy = layout.evidence / name, folder / "evidence" / name
        before = known.get(f"evidence/{name}")
        files[f"evidence/{name}"] = _keep(source, copy, earlier, before, name)
    if (layout.var / "secret.key").exists():
        shutil.copy2(layout.var / "secret.key", folder / "secret.key")
        files["secret.key"] = fact(folder / "secret.key")
    _write_manifest(folder, files)


def _write_manifest(folder: Path, files: dict[str, Any]) -> None:
    manifest = {
        "format": FORMAT,
        "version": __version__,
        "taken_at": datetime.now(LOCAL).isoformat(timespec="seconds"),
        "files": files,
    }
    with (folder / MANIFEST).open("w", encoding="utf-8") as handle:
        json.dump(manifest, handle, ensure_ascii=False, indent=1)
        handle.flush()
        os.fsync(handle.fileno())


def connection_environment(address: str) -> dict[str, str]:
    """libpq's environment variables for an address."""
    from psycopg.conninfo import conninfo_to_dict

    names = {"dbname": "PGDATABASE", "options": "PGOPTIONS"}
    found = conninfo_to_dict(address)
    made = {names.get(k, f"PG{k.upper()}"): str(v) for k, v in found.items() if v is not None}
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", **made}


def evidence_names(layout: Layout) -> Iterator[str]:
    """Relative names of the stored photos and files, without unfinished uploads."""
    for path in sorted(layout.evidence.rglob("*")):
        name = path.relative_to(layout.evidence)
        if path.is_file() and name.parts[0] != "incoming":
            yield name.as_posix()


def fact(path: Path) -> dict[str, Any]:
    """Size in bytes and SHA-256 of a file."""
    with path.open("rb") as handle:
        return {
            "size": path.stat().st_size,
            "sha256": hashlib.file_digest(handle, "sha256").hexdigest(),
        }


def _keep(
    source: Path, copy: Path, earlier: Path | None, before: dict[str, Any] | None, name: str
) -> dict[str, Any]:
    """Puts one evidence file into the backup, without new bytes where the disk allows it."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    if earlier and before and before["size"] == source.stat().st_size:
        try:
            os.link(earlier / "evidence" / name, copy)
        except OSError:
            pass
        else:
            return before
    link_or_copy(source, copy)
    return fact(copy)


def link_or_copy(source: Path, copy: Path) -> None:
    """A hard link on the same disk (evidence never changes in place), else a copy."""
    try:
        os.link(source, copy)
    except OSError:
        shutil.copy2(source, copy)


def _pack(folder: Path, target: Path) -> None:
    fresh = target.with_name(f".{target.name}.tmp")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w") as packed:
            packed.add(folder, arcname=target.stem)
        raw.flush()
        os.fsync(raw.fileno())
    fresh.replace(target)
    shutil.rmtree(folder)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a backup folder; refuses what is not a backup of ours."""
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        raise CannotRun(f"{folder} 不是一份完整的卫城备份（没有可读的 {MANIFEST}）。") from None
    if found.get("format") != FORMAT:
        raise CannotRun(f"这份备份的格式是 {found.get('format')}，本版本只认 {FORMAT}。")
    return found

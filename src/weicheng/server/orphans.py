"""Finds and ends what an earlier start of this same installation left running, and only that."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path

MARK = "WEICHENG_STARTED_FOR"
_PROC = Path("/proc")


def _pids() -> Iterable[int]:
    try:
        names = [path.name for path in _PROC.iterdir()]
    except OSError:
        return []
    return [int(name) for name in names if name.isdigit() and int(name) != os.getpid()]


def running_in(folder: Path) -> list[int]:
    """PostgreSQL's processes whose working folder is this database: nobody else's can be."""
    wanted = str(folder)

    def ours(pid: int) -> bool:
        if str((_PROC / str(pid) / "cwd").readlink()) != wanted:
            return False
        return b"postgres" in (_PROC / str(pid) / "cmdline").read_bytes()

    return _matching(ours)


def marked(mark: str) -> list[int]:
    """Processes that carry this installation's mark in their environment."""
    wanted = f"{MARK}={mark}".encode()

    def ours(pid: int) -> bool:
        return wanted in (_PROC / str(pid) / "environ").read_bytes().split(b"\0")

    return _matching(ours)


def _matching(ours: Callable[[int], bool]) -> list[int]:
    found = []
    for pid in _pids():
        try:
            if ours(pid) and not _is_zombie(pid):
                found.append(pid)
        except OSError:
            continue
    return found


def _is_zombie(pid: int) -> bool:
    return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"


def end(find: Callable[[], list[int]], steps: Iterable[tuple[signal.Signals, float]]) -> bool:
    """Sends each signal in turn and waits that many seconds, until `find` finds nothing."""
    for number, seconds in steps:
        left = find()
        for pid in left:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        until = time.monotonic() + seconds
        while left and time.monotonic() < until:
            time.sleep(0.05)
            left = find()
        if not left:
            return True
    return not find()


def end_services(mark: str) -> None:
    """Ends web and worker processes that outlived their starter."""
    end(lambda: marked(mark), [(signal.SIGTERM, 5), (signal.SIGKILL, 5)])


def end_database(folder: Path) -> bool:
    """Ends a database that outlived its starter; True when nothing of it is left."""
    postmaster = _recorded_postmaster(folder)
    if postmaster in running_in(folder):
        end(
            lambda: [pid for pid in running_in(folder) if pid == postmaster],
            [(signal.SIGINT, 15), (signal.SIGQUIT, 5)],
        )
    return end(lambda: running_in(folder), [(signal.SIGQUIT, 5), (signal.SIGKILL, 5)])


def _recorded_postmaster(folder: Path) -> int | None:
    try:
        return int((folder / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None

"""What runs is kept running, ends with its starter, and nobody else's process is touched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from weicheng.server import orphans
from weicheng.server.layout import Layout
from weicheng.server.lock import StarterLock
from weicheng.server.processes import Service, Supervisor
from weicheng.server.refusals import CannotRun

HOLD = """
import sys, time
from pathlib import Path
from weicheng.server.layout import Layout
from weicheng.server.lock import StarterLock
with StarterLock(Layout(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""
START = """
import os, sys, time
from pathlib import Path
from weicheng.server.processes import Service
service = Service("一", ["sleep", "60"], dict(os.environ), Path(sys.argv[1]))
service.start()
print(service.pid, flush=True)
time.sleep(60)
"""


def until(true: Callable[[], object], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def child(program: str, argument: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, str(argument)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def sleeper(tmp_path: Path, **environment: str) -> Service:
    made = {**os.environ, **environment}
    return Service("一", ["sleep", "60"], made, tmp_path / "一.log")


def test_a_second_start_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with (
        StarterLock(Layout(tmp_path)),
        pytest.raises(CannotRun, match=f"已有一个卫城在使用.*{os.getpid()}"),
        StarterLock(Layout(tmp_path)),
    ):
        pass


def test_the_lock_of_a_killed_starter_is_taken_over(tmp_path: Path) -> None:
    holder = child(HOLD, tmp_path)
    assert holder.stdout and holder.stdout.readline() == "held\n"
    holder.kill()
    holder.wait()
    with StarterLock(Layout(tmp_path)):
        assert Layout(tmp_path).lock.read_text() == f"{os.getpid()}\n"


def test_a_killed_service_is_started_again(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(database=None, say=said.append)
    supervisor.add(sleeper(tmp_path))
    first = supervisor.services[0].pid
    assert first
    os.kill(first, signal.SIGKILL)

    def again() -> bool:
        supervisor.look()
        return supervisor.services[0].pid not in {None, first}

    assert until(again)
    assert len(said) == 1
    supervisor.end()


def test_ending_leaves_nothing_running(tmp_path: Path) -> None:
    supervisor = Supervisor(database=None, say=print)
    supervisor.add(sleeper(tmp_path))
    pid = supervisor.services[0].pid
    supervisor.end()
    assert pid and not runs(pid)


def test_a_service_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    starter = child(START, tmp_path / "一.log")
    assert starter.stdout
    pid = int(starter.stdout.readline())
    assert runs(pid)
    starter.kill()
    starter.wait()
    assert until(lambda: not runs(pid))


def test_only_processes_marked_as_ours_are_ended(tmp_path: Path) -> None:
    ours = sleeper(tmp_path, **{orphans.MARK: str(tmp_path)})
    others = sleeper(tmp_path, **{orphans.MARK: f"{tmp_path}-2"})
    ours.start()
    others.start()
    orphans.end_services(str(tmp_path))
    assert ours.pid and not runs(ours.pid)
    assert others.pid and runs(others.pid)
    others.end(0)
    ours.end(0)

"""`weicheng serve` as its keeper meets it: a link to log in, kill -9 of any part, a clean end."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from weicheng.server import orphans
from weicheng.server.layout import Layout


class Running:
    """One `weicheng serve` of a test, in a folder with a space and Chinese characters."""

    def __init__(self, layout: Layout, port: int) -> None:
        self.layout, self.port = layout, port
        self.process: subprocess.Popen[str] | None = None
        self.said = ""

    def start(self) -> None:
        made = {k: v for k, v in os.environ.items() if not k.startswith("DATABASE_")}
        made |= {"WEICHENG_VAR": str(self.layout.var), "PYTHONUTF8": "1"}
        command = [sys.executable, "-m", "weicheng.cli", "serve", "--no-demo"]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)],
            env=made,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        for line in self.process.stdout or ():
            self.said += line
            if "Ctrl-C ends it" in line:
                return
        pytest.fail(self.said)

    def end(self) -> str:
        """Ctrl-C; what it said at the end."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=60)[0]

    def answers(self) -> bool:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            asked.request("GET", "/login/")
            return asked.getresponse().status == 200
        except OSError:
            return False
        finally:
            asked.close()

    def pids(self, words: str) -> list[int]:
        found = []
        for pid in orphans.marked(str(self.layout.var)):
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            if words in command:
                found.append(pid)
        return sorted(found)


def until(true: Callable[[], object], seconds: float = 40) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


@pytest.fixture
def running() -> Iterator[Running]:
    top = Path(tempfile.mkdtemp(prefix="weicheng-test-"))
    top.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    layout = Layout(top / "数据 一")
    made = Running(layout, port)
    made.start()
    yield made
    if made.process and made.process.poll() is None:
        made.process.kill()
        made.process.wait()
    orphans.end_services(str(layout.var))
    orphans.end_database(layout.var / "database")
    shutil.rmtree(top, ignore_errors=True)


def test_an_installation_survives_kill_9_of_each_part_and_ends_cleanly(running: Running) -> None:
    link = re.search(r"http://127\.0\.0\.1:\d+(/login/link/\S+)", running.said)
    assert link, running.said

    web = running.pids("granian")
    worker = running.pids("procrastinate")
    os.kill(web[0], signal.SIGKILL)  # the server, which takes its own workers with it
    assert until(lambda: not set(web) & set(running.pids("granian")))
    os.kill(worker[0], signal.SIGKILL)
    os.kill(orphans.running_in(running.layout.var / "database")[0], signal.SIGKILL)
    assert until(lambda: running.answers() and running.pids("procrastinate"))

    assert running.process
    running.process.kill()
    running.process.wait()
    running.start()
    assert running.answers()

    assert "卫城已停止" in running.end()
    assert not orphans.marked(str(running.layout.var))
    assert not orphans.running_in(running.layout.var / "database")

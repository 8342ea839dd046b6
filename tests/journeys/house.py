"""The product as it is served: the real web server on a loopback port, on the test database."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

PATIENCE = 30.0


@dataclass
class House:
    """A web server (and, when asked, a worker) whose data live in ``var``."""

    var: Path
    port: int = 0
    workers: int = 1
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What the processes said."""
        return (self.var / "house.log").read_text("utf-8", errors="replace")

    def environment(self) -> dict[str, str]:
        """That of the product, with the database of this test."""
        given = urlsplit(os.environ.get("DATABASE_URL", "postgresql:///weicheng?host=/tmp"))
        name = str(connection.settings_dict["NAME"])
        return {
            **os.environ,
            "DATABASE_URL": urlunsplit(given._replace(path=f"/{name}")),
            "DJANGO_SETTINGS_MODULE": "weicheng.settings",
            "WEICHENG_VAR": str(self.var),
            "WEICHENG_SECRET_KEY": settings.SECRET_KEY,
            "WEICHENG_DB_POOL": "1",
            "WEICHENG_DEMO": "0",
            "PYTHONUTF8": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }

    def prepare(self) -> None:
        """Collect the static files, as a start does."""
        self.var.mkdir(parents=True, exist_ok=True)
        made = subprocess.run(
            [sys.executable, "-m", "weicheng.cli.steps", "everything"],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stdout + made.stderr

    def open(self) -> House:
        """Start the web server and wait until it answers."""
        self.port = self.port or free_port()
        self.spawn(
            *("granian", "weicheng.wsgi:application", "--interface", "wsgi", "--no-ws"),
            *("--host", "127.0.0.1", "--port", str(self.port)),
            *("--workers", str(self.workers), "--blocking-threads", "4"),
            *("--respawn-failed-workers", "--respawn-interval", "0.1"),
        )
        self.wait()
        return self

    def wait(self) -> None:
        """Until the web server answers."""
        until = time.monotonic() + PATIENCE
        while not self.answers():
            assert time.monotonic() < until, self.log
            time.sleep(0.02)

    def answers(self) -> bool:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            asked.request("GET", "/login/")
            return asked.getresponse().status < 500
        except OSError:
            return False
        finally:
            asked.close()

    def spawn(self, *module: str) -> subprocess.Popen[bytes]:
        """A process of the product, in a group of its own."""
        with (self.var / "house.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *module],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
            )
        self.processes.append(process)
        return process

    def web_workers(self) -> list[int]:
        """The processes that answer requests, the oldest first."""
        master = self.processes[0].pid
        told = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        return [pid for pid in map(int, told) if b"granian" in _command(pid)]

    def kill(self) -> None:
        """kill -9 of every process of the house, as a power cut would."""
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.processes.clear()

    close = kill


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])

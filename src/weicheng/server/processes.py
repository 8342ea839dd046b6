"""Keeps the processes of one installation alive, and ends them all when told to."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from weicheng.server.parent import dying_with
from weicheng.server.postgres import Postgres, open_log

STEADY = 10.0  # seconds after which a process counts as started well
LONGEST_PAUSE = 10.0  # seconds between tries of one that keeps dying


class Stopped(Exception):
    """Raised in the starter when it is told to end (Ctrl-C, SIGTERM, closed terminal)."""


@contextlib.contextmanager
def ending_on_signals() -> Iterator[None]:
    """Turns the first SIGINT, SIGTERM or SIGHUP into `Stopped`; later ones are ignored."""

    def stop(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    before = {n: signal.signal(n, stop) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass
class Service:
    """One process that must run: started again whenever it dies."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    _process: subprocess.Popen[bytes] | None = None
    _since: float = 0.0
    _pause: float = 0.2
    _not_before: float = 0.0

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Starts it in a process group of its own, so that Ctrl-C reaches only the starter."""
        with open_log(self.log) as log:
            self._process = subprocess.Popen(  # noqa: S603
                self.command,
                cwd="/",
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
                preexec_fn=dying_with(os.getpid(), signal.SIGTERM),  # noqa: PLW1509
            )
        self._since = time.monotonic()

    def look(self) -> str | None:
        """Starts it again if it died; a sentence when that happened just now."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._not_before:
                self.start()
            return None
        status = self._process.poll()
        if status is None:
            return None
        self._pause = 0.2 if now - self._since > STEADY else min(self._pause * 2, LONGEST_PAUSE)
        self._not_before = now + self._pause
        self._process = None
        return f"{self.name}意外结束（{status}），正在重新启动；原因见 {self.log}"

    def ask_to_end(self) -> None:
        """Asks it to finish what it is doing and end."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def end(self, seconds: float) -> None:
        """Waits for it to end, then ends it by force."""
        if self._process is None:
            return
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


@dataclass
class Supervisor:
    """Watches the database (if it is ours) and the services until told to stop."""

    database: Postgres | None
    say: Callable[[str], None]
    services: list[Service] = field(default_factory=list)

    def add(self, service: Service) -> None:
        """Starts a service and watches it from now on."""
        service.start()
        self.services.append(service)

    def watch(self) -> None:
        """Runs until a signal raises `Stopped`."""
        while True:
            time.sleep(0.2)
            self.look()

    def look(self) -> None:
        """One round: the database first, since the others cannot live without it."""
        if self.database is not None and not self.database.alive():
            self.say("数据库意外结束，正在恢复……")
            self.database.recover()
            self.say("数据库已恢复。")
        for service in self.services:
            if sentence := service.look():
                self.say(sentence)

    def end(self) -> None:
        """Ends the services side by side, then the database."""
        for service in self.services:
            service.ask_to_end()
        for service in self.services:
            service.end(12)
        if self.database is not None:
            self.database.stop()

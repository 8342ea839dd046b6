"""The embedded PostgreSQL of one installation: made once, started, watched, ended cleanly."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from weicheng.server import binaries, homes, orphans, roles
from weicheng.server.account import Account, unprivileged
from weicheng.server.layout import Layout
from weicheng.server.parent import dying_with
from weicheng.server.refusals import CannotRun

LOG_LIMIT = 20_000_000  # bytes; an older log is kept once as .1
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
SETTINGS = (
    "listen_addresses=",
    "logging_collector=off",
    "shared_buffers=256MB",
    "max_connections=100",
    "random_page_cost=1.1",
    "log_timezone=Asia/Shanghai",
)


class Postgres:
    """One database cluster. Start it only while holding the starter lock.

    `durable=False` gives up safety against power loss; for tests that throw the data away.
    """

    def __init__(self, layout: Layout, *, durable: bool = True) -> None:
        self._layout = layout
        self._durable = durable
        self._account: Account | None = unprivileged()
        self._sockets: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """The cluster's folder."""
        return homes.database(self._layout, self._account)

    @property
    def pid(self) -> int | None:
        """The postmaster's process id while it runs."""
        return self._process.pid if self._process else None

    def address(self, role: str, database: str = roles.DATABASE) -> str:
        """A libpq address for one of the roles in `roles`; holds a password: never print it."""
        if self._sockets is None:
            raise CannotRun("数据库还没有启动。")
        return f"postgresql://{role}:{self._passwords()[role]}@/{database}?host={self._sockets}"

    def start(self, seconds: float = 60) -> None:
        """Starts the database and waits until it answers; recovers after any kind of crash."""
        self._layout.make()
        self._end_leftovers()
        programs = binaries.for_account(self._account, homes.shared())
        self._passwords()
        if not (self.data / "PG_VERSION").exists():
            self._initialise(programs)
        self._check_major()
        self._sockets = self._sockets or self._private_folder()
        self._process = self._spawn(programs)
        self._layout.keep_note("run/database", {"sockets": str(self._sockets)})
        self._wait(seconds)
        roles.ensure(self.address(roles.ADMIN, "postgres"), self._passwords())

    def recover(self) -> None:
        """Starts a database that died by itself again, at the same address."""
        self._process = None
        if self._sockets is not None:
            for left in self._sockets.iterdir():
                left.unlink()
        self.start()

    def alive(self) -> bool:
        """Whether the postmaster still runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Ends the database after its running statements are broken off; nothing is lost."""
        if self._process is not None:
            for number, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
                if self._process.poll() is not None:
                    break
                self._process.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(seconds)
            self._process = None
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)
            self._sockets = None

    def _passwords(self) -> dict[str, str]:
        return roles.passwords(self._layout.secrets / "database.json")

    def _end_leftovers(self) -> None:
        data = self.data
        if not orphans.end_database(data):
            raise CannotRun(f"上一次的数据库进程还没有结束（{data}），请稍后再试。")
        # With no process left in the folder the recorded id can only be stale; a reused one
        # would make PostgreSQL refuse to start.
        (data / "postmaster.pid").unlink(missing_ok=True)
        old = (self._layout.note("run/database") or {}).get("sockets")
        if old and Path(old) != self._sockets and Path(old).name.startswith("weicheng-"):
            shutil.rmtree(old, ignore_errors=True)

    def _private_folder(self) -> Path:
        # Socket names are limited to 107 bytes, so the folder cannot be under a long var/.
        folder = Path(tempfile.mkdtemp(prefix="weicheng-", dir="/tmp"))
        if self._account:
            self._account.give(folder, 0o700)
        return folder

    def _initialise(self, programs: Path) -> None:
        fresh = self.data.with_name("database.new")
        shutil.rmtree(fresh, ignore_errors=True)  # a first start that was broken off
        fresh.mkdir()
        folder = self._private_folder()
        word = folder / "word"
        word.touch(mode=0o600)
        word.write_text(self._passwords()[roles.ADMIN])
        if self._account:
            self._account.give(fresh, 0o700)
            self._account.give(word, 0o600)
        command = [programs / "initdb", "-D", fresh, "-U", roles.ADMIN, f"--pwfile={word}"]
        command += ["-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--data-checksums"]
        command += [] if self._durable else ["--no-sync"]
        made = self._run([str(part) for part in command])
        shutil.rmtree(folder)
        if made.returncode:
            raise CannotRun(f"数据库初始化失败：{made.stderr.decode('utf-8', 'replace').strip()}")
        (fresh / "pg_hba.conf").write_text("local all all scram-sha-256\n")
        fresh.rename(self.data)

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[bytes]:
        borrowed = self._account.spawning() if self._account else {}
        return subprocess.run(  # noqa: S603
            command, cwd="/", env=_plain_environment(), capture_output=True, check=False, **borrowed
        )

    def _check_major(self) -> None:
        major = (self.data / "PG_VERSION").read_text().strip()
        if major != binaries.MAJOR:
            raise CannotRun(
                f"数据由 PostgreSQL {major} 写成，现有程序是 {binaries.MAJOR}，不能直接打开。"
                f"请用原来的版本运行 weicheng backup，再用新版本 weicheng restore。"
            )

    def _spawn(self, programs: Path) -> subprocess.Popen[bytes]:
        command = [str(programs / "postgres"), "-D", str(self.data), "-k", str(self._sockets)]
        for setting in (*SETTINGS, *(() if self._durable else QUICK)):
            command += ["-c", setting]
        borrowed = self._account.spawning() if self._account else {}
        with open_log(self._layout.logs / "database.log") as log:
            return subprocess.Popen(  # noqa: S603
                command,
                cwd="/",
                env=_plain_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
                preexec_fn=dying_with(os.getpid(), signal.SIGINT),  # noqa: PLW1509
                **borrowed,
            )

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not self.alive():
                break
            try:
                psycopg.connect(self.address(roles.ADMIN, "postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        self.stop()
        raise CannotRun(f"数据库没有启动成功，原因见 {self._layout.logs / 'database.log'}。")


def _plain_environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "Asia/Shanghai"}


def open_log(path: Path) -> contextlib.AbstractContextManager[int]:
    """Opens a log for appending as a descriptor; a long one is put aside first."""
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_name(f"{path.name}.1"))
    return _descriptor(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))


@contextlib.contextmanager
def _descriptor(number: int) -> Iterator[int]:
    try:
        yield number
    finally:
        os.close(number)


def running_address(layout: Layout, role: str) -> str | None:
    """The address of a database that another starter of this installation runs now, or None."""
    sockets = (layout.note("run/database") or {}).get("sockets")
    secret = layout.secrets / "database.json"
    if not sockets or not secret.exists() or not Path(sockets).exists():
        return None
    word = json.loads(secret.read_text())[role]
    address = f"postgresql://{role}:{word}@/{roles.DATABASE}?host={sockets}"
    try:
        psycopg.connect(address, connect_timeout=5).close()
    except psycopg.OperationalError:
        return None
    return address

"""Web servers of the measurement: ours, the floor behind our middleware, and a bare one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.wire import Line, Unexpected, get

ROOT = Path(__file__).resolve().parents[1]
WORKERS, THREADS = 2, 4  # as `weicheng serve` starts them
MIB = 1024


@dataclass
class Server:
    """A running granian and what its start cost."""

    process: subprocess.Popen[bytes]
    port: int
    start_seconds: float

    def worker_mib(self) -> float:
        """The largest worker's resident memory in MiB."""
        pid = self.process.pid
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return max(_resident(child) for child in told)


def _resident(pid: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / MIB
    return 0.0


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(target: str, settings: str = "weicheng.settings") -> Iterator[Server]:
    """A server of this application until the block ends."""
    port = free_port()
    made = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings,
        "WEICHENG_DB_POOL": "1",
        "WEICHENG_DB_POOL_SIZE": str(THREADS),
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    command = [sys.executable, "-m", "granian", target, "--interface", "wsgi", "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS)]
    log = Path(os.environ["WEICHENG_VAR"]) / f"{target.partition(':')[0]}.log"
    began = time.perf_counter()
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=made, stdout=out, stderr=out)  # noqa: S603
    try:
        _wait(process, port, log)
        yield Server(process, port, time.perf_counter() - began)
    except Unexpected:
        print(log.read_text(errors="replace")[-3000:], file=sys.stderr)
        raise
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path, seconds: float = 60) -> None:
    until = time.perf_counter() + seconds
    line = Line(port)
    while time.perf_counter() < until and process.poll() is None:
        try:
            line.ask(get("/healthz"))
            return
        except OSError:
            line.close()
            time.sleep(0.01)
    raise RuntimeError(f"the server did not start: {log.read_text()[-2000:]}")

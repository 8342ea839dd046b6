"""Asks decoder processes about files: two warm ones per web process, replaced when they fail."""

from __future__ import annotations

import atexit
import contextlib
import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from weicheng.evidence.decoder import SECONDS
from weicheng.evidence.formats import Finding
from weicheng.evidence.refusals import EvidenceRefused

log = logging.getLogger(__name__)
SIZE = 2
PATIENCE = SECONDS + 1.0
QUESTIONS_EACH = 300  # then a fresh process, against slow leaks of the decoding libraries
ANSWER_BYTES = 1024 * 1024
PACKAGE_ROOT = Path(__file__).resolve().parents[2]


class Gone(Exception):
    """The decoder ended instead of answering; `code` is its exit code, minus a signal."""

    code = 0


class Decoder:
    """One decoder process and the two pipes to it."""

    def __init__(self) -> None:
        environment = {
            "PYTHONPATH": str(PACKAGE_ROOT),
            "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "1",
        }
        self.asked = 0
        self.process = subprocess.Popen(  # our own module, arguments as a list
            [sys.executable, "-P", "-m", "weicheng.evidence.decoder"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd="/",
            bufsize=0,
        )

    def ask(self, question: dict[str, Any]) -> tuple[dict[str, Any], dict[str, bytes]]:
        """One answer and its parts. Raises Gone, or TimeoutError after PATIENCE seconds."""
        assert self.process.stdin and self.process.stdout
        deadline = time.monotonic() + PATIENCE
        self.asked += 1
        try:
            self.process.stdin.write(json.dumps(question).encode() + b"\n")
        except OSError as error:
            raise Gone from error
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            head, rest = self._line(selector, deadline)
            reply = json.loads(head)
            wanted = sum(reply["parts"].values())
            if wanted > ANSWER_BYTES:
                raise Gone
            while len(rest) < wanted:
                rest += self._read(selector, deadline)
        parts, start = {}, 0
        for key, length in reply.pop("parts").items():
            parts[key] = bytes(rest[start : start + length])
            start += length
        return reply, parts

    def _line(self, selector: selectors.BaseSelector, deadline: float) -> tuple[bytes, bytearray]:
        data = bytearray()
        while b"\n" not in data:
            data += self._read(selector, deadline)
        head, _, rest = data.partition(b"\n")
        return bytes(head), rest

    def _read(self, selector: selectors.BaseSelector, deadline: float) -> bytes:
        if not selector.select(max(0.0, deadline - time.monotonic())):
            raise TimeoutError
        assert self.process.stdout
        piece = os.read(self.process.stdout.fileno(), 1 << 18)
        if not piece:
            raise Gone
        return piece

    def end(self) -> int:
        """Close the pipes, kill and reap the process; minus the signal that ended it."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(0.05)  # one that is ending by itself tells why
        with contextlib.suppress(OSError):
            self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        return self.process.wait()


class Pool:
    """At most SIZE decoders at work in this process; callers beyond that wait their turn."""

    def __init__(self) -> None:
        self._turns = threading.BoundedSemaphore(SIZE)
        self._lock = threading.Lock()
        self._idle: list[Decoder] = []

    def examine(self, path: Path, *, name: str, picture_only: bool) -> Finding:
        """Decide about a file. Raises EvidenceRefused with the reason."""
        question = {"path": str(path), "name": name, "picture_only": picture_only}
        with self._turns:
            reply, parts = self._ask(question)
        if "refused" in reply:
            raise EvidenceRefused(reply["refused"], **reply["params"])
        taken = reply["taken"]
        position = reply["position"]
        return Finding(
            media_type=reply["media_type"],
            width=reply["width"],
            height=reply["height"],
            phash=reply["phash"],
            taken=datetime.fromisoformat(taken) if taken else None,
            position=(position[0], position[1], position[2]) if position else None,
            derived=parts,
        )

    def _ask(self, question: dict[str, Any]) -> tuple[dict[str, Any], dict[str, bytes]]:
        """Ask an idle decoder; when it went away or lacked memory, a fresh one has the say."""
        idle = self._take()
        if idle is not None:
            with contextlib.suppress(Gone):
                return self._answer(idle, question)
        try:
            return self._answer(Decoder(), question)
        except Gone as gone:
            if gone.code > 0:  # it never came to answering
                log.error("the decoder of evidence does not start (exit code %s)", gone.code)
                raise EvidenceRefused("decoder_down") from None
            raise EvidenceRefused("too_heavy") from None

    def _answer(
        self, decoder: Decoder, question: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, bytes]]:
        """One decoder's answer; a decoder that gave none is ended. Raises Gone, EvidenceRefused."""
        try:
            answer = decoder.ask(question)
            if answer[0].pop("tired", False):
                raise Gone
        except BaseException as error:
            code = decoder.end()
            if isinstance(error, TimeoutError) or code == -signal.SIGALRM:
                raise EvidenceRefused("too_slow") from None
            if isinstance(error, Gone):
                error.code = code
            raise
        self._give_back(decoder)
        return answer

    def _take(self) -> Decoder | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _give_back(self, decoder: Decoder) -> None:
        if decoder.asked >= QUESTIONS_EACH:
            decoder.end()
            return
        with self._lock:
            self._idle.append(decoder)

    def end(self) -> None:
        """End all idle decoders."""
        with self._lock:
            idle, self._idle = self._idle, []
        for decoder in idle:
            decoder.end()

    def pids(self) -> list[int]:
        """The process ids of the idle decoders."""
        with self._lock:
            return [decoder.process.pid for decoder in self._idle]


class _Current:
    """The pool of this process; a forked child starts its own."""

    pool: Pool | None = None
    pid = 0
    lock = threading.Lock()


def current() -> Pool:
    """The pool of this process, made at first use."""
    with _Current.lock:
        if _Current.pool is None or _Current.pid != os.getpid():
            _Current.pool, _Current.pid = Pool(), os.getpid()
            atexit.register(_Current.pool.end)
        return _Current.pool


def _forked() -> None:
    _Current.lock = threading.Lock()
    _Current.pool = None


os.register_at_fork(after_in_child=_forked)

"""One HTTPS request to one pinned address: 5 seconds in all, 64 KB of answer, no redirects.

The name is resolved once; the connection goes to the address that was judged, and the certificate
must be of the name. Every wait is cut to what is left of the deadline, so an answer that drips
cannot hold the worker.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from weicheng.notices.targets import Refused, Target, reachable

SECONDS = 5.0
MOST_BYTES = 64 * 1024
MOST_HEAD = 16 * 1024

Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Outcome:
    """``accepted``; ``refused`` with an answer; ``unreached``: nothing was asked; ``unknown``:
    it was asked and no answer came, so it may have arrived."""

    kind: str
    error: str = ""
    body: bytes = b""


class _Late(OSError):
    """The deadline has passed."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, by the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def post(
    target: Target,
    body: bytes,
    *,
    ca_file: str = "",
    resolver: Resolver = resolve,
    seconds: float = SECONDS,
) -> Outcome:
    """Send JSON to a target that ``targets.parse`` let pass."""
    clock = _Clock(seconds)
    try:
        address = reachable(_within(clock, resolver, target), is_private=target.is_private)
        line = _connected(target, address, clock, ca_file)
    except Refused as error:
        return Outcome("unreached", error.code)
    except (OSError, ValueError) as error:
        return Outcome("unreached", _code(error))
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = line
    try:
        return _asked(connection, target, body)
    finally:
        line.hang_up()


class _Clock:
    """The one deadline of a request."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left; ``_Late`` when there are none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise _Late
        return left


def _within(clock: _Clock, resolver: Resolver, target: Target) -> list[str]:
    """What the resolver says, if it says it in time: it knows no deadline of its own."""
    told: list[list[str]] = []
    failed: list[OSError] = []

    def ask() -> None:
        try:
            told.append(resolver(target.host, target.port))
        except OSError as error:
            failed.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(clock.left())
    if failed:
        raise failed[0]
    return told[0] if told else []


class _Drip(io.RawIOBase):
    """The reading side of a socket under the deadline, and no longer than the most we take."""

    def __init__(self, sock: socket.socket, clock: _Clock) -> None:
        self._sock, self._clock, self._room = sock, clock, MOST_BYTES + MOST_HEAD

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._room <= 0:
            raise _Late
        self._sock.settimeout(self._clock.left())
        view = memoryview(buffer)[: self._room]
        n = self._sock.recv_into(view)
        self._room -= n
        return n


class _Line:
    """What ``http.client`` needs of a socket."""

    def __init__(self, sock: socket.socket, clock: _Clock) -> None:
        self._sock, self._clock = sock, clock

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._clock.left())
        self._sock.sendall(data)

    def makefile(self, mode: str = "rb", *_more: Any) -> io.BufferedReader:
        return io.BufferedReader(_Drip(self._sock, self._clock), 4096)

    def close(self) -> None:
        """Not yet: the answer may still be read. ``hang_up`` closes."""

    def hang_up(self) -> None:
        self._sock.close()


def _connected(target: Target, address: str, clock: _Clock, ca_file: str) -> _Line:
    """A TLS connection to the judged address, with the certificate checked for the name."""
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    raw = socket.create_connection((address, target.port), timeout=clock.left())
    try:
        raw.settimeout(clock.left())
        line = context.wrap_socket(raw, server_hostname=target.host)
    except BaseException:
        raw.close()
        raise
    return _Line(line, clock)


def _asked(connection: http.client.HTTPConnection, target: Target, body: bytes) -> Outcome:
    host = target.host if target.port == 443 else f"{target.host}:{target.port}"
    head = {"Host": host, "Content-Type": "application/json; charset=utf-8", "Connection": "close"}
    try:
        connection.request("POST", target.path, body, head)
        answer = connection.getresponse()
        said = answer.read(MOST_BYTES + 1)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Outcome("unknown", _code(error))
    if answer.status != http.client.OK:
        return Outcome("refused", f"http_{answer.status}")
    if len(said) > MOST_BYTES:
        return Outcome("refused", "too_long")
    return Outcome("accepted", body=said)


def _code(error: Exception) -> str:
    """A short word for what went wrong; never the address, which is the secret."""
    if isinstance(error, _Late | TimeoutError):
        return "too_slow"
    if isinstance(error, ssl.SSLError):
        return "certificate"
    if isinstance(error, socket.gaierror):
        return "unknown_host"
    return "no_connection" if isinstance(error, OSError) else "garbage"

"""A client that costs little: one kept connection, prepared bytes, closed loop."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import urlencode

TOKEN = "b" * 32
Next = Callable[[], bytes]


class Unexpected(RuntimeError):
    """An answer with another status than the measurement needs."""


@dataclass
class Line:
    """One kept connection to a server on this machine."""

    port: int
    expected: int = 200

    def __post_init__(self) -> None:
        self._socket: socket.socket | None = None

    def ask(self, request: bytes) -> bytes:
        """Send and read one whole answer; its body."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        head, body = got[:end].lower(), got[end + 4 :]
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        while len(body) < length:
            body += self._more()
        if int(head[9:12]) != self.expected:
            raise Unexpected(f"{head.decode()}\n{body[:4000].decode(errors='replace')}")
        return body

    def _more(self) -> bytes:
        assert self._socket is not None
        piece = self._socket.recv(262_144)
        if not piece:
            raise ConnectionError("the server hung up")
        return piece

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def get(path: str, cookie: str = "") -> bytes:
    """The bytes of a GET."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()


def post(path: str, cookie: str, fields: dict[str, str]) -> bytes:
    """The bytes of a form's POST with its token."""
    body = urlencode({**fields, "csrfmiddlewaretoken": TOKEN}).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}; csrftoken={TOKEN}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def rate(port: int, requests: list[Iterator[bytes]], seconds: float, expected: int) -> float:
    """Answers a second of a closed loop with one client for each iterator of requests."""
    counts = [0] * len(requests)
    failures: list[BaseException] = []
    until = perf_counter() + seconds

    def loop(client: int) -> None:
        line = Line(port, expected)
        try:
            for request in requests[client]:
                if perf_counter() >= until:
                    return
                line.ask(request)
                counts[client] += 1
        except BaseException as failure:
            failures.append(failure)
        finally:
            line.close()

    clients = [threading.Thread(target=loop, args=(n,)) for n in range(len(requests))]
    began = perf_counter()
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    if failures:
        raise failures[0]
    return sum(counts) / (perf_counter() - began)

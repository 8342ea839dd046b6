"""A provider of group robots as it may behave: a real HTTPS server on this machine.

It stands on a loopback port behind a host name of its own; the certificate is of a test authority.
"""

from __future__ import annotations

import datetime as dt
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


@dataclass
class Provider:
    """What it heard, and how it answers next: ``mood`` is a key of MOODS."""

    port: int
    ca: str
    mood: str = "kind"
    heard: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    reached: int = 0

    @property
    def texts(self) -> list[str]:
        """The texts of everything it heard, oldest first."""
        return [m["text"]["content"] if "text" in m else m["content"]["text"] for m in self.heard]


YES = b'{"errcode":0,"errmsg":"ok","code":0}'


def _plain(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}Connection: close\r\n\r\n"
    return head.encode() + body


MOODS: dict[str, bytes] = {
    "kind": _plain(YES),
    "refusing": _plain(b'{"errcode":93000,"errmsg":"invalid webhook"}'),
    "garbage": _plain(b"<html>502</html>"),
    "broken": _plain(b"", "502 Bad Gateway"),
    "redirecting": _plain(b"", "302 Found", "Location: https://127.0.0.1/inside\r\n"),
    "endless": b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300_000,
}


def _authority(folder: Path) -> tuple[Path, Path]:
    """A certificate for HOST and its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName(
        [x509.IPAddress(IPv4Address(HOST)), x509.DNSName("bot.gov.test")]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=400))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert, secret = folder / "ca.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )  # fmt: skip
    return cert, secret


@contextmanager
def provider(folder: Path) -> Iterator[Provider]:
    """Open it; it closes with the block."""
    cert, secret = _authority(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, secret)
    server = socket.create_server((HOST, 0))
    found = Provider(server.getsockname()[1], str(cert))

    def serve() -> None:
        while True:
            try:
                raw, _from = server.accept()
            except OSError:
                return
            found.reached += 1
            threading.Thread(target=_serve_one, args=(found, context, raw), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


def _serve_one(found: Provider, context: ssl.SSLContext, raw: socket.socket) -> None:
    try:
        with context.wrap_socket(raw, server_side=True) as line:
            path, body = _asked(line)
            found.paths.append(path)
            found.heard.append(json.loads(body))
            _answer(found.mood, line)
    except (OSError, ValueError):
        return


def _asked(line: ssl.SSLSocket) -> tuple[str, bytes]:
    said = b""
    while b"\r\n\r\n" not in said:
        said += line.recv(4096)
    head, _, body = said.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    long = next(int(x.split(":")[1]) for x in lines if x.lower().startswith("content-length"))
    while len(body) < long:
        body += line.recv(4096)
    return lines[0].split()[1], body


def _answer(mood: str, line: ssl.SSLSocket) -> None:
    if mood == "silent":
        time.sleep(20)
    elif mood == "dying":
        line.shutdown(socket.SHUT_RDWR)
    elif mood == "dripping":
        for sign in _plain(YES).decode():
            line.sendall(sign.encode())
            time.sleep(0.2)
    else:
        line.sendall(MOODS[mood])

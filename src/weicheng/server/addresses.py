"""Under which names and addresses this machine is reached."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import socket
from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_ANY = {"0.0.0.0", "::", ""}  # noqa: S104


def of_this_machine() -> list[str]:
    """The machine's own IPv4 addresses apart from loopback, the one towards the network first."""
    found = [_towards_the_network(), *_by_name(), *_by_kernel()]
    wanted = [a for a in found if a and not ipaddress.ip_address(a).is_loopback]
    return list(dict.fromkeys(wanted))


def allowed(host: str) -> list[str]:
    """Which Host headers to accept when listening on `host`."""
    names = [*LOOPBACK]
    if host in _ANY:
        names += [*of_this_machine(), socket.gethostname().lower()]
    elif host not in names:
        names.append(f"[{host}]" if ":" in host else host.lower())
    return list(dict.fromkeys(names))


def to_show(host: str) -> str:
    """The address a person types into the browser for a server listening on `host`."""
    if host in _ANY:
        return (of_this_machine() or ["127.0.0.1"])[0]
    return f"[{host}]" if ":" in host else host


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens there yet."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _towards_the_network() -> str:
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe,
    ):
        probe.connect(("192.0.2.1", 9))  # sends nothing: asks which address would be used
        return str(probe.getsockname()[0])
    return ""


def _by_name() -> list[str]:
    with contextlib.suppress(OSError):
        found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
        return [str(entry[4][0]) for entry in found]
    return []


def _by_kernel() -> list[str]:
    with contextlib.suppress(OSError):
        table = Path("/proc/net/fib_trie").read_text()
        return re.findall(r"\|-- (\S+)\n\s+/32 host LOCAL", table)
    return []

"""Where a message may go: three hosts by name, and private ones that two people approved.

``parse`` judges the address as written, ``reachable`` the addresses it resolves to. Both fail
closed: what is not plainly allowed is refused with a code.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from weicheng.notices.words import ChannelSort

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: The robots' own hosts and where their hooks lie.
HOSTS: dict[str, tuple[str, str]] = {
    ChannelSort.WECOM: ("qyapi.weixin.qq.com", "/cgi-bin/webhook/send"),
    ChannelSort.DINGTALK: ("oapi.dingtalk.com", "/robot/send"),
    ChannelSort.FEISHU: ("open.feishu.cn", "/open-apis/bot/v2/hook/"),
}
LONGEST = 500
_NAME = re.compile(r"(?=.{1,120}\Z)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_PRINTABLE = re.compile(r"[\x21-\x7e]+")
#: IPv6 ranges that carry an IPv4 address inside: mapped, compatible, NAT64 (two), 6to4, Teredo.
_CARRIERS = tuple(
    ipaddress.IPv6Network(n)
    for n in (
        "::ffff:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32",
    )
)  # fmt: skip
_PRIVATE = tuple(
    ipaddress.ip_network(n)
    for n in (
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7",
        "127.0.0.0/8", "::1/128",
    )
)  # fmt: skip


class Refused(Exception):
    """A target that must not be spoken to; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Target:
    """An address that may be spoken to, taken apart."""

    host: str
    port: int
    path: str
    is_private: bool = False


def parse(url: str, sort: str, approved: Iterable[tuple[str, int]] = ()) -> Target:
    """The target, or ``Refused``. ``approved``: exact (host, port) of private hosts."""
    host, port, path = _apart(url)
    if (host, port or 443) in set(approved):
        return Target(host, port or 443, path or "/", is_private=True)
    own_host, own_path = HOSTS[sort]
    if host != own_host:
        raise Refused("foreign_host")
    if port not in {None, 443}:
        raise Refused("odd_port")
    if not path.startswith(own_path):
        raise Refused("not_a_hook")
    return Target(host, 443, path)


def _apart(url: str) -> tuple[str, int | None, str]:
    """Host, port and path of a plain https address."""
    if len(url) > LONGEST or not _PRINTABLE.fullmatch(url) or "\\" in url:
        raise Refused("garbled")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused("garbled") from error
    if parts.scheme != "https":
        raise Refused("not_https")
    if "@" in parts.netloc or parts.fragment:
        raise Refused("garbled")
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return parts.hostname or "", port, path


def is_name(host: str) -> bool:
    """Whether a private host is written as a plain name or a plain private IPv4 address.

    Decimal, octal and hexadecimal forms are not plain: several resolvers read them as addresses.
    """
    if not _NAME.fullmatch(host):
        return False
    if any(c.isalpha() for c in host.rsplit(".", 1)[-1]) and not host.startswith("0x"):
        return True
    try:
        address = ipaddress.IPv4Address(host)
        return str(address) == host and _may(address, is_private=True)
    except ValueError:
        return False


def reachable(found: Iterable[str], *, is_private: bool) -> str:
    """The first address, when every one of them may be spoken to; else ``Refused``.

    One bad address among good ones refuses all: that is how rebinding begins.
    """
    addresses = [ipaddress.ip_address(a.partition("%")[0]) for a in found]
    if not addresses:
        raise Refused("unknown_host")
    if not all(_may(a, is_private=is_private) for a in addresses):
        raise Refused("inside")
    return str(addresses[0])


def _may(address: Address, *, is_private: bool) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and any(address in n for n in _CARRIERS):
        return is_private and address == ipaddress.IPv6Address("::1")
    if is_private:
        return any(address.version == n.version and address in n for n in _PRIVATE)
    return address.is_global and not address.is_multicast

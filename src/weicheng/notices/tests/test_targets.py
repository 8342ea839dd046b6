"""Hostile targets, one a row with its verdict; and what the sender does with a hostile answer."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from weicheng.notices import sending, targets
from weicheng.notices.sending import Outcome
from weicheng.notices.targets import Refused, Target
from weicheng.notices.tests.provider import HOST, Provider

HOOK = "/cgi-bin/webhook/send?key=abc"
APPROVED = [("bot.gov.test", 8443), ("10.1.2.3", 443)]

# address as somebody might type it → why it is refused, or "" when it may be spoken to
WRITTEN: dict[str, str] = {
    f"https://qyapi.weixin.qq.com{HOOK}": "",
    f"https://qyapi.weixin.qq.com:443{HOOK}": "",
    f"https://QYAPI.weixin.qq.com{HOOK}": "",
    "https://bot.gov.test:8443/any": "",
    "https://10.1.2.3/any": "",
    f"http://qyapi.weixin.qq.com{HOOK}": "not_https",
    "gopher://qyapi.weixin.qq.com/1": "not_https",
    "file:///etc/passwd": "not_https",
    "ftp://qyapi.weixin.qq.com/": "not_https",
    f"https://qyapi.weixin.qq.com:22{HOOK}": "odd_port",
    f"https://qyapi.weixin.qq.com:8443{HOOK}": "odd_port",
    f"https://qyapi.weixin.qq.com:99999{HOOK}": "garbled",
    f"https://evil@qyapi.weixin.qq.com{HOOK}": "garbled",
    f"https://qyapi.weixin.qq.com@10.0.0.1{HOOK}": "garbled",
    f"https://qyapi.weixin.qq.com\\@10.0.0.1{HOOK}": "garbled",
    f"https://qyapi.weixin.qq.com#@10.0.0.1{HOOK}": "garbled",
    f"https://qyapi.weixin.qq.com{HOOK}\r\nHost: inside": "garbled",
    f"https://qyapi.weixin.qq.com{HOOK}&名=1": "garbled",
    f"https://qyapi.weixin.qq.com.{HOOK}": "foreign_host",
    f"https://qyapi.weixin.qq.com.evil.example{HOOK}": "foreign_host",
    f"https://oapi.dingtalk.com{HOOK}": "foreign_host",
    "https://qyapi.weixin.qq.com/cgi-bin/gettoken": "not_a_hook",
    "https://qyapi.weixin.qq.com/": "not_a_hook",
    f"https://127.0.0.1{HOOK}": "foreign_host",
    f"https://localhost{HOOK}": "foreign_host",
    f"https://[::1]{HOOK}": "foreign_host",
    f"https://[::ffff:127.0.0.1]{HOOK}": "foreign_host",
    f"https://[64:ff9b::7f00:1]{HOOK}": "foreign_host",
    "https://169.254.169.254/latest/meta-data": "foreign_host",
    f"https://2130706433{HOOK}": "foreign_host",
    f"https://0x7f000001{HOOK}": "foreign_host",
    f"https://0177.0.0.1{HOOK}": "foreign_host",
    f"https://10.0.0.8{HOOK}": "foreign_host",
    f"https://100.64.0.1{HOOK}": "foreign_host",
    "https://bot.gov.test/any": "foreign_host",  # approved with another port
    "https://bot.gov.test:9443/any": "foreign_host",
    "https://10.1.2.3:8443/any": "foreign_host",
    "https://10.1.2.4/any": "foreign_host",
    "https:///any": "foreign_host",
    "": "garbled",
    "https://qyapi.weixin.qq.com/" + "x" * 600: "garbled",
}

# what a name resolves to → whether the robots' own hosts, and an approved private one, may be it
RESOLVED: tuple[tuple[tuple[str, ...], bool, bool], ...] = (
    (("101.91.40.24",), True, False),
    (("240e:ff:e02c::1",), True, False),
    (("10.0.0.1",), False, True),
    (("172.16.9.9",), False, True),
    (("192.168.1.1",), False, True),
    (("100.64.0.1",), False, True),
    (("fd00::1",), False, True),
    (("127.0.0.1",), False, True),
    (("::1",), False, True),
    (("169.254.169.254",), False, False),
    (("fe80::1%eth0",), False, False),
    (("0.0.0.0",), False, False),
    (("::",), False, False),
    (("224.0.0.1",), False, False),
    (("255.255.255.255",), False, False),
    (("198.18.0.1",), False, False),
    (("::ffff:10.0.0.1",), False, False),
    (("::ffff:169.254.169.254",), False, False),
    (("64:ff9b::a00:1",), False, False),
    (("64:ff9b:1::a00:1",), False, False),
    (("2002:a00:1::",), False, False),
    (("2001:0:a00:1::",), False, False),
    (("101.91.40.24", "127.0.0.1"), False, False),  # rebinding: one good, one bad
    ((), False, False),
)


@pytest.mark.parametrize(("url", "why"), WRITTEN.items())
def test_an_address_is_judged_as_written(url: str, why: str) -> None:
    try:
        targets.parse(url, "wecom", APPROVED)
        verdict = ""
    except Refused as error:
        verdict = error.code
    assert verdict == why


@pytest.mark.parametrize(("found", "public", "private"), RESOLVED)
def test_an_address_is_judged_again_after_it_is_resolved(
    found: tuple[str, ...], public: bool, private: bool
) -> None:
    for is_private, allowed in ((False, public), (True, private)):
        if allowed:
            assert targets.reachable(found, is_private=is_private) == found[0]
        else:
            with pytest.raises(Refused):
                targets.reachable(found, is_private=is_private)


@pytest.mark.parametrize(
    ("host", "plain"),
    [
        ("bot.gov.test", True), ("10.1.2.3", True), ("a-1.cn", True), ("2130706433", False),
        ("0x7f000001", False), ("0177.0.0.1", False), ("10.1.2", False), ("*.gov.test", False),
        ("bot.gov.test/x", False), ("[::1]", False), ("bot gov", False), ("", False),
        ("192.168.3.4", True), ("169.254.169.254", False), ("8.8.8.8", False),
    ],
)  # fmt: skip
def test_only_plain_names_may_be_proposed(host: str, plain: bool) -> None:
    assert targets.is_name(host) == plain


def there(made: Provider, *, private: bool = True) -> Target:
    return Target("bot.gov.test", made.port, HOOK, is_private=private)


def post(made: Provider, mood: str = "kind", **more: Any) -> Outcome:
    made.mood = mood
    options = {"ca_file": made.ca, "resolver": lambda *_: [HOST], "seconds": 1.0, **more}
    return sending.post(there(made), b"{}", **options)


def test_a_message_goes_to_the_judged_address_under_the_certificate_of_the_name(
    robot_maker: Provider,
) -> None:
    assert post(robot_maker).kind == "accepted"
    assert robot_maker.paths == [HOOK]


def test_a_name_that_turns_inwards_is_never_spoken_to(robot_maker: Provider) -> None:
    target = there(robot_maker, private=False)
    outcome = sending.post(target, b"{}", ca_file=robot_maker.ca, resolver=lambda *_: [HOST])
    assert (outcome.kind, outcome.error) == ("unreached", "inside")
    assert robot_maker.reached == 0


def test_the_name_is_resolved_once_and_never_again(robot_maker: Provider) -> None:
    asked: list[str] = []

    def turning(host: str, _port: int) -> list[str]:
        asked.append(host)
        return [HOST] if len(asked) == 1 else ["169.254.169.254"]

    assert post(robot_maker, resolver=turning).kind == "accepted"
    assert asked == ["bot.gov.test"]


def test_a_certificate_of_an_unknown_authority_is_refused(robot_maker: Provider) -> None:
    assert post(robot_maker, ca_file="") == Outcome("unreached", "certificate")


@pytest.mark.parametrize(
    ("mood", "kind", "error"),
    [
        ("redirecting", "refused", "http_302"),
        ("broken", "refused", "http_502"),
        ("endless", "refused", "too_long"),
        ("dying", "unknown", "garbage|no_connection"),
        ("silent", "unknown", "too_slow"),
        ("dripping", "unknown", "too_slow"),
    ],
)
def test_a_hostile_answer_ends_in_time(
    robot_maker: Provider, mood: str, kind: str, error: str
) -> None:
    began = time.monotonic()
    outcome = post(robot_maker, mood)
    assert time.monotonic() - began < 2
    assert outcome.kind == kind, outcome.error
    assert outcome.error in error.split("|")
    assert robot_maker.reached == 1  # nothing was followed


def test_a_resolver_that_hangs_does_not_hang_the_worker(robot_maker: Provider) -> None:
    def hanging(_host: str, _port: int) -> list[str]:
        time.sleep(5)
        return []

    began = time.monotonic()
    assert post(robot_maker, resolver=hanging, seconds=0.3).kind == "unreached"
    assert time.monotonic() - began < 1


def test_a_port_where_nobody_listens_is_unreached() -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
    target = Target("bot.gov.test", port, HOOK, is_private=True)
    assert sending.post(target, b"{}", resolver=lambda *_: [HOST]).kind == "unreached"

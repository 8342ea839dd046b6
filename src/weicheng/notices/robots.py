"""How the three kinds of group robots want to be spoken to, and what their answers mean."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

from django.conf import settings

from weicheng.notices import sending, targets
from weicheng.notices.models import Channel, PrivateHost
from weicheng.notices.seals import unseal
from weicheng.notices.sending import Outcome
from weicheng.notices.words import ChannelSort

#: Bytes of one text that the strictest of them takes (企业微信).
MOST_BYTES = 2048


@dataclass(frozen=True)
class Message:
    """What is said: a title and lines. Numbers, places and times; no personal data."""

    title: str
    lines: tuple[str, ...]
    link: str = ""

    def text(self) -> str:
        """One text, cut at a whole line to what every robot takes."""
        said = self.title
        for line in (*self.lines, self.link):
            longer = f"{said}\n{line}" if line else said
            if len(longer.encode()) > MOST_BYTES:
                break
            said = longer
        return said


def approved_hosts() -> list[tuple[str, int]]:
    """Private hosts that a second person has approved."""
    rows = PrivateHost.objects.filter(approved_by__isnull=False)
    return list(rows.values_list("host", "port"))


def say(channel: Channel, message: Message, *, now: datetime) -> Outcome:
    """Speak to the group; the target is judged again each time."""
    try:
        target = targets.parse(unseal(channel.target), channel.sort, approved_hosts())
        path, body = _written(channel, target.path, message.text(), now)
    except targets.Refused as error:
        return Outcome("unreached", error.code)
    except ValueError:
        return Outcome("unreached", "sealed")
    aimed = targets.Target(target.host, target.port, path, target.is_private)
    outcome = sending.post(aimed, json.dumps(body).encode(), ca_file=settings.CHANNEL_CA)
    return _judged(channel.sort, outcome) if outcome.kind == "accepted" else outcome


def _written(channel: Channel, path: str, text: str, now: datetime) -> tuple[str, dict[str, Any]]:
    secret = unseal(channel.secret)
    if channel.sort == ChannelSort.DINGTALK:
        if secret:
            stamp = str(int(now.timestamp() * 1000))
            sign = _mac(secret, f"{stamp}\n{secret}")
            path += f"{'&' if '?' in path else '?'}timestamp={stamp}&sign={quote_plus(sign)}"
        return path, {"msgtype": "text", "text": {"content": text}}
    if channel.sort == ChannelSort.FEISHU:
        said: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
        if secret:
            stamp = str(int(now.timestamp()))
            said |= {"timestamp": stamp, "sign": _mac(f"{stamp}\n{secret}", "")}
        return path, said
    return path, {"msgtype": "text", "text": {"content": text}}


def _mac(key: str, words: str) -> str:
    return base64.b64encode(
        hmac.new(key.encode(), words.encode(), hashlib.sha256).digest()
    ).decode()


def _judged(sort: str, outcome: Outcome) -> Outcome:
    """200 is not yet a yes: the answer's own code must be 0."""
    try:
        said = json.loads(outcome.body)
        code = said["code" if sort == ChannelSort.FEISHU and "code" in said else _CODE[sort]]
    except (ValueError, KeyError, TypeError):
        return Outcome("refused", "garbage")
    if code == 0 and not isinstance(code, bool):
        return Outcome("accepted")
    return Outcome("refused", f"errcode_{code}"[:40])


_CODE: dict[str, str] = {
    ChannelSort.WECOM: "errcode", ChannelSort.DINGTALK: "errcode", ChannelSort.FEISHU: "StatusCode",
}  # fmt: skip

"""Text copied or exported from WeChat groups, in its many shapes → messages in order."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from .cells import half_width
from .dates import read_moment
from .plaintext import decode

Kind = Literal["text", "picture", "video", "voice", "file", "other"]


@dataclass(frozen=True)
class Message:
    """One message. `at` is aware, None if the text gives no time; `line` counts from 1.

    `file` is the file's name where the text gives it; `quoted` what the message answers to."""

    sender: str
    at: dt.datetime | None
    text: str
    kind: Kind = "text"
    line: int = 0
    file: str = ""
    quoted: str = ""

    @property
    def is_picture(self) -> bool:
        """Whether the message is a picture."""
        return self.kind == "picture"


_DAY = r"(?:\d{4}|\d{2})\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}日?|\d{1,2}\s*[-/月]\s*\d{1,2}日?"
_NEAR = r"今天|昨天|前天|(?:上周|星期|周)[一二三四五六日天]"
_CLOCK = (
    r"(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|[AaPp][Mm])?\s*"
    r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:\s*[AaPp][Mm])?"
)
_WEEKDAY = r"(?:\s*(?:星期|周)[一二三四五六日天])?"
_FULL = rf"(?:(?:{_DAY}|{_NEAR}){_WEEKDAY}[\sT,，]*)?(?:{_CLOCK})"
_NAME = r"[^\s:：，。！？,!?\[【「“\"—\-=][^:：，。！？!?\n]{0,38}?"
_NAME_TIME = re.compile(rf"(?P<name>{_NAME})[\s,，|]+[(（\[]?(?P<time>{_FULL})[)）\]]?[:：]?")
_TIME_NAME = re.compile(
    rf"[(（\[]?(?P<time>(?:{_DAY})[\sT]*(?:{_CLOCK}))[)）\]]?\s+"
    rf"(?P<name>{_NAME})(?:[:：]\s*(?P<rest>.*))?"
)
_DAY_LINE = re.compile(rf"[-—–=*•·\s]*(?P<day>{_DAY}|{_NEAR}){_WEEKDAY}[-—–=*•·\s]*")
_TIME_LINE = re.compile(rf"[-—–=*•·\s]*(?P<time>{_FULL})[-—–=*•·\s]*")
_NAME_ONLY = re.compile(r"(?P<name>[^\s:：][^:：，。！？,!?\n]{0,29})[:：]\s*")
_NAME_TEXT = re.compile(r"(?P<name>[^\s:：][^:：，。！？,!?\n]{0,19})[:：]\s*(?P<rest>\S.*)")
_NO_NAME = re.compile(
    r"(?:存在|主要|发现|具体)?问题|地[址点]|位置|时间|整改.*|责任.*|备注|要求|情况|反映|通知|"
    r"说明|附件?|注|标题|内容|描述|照片|如下|答|问|回复|"
    r"联系人|电话|联系电话|点位|数量|来源|https?|\d+"
)
_SYSTEM = re.compile(
    r".*(?:撤回了一条消息|撤回了.{0,20}的?消息|加入了?群聊|邀请.*(?:加入|进)|移出了?群聊|"
    r"退出了?群聊|修改群名为|拍了拍|开启了.*群|群主已|已成为新群主|与群里其他人都不是|以上是打招呼|"
    r"以下(?:是|为)新消息|以上是历史消息|发布了?新?群公告|开启了朋友验证|通过扫描.*二维码).*"
)
_PREAMBLE = re.compile(
    r"(?:.*(?:的)?聊天记录.*|(?:群聊|群)?名称[:：].*|导出(?:时间|人|自)?[:：].*|"
    r"群成员.*[:：].*|消息(?:数|总数|记录).*[:：].*|"
    r"消息分组[:：].*|消息对象[:：].*|[=\-—*]{4,})"
)
_MARKS: tuple[tuple[Kind, str], ...] = (
    ("picture", "图片|圖片|照片|Photo|Image|photo|image|Picture|图像|相片"),
    ("video", "视频|短视频|Video|小视频|视频号.*?"),
    ("voice", "语音|Voice|Audio|语音通话|视频通话"),
    ("file", "文件|File"),
    (
        "other",
        "动画表情|表情|Sticker|位置|Location|链接|Link|小程序|红包|微信红包|转账|名片|个人名片|"
        "群公告|聊天记录|合并转发|接龙|系统消息",
    ),
)
_MARK = {
    kind: re.compile(rf"[\[【<(](?:{words})(?:[:：\s](?P<file>[^\]】>]*))?[\]】>)]")
    for kind, words in _MARKS
}
_FILE = re.compile(
    r"(?:图片[:：]\s*)?(?P<file>[^\s/\\:：，。]+\.(?:jpe?g|png|heic|webp|bmp|gif))(?:\s*\(.*\))?",
    re.I,
)
_QUOTE = re.compile(r"「(?P<quoted>.*?)」\s*\n(?:\s*[-—–]\s*){3,}\n?", re.S)


def read_chat(raw: str | bytes, *, today: dt.date, tz: dt.tzinfo) -> list[Message]:
    """The messages of a chat text (str, or bytes in UTF-8, GB18030 or UTF-16), in its order.

    System lines (recalled, joined …) are left out. `today` is the day of copying: it dates
    '昨天 7:50' and bare clock times. Raises SheetError encoding."""
    text = decode(raw) if isinstance(raw, bytes) else raw.removeprefix("\ufeff")
    lines = [line.strip("\u200b\u2005\u2006\ufeff") for line in text.splitlines()]
    shape = _shape(lines)
    reader = _Reader(today, tz)
    for number, line in enumerate(lines, 1):
        reader.feed(line.replace("\u2005", " ").rstrip(), number, shape)
    return list(reader.messages())


Head = tuple[str, str, str]
"""Name, time ('' if none), text on the same line."""
Shape = Callable[[str, bool], Head | None]


def _shape(lines: list[str]) -> Shape:
    """How this text marks the beginning of a message: by the shape most of its lines fit."""
    filled = [line.strip() for line in lines if line.strip()]
    timed = sum(1 for line in filled if _timed(line, True))
    named: dict[str, int] = {}
    inline: dict[str, int] = {}
    for line in filled:
        alone, joined = _NAME_ONLY.fullmatch(line), _NAME_TEXT.fullmatch(line)
        if alone and not _NO_NAME.fullmatch(alone["name"]):
            named[alone["name"]] = named.get(alone["name"], 0) + 1
        elif joined and not _NO_NAME.fullmatch(joined["name"]):
            inline[joined["name"]] = inline.get(joined["name"], 0) + 1
    if timed:
        return _timed
    if named and sum(named.values()) * 5 >= len(filled):
        return lambda line, after_blank: _alone(line, after_blank, named)
    if sum(inline.values()) * 10 >= len(filled) * 6:
        return lambda line, _: _inline(line)
    return _paragraph


def _timed(line: str, after_blank: bool) -> Head | None:
    match = _TIME_NAME.fullmatch(line)
    if match:
        return match["name"].strip(), match["time"], match["rest"] or ""
    match = _NAME_TIME.fullmatch(line)
    if not match or _DAY_LINE.fullmatch(match["name"]):
        return None
    if re.fullmatch(rf"(?:{_DAY}|{_NEAR}){_WEEKDAY}|.*(?:时间|上午|下午)", match["name"].strip()):
        return None
    dated = re.match(_DAY, match["time"])
    return (match["name"].strip(), match["time"], "") if after_blank or dated else None


def _alone(line: str, after_blank: bool, named: dict[str, int]) -> Head | None:
    match = _NAME_ONLY.fullmatch(line)
    if not match or match["name"] not in named:
        return None
    return (match["name"].strip(), "", "") if after_blank or named[match["name"]] > 1 else None


def _inline(line: str) -> Head | None:
    match = _NAME_TEXT.fullmatch(line)
    if not match or _NO_NAME.fullmatch(match["name"]):
        return None
    return match["name"].strip(), "", match["rest"]


def _paragraph(line: str, after_blank: bool) -> Head | None:
    return ("", "", line) if after_blank else None


class _Reader:
    """Collects lines into messages."""

    def __init__(self, today: dt.date, tz: dt.tzinfo) -> None:
        self._today, self._tz = today, tz
        self._day: dt.date | None = None
        self._time: dt.datetime | None = None
        self._last: dt.datetime | None = None
        self._blank = True
        self._open: Message | None = None
        self._body: list[str] = []
        self._done: list[Message] = []

    def feed(self, line: str, number: int, shape: Shape) -> None:
        """One line more."""
        text = line.strip()
        if not text:
            self._blank = True
            if self._open:
                self._body.append("")
            return
        if self._separator(text) or _SYSTEM.fullmatch(text):
            self._blank = True
            return
        if self._open is None and _PREAMBLE.fullmatch(text):
            return
        head = shape(text, self._blank)
        self._blank = False
        if head:
            self._start(head, number)
        elif self._open:
            self._body.append(text)
        elif text:
            self._open = Message("", self._time, "", line=number)
            self._body = [text]

    def messages(self) -> Iterator[Message]:
        """All messages, the last one closed."""
        self._close()
        yield from self._done

    def _separator(self, text: str) -> bool:
        day = _DAY_LINE.fullmatch(text)
        if day:
            self._close()
            self._day = self._date(day["day"])
            self._time = None
            return True
        time = _TIME_LINE.fullmatch(text)
        if time:
            self._close()
            self._time = self._moment(time["time"])
            self._day = self._time.date() if self._time else self._day
        return bool(time)

    def _start(self, head: Head, number: int) -> None:
        self._close()
        name, time, rest = head
        at = self._moment(time) if time else self._time
        self._open = Message(name.strip("()（）<> "), at, "", line=number)
        self._body = [rest] if rest else []

    def _close(self) -> None:
        if self._open is None:
            return
        text = "\n".join(self._body).strip()
        text = re.sub(r"\n{2,}", "\n", text)
        if text:
            quote = _QUOTE.match(text)
            if quote:
                self._open = replace(self._open, quoted=quote["quoted"].strip())
                text = text[quote.end() :].strip()
            self._done += _pieces(self._open, text)
        self._open, self._body = None, []

    def _date(self, text: str) -> dt.date | None:
        near = re.fullmatch(_NEAR, text)
        if near and not text.startswith(("今", "昨", "前")):
            return self._weekday(text)
        moment = read_moment(half_width(text), today=self._today, tz=self._tz)
        return moment.day if moment else None

    def _weekday(self, text: str) -> dt.date:
        wanted = "一二三四五六日天".index(text[-1]) % 7 if text[-1] != "天" else 6
        return self._today - dt.timedelta(days=(self._today.weekday() - wanted) % 7)

    def _moment(self, text: str) -> dt.datetime | None:
        text = half_width(text)
        match = re.match(rf"(?P<day>{_DAY}|{_NEAR})?{_WEEKDAY}[\sT,]*(?P<clock>.*)", text)
        if not match:
            return None
        dated = self._date(match["day"].strip()) if match["day"] else None
        day = dated or self._day or (self._last.date() if self._last else self._today)
        moment = read_moment(f"{day} {match['clock']}", today=self._today, tz=self._tz)
        at = moment.at(self._tz) if moment else None
        if at and not dated and self._last and at < self._last - dt.timedelta(hours=3):
            at += dt.timedelta(days=1)
            self._day = at.date()
        self._last = at or self._last
        return at


def _pieces(message: Message, text: str) -> Iterator[Message]:
    """A body with pictures in it becomes one message per picture and one per text between."""
    words: list[str] = []
    for line in text.split("\n"):
        for kind, piece, file in _marked(line):
            if kind == "text":
                words.append(piece)
                continue
            if words:
                yield replace(message, text="\n".join(words))
                words = []
            yield replace(message, text=piece, kind=kind, file=file)
    if words:
        yield replace(message, text="\n".join(words))


def _marked(line: str) -> Iterator[tuple[Kind, str, str]]:
    """Cuts a line at its marks: [图片], [视频] …"""
    alone = _FILE.fullmatch(line.strip())
    if alone:
        yield "picture", line.strip(), alone["file"]
        return
    start = 0
    marks = ((m.start(), m, kind) for kind, p in _MARK.items() for m in p.finditer(line))
    found = sorted(marks, key=lambda mark: mark[0])
    for at, match, kind in found:
        if line[start:at].strip():
            yield "text", line[start:at].strip(), ""
        yield kind, match[0], (match["file"] or "").strip()
        start = match.end()
    rest = line[start:].strip()
    if rest and not (start and re.fullmatch(r"\d+[\"”″秒]?|.*\.(?:docx?|xlsx?|pdf|mp4)", rest)):
        yield "text", rest, ""

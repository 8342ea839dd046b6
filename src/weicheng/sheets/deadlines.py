"""What stands under 整改时限: a day, a span from the finding, or a word such as 立即 or 长期."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from .cells import Cell, half_width, text_of, tidy
from .dates import Moment, read_moment, yearless
from .numerals import SIGNS, chinese_number

_AT_ONCE = re.compile(
    r"立即|立刻|立行立改|即知即改|即查即改|边查边改|即刻|马上|当场|现场(?:整改|解决|处理)|随即|尽快"
)
_TODAY = re.compile(r"当天|当日|今天|今日|限当日")
_LONG = re.compile(r"长期|持续|常态|常抓|长效|坚持|全年|日常|不间断|动态")
_UNITS = {"分钟": 1 / 1440, "小时": 1 / 24, "时": 1 / 24, "h": 1 / 24, "天": 1, "日": 1, "d": 1}
_UNITS |= {"周": 7, "星期": 7, "礼拜": 7, "个星期": 7, "月": 30, "个月": 30, "年": 365}
_SPAN = re.compile(
    rf"(?:限期?|自?[^0-9]{{0,8}}?起|必须|务必|在|要求)?\s*(?P<n>\d+(?:\.\d+)?|[{SIGNS}]+|半)\s*"
    r"(?P<half>个?半)?个?(?P<work>工作)?"
    r"(?P<unit>分钟|小时|个小时|时|h|H|天|日|d|周|星期|礼拜|个月|月|年)"
    r"(?P<more>半)?\s*(?:之内|以内|内|时间)?\s*"
    r"(?:前|完成|整改|整改到位|办结|完成整改|解决|回复|反馈)*[。.]?"
)
_MONTH_END = re.compile(
    r"(?:(?P<year>\d{4}|\d{2})\s*[-/.年]\s*)?(?P<month>\d{1,2})\s*月份?\s*"
    r"(?P<part>底|末|月底|月末|上旬|中旬|下旬|初|中)?\s*(?:之前|以前|前|完成|前完成)*[。.]?"
)
_BARE_END = re.compile(
    r"(?:本|当|这个)?(?P<what>月|年|周|季度?)(?:底|末)\s*(?:之前|以前|前)?(?:完成)?"
)
_PART_DAYS = {"上旬": 10, "初": 10, "中旬": 20, "中": 20}
_ENDINGS = re.compile(r"^(?:请|限|于|务必|必须|须|应|在)+|(?:完成整改|整改到位|整改完成|办结)$")


@dataclass(frozen=True)
class Deadline:
    """Exactly one of `moment`, `span`, `word` is set.

    `word`: 'at_once' (立行立改) | 'today' | 'long' (长期). `workdays`: of the span.
    `doubtful`: another reading is possible (a bare number is taken as days).
    """

    raw: str
    moment: Moment | None = None
    span: dt.timedelta | None = None
    word: Literal["at_once", "today", "long"] | None = None
    workdays: bool = False
    doubtful: bool = False


def read_deadline(
    value: Cell | None, *, today: dt.date, tz: dt.tzinfo, found: dt.date | None = None
) -> Deadline | None:
    """The deadline a cell means, or None if that is not certain.

    Days without year are resolved from `found` (when the matter was found), else from `today`.
    """
    raw = tidy(value)
    if not raw:
        return None
    anchor = found or today
    moment = read_moment(value, today=anchor, tz=tz, ahead=True)
    text = half_width(raw)
    if moment and not text.startswith(("今", "昨", "前")):
        return Deadline(raw, moment=moment, doubtful=moment.doubtful)
    text = _ENDINGS.sub("", text).strip()
    return (
        _bare(value, raw)
        or _of_span(text, raw)
        or _of_month(text, raw, anchor)
        or _of_moment(text, raw, anchor, tz)
        or _of_word(text, raw)
    )


def _bare(value: Cell | None, raw: str) -> Deadline | None:
    number = text_of(value).strip()
    if number.isdigit() and 1 <= int(number) <= 90:
        return Deadline(raw, span=dt.timedelta(days=int(number)), doubtful=True)
    return None


def _of_word(text: str, raw: str) -> Deadline | None:
    if len(text) > 16:
        return None
    if _AT_ONCE.search(text):
        return Deadline(raw, word="at_once", doubtful="尽快" in text)
    if _TODAY.search(text):
        return Deadline(raw, word="today")
    if _LONG.search(text):
        return Deadline(raw, word="long")
    return None


def _of_span(text: str, raw: str) -> Deadline | None:
    match = _SPAN.fullmatch(text)
    if not match:
        return None
    if match["unit"] in ("日", "月", "年") and not re.search(r"内|限|个", text):
        return None
    number = match["n"]
    amount = float(number) if number[0].isdigit() else float(chinese_number(number) or 0)
    if match["half"] or match["more"]:
        amount += 0.5
    unit = match["unit"].lower().removeprefix("个")
    days = amount * _UNITS[unit]
    if not 0 < days <= 3660:
        return None
    return Deadline(raw, span=dt.timedelta(days=days), workdays=bool(match["work"]))


def _of_month(text: str, raw: str, anchor: dt.date) -> Deadline | None:
    bare = _BARE_END.fullmatch(text)
    if bare:
        return Deadline(raw, moment=Moment(_end(bare["what"], anchor), False, False))
    match = _MONTH_END.fullmatch(text)
    if not match or not 1 <= int(match["month"]) <= 12:
        return None
    month = int(match["month"])
    if match["year"]:
        year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
    else:
        day = yearless(month, 28, today=anchor, ahead=True)
        year = day.year if day else anchor.year
    last = calendar.monthrange(year, month)[1]
    day = dt.date(year, month, _PART_DAYS.get(match["part"] or "", last))
    return Deadline(raw, moment=Moment(day, False, bool(match["year"])), doubtful=not match["part"])


def _end(what: str, anchor: dt.date) -> dt.date:
    if what == "周":
        return anchor + dt.timedelta(days=6 - anchor.weekday())
    if what == "年":
        return dt.date(anchor.year, 12, 31)
    month = anchor.month if what == "月" else (anchor.month + 2) // 3 * 3
    return dt.date(anchor.year, month, calendar.monthrange(anchor.year, month)[1])


def _of_moment(text: str, raw: str, anchor: dt.date, tz: dt.tzinfo) -> Deadline | None:
    """A range (11月2日-11月5日) ends the deadline; words around a single day are dropped."""
    parts = re.split(r"\s*(?:至|到|—+|~|(?<=日)-|(?<=号)-)\s*", text)
    if len(parts) == 2:
        last = parts[1] if re.search(r"[月/.-]", parts[1]) else _same_month(parts[0], parts[1])
        moment = read_moment(last, today=anchor, tz=tz, ahead=True)
        return Deadline(raw, moment=moment) if moment else None
    moment = read_moment(text, today=anchor, tz=tz, ahead=True)
    return Deadline(raw, moment=moment) if moment and not _TODAY.match(text) else None


def _same_month(first: str, last: str) -> str:
    month = re.match(r"(.*?月)", first)
    return (month[1] if month else "") + last

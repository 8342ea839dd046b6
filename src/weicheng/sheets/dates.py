"""Moments as offices write them: texts of every shape, Excel serials, dates without a year."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass

from .cells import Cell, half_width, text_of, tidy
from .numerals import SIGNS, chinese_number

_EPOCH = dt.date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)
"""Excel serials of 1954 to 2119; other numbers are no dates."""
_PERIODS = "凌晨|清晨|早上|早晨|早|上午|中午|午后|下午|傍晚|晚上|晚|夜里|夜间|[AaPp]\\.?[Mm]\\.?"
_TIME = (
    rf"(?P<period>{_PERIODS})?\s*(?P<hour>\d{{1,2}})\s*(?:[:点时])\s*"
    rf"(?:(?P<minute>\d{{1,2}})(?:\s*[:分]\s*(?:(?P<second>\d{{1,2}})(?:[.,]\d+)?秒?)?)?|"
    rf"(?P<half>半)|整)?"
    rf"\s*(?P<after>[AaPp][Mm])?"
)
_ZONE = r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
_WEEKDAY = r"(?:\s*[(]?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*[)]?)?"
_DAY = (
    r"(?:(?P<year>\d{4}|\d{2}|\d{4}年|\d{2}年)\s*[-/.年\s]\s*)?"
    r"(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?"
)
_TAIL = (
    r"\s*(?:[上下]午|早上|晚上)?\s*"
    r"(?:之前|以前|前|止|左右|许|完成|整改到位|前完成|前整改到位)?\s*[。.,;；,]?\s*"
)
_FULL = re.compile(rf"{_DAY}{_WEEKDAY}(?:\s*[T,]?\s*{_TIME}{_ZONE})?{_TAIL}")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T_\s]?(\d{2})(\d{2})(\d{2})?)?")
_NEAR = re.compile(rf"(?P<word>今天|今日|昨天|昨日|前天|前日)\s*(?:{_TIME})?{_TAIL}")
_NEAR_DAYS = {"今": 0, "昨": 1, "前": 2}
_NUMERAL = re.compile(f"[{SIGNS}]+(?=[年月日号])")


@dataclass(frozen=True)
class Moment:
    """A day, or a day and time. `value` is an aware datetime if `had_time`, else a date.

    `doubtful`: read, but another reading is possible (the number 11.2 may once have been 11.20).
    """

    value: dt.date | dt.datetime
    had_time: bool
    had_year: bool
    doubtful: bool = False

    @property
    def day(self) -> dt.date:
        """The day alone."""
        return self.value.date() if isinstance(self.value, dt.datetime) else self.value

    def at(self, tz: dt.tzinfo) -> dt.datetime:
        """As an aware datetime; a day without time is its midnight in `tz`."""
        if isinstance(self.value, dt.datetime):
            return self.value
        return dt.datetime.combine(self.value, dt.time(), tz)


def read_moment(
    value: Cell | None, *, today: dt.date, tz: dt.tzinfo, ahead: bool = False
) -> Moment | None:
    """The moment a cell means, or None if that is not certain.

    A day without year is the latest one not after `today`; with `ahead` (deadlines) the one from
    sixty days before `today` on, `today` then being the day when the matter was found.
    """
    if isinstance(value, dt.datetime):
        return _of_datetime(value, tz)
    if isinstance(value, dt.date):
        return Moment(value, False, True)
    if isinstance(value, bool) or value is None or isinstance(value, (dt.time, dt.timedelta)):
        return None
    if isinstance(value, (int, float)):
        return _of_number(float(value), today, tz, ahead)
    text = half_width(tidy(value)).strip("'\"[] ")
    return _of_text(text, today, tz, ahead) if text else None


def _of_datetime(value: dt.datetime, tz: dt.tzinfo) -> Moment:
    aware = value.astimezone(tz) if value.tzinfo else value.replace(tzinfo=tz)
    if aware.time() == dt.time():
        return Moment(aware.date(), False, True)
    return Moment(aware, True, True)


def _of_number(number: float, today: dt.date, tz: dt.tzinfo, ahead: bool) -> Moment | None:
    if not math.isfinite(number):
        return None
    if int(number) in _SERIALS:
        day = _EPOCH + dt.timedelta(days=int(number))
        seconds = round((number - int(number)) * 86_400)
        if not seconds:
            return Moment(day, False, True)
        start = dt.datetime.combine(day, dt.time(), tz)
        return Moment(start + dt.timedelta(seconds=seconds), True, True)
    if 1 <= number < 13 and not number.is_integer():
        found = _of_text(text_of(number), today, tz, ahead)
        doubtful = text_of(number)[-2:] in (".1", ".2", ".3")
        return found and Moment(found.value, False, False, doubtful)
    if number.is_integer() and number >= 19_000_101:
        return _of_packed(text_of(number), tz)
    return None


def _of_packed(text: str, tz: dt.tzinfo) -> Moment | None:
    """20261102, 20261102083033, or seconds or milliseconds since 1970."""
    match = _PACKED.fullmatch(text)
    if match and "1950" <= match[1] < "2100":
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        try:
            if match[4]:
                moment = dt.datetime(year, month, day, hour, minute, second, tzinfo=tz)
                return Moment(moment, True, True)
            return Moment(dt.date(year, month, day), False, True)
        except ValueError:
            return None
    if text.isdigit() and len(text) in (10, 13) and "10" <= text[:2] < "30":
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return Moment(dt.datetime.fromtimestamp(seconds, tz), True, True)
    return None


def _of_text(text: str, today: dt.date, tz: dt.tzinfo, ahead: bool) -> Moment | None:
    packed = _of_packed(text, tz)
    if packed:
        return packed
    near = _NEAR.fullmatch(text)
    if near:
        day = today - dt.timedelta(days=_NEAR_DAYS[near["word"][0]])
        return _with_time(day, near, tz, had_year=True)
    text = _NUMERAL.sub(lambda m: str(chinese_number(m[0])), text)
    match = _FULL.fullmatch(text) or _turned(text)
    if not match:
        return _of_serial_text(text, tz, today, ahead)
    day_or_none = _day(match, today, ahead)
    if day_or_none is None:
        return None
    return _with_time(day_or_none, match, tz, had_year=bool(match["year"]))


def _of_serial_text(text: str, tz: dt.tzinfo, today: dt.date, ahead: bool) -> Moment | None:
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _of_number(float(text), today, tz, ahead)
    return None


def _turned(text: str) -> re.Match[str] | None:
    """11/23/2026 or 23/11/2026, only where one reading is possible."""
    match = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(.*)", text)
    if not match:
        return None
    first, second = int(match[1]), int(match[2])
    if first == second or second > 12 >= first:
        return _FULL.fullmatch(f"{match[3]}-{first}-{second}{match[4]}")
    if first > 12 >= second:
        return _FULL.fullmatch(f"{match[3]}-{second}-{first}{match[4]}")
    return None


def _day(match: re.Match[str], today: dt.date, ahead: bool) -> dt.date | None:
    month, day = int(match["month"]), int(match["day"])
    if match["year"]:
        year = int(match["year"].rstrip("年"))
        year += 2000 if year < 100 else 0
        return _date(year, month, day) if 1950 <= year < 2100 else None
    return yearless(month, day, today=today, ahead=ahead)


def yearless(month: int, day: int, *, today: dt.date, ahead: bool) -> dt.date | None:
    """The year that a day without one most plausibly has, seen from `today`."""
    if ahead:
        floor = today - dt.timedelta(days=60)
        years = range(floor.year, floor.year + 9)
        return next((d for y in years if (d := _date(y, month, day)) and d >= floor), None)
    years = range(today.year + 1, today.year - 9, -1)
    ceiling = today + dt.timedelta(days=1)
    return next((d for y in years if (d := _date(y, month, day)) and d <= ceiling), None)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _with_time(
    day: dt.date, match: re.Match[str], tz: dt.tzinfo, *, had_year: bool
) -> Moment | None:
    if match["hour"] is None:
        return Moment(day, False, had_year)
    period = (match["period"] or match["after"] or "").lower().replace(".", "")
    hour = _hour(int(match["hour"]), period)
    minute = 30 if match["half"] else int(match["minute"] or 0)
    second = int(match["second"] or 0)
    if hour == 24 and minute == second == 0:
        midnight = dt.datetime.combine(day, dt.time(), tz) + dt.timedelta(days=1)
        return Moment(midnight, True, had_year)
    try:
        time = dt.datetime.combine(day, dt.time(hour, minute, second), tz)
    except ValueError:
        return None
    zone = match.groupdict().get("zone")
    if zone:
        other = dt.UTC if zone == "Z" else _offset(zone)
        time = time.replace(tzinfo=other).astimezone(tz)
    return Moment(time, True, had_year)


def _offset(zone: str) -> dt.timezone:
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return dt.timezone(dt.timedelta(minutes=-minutes if zone[0] == "-" else minutes))


def _hour(hour: int, period: str) -> int:
    late = period in ("下午", "午后", "傍晚", "晚上", "晚", "夜里", "夜间", "pm")
    if late and hour < 12:
        return hour + 12
    if period == "中午" and hour < 6:
        return hour + 12
    if period in ("am", "凌晨", "晚上", "晚", "夜里") and hour == 12:
        return 0 if period in ("am", "凌晨") else 24
    return hour

"""Reads the State Council's notice on holidays, as it is printed, into exceptional days.

One holiday a line: “春节：2月15日（农历腊月二十八、周日）至23日（周一）放假调休，共9天。
2月14日（周六）、2月28日（周六）上班。” What cannot be read is said line by line, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext

_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_NUMBERING = re.compile(
    r"^[\s　]*(?:[（(]?[一二三四五六七八九十]+[）)]?[、.．]|\d+[、.．](?!\d))?\s*"
)
_NAME = re.compile(r"^[^\d：:，,。]+?(?=[\s：:]*(?:\d{4}年)?\d)")
_DATE = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日")
_TOTAL = re.compile(r"共(\d{1,2})天")
_WORK, _REST = re.compile("上班|补班"), re.compile("放假|休息|连休")
_TO = re.compile(r"\s*(?:至|到|—|－|-|~)\s*")
MOST = 15
SATURDAY = 5


@dataclass
class Read:
    """Exceptional days with their names, and what could not be read."""

    days: dict[date, tuple[bool, str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


class _Unclear(Exception):
    """A line that cannot be read; the message says why."""


def read(text: str, year: int) -> Read:
    """The days of a notice of this year."""
    found = Read()
    lines = [line for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines, start=1):
        try:
            days = _line(line, year)
        except _Unclear as why:
            words = gettext("第%(n)s行：%(why)s") % {"n": number, "why": why}
            found.wrong.append(words)
            continue
        twice = sorted(set(days) & set(found.days))
        if twice:
            words = gettext("第%(n)s行：%(day)s已经在前面出现过。")
            found.wrong.append(words % {"n": number, "day": _said(twice[0])})
        found.days |= days
    return found


def _line(line: str, year: int) -> dict[date, tuple[bool, str]]:
    plain = _NUMBERING.sub("", _BRACKETS.sub("", line), count=1)
    named = _NAME.match(plain)
    if named is None:
        raise _Unclear(gettext("看不出节日名称和日期，应当像“元旦：1月1日至3日放假，1月4日上班”。"))
    name = named.group().strip(" 　：:")[:20]
    dates = plain[named.end() :]
    if _WORK.search(dates) and not _REST.search(dates):
        return {day: (True, name) for day in _worked(dates, date(year, 1, 1))}
    first, last, rest = _span(dates, year)
    span = (last - first).days + 1
    if not 1 <= span <= MOST:
        raise _Unclear(gettext("放假的起止日期不对。"))
    total = _TOTAL.search(rest)
    if total is not None and int(total.group(1)) != span:
        words = gettext("写的是共%(said)s天，起止日期却是%(span)s天。")
        raise _Unclear(words % {"said": total.group(1), "span": span})
    worked = _worked(rest, last)
    days = {first + timedelta(days=n): (False, name) for n in range(span)}
    for day in worked:
        if day in days or day.weekday() < SATURDAY:
            raise _Unclear(gettext("%(day)s不是周末，不会是调休上班。") % {"day": _said(day)})
    days |= {day: (True, name) for day in worked}
    if any(abs(day.year - year) > 1 for day in days) or all(day.year != year for day in days):
        raise _Unclear(gettext("日期不在%(year)s年。") % {"year": year})
    return days


def _span(text: str, year: int) -> tuple[date, date, str]:
    """The first date, the last one of the holiday, and what is left of the line."""
    begin = _DATE.search(text)
    if begin is None or begin.group(2) is None:
        raise _Unclear(gettext("看不出从哪一天开始放假。"))
    first = _day(begin, year, 0)
    rest = text[begin.end() :]
    to = _TO.match(rest)
    if to is None:
        return first, first, rest
    end = _DATE.match(rest[to.end() :])
    if end is None:
        raise _Unclear(gettext("看不出放假到哪一天。"))
    last = _day(end, first.year, first.month)
    if last < first and end.group(1) is None:
        last = _day(end, first.year + 1, first.month)
    return first, last, rest[to.end() + end.end() :]


def _worked(rest: str, last: date) -> list[date]:
    found = list(_DATE.finditer(rest))
    if found and not _WORK.search(rest):
        raise _Unclear(gettext("放假日期后面的“%(date)s”是做什么的？") % {"date": found[0].group()})
    days, month = [], 0
    for mark in found:
        day = _day(mark, last.year, month)
        days.append(day)
        month = day.month
    return days


def _day(mark: re.Match[str], year: int, month: int) -> date:
    try:
        return date(int(mark.group(1) or year), int(mark.group(2) or month), int(mark.group(3)))
    except ValueError as wrong:
        raise _Unclear(gettext("没有“%(date)s”这一天。") % {"date": mark.group()}) from wrong


def _said(day: date) -> str:
    return gettext("%(month)s月%(day)s日") % {"month": day.month, "day": day.day}


def written(days: dict[date, tuple[bool, str]]) -> str:
    """Days as lines that ``read`` understands, for the office to correct."""
    lines: list[str] = []
    rests = sorted(day for day, (working, _) in days.items() if not working)
    worked = sorted(day for day, (working, _) in days.items() if working)
    for first, last in _spans(rests, days):
        name = days[first][1] or gettext("放假")
        span = _chinese(first) if first == last else f"{_chinese(first)}至{_chinese(last)}"
        mine = [day for day in worked if days[day][1] == days[first][1]]
        worked = [day for day in worked if day not in mine]
        extra = f"，{'、'.join(map(_chinese, mine))}上班" if mine else ""
        lines.append(f"{name}：{span}放假{extra}。")
    for day in worked:
        lines.append(f"{days[day][1] or '调休'}：{_chinese(day)}上班。")
    return "\n".join(lines)


def _spans(rests: list[date], days: dict[date, tuple[bool, str]]) -> list[tuple[date, date]]:
    found: list[tuple[date, date]] = []
    for day in rests:
        follows = found and (day - found[-1][1]).days == 1
        if follows and days[found[-1][0]][1] == days[day][1]:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _chinese(day: date) -> str:
    return f"{day.month}月{day.day}日"

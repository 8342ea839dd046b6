"""Figures as offices write them: numbers, yes and no, days, and a whole table pasted from Excel.

A pasted line is read or named with the reason why not; nothing is guessed and nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import gettext as _

from weicheng.scoring.acts.writing import IN_WORDS
from weicheng.sheets.cells import half_width, tidy
from weicheng.sheets.dates import read_moment
from weicheng.standards.models import Indicator

# How offices write yes and no in a table.
YES = frozenset(
    ["达到", "是", "达标", "合格", "有", "已达到", "已建成", "√", "✓", "1", "对"]
)  # fmt: skip
NO = frozenset([
    "未达到", "否", "不达标", "未达标", "不合格", "没有", "无", "未建成", "×", "x", "X", "✗", "0",
    "不",
])  # fmt: skip
MOST_DIGITS, MOST_PLACES = 10, 4
MOST_SOURCE = 200
MOST_LINES = 500
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?|[-+]?\.\d+")
_YEAR = re.compile(r"((?:19|20)\d\d)\s*(?:年度?)?")
_GAP = re.compile(r"\t|\s{2,}|\s*[|｜]\s*")
_COMMA = re.compile(r"\s*[,，;；]\s*")
_ROW = re.compile(r"(?:第)?\s*(\d{1,3})\s*(?:行|项|号)?[.、]?")
_NAMING = re.compile(r"[\s()（）/、，,·.。:：\"'“”-]+")
_HEAD = frozenset(["指标", "指标名", "指标名称", "序号", "名称", "项目"])


class Unread(ValueError):
    """A piece that was not understood; its text is a sentence for the reader."""


def number_of(text: str) -> Decimal | None:
    """A number with its thousands, unit and signs: '36.5%' -> 36.5. None for nothing. Unread."""
    plain = half_width(tidy(text)).strip()
    if not plain:
        return None
    found = _NUMBER.search(plain)
    rest = _NUMBER.sub("", plain, count=1)
    if found is None or any(sign.isdigit() for sign in rest):
        raise Unread(_("没看懂“%(text)s”是多少，请填一个数，例如36.5。") % {"text": plain[:20]})
    try:
        number = Decimal(found[0].replace(",", ""))
    except InvalidOperation as wrong:
        raise Unread(_("没看懂“%(text)s”是多少。") % {"text": plain[:20]}) from wrong
    if abs(number) >= 10**MOST_DIGITS:
        raise Unread(_("“%(text)s”太大了，请核对单位。") % {"text": plain[:20]})
    if number != round(number, MOST_PLACES):
        raise Unread(_("“%(text)s”小数太多，最多留四位。") % {"text": plain[:20]})
    return number


def fit(row: Indicator, number: Decimal) -> Decimal:
    """The number if this row can have it at all. Unread."""
    if number < 0:
        raise Unread(_("“%(name)s”不会小于0，请核对。") % {"name": row.name_zh})
    if row.unit_zh == "%" and number > 100:
        raise Unread(_("“%(name)s”是百分比，不会大于100，请核对。") % {"name": row.name_zh})
    return number


def met_of(text: str) -> bool | None:
    """Yes or no; None for nothing. Unread."""
    plain = half_width(tidy(text)).strip()
    if not plain:
        return None
    if plain in YES or plain in NO:
        return plain in YES
    raise Unread(_("“%(text)s”不是达到也不是未达到。") % {"text": plain[:20]})


def day_of(text: str, today: date | None = None) -> date | None:
    """A day, not after today; a year alone is its last day. None for what is no day. Unread."""
    now = today or timezone.localdate()
    plain = half_width(tidy(text)).strip()
    year = _YEAR.fullmatch(plain)
    if year is not None and int(year[1]) <= now.year:
        return min(date(int(year[1]), 12, 31), now)
    read = read_moment(plain, today=now, tz=timezone.get_current_timezone())
    found = read.day if read is not None else None
    if year is not None or (found is not None and found > now):
        raise Unread(_("“%(text)s”还没到，日期不能晚于今天。") % {"text": plain[:20]})
    return found


@dataclass(frozen=True)
class Read:
    """A line that was understood."""

    row: Indicator
    value: Decimal | None
    met: bool | None
    on: date | None
    source: str
    number: int
    text: str

    def refused(self, why: str) -> Left:
        """The same line, not taken after all."""
        return Left(self.number, self.text, why)


@dataclass(frozen=True)
class Left:
    """A line that was not: which one, its text, and why."""

    number: int
    text: str
    why: str


class Names:
    """Rows of the data table by key, number and name."""

    def __init__(self, rows: Iterable[Indicator]) -> None:
        self.rows = list(rows)
        self.numbers = {row.row: row for row in self.rows if row.row is not None}
        self.names = {_named(row.name_zh): row for row in self.rows}

    def find(self, text: str) -> Indicator:
        """The row of a number, key, name or a part that only one name holds. Unread."""
        found = self.maybe(text)
        if found is not None:
            return found
        raise Unread(_("没有找到指标“%(text)s”，请写表里的名称或序号。") % {"text": text[:30]})

    def maybe(self, text: str) -> Indicator | None:
        """Like find, but None. Unread where several names fit."""
        plain = half_width(tidy(text)).strip()
        numbered = _ROW.fullmatch(plain)
        if numbered is not None:
            return self.numbers.get(int(numbered[1]))
        name = _named(plain)
        if not name:
            return None
        exact = self.names.get(name) or next((r for r in self.rows if r.key.lower() == name), None)
        if exact is not None or len(name) < 3:
            return exact
        near = [row for known, row in self.names.items() if name in known]
        if len(near) > 1:
            said = _("、").join(row.name_zh for row in near[:3])
            raise Unread(
                _("“%(text)s”可以是%(names)s，请写全。") % {"text": text[:30], "names": said}
            )
        return near[0] if near else None

    def is_name_of(self, text: str, row: Indicator) -> bool:
        """Whether the words are (a part of) the name of this row."""
        name = _named(text)
        return len(name) > 2 and name in _named(row.name_zh)


def _named(text: str) -> str:
    return _NAMING.sub("", half_width(tidy(text))).lower()


def read_table(text: str, rows: Sequence[Indicator]) -> tuple[list[Read], list[Left]]:
    """Every line of a pasted table, read or left; columns: name or number, value, day or source."""
    names, read, left = Names(rows), list[Read](), list[Left]()
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        cells = _cells(line)
        if not any(cells) or (not read and not left and _named(cells[0]) in _HEAD):
            continue
        try:
            if number > MOST_LINES:
                raise Unread(_("一次最多读%(n)s行。") % {"n": MOST_LINES})
            found = _line(number, line, cells, names)
            if found.row.key in seen:
                raise Unread(_("和第%(n)s行是同一个指标。") % {"n": seen[found.row.key]})
            seen[found.row.key] = number
            read.append(found)
        except Unread as why:
            left.append(Left(number, line, str(why)))
    return read, left


def _cells(line: str) -> list[str]:
    cells = [cell.strip() for cell in _GAP.split(line.strip("\r\n"))]
    if len(cells) == 1:
        cells = [cell.strip() for cell in _COMMA.split(line)]
    return cells


def _line(number: int, text: str, cells: list[str], names: Names) -> Read:
    row = names.find(cells[0])
    rest = cells[1:]
    if len(rest) > 1 and names.is_name_of(rest[0], row):
        rest = rest[1:]  # number, name, value
    if not rest or not rest[0]:
        raise Unread(_("“%(name)s”没有写数值。") % {"name": row.name_zh})
    value, met = (None, met_of(rest[0])) if row.operator in IN_WORDS else (number_of(rest[0]), None)
    if value is not None:
        fit(row, value)
    on, source = _beside(rest[1:])
    return Read(row, value, met, on, source, number, text)


def _beside(cells: Sequence[str]) -> tuple[date | None, str]:
    """The first cell that is a day is the day; the others together are the source."""
    on, words = None, list[str]()
    for cell in filter(None, cells):
        day = day_of(cell) if on is None else None
        if day is not None:
            on = day
        else:
            words.append(cell)
    source = " ".join(words)
    if len(source) > MOST_SOURCE:
        raise Unread(_("来源太长，请不要超过%(n)s个字。") % {"n": MOST_SOURCE})
    return on, source

"""The other three sheets: data indicators, documents, and the own estimate of satisfaction.

An indicator earns all its points or none; what is not known is neither. 'Or keeps improving' asks
for ``STEADY`` yearly values that improve at every step: an assumption, the standard gives no rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path

from .apportion import nearest
from .refusals import BadSheet
from .sheet import Said
from .sheet_reading import CERTAINTIES, DATA
from .snapshot import DEFAULT
from .yaml_rows import Row, document

MET, UNMET, UNKNOWN = "met", "unmet", "unknown"
STEADY = 3  #: yearly values that a steady trend needs
MEAN_OF, MEAN_LEAST = 5, 3  #: years of a mean, and how many of them must be known
RISING, FALLING, IMPROVING = "rising", "falling", "improving"
LOWER, NOT_ABOVE_MEAN = "lower", "not_above_mean"
TRENDS = (RISING, FALLING, IMPROVING, LOWER, NOT_ABOVE_MEAN)

Yearly = tuple[int, Decimal]


@dataclass(frozen=True)
class IndicatorRow:
    """A row of the data table. ``trend``/``or_else``: one of TRENDS or empty, see ``trend_of``."""

    key: str
    operator: str  #: >= > <= < = trend level text
    milli: int
    value: Decimal | None = None
    trend: str = ""
    or_else: str = ""
    certainty: str = DEFAULT  #: of the points


@dataclass(frozen=True)
class Judged:
    """``milli`` earned, None when unknown. ``by``: threshold, trend, or_else or said."""

    key: str
    state: str
    milli: int | None
    of_milli: int
    certainty: str
    by: str = ""


def judge(
    row: IndicatorRow,
    value: Decimal | None,
    history: Sequence[Yearly] = (),
    met: bool | None = None,
) -> Judged:
    """Whether an indicator is met. ``history``: (year, value) of earlier years, in any order; of
    several values of a year the last counts. ``met`` is what a person said of a wording."""
    held, by = _met(row, value, _past(history), met)
    state = UNKNOWN if held is None else MET if held else UNMET
    milli = None if held is None else row.milli if held else 0
    return Judged(row.key, state, milli, row.milli, row.certainty, by)


def _past(history: Sequence[Yearly]) -> list[Decimal]:
    return [value for _, value in sorted(dict(history).items())]


def _met(
    row: IndicatorRow, value: Decimal | None, past: list[Decimal], met: bool | None
) -> tuple[bool | None, str]:
    if row.operator in {"text", "level"}:
        return met, "said"
    if row.operator == "trend":
        held = None if value is None else _trend(row.trend, [*past, value], row.operator)
        return (met, "said") if held is None else (held, "trend")
    if value is None:
        return None, ""
    if row.value is not None and _compared(row.operator, value, row.value):
        return True, "threshold"
    if row.or_else:
        held = _trend(row.or_else, [*past, value], row.operator)
        return held, "or_else"
    return (None, "") if row.value is None else (False, "threshold")


def _compared(operator: str, value: Decimal, bound: Decimal) -> bool:
    return {
        ">=": value >= bound,
        ">": value > bound,
        "<=": value <= bound,
        "<": value < bound,
        "=": value == bound,
    }.get(operator, False)


def _trend(trend: str, values: list[Decimal], operator: str) -> bool | None:
    """Whether the last value goes on with a trend; None when the years do not tell."""
    if trend == IMPROVING:
        trend = FALLING if operator.startswith("<") else RISING
    if trend == NOT_ABOVE_MEAN:
        earlier = values[:-1][-MEAN_OF:]
        if len(earlier) < MEAN_LEAST:
            return None
        return values[-1] * len(earlier) <= sum(earlier)
    if trend == LOWER:
        return values[-1] < values[-2] if len(values) > 1 else None
    if trend not in {RISING, FALLING}:
        return None
    recent = values[-STEADY:] if trend == RISING else [-value for value in values[-STEADY:]]
    if any(b <= a for a, b in pairwise(recent)):
        return False
    return True if len(recent) == STEADY else None


@dataclass(frozen=True)
class DocumentMark:
    """The papers of an item: how complete they are, whole percent; None not read yet."""

    item: str
    of_milli: int
    percent: int | None
    certainty: str = DEFAULT

    @property
    def milli(self) -> int | None:
        """Milli earned."""
        if self.percent is None:
            return None
        return nearest(Fraction(self.of_milli * self.percent, 100))


@dataclass(frozen=True)
class Curve:
    """Satisfied milli-percent -> milli-percent of the points, straight between the knots."""

    knots: tuple[tuple[int, int], ...]
    certainty: str
    note: Said

    def milli(self, percent: Decimal, of_milli: int) -> int:
        """Milli for a share of satisfied people; 0..100, else ValueError."""
        if not 0 <= percent <= 100:
            raise ValueError(percent)
        at = Fraction(percent) * 1000
        for (x0, y0), (x1, y1) in pairwise(self.knots):
            if at <= x1:
                share = y0 + (at - x0) * Fraction(y1 - y0, x1 - x0)
                return nearest(of_milli * share / 100_000)
        return of_milli


@dataclass(frozen=True)
class Satisfaction:
    """An own estimate, never the national result: ``percent`` None = no survey of our own."""

    percent: Decimal | None
    of_milli: int = 114_000

    @property
    def milli(self) -> int | None:
        """Milli by the shipped curve."""
        return None if self.percent is None else curve().milli(self.percent, self.of_milli)


def read_curve(path: Path) -> Curve:
    """The curve in a YAML file. Raises BadSheet."""
    row = Row(document(path), ("knots", "certainty", "note_zh", "note_en"))
    knots = []
    for place in row.rows("knots"):
        knot = Row(place, ("percent", "points_percent"))
        knots.append((knot.percent("percent"), knot.percent("points_percent")))
    pairs = list(pairwise(knots))
    rises = all(a[0] < b[0] and a[1] <= b[1] for a, b in pairs)
    if not pairs or not rises or knots[0][0] != 0 or knots[-1] != (100_000, 100_000):
        raise row.need("knots").bad("knots")
    return Curve(tuple(knots), row.choice("certainty", CERTAINTIES), row.said("note"))


@cache
def curve() -> Curve:
    """The curve that comes with the product."""
    return read_curve(DATA / "satisfaction.yaml")


def read_trends(path: Path) -> Mapping[str, str]:
    """Chinese words of a trend -> its code. Raises BadSheet."""
    row = Row(document(path), ("trends",))
    found: dict[str, str] = {}
    for place in row.rows("trends"):
        trend = Row(place, ("words", "trend"))
        words = trend.text("words")
        if words in found:
            raise BadSheet("twice", file=place.file, line=place.line, field=words)
        found[words] = trend.choice("trend", TRENDS)
    return found


@cache
def _words() -> Mapping[str, str]:
    return read_trends(DATA / "trends.yaml")


def trend_of(words_zh: str) -> str:
    """The code of the standard's wording (words_zh or or_else_zh); empty when not known."""
    return _words().get(words_zh.strip(), "")


def documents_of(marks: Iterable[tuple[str, int, int | None, str]]) -> tuple[DocumentMark, ...]:
    """Marks from (item, of milli, percent, certainty)."""
    return tuple(DocumentMark(*mark) for mark in marks)

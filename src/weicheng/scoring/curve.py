"""The drawings of the forecast as plain numbers for SVG: the curve of draws and the weekly band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

WIDE, TALL, FOOT, TOP = 340, 210, 28, 42


@dataclass(frozen=True)
class Bar:
    """One step of the histogram; ``low`` and ``high`` in points, ``n`` draws."""

    x: str
    y: str
    wide: str
    tall: str
    low: float
    high: float
    n: int
    reached: bool
    percent: float


@dataclass(frozen=True)
class Mark:
    """A line of our own: where it stands, and whether its word goes to the left."""

    x: str
    name: str
    points: str
    left: bool


@dataclass(frozen=True)
class Curve:
    """The histogram of totals."""

    bars: list[Bar]
    marks: list[Mark]
    low: str
    high: str
    draws: int
    wide: int = WIDE
    tall: int = TALL
    floor: int = TALL - FOOT


def _n(value: float) -> str:
    return f"{value:.1f}"


def curve(bins: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> Curve:
    """Bars in points; those that reach the lowest line are marked as such."""
    counts, low, step = bins["counts"], bins["low"], bins["step"]
    most, draws = max(counts), sum(counts)
    high = low + step * len(counts)
    first = lines[0]["milli"] if lines else low
    each = WIDE / len(counts)
    tall = TALL - FOOT - TOP
    bars = []
    for i, n in enumerate(counts):
        begin = low + i * step
        size = tall * n / most
        bars.append(Bar(
            _n(i * each + 0.8), _n(TALL - FOOT - size), _n(each - 1.6), _n(size), begin / 1000,
            (begin + step) / 1000, n, begin >= first, 100 * n / draws,
        ))  # fmt: skip
    marks = []
    for line in lines:
        at = WIDE * (line["milli"] - low) / (high - low)
        if 0 <= at <= WIDE:
            marks.append(Mark(_n(at), line["name"], f"{line['milli'] / 1000:.0f}", at > WIDE / 2))
    return Curve(bars, marks, f"{low / 1000:.0f}", f"{high / 1000:.0f}", draws)


WIDE_TREND, PHONE_TREND = (760, 330), (330, 260)
LEFT, RIGHT, UP, DOWN = 46, 52, 22, 34


@dataclass(frozen=True)
class Week:
    """One earlier run: points with one decimal and where they are drawn."""

    at: datetime
    x: str
    y: str
    p10: float
    p50: float
    p90: float


@dataclass(frozen=True)
class Trend:
    """The likeliest total over the weeks with its band of eight tenths."""

    weeks: list[Week]
    band: str
    line: str
    ticks: list[tuple[str, str]]
    lines: list[tuple[str, str, str]]
    ends: tuple[str, str, str]
    wide: int
    tall: int
    left: int
    right: int
    every: int


def trend(
    runs: Sequence[tuple[datetime, Mapping[str, Any]]], lines: Sequence[Mapping[str, Any]],
    size: tuple[int, int] = WIDE_TREND,
) -> Trend | None:  # fmt: skip
    """``runs``: (as of, told), oldest first; None for fewer than two."""
    if len(runs) < 2:
        return None
    heights = [told[name] / 1000 for _at, told in runs for name in ("p10", "p90")]
    wide, tall = size
    near = [x["milli"] / 1000 for x in lines]
    near = [x for x in near if min(heights) - 60 < x < max(heights) + 60]
    step, low, high = _scale(min(heights + near), max(heights + near))
    first, last = runs[0][0].timestamp(), runs[-1][0].timestamp()

    def x(at: datetime) -> float:
        share = (at.timestamp() - first) / (last - first or 1)
        return LEFT + share * (wide - LEFT - RIGHT)

    def y(points: float) -> float:
        return UP + (high - points) / (high - low) * (tall - UP - DOWN)

    weeks = [
        Week(at, _n(x(at)), _n(y(told["p50"] / 1000)), *(
            round(told[name] / 1000, 1) for name in ("p10", "p50", "p90")
        ))
        for at, told in runs
    ]  # fmt: skip
    over = [f"{week.x},{_n(y(week.p90))}" for week in weeks]
    under = [f"{week.x},{_n(y(week.p10))}" for week in reversed(weeks)]
    end = weeks[-1]
    return Trend(
        weeks, " ".join(over + under), " ".join(f"{week.x},{week.y}" for week in weeks),
        [(_n(y(n)), f"{n:g}") for n in range(low, high + 1, step)],
        [(_n(y(line["milli"] / 1000)), line["name"], f"{line['milli'] / 1000:.0f}")
         for line in lines if low <= line["milli"] / 1000 <= high],
        (_n(y(end.p10)), end.y, _n(y(end.p90))), wide, tall, LEFT, wide - RIGHT,
        max(1, -(-len(weeks) * 72 // (wide - LEFT - RIGHT))),
    )  # fmt: skip


def _scale(low: float, high: float) -> tuple[int, int, int]:
    """(step, lowest, highest) of an axis of about six whole steps."""
    step = next(s for s in (5, 10, 20, 50, 100, 200, 500) if (high - low) / s <= 6)
    return step, int(low // step) * step, int(-(-high // step)) * step

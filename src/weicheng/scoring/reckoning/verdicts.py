"""What a local rule makes of a score: its total, what it takes off, and its word for the result.

The words are those of the places the examples were seen in; none is a line for passing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .apportion import nearest
from .scores import Score
from .sheet import RATE, Penalty, Sheet, Verdict

PERCENT = 100_000


@dataclass(frozen=True)
class Facts:
    """Counts beside the visits. ``work_percent``: milli-percent of the desk work; None unknown.
    ``found`` / ``fixed``: problems and those put right; ``again``: handed over a second time."""

    found: int = 0
    fixed: int = 0
    overdue: int = 0
    again: int = 0
    work_percent: int | None = None


@dataclass(frozen=True)
class Result:
    """``milli`` None: not enough is known. ``taken``: penalty, how often, milli in all.
    ``undecided``: a bound could not be judged; a verdict of None is then no verdict at all."""

    sheet: Sheet
    milli: int | None
    of_milli: int | None
    taken: tuple[tuple[Penalty, int, int], ...]
    rate: Fraction | None
    key_rate: Fraction | None
    verdict: Verdict | None
    undecided: bool


def apply(sheet: Sheet, score: Score, facts: Facts = Facts()) -> Result:
    """The result of one place under a sheet; ``score`` must come from the same sheet."""
    rate = Fraction(facts.fixed, facts.found) if facts.found else None
    taken = tuple(
        (penalty, times, penalty.milli * times)
        for penalty in sheet.penalties
        if (times := getattr(facts, penalty.fact))
    )
    gross, of = (None, None) if sheet.mode == RATE else _points(sheet, score, facts)
    milli = None if gross is None else max(0, gross - sum(row[2] for row in taken))
    verdict, undecided = _verdict(sheet, milli, rate, score.key_rate)
    return Result(sheet, milli, of, taken, rate, score.key_rate, verdict, undecided)


def _points(sheet: Sheet, score: Score, facts: Facts) -> tuple[int | None, int]:
    """What was inspected counts for the whole; nothing inspected is nothing known."""
    of = score.of_milli if sheet.total_milli is None else sheet.total_milli
    known = score.earned_milli + score.lost_milli
    if sheet.total_milli is None:
        return (score.earned_milli if known else None), of
    got: dict[str, Fraction | None] = {
        "sites": Fraction(score.earned_milli, known) if known else None,
        "work": None if facts.work_percent is None else Fraction(facts.work_percent, PERCENT),
    }
    parts = [(part.fact, part.milli) for part in sheet.parts] or [("sites", of)]
    whole = 0
    for fact, milli in parts:
        share = got[fact]
        if share is None:
            return None, of
        whole += nearest(milli * share)
    return whole, of


def _verdict(
    sheet: Sheet, milli: int | None, rate: Fraction | None, key_rate: Fraction | None
) -> tuple[Verdict | None, bool]:
    """The first verdict all of whose bounds hold."""
    undecided = False
    for verdict in sheet.verdicts:
        held = _holds(verdict, milli, rate, key_rate)
        if held:
            return verdict, False
        undecided |= held is None
    return None, undecided


def _holds(
    verdict: Verdict, milli: int | None, rate: Fraction | None, key_rate: Fraction | None
) -> bool | None:
    points = None if milli is None else Fraction(milli)
    bounds = (
        (points, verdict.at_least_milli, 1, False),
        (key_rate, verdict.key_items_percent, PERCENT, False),
        (rate, verdict.at_least_percent, PERCENT, False),
        (rate, verdict.below_percent, PERCENT, True),
    )
    said = [
        None if figure is None else (figure * scale < bound) is below
        for figure, bound, scale, below in bounds
        if bound is not None
    ]
    if False in said:
        return False
    return None if None in said else True

"""The mock score out of 1000 (模拟分): four sheets, what is unknown apart, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from .indicators import DocumentMark, Judged, Satisfaction, curve
from .scores import Score

ONSITE, INDICATORS, DOCUMENTS, SATISFACTION = "onsite", "indicators", "documents", "satisfaction"


@dataclass(frozen=True)
class SheetPart:
    """One sheet, milli: ``of`` = ``earned`` + ``lost`` + ``unknown``. ``certainty``: how sure its
    points are -> milli, adds up to ``of``."""

    key: str
    of: int
    earned: int
    lost: int
    unknown: int
    certainty: Mapping[str, int]
    estimate: bool = False


@dataclass(frozen=True)
class Thousand:
    """The four sheets. ``low``: what is unknown earns nothing; ``high``: it earns everything."""

    parts: tuple[SheetPart, ...]

    @property
    def of_milli(self) -> int:
        """Points of all sheets; 1,000,000 when the standard's sheets are complete."""
        return sum(part.of for part in self.parts)

    @property
    def low_milli(self) -> int:
        """Earned on what is known."""
        return sum(part.earned for part in self.parts)

    @property
    def high_milli(self) -> int:
        """Low and everything that is unknown."""
        return self.low_milli + self.unknown_milli

    @property
    def unknown_milli(self) -> int:
        """Points that rest on nothing."""
        return sum(part.unknown for part in self.parts)

    @property
    def certainty(self) -> Mapping[str, Fraction]:
        """confirmed, recalled, default -> share of all points."""
        found: dict[str, int] = {}
        for part in self.parts:
            for key, milli in part.certainty.items():
                found[key] = found.get(key, 0) + milli
        return {key: Fraction(milli, self.of_milli or 1) for key, milli in found.items()}

    def part(self, key: str) -> SheetPart:
        """onsite, indicators, documents or satisfaction; KeyError."""
        return {part.key: part for part in self.parts}[key]


Sure = Mapping[str, Mapping[str, int]]


def sure(
    onsite: Iterable[tuple[int, str]],
    indicators: Iterable[Judged],
    documents: Iterable[DocumentMark],
    satisfaction: Satisfaction,
) -> Sure:
    """Sheet -> confirmed, recalled or default -> milli of its points. The one place that says what
    rests on defaults; ``onsite``: (milli, certainty) of each item."""
    return {
        ONSITE: _summed(onsite),
        INDICATORS: _summed((row.of_milli, row.certainty) for row in indicators),
        DOCUMENTS: _summed((row.of_milli, row.certainty) for row in documents),
        SATISFACTION: _summed([(satisfaction.of_milli, curve().certainty)]),
    }


def _summed(rows: Iterable[tuple[int, str]]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for milli, certainty in rows:
        found[certainty] = found.get(certainty, 0) + milli
    return found


def thousand(
    score: Score,
    indicators: Iterable[Judged],
    documents: Iterable[DocumentMark],
    satisfaction: Satisfaction,
) -> Thousand:
    """The mock score. ``score`` should be in the standard's own points."""
    onsite, indicators, documents = score.total, list(indicators), list(documents)
    items = ((row.row.onsite_milli, row.row.certainty) for row in score.items)
    known = sure(items, indicators, documents, satisfaction)
    said = [(satisfaction.of_milli, satisfaction.milli)]
    return Thousand(
        (
            SheetPart(
                ONSITE, onsite.of, onsite.earned, onsite.lost, onsite.not_inspected, known[ONSITE]
            ),
            _part(INDICATORS, [(row.of_milli, row.milli) for row in indicators], known),
            _part(DOCUMENTS, [(row.of_milli, row.milli) for row in documents], known),
            _part(SATISFACTION, said, known, estimate=True),
        )
    )


def _part(
    key: str, rows: Iterable[tuple[int, int | None]], known: Sure, *, estimate: bool = False
) -> SheetPart:
    of = earned = unknown = 0
    for points, milli in rows:
        of += points
        earned += milli or 0
        unknown += points if milli is None else 0
    return SheetPart(key, of, earned, of - earned - unknown, unknown, known[key], estimate)

"""The three other sheets of the 1000 as mean and spread for the forecast: what nobody stated is
unknown, not lost, and makes the forecast wide.

The spreads are assumptions of this product (估算): how often the assessors judge a row otherwise
than we do, and what is expected of a row that nobody filled in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np

from weicheng.scoring.figures import Figures, figures
from weicheng.scoring.reckoning.thousand import DOCUMENTS, INDICATORS, SATISFACTION

if TYPE_CHECKING:
    from datetime import datetime

    from weicheng.places.models import Region
    from weicheng.scoring.reckoning import DocumentMark, Judged, Satisfaction

#: Chance that the assessors judge a row otherwise than it was judged here.
JUDGED_OTHERWISE: Final = 0.04
#: What an unknown row is expected to earn, and the common doubt over all unknown rows.
UNKNOWN_SHARE: Final = 0.75
UNKNOWN_DOUBT: Final = 0.15
#: Standard deviation of the assessors' reading of papers against our own, per item and common.
PAPERS_ITEM: Final = 0.10
PAPERS_COMMON: Final = 0.05
#: The national survey against an own one beyond chance, percent satisfied.
SURVEY_DOUBT: Final = 3.0


@dataclass(frozen=True)
class Beside:
    """One sheet for the forecast, milli: ``known`` is the part of ``of`` that was stated."""

    key: str
    of: int
    mean: float
    sd: float
    known: int


def others(region: Region, as_of: datetime) -> list[Beside]:
    """Indicators, documents and satisfaction of a region at a moment, each as mean and sd."""
    return beside(figures(region, as_of))


def beside(found: Figures) -> list[Beside]:
    """The same from what was stated."""
    answers = found.surveys[0].answers if found.surveys else 0
    return [
        of_indicators(line.judged for line in found.indicators),
        of_documents(line.mark for line in found.documents),
        of_satisfaction(found.satisfaction, answers),
    ]


def of_indicators(rows: Iterable[Judged]) -> Beside:
    """Each row earns all or nothing; unknown rows share a doubt."""
    of = known = unknown = 0
    mean = variance = 0.0
    for row in rows:
        of += row.of_milli
        if row.milli is None:
            unknown += row.of_milli
            chance = UNKNOWN_SHARE
        else:
            known += row.of_milli
            chance = 1 - JUDGED_OTHERWISE if row.milli else JUDGED_OTHERWISE
        mean += chance * row.of_milli
        variance += chance * (1 - chance) * row.of_milli**2
    return Beside(INDICATORS, of, mean, _sd(variance, UNKNOWN_DOUBT * unknown), known)


def of_documents(rows: Iterable[DocumentMark]) -> Beside:
    """Papers as we read them, read again by others."""
    of = known = unknown = 0
    mean = variance = 0.0
    for row in rows:
        of += row.of_milli
        if row.milli is None:
            unknown += row.of_milli
        else:
            known += row.of_milli
        mean += UNKNOWN_SHARE * row.of_milli if row.milli is None else row.milli
        variance += (PAPERS_ITEM * row.of_milli) ** 2
    sd = _sd(variance, PAPERS_COMMON * known, UNKNOWN_DOUBT * unknown)
    return Beside(DOCUMENTS, of, mean, sd, known)


def of_satisfaction(said: Satisfaction, answers: int) -> Beside:
    """An own survey of so many answers, through the shipped curve; wide without one."""
    of = said.of_milli
    if said.percent is None or said.milli is None:
        return Beside(SATISFACTION, of, UNKNOWN_SHARE * of, UNKNOWN_DOUBT * of, 0)
    percent = float(said.percent)
    chance = 100 * np.sqrt(max(percent / 100 * (1 - percent / 100), 0.01) / max(answers, 1))
    wide = float(np.hypot(chance, SURVEY_DOUBT))
    high, low = (_milli(said, percent + turn * wide) for turn in (1, -1))
    return Beside(SATISFACTION, of, float(said.milli), max((high - low) / 2, 0.01 * of), of)


def _milli(said: Satisfaction, percent: float) -> int:
    within = Decimal(str(round(min(max(percent, 0.0), 100.0), 2)))
    return type(said)(within, said.of_milli).milli or 0


def _sd(variance: float, *common: float) -> float:
    return float(np.sqrt(variance + sum(part**2 for part in common)))

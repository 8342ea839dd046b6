"""A scoring sheet as data: how an outcome loses its points, and what is made of the sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from .snapshot import FAILED, NOT_APPLICABLE, UNSEEN, Snapshot

Bools = npt.NDArray[np.bool_]
Tenths = npt.NDArray[np.int8]

DEDUCTION, BAND, RATE = "deduction", "band", "rate"
MODES = (DEDUCTION, BAND, RATE)
LOST, MARKED = "lost", "marked"


@dataclass(frozen=True)
class Said:
    """A wording in both languages."""

    zh: str
    en: str = ""


@dataclass(frozen=True)
class Band:
    """A grade from ``low`` to ``high`` of 10, both included."""

    name: Said
    low: int
    high: int


@dataclass(frozen=True)
class Share:
    """A part of the total: ``fact`` is ``sites`` or ``work``."""

    fact: str
    milli: int
    name: Said


@dataclass(frozen=True)
class Penalty:
    """Milli taken off for each ``overdue`` or ``again`` (same problem handed over again)."""

    fact: str
    milli: int
    name: Said


@dataclass(frozen=True)
class Verdict:
    """A word for a result; every bound that is set must hold. Percent bounds in milli-percent."""

    key: str
    name: Said
    at_least_milli: int | None = None
    key_items_percent: int | None = None
    at_least_percent: int | None = None
    below_percent: int | None = None


@dataclass(frozen=True)
class Sheet:
    """One way of scoring. ``total_milli`` None: the points of the items as they are.

    ``mode`` deduction: a failed check loses its weight. band: a check or item keeps tenths of its
    weight. rate: no visits, only the share of problems that were put right.
    """

    key: str
    name: Said
    mode: str = DEDUCTION
    example: bool = False
    certainty: str = "default"
    source: Said = Said("")
    note: Said = Said("")
    total_milli: int | None = None
    bands: tuple[Band, ...] = ()
    key_floor_percent: int | None = None  #: milli-percent
    failed_visit: str = LOST
    parts: tuple[Share, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

    def losses(self, snapshot: Snapshot) -> Losses:
        """What each cell loses under this sheet."""
        return MODE[self.mode](snapshot, self)

    def band_of(self, value: int) -> Band | None:
        """The grade that a value of 0..10 falls into."""
        return next((b for b in self.bands if b.low <= value <= b.high), None)


@dataclass(frozen=True)
class Losses:
    """``tenths`` (M,) 0..10 of a check's weight, -1 not counted; ``red`` (M,) key failures;
    ``failed`` (V,) visits that fail as a whole."""

    tenths: Tenths
    red: Bools
    failed: Bools


class Mode(Protocol):
    """One interface for all modes."""

    def __call__(self, snapshot: Snapshot, sheet: Sheet) -> Losses: ...


def _deduction(snapshot: Snapshot, sheet: Sheet) -> Losses:
    outcome = snapshot.cell_outcome
    tenths = np.where(outcome == FAILED, 10, 0).astype(np.int8)
    tenths[_uncounted(snapshot)] = -1
    red = (outcome == FAILED) & snapshot.check_is_key[snapshot.cell_check]
    return Losses(tenths, red, np.zeros(len(snapshot.visits), bool))


def _band(snapshot: Snapshot, sheet: Sheet) -> Losses:
    """A band where one was given; else all or nothing by pass or fail."""
    outcome = snapshot.cell_outcome
    plain = np.where(outcome == FAILED, 10, 0)
    tenths = np.where(snapshot.cell_band >= 0, 10 - snapshot.cell_band, plain).astype(np.int8)
    none = _uncounted(snapshot)
    floor = sheet.key_floor_percent if sheet.key_floor_percent is not None else 100_000
    weak = (10 - tenths.astype(np.int64)) * 10_000 < floor
    red = weak & ~none & snapshot.check_is_key[snapshot.cell_check]
    failed = np.zeros(len(snapshot.visits), bool)
    if sheet.key_floor_percent is not None:
        failed[snapshot.cell_visit[red]] = True
        if sheet.failed_visit == LOST:
            tenths[failed[snapshot.cell_visit]] = 10
    tenths[none] = -1
    return Losses(tenths, red, failed)


def _rate(snapshot: Snapshot, sheet: Sheet) -> Losses:
    """Visits lose nothing and count for nothing."""
    cells = len(snapshot.cell_outcome)
    return Losses(
        np.full(cells, -1, np.int8), np.zeros(cells, bool), np.zeros(len(snapshot.visits), bool)
    )


def _uncounted(snapshot: Snapshot) -> Bools:
    outcome = snapshot.cell_outcome
    return np.asarray((outcome == NOT_APPLICABLE) | (outcome == UNSEEN), bool)


MODE: dict[str, Mode] = {DEDUCTION: _deduction, BAND: _band, RATE: _rate}

#: The roll-up that is used where nothing else is chosen; its names are in data/sheets.yaml.
PLAIN = Sheet("deduction", Said(""))

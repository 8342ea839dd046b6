"""The on-site score: exact fractions inside, whole milli outside, every item rounded once.

Loss of an item = points x mean over its site types, weighted by quota, of the plain mean over the
sites of the share of weight that failed there. Aspects and the total are sums of the items'
whole numbers, so they add up as they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from .apportion import nearest
from .sheet import PLAIN, Losses, Sheet
from .snapshot import CITY, DEFAULT, UNSEEN, Ints, ItemRow, Snapshot


@dataclass(frozen=True)
class Portion:
    """Milli of a part: ``of`` = ``earned`` + ``lost`` + ``not_inspected``."""

    of: int = 0
    earned: int = 0
    lost: int = 0
    not_inspected: int = 0

    def __add__(self, other: Portion) -> Portion:
        return Portion(
            self.of + other.of,
            self.earned + other.earned,
            self.lost + other.lost,
            self.not_inspected + other.not_inspected,
        )


@dataclass(frozen=True)
class Pair:
    """An item on a site type: over ``sites`` counted sites the shares lost add up to ``shares``."""

    sites: int
    shares: Fraction


@dataclass(frozen=True)
class ItemScore:
    """One item. ``exact_lost``: milli before rounding; None when not inspected."""

    row: ItemRow
    portion: Portion
    exact_lost: Fraction | None
    sites: int  #: counted


@dataclass(frozen=True)
class RedPoint:
    """A key check that failed on a visit."""

    check: str
    site: str
    visit: str


@dataclass(frozen=True)
class Score:
    """A mock score (模拟分) on site. Sums of whole milli; ``weights``: (type, item) -> share of the
    item that the type decides."""

    snapshot: Snapshot
    sheet: Sheet
    losses: Losses
    slot_weight: Ints  #: (S,) counted milli of weight
    slot_lost: Ints  #: (S,) ten times the milli of weight that was lost
    pairs: Mapping[tuple[int, int], Pair]
    weights: Mapping[tuple[int, int], Fraction]
    items: tuple[ItemScore, ...]

    @cached_property
    def total(self) -> Portion:
        """All items."""
        return sum((row.portion for row in self.items), Portion())

    @property
    def of_milli(self) -> int:
        """Points on site that the items carry."""
        return self.total.of

    @property
    def earned_milli(self) -> int:
        """Earned on what was inspected."""
        return self.total.earned

    @property
    def lost_milli(self) -> int:
        """Lost on what was inspected."""
        return self.total.lost

    @property
    def not_inspected_milli(self) -> int:
        """Points that rest on no visit; in neither of the other two."""
        return self.total.not_inspected

    @cached_property
    def aspects(self) -> Mapping[str, Portion]:
        """By aspect, in the order of the items."""
        found: dict[str, Portion] = {}
        for item in self.items:
            found[item.row.aspect] = found.get(item.row.aspect, Portion()) + item.portion
        return found

    @cached_property
    def whose(self) -> Mapping[str, Portion]:
        """city, district, shared: each apart; ``city`` lost is what only the city can mend."""
        found: dict[str, Portion] = {}
        for item in self.items:
            found[item.row.whose] = found.get(item.row.whose, Portion()) + item.portion
        return found

    @cached_property
    def ours(self) -> Portion:
        """What the district answers for: its own and the shared items."""
        return sum((part for key, part in self.whose.items() if key != CITY), Portion())

    @property
    def only_city_milli(self) -> int:
        """Lost points that only the city can mend."""
        return self.whose.get(CITY, Portion()).lost

    @cached_property
    def certainty(self) -> Mapping[str, Fraction]:
        """confirmed, recalled, default -> share of the points; shares add up to 1."""
        found: dict[str, Fraction] = {}
        for item in self.items:
            part = Fraction(item.row.onsite_milli, self.of_milli or 1)
            found[item.row.certainty] = found.get(item.row.certainty, Fraction(0)) + part
        return found

    @property
    def on_defaults(self) -> Fraction:
        """Share of the points that rest on defaults."""
        return self.certainty.get(DEFAULT, Fraction(0))

    @cached_property
    def red(self) -> tuple[RedPoint, ...]:
        """Every failed key check, by site and check."""
        snap = self.snapshot
        return tuple(
            RedPoint(snap.checks[snap.cell_check[m]].key, visit.site, visit.visit)
            for m in np.flatnonzero(self.losses.red).tolist()
            for visit in (snap.visits[snap.cell_visit[m]],)
        )

    @cached_property
    def key_rate(self) -> Fraction | None:
        """Share of key checks looked at that passed; None when none was."""
        snap = self.snapshot
        counted = (self.losses.tenths >= 0) & snap.check_is_key[snap.cell_check]
        looked = int(counted.sum())
        return Fraction(looked - int(self.losses.red.sum()), looked) if looked else None

    @cached_property
    def unseen(self) -> int:
        """Checks that visits did not look at."""
        return int((self.snapshot.cell_outcome == UNSEEN).sum())

    @cached_property
    def failed_visits(self) -> tuple[str, ...]:
        """Visits that fail as a whole under the sheet."""
        return tuple(self.snapshot.visits[n].visit for n in np.flatnonzero(self.losses.failed))

    def item(self, key: str) -> ItemScore:
        """The item of that key; KeyError."""
        return self.items[self.snapshot.item_number[key]]


def score(snapshot: Snapshot, sheet: Sheet = PLAIN) -> Score:
    """The on-site score of a snapshot; the order of visits does not matter."""
    losses = sheet.losses(snapshot)
    weight, lost = _slots(snapshot, losses)
    pairs = _pairs(snapshot, weight, lost)
    weights = _weights(snapshot, pairs)
    items = tuple(_item(row, n, pairs, weights) for n, row in enumerate(snapshot.items))
    return Score(snapshot, sheet, losses, weight, lost, pairs, weights, items)


def _slots(snapshot: Snapshot, losses: Losses) -> tuple[Ints, Ints]:
    """(S,) counted weight and ten times the lost weight, milli; sums stay below 2**53."""
    counted = losses.tenths >= 0
    slot = snapshot.cell_slot[counted]
    deduct = snapshot.check_deduct[snapshot.cell_check[counted]].astype(np.float64)
    size = len(snapshot.slot_item)
    weight = np.bincount(slot, deduct, size)
    lost = np.bincount(slot, deduct * losses.tenths[counted], size)
    return weight.astype(np.int64), lost.astype(np.int64)


def _pairs(snapshot: Snapshot, weight: Ints, lost: Ints) -> dict[tuple[int, int], Pair]:
    """Sites and summed shares per (type, item). Equal weights are added as whole numbers first."""
    there = weight > 0
    items = max(len(snapshot.items), 1)
    pair = snapshot.visit_type[snapshot.slot_visit[there]] * items + snapshot.slot_item[there]
    weights = np.unique(weight[there])
    group = pair * max(len(weights), 1) + np.searchsorted(weights, weight[there])
    keys = np.unique(group)
    of = np.searchsorted(keys, group)
    sums = np.bincount(of, lost[there].astype(np.float64), len(keys)).astype(np.int64)
    sites = np.bincount(of, minlength=len(keys))
    found: dict[tuple[int, int], Pair] = {}
    for key, total, n in zip(keys.tolist(), sums.tolist(), sites.tolist(), strict=True):
        number, which = divmod(key, len(weights))
        at = divmod(number, items)
        old = found.get(at, Pair(0, Fraction(0)))
        share = Fraction(total, 10 * int(weights[which]))
        found[at] = Pair(old.sites + n, old.shares + share)
    return found


def _weights(
    snapshot: Snapshot, pairs: Mapping[tuple[int, int], Pair]
) -> dict[tuple[int, int], Fraction]:
    """quota / sum of the quotas of the item's counted types; a type never drawn decides nothing."""
    sums: dict[int, int] = {}
    for t, i in pairs:
        sums[i] = sums.get(i, 0) + int(snapshot.quotas[t])
    return {
        (t, i): Fraction(int(snapshot.quotas[t]), sums[i]) for t, i in pairs if snapshot.quotas[t]
    }


def _item(
    row: ItemRow,
    number: int,
    pairs: Mapping[tuple[int, int], Pair],
    weights: Mapping[tuple[int, int], Fraction],
) -> ItemScore:
    mine = [at for at in weights if at[1] == number]
    if not mine:
        portion = Portion(row.onsite_milli, 0, 0, row.onsite_milli)
        return ItemScore(row, portion, None, 0)
    share = sum((weights[at] * pairs[at].shares / pairs[at].sites for at in mine), Fraction(0))
    exact = row.onsite_milli * share
    lost = nearest(exact)
    portion = Portion(row.onsite_milli, row.onsite_milli - lost, lost, 0)
    return ItemScore(row, portion, exact, sum(pairs[at].sites for at in mine))

"""Which visit moved a figure: the change between two snapshots, attributed without a remainder.

Per item and site type the mean over sites is S/n. With u = 1/n and bars for the mean of before and
after, dm = u~ dS + S~ du exactly; dS is a sum over visits, and each added (removed) site takes its
equal share of du. What remains is the weight of the types among each other, a part of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .apportion import apportion
from .refusals import Unreckonable
from .scores import ItemScore, Pair, Score, score
from .sheet import PLAIN, Sheet
from .snapshot import Snapshot, Visit

REPLACED, ADDED, REMOVED = "replaced", "added", "removed"
REWEIGHTED, OPENED, CLOSED, STANDARD = "reweighted", "opened", "closed", "standard"

Slots = Mapping[int, tuple[int, Fraction]]  #: item -> (type, share lost) of one visit


@dataclass(frozen=True)
class Cause:
    """A part of a change, milli earned. ``before``/``after``: visits of a site; both empty for the
    parts that are no visit: ``reweighted`` (new sites counted: site types weigh otherwise),
    ``opened``/``closed`` (points of items first or no longer inspected), ``standard`` (the
    points, checks or quotas were edited). ``items``: item -> milli, adds up to ``milli``."""

    kind: str
    milli: int
    before: str = ""
    after: str = ""
    site: str = ""
    items: Mapping[str, int] | None = None


def difference(
    before: Snapshot | Score,
    after: Snapshot | Score,
    sheet: Sheet = PLAIN,
    *,
    aspect: str | None = None,
    item: str | None = None,
) -> list[Cause]:
    """Causes of the change of the earned milli (of all, an aspect or an item), largest first.

    Their milli add up to the change exactly. Empty if nothing moved. Scores made already are
    taken as they are, with their own sheet; Unreckonable if the two sheets differ.
    """
    first, last = (g if isinstance(g, Score) else score(g, sheet) for g in (before, after))
    if first.sheet != last.sheet:
        raise Unreckonable("other_standard")
    found: list[Cause] = []
    start = first
    if not first.snapshot.same_standard(last.snapshot):
        start = score(_under(first.snapshot, last.snapshot), first.sheet)
        moved = _moved(first, start, aspect, item)
        if any(moved.values()):
            found.append(Cause(STANDARD, sum(moved.values()), items=moved))
    found += _Change(start, last).causes(aspect, item)
    return sorted(found, key=lambda c: (-abs(c.milli), c.kind, c.site))


def _under(old: Snapshot, new: Snapshot) -> Snapshot:
    """The old visits under the new standard."""
    quotas = dict(zip(new.types, new.quotas.tolist(), strict=True))
    return Snapshot.of(new.items, new.checks, quotas, old.visits)


def _asked(row: ItemScore, aspect: str | None, item: str | None) -> bool:
    return (aspect is None or row.row.aspect == aspect) and (item is None or row.row.key == item)


def _moved(before: Score, after: Score, aspect: str | None, item: str | None) -> dict[str, int]:
    moved: dict[str, int] = {}
    for sign, given in ((-1, before), (1, after)):
        for row in given.items:
            if _asked(row, aspect, item):
                moved[row.row.key] = moved.get(row.row.key, 0) + sign * row.portion.earned
    return {key: milli for key, milli in moved.items() if milli}


class _Change:
    """Two scores under one standard."""

    def __init__(self, before: Score, after: Score) -> None:
        self.before, self.after = before, after
        old = {v.site: n for n, v in enumerate(before.snapshot.visits)}
        new = {v.site: n for n, v in enumerate(after.snapshot.visits)}
        self.parts: dict[str, tuple[str, Visit | None, Visit | None]] = {}
        self.exact: dict[int, dict[str, Fraction]] = {}
        self._turns: dict[tuple[int, int], Fraction] = {}
        self._shifts: dict[tuple[int, int], Fraction] = {}
        for site in sorted(old.keys() | new.keys()):
            was = before.snapshot.visits[old[site]] if site in old else None
            now = after.snapshot.visits[new[site]] if site in new else None
            if was is not now and was != now:
                kind = REPLACED if was and now else ADDED if now else REMOVED
                self.parts[f"{kind}|{site}"] = (kind, was, now)
                gone = _slots(before, old[site]) if site in old else {}
                come = _slots(after, new[site]) if site in new else {}
                self._visit(f"{kind}|{site}", gone, come)
        for at in before.weights.keys() | after.weights.keys():
            self._types(at)
        for number in range(len(after.items)):
            self._opening(number)

    def _add(self, item: int, name: str, value: Fraction) -> None:
        if value:
            held = self.exact.setdefault(item, {})
            points = self.after.items[item].row.onsite_milli
            held[name] = held.get(name, Fraction(0)) - points * value

    def _visit(self, name: str, gone: Slots, come: Slots) -> None:
        """What the change of one site's visit does to the loss of each item, as a share."""
        for item in gone.keys() | come.keys():
            if item in gone and item in come and gone[item][0] == come[item][0]:
                t, was = gone[item]
                self._add(item, name, self._turn(t, item) * (come[item][1] - was))
                continue
            if item in gone:
                self._add(item, name, -self._counted(*gone[item], item))
            if item in come:
                self._add(item, name, self._counted(*come[item], item))

    def _both(self, at: tuple[int, int]) -> tuple[Pair, Pair, Fraction] | None:
        if at not in self.before.weights or at not in self.after.weights:
            return None
        weight = (self.before.weights[at] + self.after.weights[at]) / 2
        return self.before.pairs[at], self.after.pairs[at], weight

    def _turn(self, t: int, item: int) -> Fraction:
        """Share of the item that one site of the type decides, between before and after."""
        at = (t, item)
        if at not in self._turns:
            both = self._both(at)
            self._turns[at] = Fraction(0)
            for given in (self.before, self.after):
                if both is None and at in given.weights:
                    self._turns[at] = given.weights[at] / given.pairs[at].sites
            if both is not None:
                old, new, weight = both
                self._turns[at] = weight * (Fraction(1, old.sites) + Fraction(1, new.sites)) / 2
        return self._turns[at]

    def _counted(self, t: int, share: Fraction, item: int) -> Fraction:
        """A site more (or, negated, less) in the mean of its type."""
        at = (t, item)
        if at not in self._shifts:
            both = self._both(at)
            self._shifts[at] = Fraction(0)
            if both is not None:
                old, new, weight = both
                mean = (old.shares + new.shares) / 2
                self._shifts[at] = weight * mean / (old.sites * new.sites)
        return self._turn(t, item) * share - self._shifts[at]

    def _types(self, at: tuple[int, int]) -> None:
        both = self._both(at)
        if both is not None:
            old, new, _ = both
            mean = (old.shares / old.sites + new.shares / new.sites) / 2
            self._add(at[1], REWEIGHTED, (self.after.weights[at] - self.before.weights[at]) * mean)

    def _opening(self, number: int) -> None:
        was, now = (given.items[number].exact_lost for given in (self.before, self.after))
        if was is None and now is not None:
            self._add(number, OPENED, Fraction(-1))
        if was is not None and now is None:
            self._add(number, CLOSED, Fraction(1))

    def causes(self, aspect: str | None, item: str | None) -> Iterator[Cause]:
        """The causes of the figure asked for."""
        items: dict[str, dict[str, int]] = {}
        for number, exact in self.exact.items():
            row = self.after.items[number]
            if not _asked(row, aspect, item):
                continue
            kept = {name: value for name, value in sorted(exact.items()) if value}
            moved = row.portion.earned - self.before.items[number].portion.earned
            parts = apportion(moved, list(kept.values()), list(kept))
            for name, milli in zip(kept, parts, strict=True):
                items.setdefault(name, {})[row.row.key] = milli
        for name, by_item in items.items():
            kind, was, now = self.parts.get(name, (name, None, None))
            yield Cause(
                kind,
                sum(by_item.values()),
                was.visit if was else "",
                now.visit if now else "",
                (now or was).site if now or was else "",  # type: ignore[union-attr]
                by_item,
            )


def _slots(given: Score, number: int) -> Slots:
    """Counted items of one visit with the share lost there."""
    snap = given.snapshot
    begin, end = np.searchsorted(snap.slot_visit, [number, number + 1]).tolist()
    t = int(snap.visit_type[number])
    return {
        int(snap.slot_item[s]): (
            t,
            Fraction(int(given.slot_lost[s]), 10 * int(given.slot_weight[s])),
        )
        for s in range(begin, end)
        if given.slot_weight[s] > 0
    }

"""A standard and the latest visits as arrays: what is scored, and nothing of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt

from .refusals import BadSnapshot

Ints = npt.NDArray[np.int64]
Outcomes = npt.NDArray[np.int8]

PASSED, FAILED, NOT_APPLICABLE, UNSEEN = 0, 1, 2, 3
CITY, DISTRICT, SHARED = "city", "district", "shared"
DEFAULT = "default"


@dataclass(frozen=True)
class ItemRow:
    """An item of the standard; ``whose`` city, district or shared; ``certainty`` of its points:
    confirmed, recalled or default."""

    key: str
    aspect: str
    onsite_milli: int
    whose: str = DISTRICT
    veto: bool = False
    certainty: str = DEFAULT


@dataclass(frozen=True)
class CheckRow:
    """A line of a site type's sheet; ``is_key``: a failure makes a red point."""

    key: str
    site_type: str
    item: str
    deduct_milli: int
    severity: str = "normal"
    is_key: bool = False


@dataclass(frozen=True)
class Visit:
    """The look that counts at a site. Every check of its type that is in none of the three sets
    passed. ``unseen``: not looked at. ``bands``: key of a check or an item -> 0..10."""

    visit: str
    site: str
    site_type: str
    at: datetime
    town: str = ""
    units: tuple[str, ...] = ()
    failed: frozenset[str] = frozenset()
    not_applicable: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    bands: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Snapshot:
    """V visits (one per site, in order of the site's id), M cells (visit x check of its type), S
    slots (visit x item), I items, T types in order of their keys. Built by ``Snapshot.of``."""

    items: tuple[ItemRow, ...]
    checks: tuple[CheckRow, ...]  #: in order of their keys
    types: tuple[str, ...]
    quotas: Ints  #: (T,)
    visits: tuple[Visit, ...]
    strays: tuple[tuple[str, str], ...]  #: (visit, key): see ``Snapshot.of``
    visit_type: Ints  #: (V,)
    cell_visit: Ints  #: (M,)
    cell_check: Ints  #: (M,)
    cell_outcome: Outcomes  #: (M,) PASSED, FAILED, NOT_APPLICABLE or UNSEEN
    cell_band: Outcomes  #: (M,) 0..10, -1 none
    cell_slot: Ints  #: (M,)
    slot_visit: Ints  #: (S,)
    slot_item: Ints  #: (S,)

    @classmethod
    def of(
        cls,
        items: Iterable[ItemRow],
        checks: Iterable[CheckRow],
        quotas: Mapping[str, int],
        visits: Iterable[Visit],
    ) -> Snapshot:
        """Checks rows and visits and makes the arrays. Of several visits to a site the latest
        (``at``, then id) counts. Raises BadSnapshot for a standard that is not sound.

        A visit is never refused: a key that its sheet does not know, a second outcome of a check
        (failed counts before not applicable before unseen) and a band outside 0..10 are kept in
        ``strays`` and not counted.
        """
        kept = tuple(items)
        lines = tuple(sorted(checks, key=lambda row: row.key))
        _sound(kept, lines, quotas)
        types = tuple(sorted({row.site_type for row in lines}))
        latest = _latest(visits)
        layout = _Layout(kept, lines, types)
        strays = tuple((v.visit, v.site_type) for v in latest if v.site_type not in layout.number)
        looks = tuple(v for v in latest if v.site_type in layout.number)
        numbers = np.array([quotas.get(key, 0) for key in types], np.int64)
        return layout.fill(cls, numbers, looks, strays)

    @cached_property
    def item_number(self) -> Mapping[str, int]:
        """Key of an item -> its place."""
        return {row.key: n for n, row in enumerate(self.items)}

    @cached_property
    def check_number(self) -> Mapping[str, int]:
        """Key of a check -> its place."""
        return {row.key: n for n, row in enumerate(self.checks)}

    @cached_property
    def check_item(self) -> Ints:
        """(C,) place of each check's item."""
        return np.array([self.item_number[row.item] for row in self.checks], np.int64)

    @cached_property
    def check_deduct(self) -> Ints:
        """(C,) milli."""
        return np.array([row.deduct_milli for row in self.checks], np.int64)

    @cached_property
    def check_is_key(self) -> npt.NDArray[np.bool_]:
        """(C,) whether a failure makes a red point."""
        return np.array([row.is_key for row in self.checks], bool)

    def only(self, keep: Callable[[Visit], bool]) -> Snapshot:
        """The same standard with a part of the visits: a town's, a type's, a unit's."""
        return Snapshot.of(
            self.items,
            self.checks,
            dict(zip(self.types, self.quotas.tolist(), strict=True)),
            filter(keep, self.visits),
        )

    def same_standard(self, other: Snapshot) -> bool:
        """Whether items, checks and quotas are the same."""
        mine = (self.items, self.checks, self.types, self.quotas.tolist())
        return mine == (other.items, other.checks, other.types, other.quotas.tolist())


def _sound(items: Sequence[ItemRow], checks: Sequence[CheckRow], quotas: Mapping[str, int]) -> None:
    keys = _once("item_twice", "item", (item.key for item in items))
    _once("check_twice", "check", (check.key for check in checks))
    for check in checks:
        if check.item not in keys:
            raise BadSnapshot("unknown_item", check=check.key, item=check.item)
    figures = [(item.key, item.onsite_milli) for item in items]
    figures += [(check.key, check.deduct_milli) for check in checks]
    for name, number in (*figures, *quotas.items()):
        if number < 0:
            raise BadSnapshot("negative", name=name)


def _once(code: str, what: str, keys: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise BadSnapshot(code, **{what: key})
        seen.add(key)
    return seen


def _latest(visits: Iterable[Visit]) -> tuple[Visit, ...]:
    found: dict[str, Visit] = {}
    for visit in visits:
        held = found.get(visit.site)
        if held is None or (held.at, held.visit) < (visit.at, visit.visit):
            found[visit.site] = visit
    return tuple(found[site] for site in sorted(found))


class _Layout:
    """Where the cells of a visit lie, by site type."""

    def __init__(
        self, items: tuple[ItemRow, ...], checks: tuple[CheckRow, ...], types: tuple[str, ...]
    ) -> None:
        self.items, self.checks, self.types = items, checks, types
        self.number = {key: n for n, key in enumerate(types)}
        place = {row.key: n for n, row in enumerate(items)}
        self.lines: list[list[int]] = [[] for _ in types]
        for n, row in enumerate(checks):
            self.lines[self.number[row.site_type]].append(n)
        for line in self.lines:
            line.sort(key=lambda n: (place[checks[n].item], checks[n].key))
        self.at = [{checks[n].key: k for k, n in enumerate(line)} for line in self.lines]
        self.by_item: list[dict[str, list[int]]] = []
        for line in self.lines:
            spots: dict[str, list[int]] = {}
            for k, n in enumerate(line):
                spots.setdefault(checks[n].item, []).append(k)
            self.by_item.append(spots)
        self.slots = [
            np.array([list(spots).index(checks[n].item) for n in line], np.int64)
            for line, spots in zip(self.lines, self.by_item, strict=True)
        ]
        self.slot_items = [
            np.array([place[key] for key in spots], np.int64) for spots in self.by_item
        ]

    def fill(
        self,
        cls: type[Snapshot],
        quotas: Ints,
        visits: tuple[Visit, ...],
        strays: tuple[tuple[str, str], ...],
    ) -> Snapshot:
        """The snapshot of these visits."""
        kind = np.array([self.number[v.site_type] for v in visits], np.int64)
        cells = np.array([len(line) for line in self.lines], np.int64)[kind]
        slots = np.array([len(held) for held in self.slot_items], np.int64)[kind]
        begin, first = np.cumsum(cells) - cells, np.cumsum(slots) - slots
        own = np.repeat(np.arange(len(visits)), cells)
        outcome = np.zeros(len(own), np.int8)
        band = np.full(len(own), -1, np.int8)
        lost = list(strays)
        for visit, t, base in zip(visits, kind.tolist(), begin.tolist(), strict=True):
            if visit.failed or visit.not_applicable or visit.unseen:
                lost += self._outcomes(visit, t, base, outcome)
            if visit.bands:
                lost += self._bands(visit, t, base, band, outcome)
        return cls(
            items=self.items, checks=self.checks, types=self.types, quotas=quotas,
            visits=visits, strays=tuple(lost), visit_type=kind,
            cell_visit=own, cell_check=_joined([np.array(x, np.int64) for x in self.lines], kind),
            cell_outcome=outcome, cell_band=band,
            cell_slot=_joined(self.slots, kind) + np.repeat(first, cells),
            slot_visit=np.repeat(np.arange(len(visits)), slots),
            slot_item=_joined(self.slot_items, kind),
        )  # fmt: skip

    def _outcomes(
        self, visit: Visit, t: int, base: int, outcome: Outcomes
    ) -> list[tuple[str, str]]:
        lost, at = [], self.at[t]
        said = (
            (FAILED, visit.failed),
            (NOT_APPLICABLE, visit.not_applicable),
            (UNSEEN, visit.unseen),
        )
        for code, keys in said:
            for key in sorted(keys):
                if key not in at or outcome[base + at[key]] != PASSED:
                    lost.append((visit.visit, key))
                else:
                    outcome[base + at[key]] = code
        return lost

    def _bands(
        self, visit: Visit, t: int, base: int, band: Outcomes, outcome: Outcomes
    ) -> list[tuple[str, str]]:
        """A band of a check stands before the band of its item, which never covers a failed key
        check."""
        lost, at, spots = [], self.at[t], self.by_item[t]
        for key, value in sorted(visit.bands.items(), key=lambda pair: pair[0] in at):
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10:
                lost.append((visit.visit, key))
            elif key in at:
                band[base + at[key]] = value
            elif key in spots:
                for k in spots[key]:
                    if outcome[base + k] != FAILED or not self.checks[self.lines[t][k]].is_key:
                        band[base + k] = value
            else:
                lost.append((visit.visit, key))
        return lost


def _joined(parts: Sequence[Ints], kind: Ints) -> Ints:
    if not len(kind):
        return np.zeros(0, np.int64)
    return np.concatenate([parts[t] for t in kind.tolist()])

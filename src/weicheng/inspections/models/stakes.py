"""Which sites the duty table makes a unit answer for: by the site, its type, a check of its sheet
or a kind of problem met on it.

A duty about a whole item of the standard counts for a type of which the unit's items make up half
of the sheet or more. Items like 控烟 or 病媒密度 stand with a line or two on every sheet: if each
of them counted, a check of the whole district would concern everybody and nobody could arrange it.
Only who leads or is responsible answers; who supports or supervises, the office, its groups and the
inspectorate do not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from weicheng.duties.book import Book, book
from weicheng.duties.models import DutyPart, UnitRule
from weicheng.people.models import UnitKind
from weicheng.standards.models import ProblemKind

if TYPE_CHECKING:
    from datetime import date

    from weicheng.duties.rows import Row

ANSWERS = frozenset({DutyPart.LEAD, DutyPart.RESPONSIBLE})
#: Units that stand over a check and never under it.
ABOVE = frozenset({UnitKind.OFFICE, UnitKind.LEADERS, UnitKind.GROUP, UnitKind.SUPERVISION})
#: Of how many checks of a sheet a unit's items must be, as one over this.
SHARE = 2


@dataclass
class Stakes:
    """What units answer for by the duty table: single sites, and in a region (None: everywhere)
    types of sites (None: all of them)."""

    sites: set[UUID] = field(default_factory=set)
    types: dict[UUID | None, set[str] | None] = field(default_factory=dict)

    def add(self, region: UUID | None, types: set[str] | None) -> None:
        """These types there, besides what there is."""
        held = self.types.get(region, set())
        self.types[region] = None if types is None or held is None else held | types

    def as_q(self) -> Q:
        """The same as a condition on sites."""
        found = Q(pk__in=self.sites)
        for region, types in self.types.items():
            if types is not None and not types:
                continue
            place = Q(region__ancestors__contains=[region]) if region else Q()
            found |= place & (Q(site_type__in=types) if types is not None else Q(pk__isnull=False))
        return found

    def meets(self, found: Iterable[tuple[str, list[UUID]]], sites: set[UUID]) -> bool:
        """Whether any of these sites is among them, or a site of any of these types under these
        regions."""
        return bool(self.sites & sites) or any(
            (types := self.types.get(place, set())) is None or kind in types
            for kind, above in found
            for place in (None, *above)
        )


def stakes_of(units: Iterable[UUID], day: date) -> Stakes:
    """What these units, or units below them, answer for on a day. No query while the duty book is
    fresh."""
    found, index = Stakes(), _index()
    items: defaultdict[UUID | None, set[str]] = defaultdict(set)
    for row in index.rows_of(set(units)):
        if not row.in_force(day):
            continue
        sort, key = row.clause
        if row.site:
            found.sites.add(row.site)
        elif sort == "item":
            items[row.region].add(key)
        else:
            found.add(row.region, None if not sort else index.types_of(sort, key))
    for region, keys in items.items():
        found.add(region, index.types_by_items(keys))
    return found


@dataclass
class _Index:
    """The duty book by unit, and the checks of each kind of problem."""

    book: Book
    rows: Mapping[UUID, list[Row]]
    kinds: Mapping[str, set[str]]
    checks: Mapping[str, Counter[str]]  # site type -> item -> checks

    def rows_of(self, units: set[UUID]) -> Iterable[Row]:
        """The rows of these units and of those right below them, of operators by their rule."""
        known = self.book.directory.units
        own = {key for key, unit in known.items() if key in units or unit.parent_id in units}
        for key in own:
            if known[key].kind not in ABOVE:
                yield from self.rows.get(key, ())

    def types_of(self, sort: str, key: str) -> set[str]:
        """The types that a clause is met on."""
        if sort == "type":
            return {key}
        if sort == "check":
            return {self.book.check_items[key][1]} if key in self.book.check_items else set()
        return self.kinds.get(key, set())

    def types_by_items(self, items: set[str]) -> set[str]:
        """The types of which these items make up the share that counts."""
        return {
            kind for kind, sheet in self.checks.items()
            if sum(sheet[item] for item in items) * SHARE >= sheet.total()
        }  # fmt: skip


_kept: list[_Index] = []


def _index() -> _Index:
    """The index of the book as it is now; made again with every fresh book."""
    now = book()
    if not _kept or _kept[0].book is not now:
        _kept[:] = [_made(now)]
    return _kept[0]


def _made(known: Book) -> _Index:
    rows: defaultdict[UUID, list[Row]] = defaultdict(list)
    operators = [k for k, u in known.directory.units.items() if u.kind == UnitKind.OPERATOR]
    for row in known.all_rows():
        if row.sort != "duty" or row.part not in ANSWERS:
            continue
        unit = row.unit
        if not unit and not row.unit_rule and row.person:
            works_in = known.unit_of(row.person, timezone.localdate())
            unit = works_in.pk if works_in else None
        if unit:
            rows[unit].append(row)
        for key in operators if row.unit_rule == UnitRule.OPERATORS else ():
            rows[key].append(row)
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    met = ProblemKind.objects.filter(checks__isnull=False)
    for kind, site_type in met.values_list("key", "checks__site_type"):
        kinds[kind].add(site_type)
    checks: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for item, site_type in known.check_items.values():
        checks[site_type][item] += 1
    return _Index(known, rows, kinds, checks)

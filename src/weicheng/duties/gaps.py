"""Where nobody answers: clause × place pairs without a living owner, by set algebra over places.

A pair is owned when the resolver finds a living person for it. Places are all sites in use and all
regions that have none below them; a set of places is one integer with a bit for each. Each row of
a clause takes, in the resolver's order, what it covers of the places that are left; what is left
at the end has no leading unit, and what fell to a unit in which nobody answers has no person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from weicheng.duties.resolver import Question, units_of
from weicheng.duties.rows import EVERYTHING, Row

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from weicheng.duties.book import Book, Clause


@dataclass(frozen=True, slots=True)
class Place:
    """A site, or (without one) a region that has none below it."""

    region: UUID
    site: UUID | None = None
    site_type: str = ""


@dataclass
class Gaps:
    """Pairs without a living owner. Masks have bit i for ``places[i]``.

    ``nobody``: clause -> places without a leading unit; ``unmanned``: clause -> unit -> places
    that fell to this unit, in which nobody answers.
    """

    places: list[Place]
    nobody: dict[Clause, int] = field(default_factory=dict)
    unmanned: dict[Clause, dict[UUID, int]] = field(default_factory=dict)

    def of(self, mask: int) -> list[Place]:
        """The places of a mask."""
        return [place for i, place in enumerate(self.places) if mask >> i & 1]

    def pairs(self) -> set[tuple[Clause, Place]]:
        """Every pair without a living owner."""
        found = {(c, p) for c, mask in self.nobody.items() for p in self.of(mask)}
        for clause, units in self.unmanned.items():
            found |= {(clause, place) for mask in units.values() for place in self.of(mask)}
        return found

    def whole(self, clause: Clause) -> int:
        """All places at which nobody answers for a clause."""
        return self.nobody.get(clause, 0) | _all(self.unmanned.get(clause, {}).values())


def _all(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def places_of(book: Book, roots: Iterable[UUID], sites: Iterable[tuple[UUID, UUID, str]]) -> list[
    Place
]:  # fmt: skip
    """The places below some regions; ``sites`` are (id, region, site type)."""
    wanted, regions = set(roots), book.directory.regions
    above = {region.ancestors[1] for region in regions.values() if len(region.ancestors) > 1}
    found = [
        Place(region.id) for region in regions.values()
        if region.id not in above and wanted & set(region.ancestors)
    ]  # fmt: skip
    found.sort(key=lambda place: str(regions[place.region].code))
    found += [Place(region, site, kind) for site, region, kind in sites]
    return found


def clauses_of(book: Book, items: Iterable[str], day: date) -> list[Clause]:
    """All items, and the kinds and checks for which somebody leads apart from their item."""
    own = {
        clause
        for (clause, _where), rows in book.rows.items()
        if clause[0] in {"kind", "check"}
        and any(row.part == "lead" and row.in_force(day) for row in rows)
    }
    return [*(("item", key) for key in items), *sorted(own)]


def find(book: Book, places: list[Place], clauses: Iterable[Clause], day: date) -> Gaps:
    """All pairs of these clauses and places that no living person answers for on a day."""
    search = _Search(book, places, day)
    found = Gaps(places)
    general = search.divide([EVERYTHING], search.everywhere)
    for clause in clauses:
        mine = search.divide(_also(book, clause), search.asked_at(book, clause))
        nobody = mine.left & general.left
        unmanned = dict(mine.unmanned)
        for unit, mask in general.unmanned.items():
            unmanned[unit] = unmanned.get(unit, 0) | mine.left & mask
        unmanned = {unit: mask for unit, mask in unmanned.items() if mask}
        if nobody:
            found.nobody[clause] = nobody
        if unmanned:
            found.unmanned[clause] = unmanned
    return found


def _also(book: Book, clause: Clause) -> list[Clause]:
    """The clauses as which a clause asks; the site's type stands in the places."""
    sort, key = clause
    item = key
    if sort == "kind":
        item = book.kind_items.get(key, "")
    elif sort == "check":
        item = book.check_items.get(key, ("", ""))[0]
    return [*({clause} - {("item", item)}), ("type", ""), *([("item", item)] if item else [])]


@dataclass
class _Divided:
    """What rows left over, and what fell to units in which nobody answers."""

    left: int
    unmanned: dict[UUID, int] = field(default_factory=dict)


class _Search:
    """The places as masks: below each region, of each type, each site."""

    def __init__(self, book: Book, places: list[Place], day: date) -> None:
        self.book, self.places, self.day = book, places, day
        self.everywhere = (1 << len(places)) - 1
        self.below: dict[UUID, int] = {}
        self.typed: dict[str, int] = {}
        self.at: dict[UUID, int] = {}
        self._voices: dict[tuple[UUID, UUID | None], bool] = {}
        self._rules: dict[str, dict[UUID, int]] = {}
        here: dict[UUID, int] = {}
        for i, place in enumerate(places):
            here[place.region] = here.get(place.region, 0) | 1 << i
            self.typed[place.site_type] = self.typed.get(place.site_type, 0) | 1 << i
            if place.site is not None:
                self.at[place.site] = 1 << i
        self.here = here
        self._by_clause: dict[Clause, list[Row]] = {}
        for (clause, _where), rows in book.rows.items():
            self._by_clause.setdefault(clause, []).extend(rows)
        for region, mask in here.items():
            for above in book.directory.ancestors(region):
                self.below[above] = self.below.get(above, 0) | mask

    def asked_at(self, book: Book, clause: Clause) -> int:
        """Where a clause is asked: a check at the sites of its type, anything else everywhere."""
        if clause[0] != "check":
            return self.everywhere
        return self.typed.get(book.check_items.get(clause[1], ("", ""))[1], 0)

    def divide(self, clauses: Iterable[Clause], places: int) -> _Divided:
        """Let the leading rows of some clauses take their places, in the resolver's order."""
        found = _Divided(places)
        for row in sorted(self._rows(clauses), key=lambda row: row.sequence):
            mask = self._covered(row) & found.left
            if not mask:
                continue
            for unit, there in self._units(row, mask):
                taken = there & mask & found.left
                found.left &= ~taken
                if taken and not self._has_voice(unit, row.person):
                    found.unmanned[unit] = found.unmanned.get(unit, 0) | taken
        return found

    def _rows(self, clauses: Iterable[Clause]) -> Iterator[Row]:
        wanted = set(clauses)
        if ("type", "") in wanted:
            wanted |= {("type", key) for key in self.typed if key}
        for clause in wanted:
            yield from (row for row in self._by_clause.get(clause, ()) if self._counts(row))

    def _counts(self, row: Row) -> bool:
        if row.part != "lead" or row.project or row.only_a_leader:
            return False
        return row.in_force(self.day)

    def _covered(self, row: Row) -> int:
        if row.site:
            mask = self.at.get(row.site, 0)
        elif row.region:
            mask = self.below.get(row.region, 0)
        else:
            mask = self.everywhere
        return mask & self.typed.get(row.clause[1], 0) if row.clause[0] == "type" else mask

    def _units(self, row: Row, mask: int) -> Iterable[tuple[UUID, int]]:
        """The leading units of a row, each with the places where it leads."""
        if row.unit_rule:
            return self._found(row.unit_rule).items()
        asked = Question(region=self.places[0].region, day=self.day)
        return [(unit.id, mask) for unit in units_of(self.book, asked, row)[:1]]

    def _found(self, rule: str) -> dict[UUID, int]:
        """The first unit in use that a rule finds at each place."""
        if rule not in self._rules:
            found = self._rules[rule] = {}
            for where, place in self._spots(rule):
                row = Row(id=place.region, unit_rule=rule)
                asked = Question(region=place.region, day=self.day, site=place.site)
                for unit in units_of(self.book, asked, row)[:1]:
                    found[unit.id] = found.get(unit.id, 0) | where
        return self._rules[rule]

    def _spots(self, rule: str) -> Iterator[tuple[int, Place]]:
        """Where a rule has to be asked: at each site for sponsors, else once for each region."""
        if rule == "sponsor":
            yield from ((1 << i, place) for i, place in enumerate(self.places) if place.site)
        else:
            yield from ((mask, Place(region)) for region, mask in self.here.items())

    def _has_voice(self, unit: UUID, person: UUID | None) -> bool:
        asked = (unit, person)
        if asked not in self._voices:
            known = self.book.directory.units[unit]
            self._voices[asked] = self.book.voice(known, person, self.day)[0] is not None
        return self._voices[asked]

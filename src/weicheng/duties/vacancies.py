"""What the page 责任空档 shows: holes by item, units without anybody, posts whose holder left,
persons without a duty, and what waits to be settled. Everything comes from the book."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils.translation import gettext

from weicheng.duties import gaps, words
from weicheng.duties.browsing import Shown, items_for, shown, sites_below, ties
from weicheng.duties.models import DutyBatch, DutyCell
from weicheng.people.models import UnitKind
from weicheng.places.models import Region

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from weicheng.duties.book import Book, Clause
    from weicheng.duties.gaps import Gaps, Place
    from weicheng.duties.rows import Row
    from weicheng.people.models import Person, Unit


@dataclass
class Area:
    """Places in words: how many regions, whether all of them, and sites that lie elsewhere.

    ``code`` is that of the smallest region that holds them all.
    """

    regions: int = 0
    sites: int = 0
    is_whole: bool = False
    towns: list[tuple[str, list[str]]] = field(default_factory=list)
    code: str = ""


@dataclass
class Hole:
    """A clause for which nobody leads in an area."""

    clause: Clause
    name: str
    item_key: str
    area: Area


@dataclass
class Unmanned:
    """A unit that leads but in which nobody answers."""

    unit: Unit
    names: list[str]
    area: Area


@dataclass
class Left:
    """Somebody (or a unit) that is gone and still stands in the table, with what hangs on it."""

    name: str
    unit: str
    things: list[str]
    person: UUID | None = None
    gone_unit: UUID | None = None


@dataclass
class Idle:
    """A unit's persons who have no duty."""

    unit: Unit
    persons: list[Person]


@dataclass
class Doubt:
    """A clause at a place where somebody has to choose."""

    clause: str
    place: str
    why: str
    rows: list[Shown]
    item_key: str = ""


@dataclass
class Unread:
    """An imported table with cells that hold words nobody could read."""

    batch: UUID
    file_name: str
    cells: int


@dataclass
class Vacancies:
    """The whole page."""

    holes: list[Hole] = field(default_factory=list)
    unmanned: list[Unmanned] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    idle: list[Idle] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    pairs: int = 0

    @property
    def idle_persons(self) -> int:
        """How many persons have no duty."""
        return sum(len(group.persons) for group in self.idle)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is missing."""
        found = (self.holes, self.unmanned, self.left, self.idle, self.doubts, self.unread)
        return not any(found)


def vacancies(book: Book, user: Any, root: Region, day: date) -> Vacancies:
    """Everything that is missing in a district on a day."""
    items = items_for(user)
    sites = sites_below(root)
    places = gaps.places_of(book, [root.pk], sites)
    found = gaps.find(book, places, gaps.clauses_of(book, [i.key for i in items], day), day)
    scope = _Scope(book, root, day, {site: region for site, region, _kind in sites})
    names = words.names_for({*found.nobody, *found.unmanned, *scope.clauses()}, items)
    page = Vacancies(
        holes=list(_holes(book, found, names)),
        unmanned=list(_unmanned(book, found, names)),
        left=[*_left_persons(scope), *_left_units(scope)],
        idle=list(_idle(scope)),
        doubts=list(_doubts(scope, names)),
        unread=_unread(root),
    )
    clauses = {*found.nobody, *found.unmanned}
    page.pairs = sum(found.whole(clause).bit_count() for clause in clauses)
    return page


@dataclass
class _Scope:
    """The part of the book that lies in a district."""

    book: Book
    root: Region
    day: date
    sites: dict[UUID, UUID]
    rows: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = [r for r in self.book.all_rows() if r.in_force(self.day) and self.has(r)]

    def has(self, row: Row) -> bool:
        """Whether a row lies in the district; one without a place when its unit does."""
        if row.site:
            return row.site in self.sites
        if row.region:
            return self.inside(row.region)
        unit = self.book.directory.units.get(row.unit) if row.unit else None
        return unit is None or unit.region_id is None or self.inside(unit.region_id)

    def inside(self, region: UUID) -> bool:
        """Whether a region lies in the district."""
        return self.root.pk in self.book.directory.ancestors(region)

    def units(self) -> Iterator[Unit]:
        """The units of the district."""
        for unit in self.book.directory.units.values():
            if unit.region_id is not None and self.inside(unit.region_id):
                yield unit

    def clauses(self) -> set[Clause]:
        """The clauses of rows that somebody has to look at."""
        return {r.clause for r in self.rows if r.sort == "duty" and r.clause[0]}


def area_of(book: Book, places: list[Place], everywhere: int) -> Area:
    """Places in words; ``everywhere`` is the number of regions that there are."""
    regions = book.directory.regions
    missing = [place.region for place in places if place.site is None]
    gone = set(missing)
    sites = [place for place in places if place.site is not None and place.region not in gone]
    towns: dict[str, list[str]] = defaultdict(list)
    for key in missing:
        region = regions[key]
        town = book.directory.town_of(key)
        towns[town.name if town else ""].append(region.name)
    return Area(
        regions=len(missing), sites=len(sites),
        is_whole=len(missing) == everywhere, towns=list(towns.items()),
        code=_around(book, [*missing, *(place.region for place in sites)]),
    )  # fmt: skip


def _around(book: Book, regions: Iterable[UUID]) -> str:
    """The code of the smallest region that holds all of these."""
    common: list[UUID] | None = None
    for region in set(regions):
        chain = book.directory.ancestors(region)
        common = chain if common is None else [key for key in common if key in chain]
    return str(book.directory.regions[common[0]].code) if common else ""


def _holes(book: Book, found: Gaps, names: words.Names) -> Iterator[Hole]:
    everywhere = sum(place.site is None for place in found.places)
    for clause, mask in found.nobody.items():
        area = area_of(book, found.of(mask), everywhere)
        yield Hole(clause, names.of(clause), _item_of(book, clause), area)


def _item_of(book: Book, clause: Clause) -> str:
    sort, key = clause
    if sort == "kind":
        return book.kind_items.get(key, "")
    return book.check_items.get(key, ("", ""))[0] if sort == "check" else key


def _unmanned(book: Book, found: Gaps, names: words.Names) -> Iterator[Unmanned]:
    everywhere = sum(place.site is None for place in found.places)
    by_unit: dict[UUID, int] = {}
    clauses: dict[UUID, list[Clause]] = defaultdict(list)
    for clause, units in found.unmanned.items():
        for unit, mask in units.items():
            by_unit[unit] = by_unit.get(unit, 0) | mask
            clauses[unit].append(clause)
    for unit, mask in sorted(by_unit.items(), key=lambda pair: -len(clauses[pair[0]])):
        said = [names.of(clause) for clause in clauses[unit]]
        area = area_of(book, found.of(mask), everywhere)
        yield Unmanned(book.directory.units[unit], said, area)


def _left_persons(scope: _Scope) -> list[Left]:
    """Persons who are gone but named: as head, contact, named person, leader, or for an area."""
    book, day = scope.book, scope.day
    things: dict[tuple[UUID, UUID | None], Counter[str]] = defaultdict(Counter)
    for unit in scope.units():
        for key, word in (
            (unit.head_id, gettext("第一责任人")),
            (unit.contact_id, gettext("联络员")),
        ):
            if unit.active and key and book.person(key, day, unit.id) is None:
                things[key, unit.id][word] += 1
    for row in scope.rows:
        if row.person and book.person(row.person, day, row.unit) is None:
            things[row.person, row.unit][_what(row)] += 1
        if row.leader and book.person(row.leader, day) is None:
            things[row.leader, None][_what(row, leader=True)] += 1
    found = []
    for (person, unit_key), counted in things.items():
        known, unit_row = book.persons.get(person), book.directory.units.get(unit_key or person)
        found.append(
            Left(known.name if known else "", unit_row.name if unit_row else "", _said(counted),
                 person=person)
        )  # fmt: skip
    return sorted(found, key=lambda left: (left.unit, left.name))


def _what(row: Row, *, leader: bool = False) -> str:
    if row.sort == "charge":
        return gettext("包片")
    if row.sort == "party":
        return gettext("点位包保领导") if leader else gettext("点位责任人")
    return gettext("分管领导") if leader else gettext("具体责任人")


def _said(counted: Counter[str]) -> list[str]:
    """“第一责任人”, “点位责任人 12个”."""
    return [
        word if n == 1 else gettext("%(word)s%(n)s处") % {"word": word, "n": n}
        for word, n in counted.items()
    ]


def _left_units(scope: _Scope) -> list[Left]:
    """Units out of use that still stand in rows."""
    counted: dict[UUID, Counter[str]] = defaultdict(Counter)
    units = scope.book.directory.units
    for row in scope.rows:
        if row.unit and not units[row.unit].active:
            counted[row.unit][
                gettext("点位") if row.sort == "party" else words.part_words(row)
            ] += 1
    return [
        Left(units[key].name, "", _said(things), gone_unit=key) for key, things in counted.items()
    ]


def _unread(root: Region) -> list[Unread]:
    """Tables taken over in which the office has not yet looked at every unread cell."""
    cells = DutyCell.objects.filter(
        batch__state=DutyBatch.State.TAKEN, batch__region=root, settled=False
    ).exclude(unread=[])
    rows = cells.values_list("batch_id", "batch__file_name").annotate(n=Count("id"))
    return [Unread(*row) for row in rows.order_by("batch_id")]


#: Units whose persons run the campaign itself and stand in no duty table.
RUNNING = frozenset({UnitKind.OFFICE, UnitKind.SUPERVISION})


def _idle(scope: _Scope) -> Iterator[Idle]:
    """Persons who work in a unit of the district and answer for nothing."""
    book, day = scope.book, scope.day
    busy = {key for row in scope.rows for key in (row.person, row.leader) if key}
    leading = {row.unit for row in scope.rows if row.unit} | _found_by_rule(scope)
    for unit in scope.units():
        if unit.id in leading:
            busy |= {key for key in (unit.head_id, unit.contact_id) if key}
    by_unit: dict[UUID, list[Person]] = defaultdict(list)
    inside = {unit.id for unit in scope.units() if unit.active and unit.kind not in RUNNING}
    for person in book.persons.values():
        home = book.unit_of(person.id, day) if person.id not in busy else None
        if home is not None and home.id in inside:
            by_unit[home.id].append(person)
    for key, persons in by_unit.items():
        yield Idle(book.directory.units[key], sorted(persons, key=lambda p: p.pinyin))


def _found_by_rule(scope: _Scope) -> set[UUID | None]:
    """Units that rows mean without naming them."""
    kinds = {
        "territory": UnitKind.TOWN, "community": UnitKind.COMMUNITY,
        "operators": UnitKind.OPERATOR,
    }  # fmt: skip
    wanted = {kinds[row.unit_rule] for row in scope.rows if row.unit_rule in kinds}
    return {unit.id for unit in scope.units() if unit.kind in wanted}


def _doubts(scope: _Scope, names: words.Names) -> Iterator[Doubt]:
    """Ties and provisional rows, one for each clause and place."""
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in scope.rows:
        if row.sort == "duty":
            groups[row.clause, row.region, row.site, row.project].append(row)
    for (clause, *_place), rows in groups.items():
        leads = [row for row in rows if row.part == "lead" and not row.only_a_leader]
        tied = {row.id for row in ties(scope.book, leads, scope.root, scope.day)}
        unsure = [r for r in rows if r.id in tied or r.provisional]
        if not unsure:
            continue
        entries = [
            shown(scope.book, row, scope.day, names=names, tie=row.id in tied)
            for row in sorted(unsure, key=lambda row: row.sequence)
        ]
        why = next((entry.doubt for entry in entries if entry.row.doubt), entries[0].doubt)
        yield Doubt(names.of(clause), entries[0].place, why, entries, _item_of(scope.book, clause))

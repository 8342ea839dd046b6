"""我的责任: what one person answers for, at which places, what is open on it and what it is worth.

About one person, for that person (the office and the leaders may look): no figures that compare
persons, nothing about when or how much somebody works.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext

from weicheng.duties import words
from weicheng.duties.book import Book, Clause, book
from weicheng.duties.browsing import items_for
from weicheng.duties.rows import Row
from weicheng.people.models import Person, Unit
from weicheng.places.models import Region, Site
from weicheng.problems.models import Problem
from weicheng.problems.words import OPEN_STATUSES

if TYPE_CHECKING:
    from datetime import date

    from weicheng.standards.models import Item

MOST_SITES = 60
MOST_NAMED = 10
#: Parts whose items count as mine; who only helps or presses does not carry the points.
WORTH = frozenset({"lead", "responsible"})
#: Rules that find units by their kind.
RULES = {"town": "territory", "community": "community", "operator": "operators"}


@dataclass
class OpenKind:
    """How many problems of a kind are open with a unit: the length of a list."""

    kind: str
    name: str
    n: int


@dataclass
class Line:
    """A clause of mine, with the unit through which I answer and the places."""

    clause: str
    unit: Unit | None
    part: str
    role: str
    how: str
    item: Item | None
    places: list[str] = field(default_factory=list)
    open: list[OpenKind] = field(default_factory=list)
    due: datetime | None = None
    provisional: bool = False
    kinds: set[str] = field(default_factory=set)

    @property
    def milli(self) -> int:
        """What the item is worth on the spot, in thousandths of a point."""
        return self.item.onsite_milli if self.item else 0

    @property
    def total(self) -> int:
        """How many problems are open."""
        return sum(one.n for one in self.open)


@dataclass
class Spot:
    """A site of mine, in which part, with what is open on it."""

    site: Site
    part: str
    unit: Unit | None
    open: int = 0


@dataclass
class Mine:
    """The whole page."""

    person: Person
    units: list[Unit]
    lines: list[Line]
    spots: list[Spot] = field(default_factory=list)
    more_spots: int = 0
    areas: list[Region] = field(default_factory=list)
    named: list[Problem] = field(default_factory=list)
    due: datetime | None = None

    @property
    def milli(self) -> int:
        """What the items are worth together, each once, that I lead or answer for."""
        worth = {x.item.key: x.milli for x in self.lines if x.item and x.role in WORTH}
        return sum(worth.values())

    @property
    def is_guessed(self) -> bool:
        """Whether the worth of some item is a default value."""
        return any(x.item and x.item.points_certainty == "default" for x in self.lines)

    @property
    def open(self) -> int:
        """How many problems are open on my clauses."""
        return sum(line.total for line in self.lines)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is mine."""
        return not (self.lines or self.spots or self.areas or self.named)


def mine(user: Any, person: Person, now: datetime) -> Mine:
    """What a person answers for, counted as the reader sees it; a fixed number of queries."""
    known, day = book(), timezone.localdate(now)
    units = [u for u in _units(known, person.id, day) if u.active]
    items = {item.key: item for item in items_for(user)}
    rows = _rows(known, person.id, units, day)
    lines = _lines(known, rows, items, units)
    _count(user, known, lines)
    page = Mine(person, units, lines)
    _places(user, known, page, [row for row, _how in rows])
    open_here = Problem.objects.visible_to(user).filter(
        person=person, status__in=OPEN_STATUSES, voided=False
    )
    page.named = list(open_here.for_rows().defer("search").order_by("due_at", "id")[:MOST_NAMED])
    dues = [d for d in (*(x.due for x in lines), *(p.due_at for p in page.named)) if d]
    page.due = min(dues, default=None)
    return page


def _units(known: Book, person: UUID, day: date) -> list[Unit]:
    posts = (post for post in known.posts.get(person, ()) if post.working and post.in_force(day))
    return [known.directory.units[post.unit] for post in posts]


def _rows(known: Book, person: UUID, units: list[Unit], day: date) -> list[tuple[Row, str]]:
    """Rows that name the person, and rows of units in which the person speaks for the unit."""
    voiced = {u.id for u in units if _speaks(known, u, person, day)}
    heads = {u.id for u in units if u.head_id == person}
    rules = {RULES[u.kind] for u in units if u.kind in RULES and u.id in voiced | heads}
    found: list[tuple[Row, str]] = []
    for row in known.all_rows():
        if not row.in_force(day):
            continue
        if person == row.person:
            found.append((row, gettext("具体责任人")))
        elif person == row.leader:
            found.append(
                (row, gettext("包片领导") if row.sort == "charge" else gettext("分管领导"))
            )
        elif row.sort == "duty" and row.unit in heads:
            found.append((row, gettext("第一责任人")))
        elif row.sort == "duty" and row.unit in voiced and not row.person:
            found.append((row, gettext("联络员")))
        elif row.unit_rule in rules and _found_here(known, row, units):
            found.append((row, gettext("本单位")))
    return found


def _found_here(known: Book, row: Row, units: list[Unit]) -> bool:
    """Whether a rule about a place finds one of my units there."""
    for unit in units:
        if unit.region_id is None or RULES.get(unit.kind) != row.unit_rule:
            continue
        if row.region is None or row.region in known.directory.ancestors(unit.region_id):
            return True
    return False


def _speaks(known: Book, unit: Unit, person: UUID, day: date) -> bool:
    found, _how = known.voice(unit, None, day)
    return found is not None and found.id == person


def _lines(
    known: Book, rows: list[tuple[Row, str]], items: dict[str, Item], units: list[Unit]
) -> list[Line]:
    """One line for each clause, unit and part; the places together."""
    duties = [(row, how) for row, how in rows if row.sort == "duty"]
    names = words.names_for({row.clause for row, _how in duties} - {("", "")}, items.values())
    found: dict[tuple[Clause, UUID | None, str, str], Line] = {}
    for row, how in duties:
        unit = known.directory.units.get(row.unit) if row.unit else None
        if row.unit_rule:
            unit = next((u for u in units if RULES.get(u.kind) == row.unit_rule), None)
        key = (row.clause, unit.id if unit else None, row.part, how)
        line = found.setdefault(
            key,
            Line(names.of(row.clause), unit, words.part_words(row), row.part, how,
                 items.get(_item_of(known, row.clause))),
        )  # fmt: skip
        line.places.append(words.place_words(known, row))
        line.provisional |= row.provisional
        line.kinds = _kinds(known, row.clause)
    order = {key: n for n, key in enumerate(items)}
    return sorted(
        found.values(),
        key=lambda x: (order.get(x.item.key, 999) if x.item else 999, x.part, x.clause),
    )


def _item_of(known: Book, clause: Clause) -> str:
    sort, key = clause
    if sort == "kind":
        return known.kind_items.get(key, "")
    return known.check_items.get(key, ("", ""))[0] if sort == "check" else key


def _kinds(known: Book, clause: Clause) -> set[str]:
    sort, key = clause
    if sort == "kind":
        return {key}
    if sort != "item":
        return set()
    return {kind for kind, item in known.kind_items.items() if item == key}


def _count(user: Any, known: Book, lines: Iterable[Line]) -> None:
    """What is open with the units of the lines, by kind, in one query."""
    units = {line.unit.id for line in lines if line.unit}
    open_here = Problem.objects.visible_to(user).filter(
        lead_unit__in=units, status__in=OPEN_STATUSES, voided=False
    )
    rows = open_here.values_list("lead_unit_id", "kind_id", "kind__name_zh", "kind__name_en")
    by_unit: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows.annotate(n=Count("id"), due=Min("due_at")).order_by("-n", "kind_id"):
        by_unit[row[0]].append(row)
    for line in lines:
        for _unit, kind, zh, en, n, due in by_unit.get(line.unit.id, []) if line.unit else []:
            if kind in line.kinds:
                line.open.append(OpenKind(kind, words.spoken(zh, en), n))
                line.due = min(filter(None, [line.due, due]), default=None)


def _places(user: Any, known: Book, page: Mine, rows: list[Row]) -> None:
    """Sites and areas that name the person."""
    parties = {row.site: row for row in rows if row.sort == "party" and row.site}
    page.areas = [
        known.directory.regions[row.region] for row in rows if row.sort == "charge" and row.region
    ]
    page.more_spots = max(len(parties) - MOST_SITES, 0)
    sites = Site.objects.visible_to(user).filter(pk__in=parties, active=True)
    chosen = list(sites.select_related("region").order_by("pinyin", "id")[:MOST_SITES])
    counted = Counter(
        dict(
            Problem.objects.visible_to(user)
            .filter(site__in=[s.pk for s in chosen], status__in=OPEN_STATUSES, voided=False)
            .values_list("site_id")
            .annotate(n=Count("id"))
        )
    )
    for site in chosen:
        row = parties[site.pk]
        unit = known.directory.units.get(row.unit) if row.unit else None
        page.spots.append(Spot(site, words.part_words(row), unit, counted[site.pk]))
    page.spots.sort(key=lambda spot: -spot.open)

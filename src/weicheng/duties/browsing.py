"""What the pages of duties show: the tree of items with who leads, and one item row by row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from weicheng.duties import gaps, words
from weicheng.duties.book import Book, Clause, as_row
from weicheng.duties.models import Duty
from weicheng.duties.resolver import Accountable, Question, answer, units_of
from weicheng.duties.rows import EVERYTHING, Row
from weicheng.places.models import Region, Site
from weicheng.standards.browsing import current
from weicheng.standards.models import Aspect, Item

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID


def root_for(user: Any, wanted: str = "") -> Region | None:
    """The region whose duties are shown: the asked one when the user sees it, else the own."""
    roots = user.region_roots()
    rows = Region.objects.visible_to(user).filter(level__in=("prefecture", "county"))
    if wanted.isdigit() and (found := rows.filter(code=wanted).first()):
        return found
    if roots:
        return Region.objects.filter(pk=roots[0]).first()
    return rows.order_by("code").first()


def root_choices(user: Any) -> list[Region]:
    """The districts between which the user may choose; one or none need no choice."""
    rows = Region.objects.visible_to(user).filter(level__in=("prefecture", "county"))
    return list(rows.defer("polygon").order_by("code"))


@dataclass
class Shown:
    """A row in words, with what is wrong with it."""

    row: Row
    duty: Duty | None
    clause: str
    place: str
    part: str
    unit: str
    unit_id: UUID | None
    leader: str = ""
    person: str = ""
    is_general_place: bool = True
    unit_gone: bool = False
    person_gone: bool = False
    leader_gone: bool = False
    tie: bool = False

    @property
    def doubt(self) -> str:
        """Why it is provisional, in words; empty when it is not."""
        if self.tie:
            return words.doubt_words(self.row.doubt or "tie")
        return words.doubt_words(self.row.doubt) if self.row.provisional else ""


@dataclass
class Line:
    """One item of the tree."""

    item: Item
    leads: list[Shown] = field(default_factory=list)
    answer: Accountable = field(default_factory=Accountable)
    exceptions: int = 0
    provisional: bool = False
    gap_regions: int = 0
    gap_sites: int = 0

    @property
    def first(self) -> Shown | None:
        """The row that leads in the whole district."""
        return self.leads[0] if self.leads else None

    @property
    def has_gap(self) -> bool:
        """Whether somewhere nobody answers."""
        return bool(self.gap_regions or self.gap_sites)


@dataclass
class Branch:
    """An aspect with its items."""

    aspect: Aspect
    lines: list[Line]


@dataclass
class Tree:
    """The page of the tree, and the figures of its head."""

    branches: list[Branch]
    led: int = 0
    provisional: int = 0
    gaps: int = 0
    total: int = 0


def items_for(user: Any) -> list[Item]:
    """The items of the edition in use, with their aspects."""
    standard = current(user)
    if standard is None:
        return []
    return list(standard.items.select_related("aspect").order_by("aspect__number", "number"))


def sites_below(root: Region) -> list[tuple[UUID, UUID, str]]:
    """The sites in use below a region, as gaps count them."""
    rows = Site.objects.filter(region__ancestors__contains=[root.pk], active=True)
    return list(rows.order_by("pinyin", "id").values_list("id", "region_id", "site_type_id"))


def tree(book: Book, user: Any, root: Region, day: date) -> Tree:
    """Every item of the standard with who leads it in a district."""
    items = items_for(user)
    places = gaps.places_of(book, [root.pk], sites_below(root))
    found = gaps.find(book, places, [("item", i.key) for i in items], day)
    branches: list[Branch] = []
    page = Tree(branches)
    for item in items:
        line = _line(book, item, root, day)
        missing = found.of(found.whole(("item", item.key)))
        line.gap_regions = sum(place.site is None for place in missing)
        line.gap_sites = len(missing) - line.gap_regions
        if not branches or branches[-1].aspect.pk != item.aspect_id:
            branches.append(Branch(item.aspect, []))
        branches[-1].lines.append(line)
        page.total += 1
        page.led += bool(line.leads)
        page.provisional += line.provisional
        page.gaps += line.has_gap
    return page


def _line(book: Book, item: Item, root: Region, day: date) -> Line:
    rows = [row for row in rows_about(book, clauses_of_item(book, item.key)) if row.in_force(day)]
    near = [row for row in rows if is_below(book, row, root)]
    own = [row for row in near if covers(row, root) and row.clause == ("item", item.key)]
    said = answer(book, Question(region=root.pk, day=day, item=item.key))
    leads = sorted((r for r in own if r.part == "lead"), key=lambda row: row.sequence)
    best = [row for row in leads if row.rank == leads[0].rank]
    tied = {row.id for row in ties(book, best, root, day)}
    line = Line(item, answer=said)
    line.leads = [shown(book, row, day, tie=row.id in tied) for row in best]
    line.exceptions = len({(r.clause, r.region, r.site, r.project) for r in near if r not in own})
    line.provisional = bool(tied) or any(row.provisional for row in near)
    return line


def ties(book: Book, rows: list[Row], root: Region, day: date) -> list[Row]:
    """Leading rows that are equally specific and mean different units."""
    asked = Question(region=root.pk, day=day)
    living: list[tuple[Row, object]] = []
    for row in rows:
        units = units_of(book, asked, row)
        if units or row.unit_rule:
            living.append((row, row.unit_rule or units[0].id))
    return [row for row, _who in living] if len({who for _row, who in living}) > 1 else []


def clauses_of_item(book: Book, item: str) -> set[Clause]:
    """The item with its kinds and checks."""
    found: set[Clause] = {("item", item)}
    found |= {("kind", key) for key, own in book.kind_items.items() if own == item}
    return found | {("check", key) for key, own in book.check_items.items() if own[0] == item}


def rows_about(book: Book, clauses: set[Clause]) -> list[Row]:
    """Every row about these clauses, whenever it holds."""
    return [row for (clause, _w), rows in book.rows.items() if clause in clauses for row in rows]


def covers(row: Row, root: Region) -> bool:
    """Whether a row holds in all of a region."""
    if row.site or row.project:
        return False
    return row.region is None or row.region in root.ancestors


def is_below(book: Book, row: Row, root: Region) -> bool:
    """Whether a row can matter inside a region, or belongs to a site that may lie in it."""
    return _is_near(book, row.region, root)


def _is_near(book: Book, region: UUID | None, root: Region) -> bool:
    """Whether a region lies above or below another, or is everywhere."""
    if region is None:
        return True
    return region in root.ancestors or root.pk in book.directory.ancestors(region)


def shown(
    book: Book,
    row: Row,
    day: date,
    *,
    names: words.Names | None = None,
    duty: Duty | None = None,
    sites: dict[UUID, Site] | None = None,
    tie: bool = False,
) -> Shown:
    """A row in words."""
    unit = book.directory.units.get(row.unit) if row.unit else None
    leader, person = book.persons.get(row.leader or row.id), book.persons.get(row.person or row.id)
    return Shown(
        row=row, duty=duty, clause=names.of(row.clause) if names else "",
        place=words.place_words(book, row, sites), part=words.part_words(row),
        unit=words.unit_words(book, row), unit_id=row.unit,
        leader=leader.name if leader else "", person=person.name if person else "",
        is_general_place=not (row.site or row.project),
        unit_gone=unit is not None and not unit.active,
        person_gone=person is not None and book.person(person.id, day, row.unit) is None,
        leader_gone=leader is not None and book.person(leader.id, day) is None,
        tie=tie,
    )  # fmt: skip


@dataclass
class ItemPage:
    """One item (or everything that belongs to no item) row by row."""

    current: list[Shown]
    later: list[Shown]
    past: list[Shown]


def item_page(
    book: Book, user: Any, root: Region, clauses: Iterable[Clause], day: date
) -> ItemPage:
    """The rows about some clauses in a district: in force, to come, and over."""
    wanted = set(clauses)
    duties = _duties(user, wanted)
    sites = {d.site_id: d.site for d in duties if d.site_id and d.site}
    names = words.names_for({book_row.clause for book_row in _rows(book, duties)} - {EVERYTHING})
    page = ItemPage([], [], [])
    for duty, row in zip(duties, _rows(book, duties), strict=True):
        if not _is_near(book, duty.site.region_id if duty.site else row.region, root):
            continue
        entry = shown(book, row, day, names=names, duty=duty, sites=sites)
        if duty.in_force(day):
            page.current.append(entry)
        elif not duty.void and duty.since is not None and duty.since > day:
            page.later.append(entry)
        else:
            page.past.append(entry)
    _mark_ties(book, page.current, root, day)
    return page


def _mark_ties(book: Book, entries: list[Shown], root: Region, day: date) -> None:
    equal: dict[Any, list[Shown]] = {}
    for entry in entries:
        row = entry.row
        if row.part == "lead" and not row.only_a_leader:
            equal.setdefault((row.clause, row.region, row.site, row.project), []).append(entry)
    for group in equal.values():
        tied = {row.id for row in ties(book, [entry.row for entry in group], root, day)}
        for entry in group:
            entry.tie = entry.row.id in tied


def _duties(user: Any, clauses: set[Clause]) -> list[Duty]:
    """The duties about some clauses that the user may read, in the order of the page."""
    by_sort: dict[str, list[str]] = {}
    for sort, key in clauses:
        by_sort.setdefault(sort, []).append(key)
    rows = Duty.objects.visible_to(user).filter(_about(by_sort)).select_related(
        "site", "region", "unit", "made_by__actor__person", "ended_by__actor__person",
        "settled_by__actor__person", "batch",
    )  # fmt: skip
    parts = {part: i for i, part in enumerate(("lead", "responsible", "support", "supervise"))}
    return sorted(
        rows.distinct(),
        key=lambda duty: (parts[duty.part], not duty.item_key, duty.order, duty.pk),
    )


def _about(by_sort: dict[str, list[str]]) -> Any:
    columns = {"item": "item_key", "kind": "kind", "check": "check_key", "type": "site_type_key"}
    found = Q(pk=None)
    for sort, column in columns.items():
        if keys := by_sort.get(sort):
            found |= Q(**{f"{column}__in": keys})
    if "" in by_sort:
        found |= Q(item_key="", kind=None, check_key="", site_type_key="")
    if "*" in by_sort.get("type", []):
        found |= ~Q(site_type_key="")
    return found


def _rows(book: Book, duties: list[Duty]) -> list[Row]:
    regions = book.directory.regions
    return [as_row(d, str(regions[d.region_id].level) if d.region_id else "") for d in duties]


def charges(book: Book, root: Region, day: date) -> list[Shown]:
    """The leaders of areas in a district, by region."""
    rows = [
        row for row in book.all_rows()
        if row.sort == "charge" and row.in_force(day) and _is_near(book, row.region, root)
    ]  # fmt: skip
    rows.sort(key=lambda row: str(book.directory.regions[row.region or root.pk].code))
    return [shown(book, row, day) for row in rows]

"""A slow second reading of the rules of accountability, written without the resolver's index."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from weicheng.duties.book import Book
    from weicheng.duties.resolver import Question
    from weicheng.duties.rows import Row


def within(since: date | None, until: date | None, day: date) -> bool:
    """Both ends count."""
    return not (since is not None and day < since) and not (until is not None and day > until)


def is_there(book: Book, person: UUID | None, day: date, unit: UUID | None = None) -> bool:
    """Whether a person is active and posted (in this unit) on the day."""
    if person is None or person not in book.persons or not book.persons[person].active:
        return False
    held = [p for p in book.posts.get(person, ()) if within(p.since, p.until, day)]
    return any(unit is None or p.unit == unit for p in held)


def fits(book: Book, row: Row, asked: Question) -> bool:
    """Whether a row speaks of this clause, this place and this day."""
    own = {
        "check": asked.check, "kind": asked.kind, "type": asked.site_type, "item": asked.item,
        "": "",
    }  # fmt: skip
    sort, wanted = row.clause
    clause = sort == "" or (wanted != "" and own[sort] == wanted)
    if row.site is not None:
        place = row.site == asked.site
    elif row.region is not None:
        place = row.region in book.directory.regions[asked.region].ancestors
    else:
        place = True
    project = row.project == "" or row.project == asked.project
    return clause and place and project and within(row.since, row.until, asked.day)


def weight(row: Row) -> tuple[int, int]:
    """How specific a row is; the greater wins."""
    clause = {"check": 4, "kind": 3, "type": 2, "item": 1, "": 0}[row.clause[0]]
    if row.project:
        return clause, 6
    if row.site is not None:
        return clause, 5
    place = {"community": 4, "town": 3, "county": 2, "prefecture": 1, "": 0}[row.level]
    return clause, place


def units(book: Book, row: Row, asked: Question, rows: list[Row]) -> list[UUID]:
    """The units that a row means there, those gone left out."""
    everybody = book.directory.units
    if row.unit is not None:
        return [row.unit] if everybody[row.unit].active else []
    if row.unit_rule == "sponsor":
        return [
            r.unit for r in rows
            if r.site is not None and r.site == asked.site and r.clause == ("", "")
            and r.site_part == "sponsor" and r.unit and everybody[r.unit].active
            and within(r.since, r.until, asked.day)
        ]  # fmt: skip
    if row.unit_rule:
        return found_by_region(book, row.unit_rule, asked)
    return unit_of(book, row, asked.day)


def found_by_region(book: Book, rule: str, asked: Question) -> list[UUID]:
    """The town or the community of a place, or the operators of its district."""
    chain = book.directory.regions[asked.region].ancestors
    everybody = list(book.directory.units.values())
    if rule == "operators":
        near = [u for u in everybody if u.region_id is None or u.region_id in chain]
        return [u.id for u in near if u.kind == "operator" and u.active]
    kind = "town" if rule == "territory" else "community"
    for region in chain:
        for unit in everybody:
            if unit.region_id == region and unit.kind == kind:
                return [unit.id] if unit.active else []
    return []


def unit_of(book: Book, row: Row, day: date) -> list[UUID]:
    """Where the person works whom a row without a unit names."""
    if row.person is None or not is_there(book, row.person, day):
        return []
    return [
        post.unit for post in book.posts[row.person]
        if post.working and within(post.since, post.until, day)
        and book.directory.units[post.unit].active
    ][:1]  # fmt: skip


def lead(book: Book, rows: list[Row], asked: Question) -> tuple[UUID, Row, bool, set[UUID]] | None:
    """The leading unit, the row that won, whether it is doubtful, the rows it ties with."""
    mine = [r for r in rows if r.part == "lead" and (r.unit or r.unit_rule or r.person)]
    living = [
        (r, found) for r in mine if fits(book, r, asked) and (found := units(book, r, asked, rows))
    ]
    if not living:
        return None
    best = max(weight(r) for r, _units in living)
    equal = sorted((p for p in living if weight(p[0]) == best), key=lambda p: (p[0].order, p[0].id))
    won, found = equal[0]
    ties = {r.id for r, other in equal[1:] if other[0] != found[0]}
    return found[0], won, bool(ties) or len(found) > 1 or won.provisional, ties


def person(book: Book, unit: UUID, row: Row, day: date) -> UUID | None:
    """Who answers inside the leading unit."""
    known = book.directory.units[unit]
    for candidate in (row.person, known.contact_id, known.head_id):
        if is_there(book, candidate, day, unit):
            return candidate
    return None


def leader(book: Book, rows: list[Row], won: Row | None, asked: Question) -> UUID | None:
    """The leader of the winning row, else of the nearest row that names only a leader."""
    if won is not None and is_there(book, won.leader, asked.day):
        return won.leader
    alone = [
        r for r in rows
        if fits(book, r, asked) and not (r.unit or r.unit_rule or r.person)
        and is_there(book, r.leader, asked.day)
    ]  # fmt: skip
    alone.sort(key=lambda r: (tuple(-n for n in weight(r)), r.order, r.id))
    return alone[0].leader if alone else None


def others(
    book: Book, rows: list[Row], asked: Question, part: str, leading: UUID | None
) -> set[UUID]:
    """The units of another part: the best rows about the clause and the best about the place."""
    found: set[UUID] = set()
    for general in (False, True):
        mine = [
            (r, units(book, r, asked, rows)) for r in rows
            if r.part == part and fits(book, r, asked) and (r.clause == ("", "")) == general
        ]  # fmt: skip
        mine = [(r, ids) for r, ids in mine if ids]
        if mine:
            best = max(weight(r) for r, _ids in mine)
            found |= {unit for r, ids in mine if weight(r) == best for unit in ids}
    return found - {leading}

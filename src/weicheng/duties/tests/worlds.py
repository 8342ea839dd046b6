"""Small made-up worlds of regions, units, persons and rows, drawn by hypothesis; no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from hypothesis import strategies as st

from weicheng.duties.book import Book
from weicheng.duties.rows import EVERYTHING, Held, Row
from weicheng.people.directory import Directory
from weicheng.people.models import Person, Unit
from weicheng.places.models import Region

DAY = date(2026, 11, 24)
KINDS = {"bin": "waste", "cable": "city", "loose": ""}
CHECKS = {"waste-1": ("waste", "estate"), "city-1": ("city", "market")}
ITEMS = ("waste", "city")
TYPES = ("estate", "market")
CLAUSES = [
    ("check", "waste-1"), ("kind", "bin"), ("kind", "cable"), ("type", "estate"),
    ("type", "market"), ("item", "waste"), ("item", "city"), EVERYTHING, EVERYTHING,
]  # fmt: skip


def key(n: int) -> UUID:
    """A readable id."""
    return UUID(int=n)


@dataclass
class World:
    """A book with the sites it speaks of: site -> (region, type)."""

    book: Book
    sites: dict[UUID, tuple[UUID, str]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)


#: prefecture 1, county 2, towns 3 and 4, communities 5 and 6 (of 3), 7 (of 4).
TREE = {
    1: ("prefecture", 0), 2: ("county", 1), 3: ("town", 2), 4: ("town", 2),
    5: ("community", 3), 6: ("community", 3), 7: ("community", 4),
}  # fmt: skip
UNIT_PLACES = (
    ("town", 3), ("town", 4), ("community", 5), ("community", 7), ("operator", 2),
    ("operator", 2), ("bureau", 2), ("bureau", 2), ("sponsor", None),
)  # fmt: skip


def regions() -> dict[UUID, Region]:
    """The fixed tree of regions."""
    found: dict[UUID, Region] = {}
    for n, (level, above) in TREE.items():
        chain = [key(n), *(found[key(above)].ancestors if above else [])]
        found[key(n)] = Region(id=key(n), name=f"R{n}", level=level, ancestors=chain)
    return found


dates = st.none() | st.integers(-3, 3).map(lambda n: DAY + timedelta(days=n))
person_keys = st.integers(200, 207).map(key)
unit_keys = st.integers(100, 100 + len(UNIT_PLACES) - 1).map(key)


@st.composite
def a_row(draw: st.DrawFn, n: int, tree: dict[UUID, Region]) -> Row:
    """One row of any sort."""
    since, until = draw(dates), draw(dates)
    site = draw(st.none() | st.sampled_from([key(300), key(301), key(302)]))
    region = None if site else draw(st.none() | st.sampled_from(sorted(tree)))
    holder = draw(st.sampled_from(["unit", "unit", "unit", "rule", "person", "leader"]))
    return Row(
        id=key(1000 + n),
        sort="party" if site and draw(st.booleans()) else "duty",
        clause=draw(st.sampled_from(CLAUSES)),
        project=draw(st.sampled_from(["", "", "", "P"])),
        region=region, site=site, level=str(tree[region].level) if region else "",
        part=draw(st.sampled_from(["lead", "lead", "lead", "responsible", "support"])),
        site_part=draw(st.sampled_from(["sponsor", "keeper"])) if site else "",
        unit=draw(unit_keys) if holder == "unit" else None,
        unit_rule=draw(st.sampled_from(["territory", "community", "sponsor", "operators"]))
        if holder == "rule" else "",
        person=draw(person_keys) if holder == "person" else draw(st.none() | person_keys)
        if holder == "unit" else None,
        leader=draw(person_keys) if holder == "leader" else draw(st.none() | person_keys),
        since=min(since, until) if since and until else since,
        until=max(since, until) if since and until else until,
        order=draw(st.integers(0, 2)), provisional=draw(st.booleans()),
    )  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn, most: int = 14) -> World:
    """Units that may be gone, persons that may have left, rows that may have ended."""
    tree = regions()
    units: dict[UUID, Unit] = {}
    for n, (kind, where) in enumerate(UNIT_PLACES):
        units[key(100 + n)] = Unit(
            id=key(100 + n), name=f"U{n}", kind=kind, region_id=key(where) if where else None,
            active=draw(st.sampled_from([True, True, True, False])),
            head_id=draw(st.none() | person_keys), contact_id=draw(st.none() | person_keys),
        )  # fmt: skip
    persons = {
        key(n): Person(id=key(n), name=f"P{n}", active=draw(st.sampled_from([True, True, False])))
        for n in range(200, 208)
    }
    posts: dict[UUID, tuple[Held, ...]] = {
        person: tuple(
            Held(draw(unit_keys), draw(st.booleans()), draw(dates), draw(dates))
            for _ in range(draw(st.integers(0, 3)))
        )
        for person in persons
    }
    sites = {
        key(300): (key(5), "estate"), key(301): (key(7), "market"), key(302): (key(4), "estate"),
    }  # fmt: skip
    rows = [draw(a_row(n, tree)) for n in range(draw(st.integers(0, most)))]
    territories = {
        u.region_id: u for u in units.values() if u.region_id and u.kind in {"town", "community"}
    }
    by_place: dict[tuple[tuple[str, str], UUID | None], list[Row]] = {}
    for row in rows:
        by_place.setdefault((row.clause, row.site or row.region), []).append(row)
    book = Book(
        directory=Directory(tree, units, territories),
        rows={where: tuple(found) for where, found in by_place.items()},
        persons=persons, posts=posts, kind_items=dict(KINDS), check_items=dict(CHECKS),
    )  # fmt: skip
    return World(book, sites, rows)

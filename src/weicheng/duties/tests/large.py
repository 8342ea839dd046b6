"""A made-up district of full size: 2,500 sites, 45 items, 60 units; no database."""

from __future__ import annotations

from uuid import UUID

from weicheng.duties.book import Book, Clause
from weicheng.duties.gaps import Place, clauses_of, places_of
from weicheng.duties.rows import Held, Row
from weicheng.duties.tests.worlds import DAY, key
from weicheng.people.directory import Directory
from weicheng.people.models import Person, Unit
from weicheng.places.models import Region


def large() -> tuple[Book, list[Place], list[Clause]]:
    """2,500 sites of 30 types in 150 communities of 12 towns; 60 units, 45 items, many rows."""
    regions = {key(1): Region(id=key(1), level="county", code="1", ancestors=[key(1)])}
    for n in range(12):
        chain = [key(10 + n), key(1)]
        regions[chain[0]] = Region(id=chain[0], level="town", code=f"1{n:03}", ancestors=chain)
    for n in range(150):
        chain = [key(200 + n), key(10 + n % 12), key(1)]
        code = f"1{n % 12:03}{n:03}"
        regions[chain[0]] = Region(id=chain[0], level="community", code=code, ancestors=chain)
    numbers = range(60)
    units = {
        key(100 + n): Unit(id=key(100 + n), name=f"U{n}", kind="bureau", head_id=key(5000 + n))
        for n in numbers
    }
    sites = [(key(10**8 + n), key(200 + n % 150), f"t{n % 30}") for n in range(2500)]
    rows: dict[tuple[Clause, UUID | None], tuple[Row, ...]] = {}
    for row in [*many_duties(), *many_parties(sites)]:
        where = row.clause, row.site or row.region
        rows[where] = (*rows.get(where, ()), row)
    book = Book(
        directory=Directory(regions, units, {}), rows=rows,
        persons={key(5000 + n): Person(id=key(5000 + n), active=n % 7 > 0) for n in numbers},
        posts={key(5000 + n): (Held(key(100 + n), True, None, None),) for n in numbers},
        kind_items={}, check_items={},
    )  # fmt: skip
    places = places_of(book, [key(1)], sites)
    return book, places, clauses_of(book, [f"i{i}" for i in range(45)], DAY)


def many_duties() -> list[Row]:
    """Each item has a unit of its own in each town; four of five also one for all."""
    found = []
    for i in range(45):
        clause = ("item", f"i{i}")
        found += [
            Row(id=key(10**6 + i * 100 + n), clause=clause, region=key(10 + n), level="town",
                unit=key(100 + (i + n) % 60))
            for n in range(12)
        ]  # fmt: skip
        if i % 5:
            found.append(Row(id=key(10**7 + i), clause=clause, unit=key(100 + i)))
    return found


def many_parties(sites: list[tuple[UUID, UUID, str]]) -> list[Row]:
    """Every second site has a bureau of its own."""
    return [
        Row(id=key(10**9 + n), sort="party", site=site[0], unit=key(100 + n % 60))
        for n, site in enumerate(sites)
        if n % 2
    ]

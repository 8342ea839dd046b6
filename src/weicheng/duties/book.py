"""Duties, site parties, areas' leaders, persons and posts in process memory, for every look-up.

The tables are small (thousands of rows) and change rarely. The book is as fresh as
``people.directory``: whoever changes one of these tables calls ``changed`` in the same transaction,
other processes notice at their next look.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection

from weicheng.duties.models import Duty
from weicheng.duties.rows import EVERYTHING, Held, Row
from weicheng.people import directory as people
from weicheng.people.models import Charge, Person, Post, SitePart, SiteParty
from weicheng.standards.models import Check, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from uuid import UUID

    from weicheng.people.directory import Directory
    from weicheng.people.models import Unit

#: A copy is read again after this time even when nobody said that anything changed.
FRESH_SECONDS = 60.0

Clause = tuple[str, str]
Where = tuple[Clause, "UUID | None"]

#: The part of the mechanism that a site's party plays.
PARTS = {
    SitePart.BUREAU: "lead",
    SitePart.TERRITORY: "responsible",
    SitePart.KEEPER: "responsible",
    SitePart.SPONSOR: "support",
}


@dataclass(frozen=True)
class Book:
    """Rows by clause and place (site, region or None), persons and their posts, and what kinds
    and checks belong to."""

    directory: Directory
    rows: dict[Where, tuple[Row, ...]]
    persons: dict[UUID, Person]
    posts: dict[UUID, tuple[Held, ...]]
    kind_items: dict[str, str]
    check_items: dict[str, tuple[str, str]]
    _by_id: dict[UUID, Row] = field(default_factory=dict)

    def all_rows(self) -> Iterator[Row]:
        """Every row that was ever written and did not turn out a mistake."""
        for rows in self.rows.values():
            yield from rows

    def row(self, key: UUID) -> Row | None:
        """The row of that id."""
        if not self._by_id:
            self._by_id.update({row.id: row for row in self.all_rows()})
        return self._by_id.get(key)

    def unit(self, key: UUID | None) -> Unit | None:
        """A unit that is in use."""
        found = self.directory.units.get(key) if key else None
        return found if found is not None and found.active else None

    def person(self, key: UUID | None, day: date, unit: UUID | None = None) -> Person | None:
        """A person who is active and holds a post on the day, in this unit when one is given."""
        found = self.persons.get(key) if key else None
        if found is None or not found.active:
            return None
        for post in self.posts.get(found.id, ()):
            if post.in_force(day) and unit in {None, post.unit}:
                return found
        return None

    def unit_of(self, person: UUID, day: date) -> Unit | None:
        """The unit in use in which a living person works on a day."""
        if self.person(person, day) is None:
            return None
        for post in self.posts[person]:
            if post.working and post.in_force(day) and (unit := self.unit(post.unit)):
                return unit
        return None

    def voice(self, unit: Unit, named: UUID | None, day: date) -> tuple[Person | None, str]:
        """Who answers inside a unit: the named person, else its contact, else its head."""
        for how, key in (("named", named), ("contact", unit.contact_id), ("head", unit.head_id)):
            if person := self.person(key, day, unit.id):
                return person, how
        return None, ""


_kept: dict[str, tuple[float, int, Book]] = {}


def book() -> Book:
    """The book, read again when a process said that something changed."""
    name, stamp = str(connection.settings_dict["NAME"]), people.stamp()
    kept, now = _kept.get(name), time.monotonic()
    if kept and kept[1] == stamp and now - kept[0] < FRESH_SECONDS:
        return kept[2]
    fresh = read(people.directory())
    _kept[name] = (now, stamp, fresh)
    return fresh


def changed() -> None:
    """Duties, parties, areas, persons or posts were changed: everybody reads again."""
    people.changed()
    forget()


def forget() -> None:
    """Read the tables again at the next look-up of this process."""
    _kept.clear()


def read(directory: Directory) -> Book:
    """The book as the tables stand now."""
    found: dict[Where, list[Row]] = {}
    for row in (*_duties(directory), *_parties(), *_charges(directory)):
        found.setdefault((row.clause, row.site or row.region), []).append(row)
    posts: dict[UUID, list[Held]] = {}
    held = Post.objects.order_by("id").values_list("person_id", "unit_id", "sort", "since", "until")
    for person, unit, sort, since, until in held:
        posts.setdefault(person, []).append(Held(unit, sort == Post.Sort.WORKING, since, until))
    checks = Check.objects.values_list("key", "item__key", "site_type_id")
    return Book(
        directory=directory,
        rows={where: tuple(rows) for where, rows in found.items()},
        persons={p.id: p for p in Person.objects.all()},
        posts={person: tuple(rows) for person, rows in posts.items()},
        kind_items=dict(ProblemKind.objects.values_list("key", "item_key")),
        check_items={key: (item, site_type) for key, item, site_type in checks},
    )


def _level(directory: Directory, region: UUID | None) -> str:
    return str(directory.regions[region].level) if region else ""


def _duties(directory: Directory) -> Iterator[Row]:
    for duty in Duty.objects.filter(void=False).order_by("order", "id"):
        yield as_row(duty, _level(directory, duty.region_id))


def as_row(duty: Duty, level: str) -> Row:
    """A duty in plain values; ``level`` is that of its region."""
    return Row(
        id=duty.id, clause=clause_of(duty), project=duty.project, region=duty.region_id,
        site=duty.site_id, level=level, part=duty.part, unit=duty.unit_id,
        unit_rule=duty.unit_rule, leader=duty.leader_id, section=duty.section,
        person=duty.person_id, since=duty.since, until=duty.until, order=duty.order,
        provisional=duty.provisional, doubt=duty.doubt, words=duty.words,
    )  # fmt: skip


def clause_of(duty: Duty) -> Clause:
    """What a duty is about, as a sort and a key."""
    for sort, key in (
        ("check", duty.check_key), ("kind", duty.kind_id), ("type", duty.site_type_key),
        ("item", duty.item_key),
    ):  # fmt: skip
        if key:
            return sort, key
    return EVERYTHING


_PARTY_COLUMNS = ("id", "site_id", "part", "unit_id", "person_id", "leader_id", "since", "until")


def _parties() -> Iterator[Row]:
    rows: Iterable[tuple[UUID, UUID, str, UUID, UUID, UUID, date | None, date | None]]
    rows = SiteParty.objects.order_by("id").values_list(*_PARTY_COLUMNS)
    for key, site, part, unit, person, leader, since, until in rows:
        yield Row(
            id=key, sort="party", site=site, part=PARTS[SitePart(part)], site_part=part, unit=unit,
            person=person, leader=leader, since=since, until=until,
        )  # fmt: skip


def _charges(directory: Directory) -> Iterator[Row]:
    rows = Charge.objects.order_by("id").values_list(
        "id", "person_id", "region_id", "since", "until"
    )
    for key, person, region, since, until in rows:
        yield Row(
            id=key, sort="charge", region=region, level=_level(directory, region),
            part="supervise", leader=person, since=since, until=until,
        )  # fmt: skip

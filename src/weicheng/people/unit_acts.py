"""Changing units, persons, posts, site parties and regions; ``by`` is who asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from weicheng.journal.ids import uuid7
from weicheng.people.directory import changed
from weicheng.people.models import Person, Post, SiteParty, Unit
from weicheng.people.permissions import keeps_the_seats, may_edit_unit, may_name_head
from weicheng.places.models import Region, RegionLevel, Site
from weicheng.places.permissions import may_edit_in
from weicheng.places.pinyin import key

LEVEL_BELOW = {
    RegionLevel.PREFECTURE: RegionLevel.COUNTY,
    RegionLevel.COUNTY: RegionLevel.TOWN,
    RegionLevel.TOWN: RegionLevel.COMMUNITY,
}


def _allow(permitted: bool) -> None:
    if not permitted:
        raise PermissionDenied


@transaction.atomic
def save_unit(*, by: Any, unit: Unit | None = None, region: Region, **values: Any) -> Unit:
    """Add or change a unit; ``values`` are its other columns. Raises PermissionDenied."""
    _allow(may_edit_in(by, region) and (unit is None or may_edit_unit(by, unit)))
    _allow(keeps_the_seats(by, unit, region, values))
    row = unit or Unit()
    row.region = region
    for name, value in values.items():
        setattr(row, name, value)
    row.pinyin = key(row.name)[:160]
    row.save()
    changed()
    return row


@transaction.atomic
def add_person(
    *,
    by: Any,
    unit: Unit,
    name: str,
    phone: str = "",
    title: str = "",
    home: Unit | None = None,
    is_head: bool = False,
) -> Person:
    """Somebody who works in a unit; ``home`` is the 原单位 of a seconded person."""
    _allow(may_edit_unit(by, unit))
    if is_head:
        _allow(may_name_head(by, unit))
    person = Person.objects.create(
        name=name.strip(), phone=phone, title=title, pinyin=key(name)[:100]
    )
    Post.objects.create(person=person, unit=unit, sort=Post.Sort.WORKING, title=title)
    if home is not None and home != unit:
        Post.objects.create(person=person, unit=home, sort=Post.Sort.HOME)
    if is_head:
        Unit.objects.filter(pk=unit.pk).update(head=person)
    changed()
    return person


@transaction.atomic
def save_person(*, by: Any, person: Person, name: str, phone: str, title: str) -> Person:
    """Correct a person. Raises PermissionDenied when none of the person's units is the asker's."""
    _allow(may_edit_person(by, person))
    person.name, person.phone, person.title = name.strip(), phone, title
    person.pinyin = key(name)[:100]
    person.save()
    changed()
    return person


def may_edit_person(by: Any, person: Person) -> bool:
    """Whether the person has a current post in a unit that the asker keeps."""
    posts = person.posts.filter(until=None).select_related("unit__region")
    return any(may_edit_unit(by, post.unit) for post in posts)


@transaction.atomic
def add_post(
    *, by: Any, person: Person, unit: Unit, sort: str, title: str = "", since: date | None = None
) -> Post:
    """Post a person to one more unit: 原单位 or 工作单位."""
    _allow(may_edit_person(by, person) and may_edit_unit(by, unit))
    post = Post.objects.create(person=person, unit=unit, sort=sort, title=title, since=since)
    changed()
    return post


@transaction.atomic
def end_post(*, by: Any, post: Post, on: date | None = None) -> Post:
    """The post ends today; it is kept, because who fixed what depends on it."""
    _allow(may_edit_unit(by, post.unit))
    post.until = on or timezone.localdate()
    post.save(update_fields=["until"])
    changed()
    return post


@dataclass(frozen=True)
class PartyRow:
    """Who answers for a site in one part."""

    part: str
    unit: Unit
    person: Person | None = None
    leader: Person | None = None


@transaction.atomic
def save_site_parties(*, by: Any, site: Site, rows: Sequence[PartyRow]) -> None:
    """Let exactly these rows answer for a site from today on. Raises PermissionDenied.

    What is no longer given ended yesterday and is kept; what is given again goes on.
    """
    _allow(may_edit_in(by, site.region))
    today = timezone.localdate()
    wanted = {(row.unit.pk, row.part): row for row in reversed(rows)}
    for held in SiteParty.objects.on(today).filter(site=site):
        row = wanted.get((held.unit_id, held.part))
        if row is not None and (held.person, held.leader) == (row.person, row.leader):
            del wanted[held.unit_id, held.part]
        elif held.since == today:
            held.delete()
        else:
            held.until = today - timedelta(days=1)
            held.save(update_fields=["until"])
    for row in wanted.values():
        SiteParty.objects.create(
            site=site, unit=row.unit, part=row.part, person=row.person, leader=row.leader,
            since=today,
        )  # fmt: skip
    changed()


@transaction.atomic
def save_region(
    *, by: Any, region: Region | None = None, parent: Region | None = None, name: str, letters: str
) -> Region:
    """Rename a region, or add one below ``parent`` with a new code. Raises PermissionDenied."""
    if region is None:
        assert parent is not None
        _allow(may_edit_in(by, parent) and parent.level in LEVEL_BELOW)
        pk = uuid7()
        region = Region(
            id=pk, parent=parent, level=LEVEL_BELOW[RegionLevel(parent.level)],
            code=next_code(parent), ancestors=[pk, *parent.ancestors],
        )  # fmt: skip
    else:
        _allow(may_edit_in(by, region))
    region.name, region.letters, region.pinyin = name.strip(), letters.upper(), key(name)[:120]
    region.save()
    changed()
    return region


def next_code(parent: Region) -> str:
    """The next free code below a region: county 6, town +3, community +3 digits."""
    width = 2 if parent.level == RegionLevel.PREFECTURE else 3
    stem = parent.code[:4] if parent.level == RegionLevel.PREFECTURE else parent.code
    taken = set(Region.objects.filter(code__startswith=stem).values_list("code", flat=True))
    numbers = (f"{stem}{n:0{width}d}" for n in range(1, 10**width))
    return next(code for code in numbers if code not in taken)

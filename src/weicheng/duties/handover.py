"""Handing over in one act: all that a person, or a whole unit, answers for goes to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from weicheng.duties.acts import Terms, claim, supersede, tell, terms_of
from weicheng.duties.book import changed
from weicheng.duties.models import Duty, UnitAlias
from weicheng.duties.permissions import may_write
from weicheng.duties.refusals import Refused
from weicheng.people.models import Charge, Person, Post, SiteParty, Unit
from weicheng.people.permissions import may_edit_unit, may_name_head
from weicheng.places.permissions import may_edit_in

if TYPE_CHECKING:
    from weicheng.people.models import User


@dataclass
class Moves:
    """What goes from one to the other, row by row, for the preview and for the act."""

    duties: list[Duty] = field(default_factory=list)
    parties: list[SiteParty] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    heads: list[Unit] = field(default_factory=list)
    contacts: list[Unit] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many rows move."""
        return sum(len(rows) for rows in vars(self).values())


def _still(day: date) -> Q:
    """Rows that hold on the day or begin later."""
    return Q(until=None) | Q(until__gte=day)


def moves_of(person: Person, day: date) -> Moves:
    """All that a person answers for on a day or later, and the posts that carry it."""
    mine = Q(person=person) | Q(leader=person)
    duties = Duty.objects.filter(mine, _still(day), void=False, superseded_by=None)
    parties = SiteParty.objects.filter(mine, _still(day))
    found = Moves(
        duties=list(duties.select_related(*_DUTY_NEEDS)),
        parties=list(parties.select_related("site__region", "unit__region")),
        charges=list(Charge.objects.filter(_still(day), person=person).select_related("region")),
        heads=list(Unit.objects.filter(head=person, active=True).select_related("region")),
        contacts=list(Unit.objects.filter(contact=person, active=True).select_related("region")),
    )
    posts = Post.objects.filter(_still(day), person=person, sort=Post.Sort.WORKING)
    found.posts = list(posts.select_related("unit__region"))
    return found


_DUTY_NEEDS = ("unit__region", "region", "site__region", "kind", "person", "leader")


def moves_of_unit(unit: Unit, day: date) -> Moves:
    """All that a unit answers for on a day or later, and the posts in it."""
    duties = Duty.objects.filter(_still(day), unit=unit, void=False, superseded_by=None)
    parties = SiteParty.objects.filter(_still(day), unit=unit)
    posts = Post.objects.filter(_still(day), unit=unit)
    return Moves(
        duties=list(duties.select_related(*_DUTY_NEEDS)),
        parties=list(parties.select_related("site__region", "unit__region")),
        posts=list(posts.select_related("person", "unit__region")),
    )


def _may(by: User, moves: Moves) -> bool:
    """Whether the asker keeps all places and units that are touched."""
    units = {p.unit for p in moves.posts} | {*moves.heads, *moves.contacts}
    regions = {party.site.region for party in moves.parties} | {c.region for c in moves.charges}
    return (
        by.role == "office"
        and all(may_edit_unit(by, unit) for unit in units)
        and all(may_edit_in(by, region) for region in regions)
        and all(may_write(by, *place) for place in {(d.region, d.site) for d in moves.duties})
        and all(may_name_head(by, unit) for unit in moves.heads)
    )


@dataclass
class Done:
    """What an act of handing over wrote."""

    moved: int
    day: date


@transaction.atomic
def hand_over(
    *,
    by: User,
    person: Person,
    to: Person,
    day: date,
    leaves: bool,
    op_id: UUID,
    now: datetime | None = None,
) -> Done:
    """All current duties of ``person`` end on the day before; those of ``to`` begin on ``day``.

    ``leaves``: the posts of ``person`` end too. ``to`` gets a post in every unit where the duty
    needs one. Raises Refused, journal.once.ForeignOperation.
    """
    if person.pk == to.pk:
        raise Refused("same_person")
    Person.objects.select_for_update().get(pk=person.pk)  # two handovers of one person: in turn
    moves = _checked(by, moves_of(person, day), day)
    body = {"from": person.pk, "to": to.pk, "day": day, "leaves": leaves}
    if not claim(by, "hand_over_duties", body, op_id, now):
        return Done(0, day)
    _something(moves, person.name)
    for duty in moves.duties:
        supersede(duty, _passed(duty, day, person, to), day, op_id)
    for party in moves.parties:
        _pass_on(party, day, person, to)
    for charge in moves.charges:
        _pass_on(charge, day, person, to)
    _post(person, to, _units_of(moves), day, leaves)
    Unit.objects.filter(pk__in=[unit.pk for unit in moves.heads]).update(head=to)
    Unit.objects.filter(pk__in=[unit.pk for unit in moves.contacts]).update(contact=to)
    changed()
    _tell(op_id, now, one=person, to=to, day=day, by=by)
    return Done(moves.total, day)


def _passed(duty: Duty, day: date, person: Person, to: Person) -> Terms:
    """What a duty says when one person has passed it on to the other."""
    return replace(
        terms_of(duty),
        since=_later(duty.since, day),
        person=to if duty.person_id == person.pk else duty.person,
        leader=to if duty.leader_id == person.pk else duty.leader,
    )


def _tell(
    op_id: UUID, now: datetime | None, *, one: Person | Unit, to: Person | Unit, day: date, by: User
) -> None:
    """Leave the news of who follows whom."""
    ids = {"from": str(one.pk), "to": str(to.pk), "by": str(by.pk)}
    tell(op_id, now, **ids, day=day.isoformat())


def _checked(by: User, moves: Moves, day: date) -> Moves:
    if day > timezone.localdate():
        raise Refused("day_ahead")
    if not _may(by, moves):
        raise Refused("not_yours")
    return moves


def _something(moves: Moves, name: str) -> None:
    if not moves.total:
        raise Refused("nothing_to_hand_over", name=name)


def _later(since: date | None, day: date) -> date:
    """A row that begins after the day goes on beginning then."""
    return max(since, day) if since else day


def _pass_on(row: SiteParty | Charge, day: date, person: Person, to: Person) -> None:
    """End a party or an area on the day before and begin the same with the other person."""
    names = [n for n in ("person", "leader") if getattr(row, f"{n}_id", None) == person.pk]
    _renew(row, day, **dict.fromkeys(names, to))


def _renew(row: SiteParty | Charge, day: date, **values: Any) -> None:
    """The same row with other values from the day on; in place where it has not begun."""
    if row.since is not None and row.since >= day:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        return
    until, row.until = row.until, day - timedelta(days=1)
    row.save(update_fields=["until"])
    columns = [f.name for f in row._meta.concrete_fields if not f.primary_key]
    again = {name: getattr(row, name) for name in columns} | values
    again |= {"since": day, "until": until}
    if not _exists(type(row), again):
        type(row)._default_manager.create(**again)


def _exists(model: type[models.Model], values: dict[str, Any]) -> bool:
    """Whether the other already has that very part at that place."""
    names = ("person", "region") if model is Charge else ("site", "unit", "part")
    same = {name: values[name] for name in names}
    return model._default_manager.filter(until=None, **same).exists()


def _units_of(moves: Moves) -> list[Unit]:
    """The units in which the new person must hold a post for the duties to be owned."""
    units = [d.unit for d in moves.duties if d.unit is not None and d.person_id is not None]
    units += [party.unit for party in moves.parties if party.person_id is not None]
    units += [*moves.heads, *moves.contacts]
    working = {post.unit_id for post in moves.posts}
    return list({u.pk: u for u in units if u.pk in working}.values())


def _post(person: Person, to: Person, units: list[Unit], day: date, leaves: bool) -> None:
    held = set(Post.objects.filter(_still(day), person=to).values_list("unit_id", flat=True))
    old = Post.objects.filter(_still(day), person=person, sort=Post.Sort.WORKING)
    titles = dict(old.values_list("unit_id", "title"))
    for unit in units:
        if unit.pk not in held:
            Post.objects.create(
                person=to, unit=unit, sort=Post.Sort.WORKING, title=titles.get(unit.pk, ""),
                since=day,
            )  # fmt: skip
    if leaves:
        for post in old:
            post.until = max(filter(None, [post.since, day - timedelta(days=1)]))
            post.save(update_fields=["until"])


@transaction.atomic
def merge_units(
    *, by: User, unit: Unit, into: Unit, day: date, op_id: UUID, now: datetime | None = None
) -> Done:
    """``unit`` is gone from ``day`` on: duties, site parties and posts go to ``into``, and its
    name stays known as another name of it. Raises Refused, journal.once.ForeignOperation."""
    if unit.pk == into.pk:
        raise Refused("same_unit")
    if not into.active:
        raise Refused("unit_gone", unit=into.name)
    Unit.objects.select_for_update().get(pk=unit.pk)
    moves = _checked(by, moves_of_unit(unit, day), day)
    if not (may_edit_unit(by, unit) and may_edit_unit(by, into) and may_name_head(by, unit)):
        raise Refused("not_yours")
    body = {"unit": unit.pk, "into": into.pk, "day": day}
    if not claim(by, "merge_units", body, op_id, now):
        return Done(0, day)
    _something(moves, unit.name)
    for duty in moves.duties:
        terms = replace(terms_of(duty), since=_later(duty.since, day), unit=into)
        supersede(duty, terms, day, op_id)
    for row in moves.parties:
        _renew(row, day, unit=into)
    _move_posts(moves.posts, into, day)
    for name in _names(unit):
        UnitAlias.objects.get_or_create(name=name, unit=into, defaults={"since": day})
    Unit.objects.filter(pk=unit.pk).update(active=False)
    changed()
    _tell(op_id, now, one=unit, to=into, day=day, by=by)
    return Done(moves.total, day)


def _names(unit: Unit) -> Iterator[str]:
    yield unit.name
    if unit.short_name and unit.short_name != unit.name:
        yield unit.short_name


def _move_posts(posts: list[Post], into: Unit, day: date) -> None:
    for post in posts:
        kept = Post.objects.filter(_still(day), person=post.person, unit=into, sort=post.sort)
        if not kept.exists():
            Post.objects.create(
                person=post.person, unit=into, sort=post.sort, title=post.title, since=day,
                until=post.until,
            )  # fmt: skip
        post.until = max(filter(None, [post.since, day - timedelta(days=1)]))
        post.save(update_fields=["until"])

"""Writing, changing, ending and settling duties; ``by`` is who asks, ``op_id`` makes it once.

Nothing is deleted: a change ends the old row on the day before and begins a new one that
supersedes it. A row that had not begun by then is void.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from weicheng.duties.book import book, changed
from weicheng.duties.models import CLAUSE, Duty
from weicheng.duties.permissions import may_settle, may_write
from weicheng.duties.refusals import Refused
from weicheng.journal import once, outbox

if TYPE_CHECKING:
    from weicheng.people.models import Person, Unit, User
    from weicheng.places.models import Region, Site
    from weicheng.standards.models import ProblemKind


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a duty says: a clause, a place, who, and from when to when."""

    item_key: str = ""
    check_key: str = ""
    kind: ProblemKind | None = None
    site_type_key: str = ""
    project: str = ""
    region: Region | None = None
    site: Site | None = None
    part: str = "lead"
    unit: Unit | None = None
    unit_rule: str = ""
    leader: Person | None = None
    section: str = ""
    person: Person | None = None
    since: date | None = None
    until: date | None = None
    order: int = 0
    provisional: bool = False
    doubt: str = ""
    words: str = ""

    def body(self) -> dict[str, Any]:
        """What makes a request the same request."""
        return {name: str(getattr(v, "pk", v)) for name, v in vars(self).items() if v}

    def check(self) -> None:
        """Raise Refused when the terms contradict themselves or name somebody who is gone."""
        if sum(bool(getattr(self, name)) for name in CLAUSE) > 1:
            raise Refused("one_clause")
        if not (self.unit or self.unit_rule or self.person or self.leader):
            raise Refused("nobody")
        if self.since and self.until and self.until < self.since:
            raise Refused("ends_before")
        if self.unit is not None and not self.unit.active:
            raise Refused("unit_gone", unit=self.unit.name)
        day = max(filter(None, [self.since, timezone.localdate()]))
        for person in (self.person, self.leader):
            if person is not None and book().person(person.pk, day) is None:
                raise Refused("person_gone", person=person.name)


def terms_of(duty: Duty) -> Terms:
    """What a written duty says."""
    return Terms(**{name: getattr(duty, name) for name in Terms.__dataclass_fields__})


def claim(
    by: User, act: str, body: dict[str, Any], op_id: UUID, now: datetime | None = None
) -> bool:
    """Claim the operation; False when the same was done before. Raises Refused."""
    return once.claim(Refused, by=by, act=act, body=body, op_id=op_id, now=now)


def tell(op_id: UUID, now: datetime | None, **payload: Any) -> None:
    """Leave the news of changed duties for the rooms above."""
    moment = now or timezone.now()
    outbox.publish(topic="duties", payload=payload, operation=op_id, now=moment)


@transaction.atomic
def add(*, by: User, terms: Terms, op_id: UUID, now: datetime | None = None) -> Duty:
    """A new duty. Raises Refused, journal.once.ForeignOperation."""
    if not may_write(by, terms.region, terms.site):
        raise Refused("not_yours")
    terms.check()
    if not claim(by, "add_duty", terms.body(), op_id, now):
        return Duty.objects.get(made_by_id=op_id)
    duty = write(terms, op_id)
    changed()
    return duty


def write(terms: Terms, op_id: UUID | None, **rest: Any) -> Duty:
    """One row of these terms."""
    values = {name: getattr(terms, name) for name in Terms.__dataclass_fields__}
    return Duty.objects.create(**values, made_by_id=op_id, **rest)


@transaction.atomic
def change(
    *, by: User, duty: Duty, terms: Terms, day: date, op_id: UUID, now: datetime | None = None
) -> Duty:
    """From ``day`` on the duty says something else. Raises Refused."""
    if not (may_write(by, duty.region, duty.site) and may_write(by, terms.region, terms.site)):
        raise Refused("not_yours")
    fresh = replace(terms, since=day)
    fresh.check()
    body = {"duty": duty.pk, "day": day, **fresh.body()}
    if not claim(by, "change_duty", body, op_id, now):
        return Duty.objects.get(made_by_id=op_id)
    held = Duty.objects.select_for_update(of=("self",)).get(pk=duty.pk)
    made = supersede(held, fresh, day, op_id)
    changed()
    return made


def supersede(held: Duty, terms: Terms, day: date, op_id: UUID) -> Duty:
    """End a row on the day before and begin a new one; one that has not begun is void."""
    if held.void or held.superseded_by_id or (held.until is not None and held.until < day):
        raise Refused("over_already")
    made = write(terms, op_id, batch_id=held.batch_id)
    close(held, day - timedelta(days=1), op_id)
    held.superseded_by = made
    held.save(update_fields=["superseded_by"])
    return made


def close(held: Duty, last: date, op_id: UUID) -> None:
    """The row holds until ``last``; when it had not begun by then it is void."""
    if held.since is not None and held.since > last:
        held.void = True
    else:
        held.until = last
    held.ended_by_id = op_id
    held.save(update_fields=["void", "until", "ended_by"])


@transaction.atomic
def end(*, by: User, duty: Duty, last: date, op_id: UUID, now: datetime | None = None) -> Duty:
    """The duty holds until ``last`` and nobody follows. Raises Refused."""
    if not may_write(by, duty.region, duty.site):
        raise Refused("not_yours")
    if not claim(by, "end_duty", {"duty": duty.pk, "last": last}, op_id, now):
        return Duty.objects.get(pk=duty.pk)
    held = Duty.objects.select_for_update(of=("self",)).get(pk=duty.pk)
    if held.void or (held.until is not None and held.until <= last):
        raise Refused("over_already")
    close(held, last, op_id)
    changed()
    return held


def rivals(duty: Duty, day: date) -> list[Duty]:
    """Other leading rows of the same clause and place, in force on the day."""
    same: dict[str, Any] = {name: getattr(duty, name) for name in (*CLAUSE, "region", "site")}
    rows = Duty.objects.on(day).filter(Q(part="lead"), project=duty.project, **same)
    return list(rows.exclude(pk=duty.pk).select_related("unit", "region", "site__region"))


@transaction.atomic
def settle(
    *, by: User, duty: Duty, others: str, day: date, op_id: UUID, now: datetime | None = None
) -> Duty:
    """This row leads from now on. Its rivals become ``others`` (a part; "" ends them) on ``day``.

    Raises Refused when there is nothing to settle.
    """
    if not may_settle(by, duty.region, duty.site):
        raise Refused("not_yours")
    body = {"duty": duty.pk, "others": others, "day": day}
    if not claim(by, "settle_duty", body, op_id, now):
        return Duty.objects.get(pk=duty.pk)
    held = Duty.objects.select_for_update(of=("self",)).get(pk=duty.pk)
    if not held.in_force(day):
        raise Refused("over_already")
    losers = rivals(held, day) if held.part == "lead" else []
    if not (held.provisional or held.doubt or losers):
        raise Refused("nothing_to_settle")
    for loser in losers:
        if others:
            terms = replace(terms_of(loser), part=others, since=day, provisional=False, doubt="")
            supersede(loser, terms, day, op_id)
        else:
            close(loser, day - timedelta(days=1), op_id)
    held.provisional, held.doubt, held.settled_by_id = False, "", op_id
    held.save(update_fields=["provisional", "doubt", "settled_by"])
    changed()
    return held

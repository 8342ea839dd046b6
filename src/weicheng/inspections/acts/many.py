"""Many looks at once: sheets of past checks from tables, and whole days of a demo district."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from weicheng.inspections.acts.once import claim
from weicheng.inspections.acts.visiting import (
    LATE,
    Look,
    Reported,
    is_outside,
    is_second,
    outcome_of,
    unit_of,
)
from weicheng.inspections.models import Found, Visit
from weicheng.inspections.permissions import may_check_in
from weicheng.inspections.refusals import Refused
from weicheng.inspections.sheets import Sheets
from weicheng.journal.copying import copy_in
from weicheng.journal.ids import derived
from weicheng.journal.models import Operation
from weicheng.journal.once import body_hash

if TYPE_CHECKING:
    from weicheng.people.models import User
    from weicheng.problems.models import Problem


@dataclass(frozen=True)
class Given:
    """One look of the many: who typed or made it, its operation, and how it came to us."""

    by: User
    look: Look
    op_id: UUID
    reported: Reported


@dataclass
class Kept:
    """What became of many looks: the new visits, how many were known, and each refusal by place
    in the list given (from 0)."""

    visits: list[Visit]
    known: int
    refused: list[tuple[int, Refused]]


@transaction.atomic
def record_visits(given: Sequence[Given]) -> Kept:
    """Record many looks in two statements; what is known already is passed over, what is wrong is
    answered by its place and hinders no other. Photos are not taken here."""
    ids = [one.op_id for one in given]
    known = set(Operation.objects.filter(pk__in=ids).values_list("pk", flat=True))
    kept = Kept([], 0, [])
    operations: list[Operation] = []
    book = _Book()
    for place, one in enumerate(given):
        if one.op_id in known:
            kept.known += 1
            continue
        known.add(one.op_id)
        try:
            visit = _visit(one, book)
        except Refused as refused:
            kept.refused.append((place, refused))
            continue
        kept.visits.append(visit)
        operations.append(_operation(one, visit))
    copy_in(operations)
    copy_in(kept.visits)
    return kept


@dataclass(frozen=True)
class Tie:
    """A problem that was filed by itself, and the look during which it was found."""

    visit: Visit
    problem: Problem
    check_key: str = ""


@transaction.atomic
def tie_problems(ties: Sequence[Tie], *, by: User, op_id: UUID, now: datetime | None = None) -> int:
    """Say of problems in which look they were found, so that a lost point opens to its problem.

    Answers how many were tied; a problem that is tied already is passed over. Only for those who
    see the problems' region as a whole.
    """
    moment = now or timezone.now()
    for region in {tie.problem.region for tie in ties}:
        if not may_check_in(by, region):
            raise Refused("other_place", site=region.name)
    body = {"ties": sorted(f"{tie.visit.pk}/{tie.problem.pk}/{tie.check_key}" for tie in ties)}
    if not claim(by=by, act="tie_problems", body=body, op_id=op_id, now=moment):
        return 0
    wanted = [tie.problem.pk for tie in ties]
    known = set(Found.objects.filter(problem__in=wanted).values_list("problem", flat=True))
    rows = [_found(tie, by, op_id, moment) for tie in ties if tie.problem.pk not in known]
    copy_in(rows)
    return len(rows)


def _found(tie: Tie, by: User, op_id: UUID, now: datetime) -> Found:
    visit, problem = tie.visit, tie.problem
    return Found(
        visit=visit, site_id=problem.site_id, region_id=problem.region_id, plan_id=visit.plan_id,
        kind_id=problem.kind_id, check_key=tie.check_key, severity=problem.severity,
        place=problem.place, words=problem.description, photos_listed=[],
        latitude=problem.latitude, longitude=problem.longitude, inspector_id=visit.inspector_id,
        by=by, problem=problem, occurred_at=problem.found_at, received_at=now,
        operation=derived(op_id, str(problem.pk)),
    )  # fmt: skip


class _Book:
    """What is asked again and again of many looks, read once."""

    def __init__(self) -> None:
        self.sheets = Sheets()
        self.unit_of = cache(unit_of)
        self.is_outside = cache(is_outside)


def _visit(one: Given, book: _Book) -> Visit:
    look, told = one.look, one.reported
    happened, received = told.moments()
    if not may_check_in(one.by, look.site.region):
        raise Refused("other_place", site=look.site.name)
    book.sheets.check(look)
    plan = look.plan or (look.stop.plan if look.stop else None)
    person = told.for_person or one.by.person
    if person is None:
        raise Refused("not_yours")
    return Visit(
        site=look.site, site_type=look.site.site_type_id, plan=plan, stop=look.stop,
        inspector=person, unit=book.unit_of(one.by, person),
        outside=book.is_outside(person, plan), channel=told.channel, outcome=outcome_of(look),
        failed=sorted(look.failed), not_applicable=sorted(look.not_applicable),
        unseen=sorted(look.unseen),
        bands=dict(look.bands), edition=book.sheets.edition, sheet_version=book.sheets.version,
        photos_listed=[], note=look.note, blind=is_second(look.stop, person),
        sealed=plan is not None and plan.hidden,
        late=received - happened > LATE, occurred_at=happened, received_at=received,
        offset_seconds=told.offset_seconds, operation=one.op_id,
    )  # fmt: skip


def _operation(one: Given, visit: Visit) -> Operation:
    told = one.reported
    return Operation(
        op_id=one.op_id, actor=one.by, act="record_visit",
        behalf_person=told.for_person.pk if told.for_person else None,
        channel="paper" if told.channel == "paper" else "",
        body_hash=body_hash("record_visit", one.look.body()), response={},
        occurred_at=visit.occurred_at, recorded_at=visit.received_at,
        device_offset_seconds=told.offset_seconds,
    )  # fmt: skip

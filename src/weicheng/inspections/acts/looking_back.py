"""回头看: which closed problems are looked at again, drawn day by day, and what was then seen."""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext

from weicheng.inspections.acts.once import claim
from weicheng.inspections.acts.visiting import Reported
from weicheng.inspections.models import LookBack
from weicheng.inspections.permissions import may_check_in
from weicheng.inspections.refusals import Refused
from weicheng.journal.ids import derived
from weicheng.people.roles import Role
from weicheng.problems import acts as problem_acts
from weicheng.problems.models import Problem
from weicheng.problems.who import Behalf, Who, acting
from weicheng.problems.words import Outcome, ReopenReason, Severity, Status

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment
    from weicheng.people.models import Person, User

#: Share of the closings of a day that is looked at again so many days later, per thousand. Own
#: defaults: most relapses show within days, and thirty looks a day are what an office can walk.
SHARES = {3: 300, 7: 200, 30: 100}
#: Key and serious problems, and those that came back before, are this much likelier to be drawn.
LIKELIER = 2
#: After an outage the draws of at most so many missed days are made up for.
MADE_UP = 14
_WHOLE = 1 << 64


def draw_look_backs(today: date, *, now: datetime | None = None) -> int:
    """Draw the second looks that fall due today and on the days missed since the last draw.

    Answers how many were drawn. The same day again draws nothing new. Nobody outside the machine
    can foresee the draw: it hangs on a secret of that day.
    """
    last = LookBack.objects.filter(due_on__lt=today).aggregate(day=Max("due_on"))["day"]
    missed = min(max((today - last).days - 1, 0), MADE_UP) if last else 0
    drawn = 0
    with transaction.atomic():
        drop_overtaken()
        for back in range(missed, -1, -1):
            due = today - timedelta(days=back)
            drawn += sum(_draw(due, day) for day in SHARES)
        _drop_older()
    return drawn


def drop_overtaken() -> int:
    """Second looks of problems that were reopened or voided before anybody looked: dropped."""
    waiting = LookBack.objects.filter(held__isnull=True, dropped="")
    gone = waiting.exclude(
        problem__status=Status.DONE, problem__voided=False, problem__closed_at=F("closed_at")
    )
    return LookBack.objects.filter(pk__in=list(gone.values_list("pk", flat=True))).update(
        dropped="reopened"
    )


def _drop_older() -> None:
    """Of one closing only the second look that fell due last waits: one walk answers for all."""
    waiting = LookBack.objects.filter(held__isnull=True, dropped="")
    later = waiting.filter(
        problem=OuterRef("problem"), closed_at=OuterRef("closed_at"), day__gt=OuterRef("day")
    )
    older = waiting.filter(Exists(later)).values_list("pk", flat=True)
    LookBack.objects.filter(pk__in=list(older)).update(dropped="overtaken")


def _draw(due: date, day: int) -> int:
    closed = _day(due - timedelta(days=day))
    rows = list(
        Problem.objects.filter(
            closed_at__range=closed, status=Status.DONE, outcome=Outcome.FIXED, voided=False
        )
        .only("id", "closed_at", "closed_by", "lead_unit", "severity", "relapsed")
        .order_by("id")
    )
    before = LookBack.objects.filter(day=day, due_on=due)
    known = set(before.values_list("problem_id", flat=True))
    served: set[UUID | None] = set(before.values_list("problem__lead_unit_id", flat=True))
    chosen = [row for row in _chosen(rows, due, day, served) if row.pk not in known]
    LookBack.objects.bulk_create(
        [
            LookBack(
                problem=row,
                closed_at=row.closed_at,
                day=day,
                due_on=due,
                not_by_id=row.closed_by_id,
            )
            for row in chosen
            if row.closed_at is not None
        ],
        ignore_conflicts=True,
    )
    return len(chosen)


def _day(on: date) -> tuple[datetime, datetime]:
    zone = timezone.get_default_timezone()
    return (
        datetime.combine(on, time.min, tzinfo=zone),
        datetime.combine(on, time.max, tzinfo=zone),
    )


def _chosen(
    rows: Iterable[Problem], due: date, day: int, served: set[UUID | None]
) -> list[Problem]:
    """Those whose number of the day lies under their chance, and at least one of each unit."""
    secret, chosen = secret_of(due), list[Problem]()
    by_unit: defaultdict[UUID | None, list[tuple[float, Problem]]] = defaultdict(list)
    for row in rows:
        weight = _weight(row)
        number = _number(secret, day, row.pk)
        by_unit[row.lead_unit_id].append((number / weight, row))
        if number * 1000 < SHARES[day] * weight * _WHOLE:
            chosen.append(row)
    served = served | {row.lead_unit_id for row in chosen}
    for unit, numbered in by_unit.items():
        if unit not in served:
            chosen.append(min(numbered, key=lambda pair: (pair[0], pair[1].pk))[1])
    return chosen


def _weight(problem: Problem) -> int:
    grave = problem.severity in {Severity.KEY, Severity.SERIOUS}
    return (LIKELIER if grave else 1) * (LIKELIER if problem.relapsed else 1)


def secret_of(day: date) -> bytes:
    """The secret of a day's draw (32 bytes): it follows from the installation's own secret."""
    key = hashlib.sha256(f"look back:{settings.SECRET_KEY}".encode()).digest()
    return hmac.digest(key, day.isoformat().encode(), "sha256")


def _number(secret: bytes, day: int, problem: UUID) -> int:
    return int.from_bytes(hmac.digest(secret, bytes([day]) + problem.bytes, "sha256")[:8], "big")


@dataclass(frozen=True)
class _Seen:
    held: bool
    words: str
    photos: Sequence[Attachment]


@transaction.atomic
def look_again(
    *,
    look_back: LookBack,
    held: bool,
    photos: Sequence[Attachment] = (),
    words: str = "",
    by: User,
    op_id: UUID,
    reported: Reported | None = None,
) -> LookBack:
    """Say what the second look saw. 反弹 reopens the problem in the same transaction; where it
    held, that is written on the problem as a remark.

    Raises Refused, problems.refusals.Refused, journal.once.ForeignOperation.
    """
    told = reported or Reported()
    happened, received = told.moments()
    body = {
        "look_back": look_back.pk, "held": held, "words": words,
        "photos": [str(photo.blob_id) for photo in photos],
    }  # fmt: skip
    fresh = claim(
        by=by, act="look_again", body=body, op_id=op_id, now=received, occurred_at=happened,
        offset_seconds=told.offset_seconds, behalf=told.for_person,
        channel="paper" if told.channel == "paper" else "",
    )  # fmt: skip
    row = (
        LookBack.objects.select_for_update(of=("self",))
        .select_related("problem__region")
        .get(pk=look_back.pk)
    )
    if not fresh:
        return row
    refused = why_not(row, by, told)
    if refused is not None:
        raise refused
    _tell(row, _Seen(held, words, photos), by, op_id, told)
    _keep(row, held, told.for_person or by.person, happened, op_id)
    row.photos.set(photos)
    return row


def _keep(
    row: LookBack, held: bool, person: Person | None, happened: datetime, op_id: UUID
) -> None:
    row.held, row.looked_by, row.looked_at, row.operation = held, person, happened, op_id
    row.save(update_fields=["held", "looked_at", "looked_by", "operation"])


def why_not(row: LookBack, by: User, told: Reported | None = None) -> Refused | None:
    """Why this person may not look again; None when it is allowed. The same answer hides the
    buttons and guards the act."""
    behalf = _behalf(by, told or Reported())
    one = acting(by, behalf, timezone.localdate())
    if one.person is None or not may_look(by) or not may_check_in(by, row.problem.region):
        return Refused("not_yours")
    if row.held is not None:
        return Refused("looked_already")
    if row.dropped or not _still_closed(row):
        return Refused("look_back_dropped")
    if row.not_by_id == one.person.pk:
        return Refused("looked_first")
    fixes = row.problem.fixes
    mine = any(fix.get("person") == str(one.person.pk) for fix in fixes)
    units = {UUID(fix["unit"]) for fix in fixes if fix.get("unit")}
    if row.problem.lead_unit_id is not None:
        units.add(row.problem.lead_unit_id)
    today = timezone.localdate()
    if mine or any(one.posted_in(unit, today) for unit in units):
        return Refused("own_unit_fixed")
    return None


def may_look(user: User) -> bool:
    """Whether second looks are this person's work: the office's and its inspectors'."""
    return user.role in {Role.OFFICE, Role.INSPECTOR} and user.is_active


def _still_closed(row: LookBack) -> bool:
    problem = row.problem
    same = problem.closed_at == row.closed_at
    return problem.status == Status.DONE and same and not problem.voided


def _behalf(by: User, told: Reported) -> Behalf | None:
    if told.for_person is None or told.for_person.pk == by.person_id:
        return None
    return Behalf(person=told.for_person, channel="paper")


def _tell(row: LookBack, seen: _Seen, by: User, op_id: UUID, told: Reported) -> None:
    happened, received = told.moments()
    who = Who(
        by=by, op_id=derived(op_id, "problem"), on_behalf_of=_behalf(by, told), now=received,
        occurred_at=happened, device_offset_seconds=told.offset_seconds,
    )  # fmt: skip
    if seen.held:
        said = gettext("回头看（第%(day)s天）：没有反弹。") % {"day": row.day} + seen.words
        problem_acts.remark(problem=row.problem, words=said, photos=seen.photos, **who)
    else:
        problem_acts.reopen(
            problem=row.problem, reason=ReopenReason.RELAPSED, words=seen.words,
            photos=seen.photos, **who,
        )  # fmt: skip


def waiting_for(user: User, today: date) -> list[LookBack]:
    """The second looks that are due and not done, of what this person may see; with all that the
    page shows, in two queries."""
    rows = (
        LookBack.objects.visible_to(user)
        .filter(Q(due_on__lte=today), held__isnull=True, dropped="")
        .filter(
            problem__status=Status.DONE, problem__voided=False, problem__closed_at=F("closed_at")
        )
        .select_related(
            "problem__kind",
            "problem__region__parent",
            "problem__site",
            "problem__lead_unit",
            "problem__before_photo__blob",
            "problem__after_photo__blob",
            "not_by",
        )
        .defer("problem__search")
    )
    return list(rows)

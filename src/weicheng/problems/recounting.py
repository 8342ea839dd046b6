"""Due times that no longer agree with the working calendar, and their recount through the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from weicheng.problems import deadlines, door
from weicheng.problems.models import Problem
from weicheng.problems.refusals import Refused
from weicheng.workdays import book
from weicheng.workdays.affected import Affected
from weicheng.workdays.kinds import TimeKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from weicheng.workdays.calendar import Calendar

#: So many due times are looked at in one go; the next look goes on from there.
MOST_LOOKED = 5000
MOST_SHOWN = 200
ON_CALENDAR = [TimeKind.HOURS.value, TimeKind.DAYS.value]


@dataclass(frozen=True)
class Moved:
    """A due time as it stands, and as the calendar has it now."""

    problem: UUID
    was: datetime
    due_at: datetime


def moved(user: Any, now: datetime, calendar: Calendar | None = None) -> list[Moved]:
    """Problems of this user that are not due yet and whose due time the calendar has moved."""
    known = calendar or book.calendar()
    rows = (
        Problem.objects.visible_to(user)
        .filter(status__in=["run", "long"], voided=False, due_at__gt=now)
        .filter(clock__kind__in=ON_CALENDAR)
        .order_by("due_at")
        .values_list("id", "clock", "due_at")[:MOST_LOOKED]
    )
    return list(_moved(rows, known))


def _moved(rows: Any, calendar: Calendar) -> Iterator[Moved]:
    for key, clock, was in rows:
        due_at = deadlines.due_of(clock, calendar).at
        if due_at != was:
            yield Moved(key, was, due_at)


def on_calendar(user: Any) -> Affected:
    """What hangs on the calendar, for its page."""
    count = len(moved(user, timezone.now()))
    return Affected(count, f"{reverse('problems:limits')}#moved")


def recount(*, by: Any, op_id: UUID, now: datetime) -> tuple[int, int]:
    """Give every such problem the due time of the calendar; how many were, and could not be."""
    done = refused = 0
    for row in moved(by, now)[:MOST_SHOWN]:
        try:
            done += _recount(row, by, uuid5(op_id, str(row.problem)), now)
        except Refused:
            refused += 1
    return done, refused


def _recount(row: Moved, by: Any, op_id: UUID, now: datetime) -> bool:
    problem = Problem.objects.get(pk=row.problem)
    body = {"recount": True}
    with door.enter("set_due", problem=problem, body=body, who={
        "by": by, "op_id": op_id, "now": now,
    }) as step:  # fmt: skip
        clock, was = step.state.clock, step.state.due_at
        if step.replayed or not clock or was is None:
            return False
        due_at = deadlines.due_of(clock).at
        if due_at == was:
            return False
        step.record(
            {"due_at": due_at.isoformat(), "clock": clock, "was": was.isoformat()},
            words=gettext("工作日历有改动，时限重新推算。"),
        )
    return True

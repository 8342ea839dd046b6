"""From news of acts and alarms to notices at the bell and messages on their way, once each.

Runs as the outbox's handler: it only writes rows. Unique keys make a second run do nothing.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from weicheng.notices.hearing import ALARMS, FINDERS, HEARS, Matter, hearers
from weicheng.notices.models import Channel, Delivery, Notice
from weicheng.notices.words import LEVEL, PUSHED, ROBOTS, ChannelSort, Sort
from weicheng.problems.models import Event, Problem
from weicheng.problems.words import Status
from weicheng.workdays.kinds import TimeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from weicheng.journal.outbox import News

CONSUMER = "notices"
#: What was recorded longer ago is put down as read and not pushed: it rings nobody any more.
OLD = timedelta(days=7)
#: Acts after which nothing about the problem waits for anybody.
CLOSING = frozenset({"pass_fix", "close", "decline"})
#: What an act answers: those notices ask nothing any more, and stop ringing at everybody.
ANSWERED: dict[str, frozenset[Sort]] = {
    "sign": frozenset({Sort.ASSIGNED, Sort.SIGN_LATE}),
    "hand_in": frozenset(
        {Sort.ASSIGNED, Sort.SENT_BACK, Sort.REOPENED, Sort.SOON, Sort.LATE, Sort.SIGN_LATE}
    ),
    "send_back": frozenset({Sort.VERIFY_LATE}),
    "grant": frozenset({Sort.ASKED, Sort.SETTLE}),
    "deny": frozenset({Sort.ASKED, Sort.SETTLE}),
    "drop_request": frozenset({Sort.ASKED, Sort.SETTLE}),
}  # fmt: skip


def wants(payload: Mapping[str, Any]) -> bool:
    """Whether anybody hears of one of these acts, or need not be rung for any more."""
    return any(act in HEARS or act in ANSWERED for act in payload.get("acts", ()))


def hear(news: News, now: datetime) -> None:
    """The outbox's handler."""
    problem = Problem.objects.select_related("kind").filter(pk=news.payload["problem"]).first()
    if problem is None or problem.voided:
        return
    if news.topic == "alarm":
        _alarm(problem, news.payload, now)
    elif news.operation is not None:
        _acts(problem, news.operation, now)


def _acts(problem: Problem, operation: UUID, now: datetime) -> None:
    """Tell what one operation did, unless it was taken back meanwhile."""
    if Event.objects.filter(problem=problem, act="undo", data__of=str(operation)).exists():
        return
    for event in Event.objects.filter(problem=problem, operation=operation).order_by("seq"):
        if event.act in CLOSING:
            _settle(problem)
        _answered(event)
        for to, sort in HEARS.get(event.act, ()):
            key = f"{event.id}:{sort}"
            matter = Matter(problem, event)
            rings = now - event.recorded_at <= OLD
            _tell(matter, to, sort, key=key, at=event.recorded_at, now=now, rings=rings)


def _settle(problem: Problem) -> None:
    """What is closed asks nothing of anybody any more."""
    Notice.objects.filter(problem=problem, unread=True).exclude(sort=Sort.ANSWER).update(
        unread=False
    )


def _answered(event: Event) -> None:
    """Mark as read what this act answers, as far as it was told before."""
    Notice.objects.filter(
        problem=event.problem_id, unread=True, sort__in=ANSWERED.get(event.act, ()),
        at__lt=event.recorded_at,
    ).update(unread=False)  # fmt: skip


def _alarm(problem: Problem, payload: Mapping[str, Any], now: datetime) -> None:
    """Tell an alarm that is still true: the same due time, and still the same to be done."""
    sort, due = str(payload["sort"]), datetime.fromisoformat(payload["due_at"])
    if not _still(problem, sort, due):
        return
    at = datetime.fromisoformat(payload["at"])
    for to, told in ALARMS.get(sort, ()):
        key = f"{problem.id}:{told}:{due.timestamp():.0f}"
        _tell(Matter(problem), to, told, key=key, at=at, now=now)


def _still(problem: Problem, sort: str, due: datetime) -> bool:
    waiting = problem.status in {Status.NEW, Status.RUN, Status.LONG}
    if sort == "sign_late":
        return problem.status == Status.RUN and problem.signed_at is None
    if sort == "verify_late":
        return problem.status == Status.CHECK
    return waiting and problem.due_at == due


def _tell(
    matter: Matter, to: str, sort: Sort, *, key: str, at: datetime, now: datetime,
    rings: bool = True,
) -> None:  # fmt: skip
    actor = matter.event.person if matter.event else None
    found = hearers(FINDERS[to](matter), matter.problem, besides=actor, now=now)
    Notice.objects.bulk_create(
        [
            Notice(
                person_id=person, problem=matter.problem, sort=sort, key=key, level=LEVEL[sort],
                at=at, due_at=matter.problem.due_at, unread=rings,
            )
            for person in found.units
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    if rings and sort in PUSHED and found.units:
        _send_on(matter.problem, sort, found.units, key=key, now=now)


def is_urgent(problem: Problem) -> bool:
    """特急: its clock runs in 紧急工作时, through nights and holidays."""
    return (problem.clock or {}).get("kind") == TimeKind.URGENT


def _send_on(
    problem: Problem, sort: Sort, people: Mapping[UUID, UUID | None], *, key: str, now: datetime
) -> None:
    """One message to the robot of each unit; by mail to those whose unit has no robot."""
    units = {unit for unit in people.values() if unit is not None}
    robots = Channel.objects.filter(active=True, sort__in=ROBOTS, unit__in=units)
    rows: list[Delivery] = []
    grouped: dict[UUID, list[UUID]] = defaultdict(list)
    for person, unit in people.items():
        if unit is not None:
            grouped[unit].append(person)
    reached: set[UUID] = set()
    for robot in robots:
        members = grouped[robot.unit_id] if robot.unit_id else []
        reached |= set(members)
        rows.append(_delivery(robot, problem, sort, members, key=key, now=now))
    rest = set(people) - reached
    for box in Channel.objects.filter(active=True, sort=ChannelSort.MAIL, person__in=rest):
        persons = [box.person_id] if box.person_id else []
        rows.append(_delivery(box, problem, sort, persons, key=key, now=now))
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def _delivery(
    channel: Channel, problem: Problem, sort: Sort, persons: Iterable[UUID],
    *, key: str, now: datetime,
) -> Delivery:  # fmt: skip
    return Delivery(
        channel=channel, key=key, kind=Delivery.Kind.PUSH, sort=sort, problem=problem,
        persons=list(persons), urgent=is_urgent(problem), planned_at=now, not_before=now,
    )  # fmt: skip

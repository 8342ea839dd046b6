"""Messages on their way: claimed, sent outside any lock, written off; the moment is an argument.

``claim`` takes one message of a channel under the row lock: quiet hours, the day's allowance, the
robot's bucket and the circuit decide there. The claim is committed before anything is sent, so a
killed worker leaves a row whose hold runs out: such a message may have arrived; it is sent once
more, marked, and never a third time.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from weicheng.notices import cards, hours, mail, robots
from weicheng.notices.models import Channel, Delivery, PushDay
from weicheng.notices.sending import Outcome
from weicheng.notices.words import BREAKS_THROUGH, ChannelSort, DeliveryState, Sort
from weicheng.problems.words import Status
from weicheng.workdays.book import calendar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

A_MINUTE = 18
FAILS_THAT_OPEN = 5
HALF_OPEN = timedelta(minutes=1)
HOLD = timedelta(seconds=60)
PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=15)
OVERDUE = timedelta(minutes=30)
LOOKED_AT = 20
ENDED = (DeliveryState.SENT, DeliveryState.DIGEST, DeliveryState.UNSURE)


def step(channel: UUID, *, now: datetime) -> bool:
    """Send one message of a channel, if one may leave now; whether one was tried."""
    row = claim(channel, now=now)
    if row is None:
        return False
    said = cards.message(row, now)
    if row.channel.sort == ChannelSort.MAIL:
        outcome = mail.say(row.channel, said, key=f"{row.pk}")
    else:
        outcome = robots.say(row.channel, said, now=now)
    finish(row.pk, outcome, now=now)
    return True


def claim(channel: UUID, *, now: datetime) -> Delivery | None:
    """The next message that may leave over this channel, marked as being sent."""
    with transaction.atomic():
        road = _open_road(channel, now)
        if road is None:
            return None
        for row in _candidates(road, now):
            if not _may_go(row, now):
                row.save()
                continue
            row.state, row.held_until = DeliveryState.SENDING, now + HOLD
            row.tries += 1
            row.save()
            road.tokens -= 1
            if road.fails >= FAILS_THAT_OPEN:
                road.open_until = now + HALF_OPEN
            road.save(update_fields=["tokens", "filled_at", "open_until"])
            row.channel = road
            return row
        return None


def _open_road(channel: UUID, now: datetime) -> Channel | None:
    """The channel under lock, when its circuit and its bucket let something through."""
    found = Channel.objects.select_for_update(skip_locked=True, of=("self",))
    road = found.select_related("region", "unit").filter(pk=channel, active=True).first()
    if road is None or (road.open_until is not None and now < road.open_until):
        return None
    passed = (now - road.filled_at).total_seconds() if road.filled_at else 0.0
    road.tokens = min(float(A_MINUTE), road.tokens + max(passed, 0.0) * A_MINUTE / 60)
    road.filled_at = now
    return road if road.tokens >= 1 else None


def _candidates(road: Channel, now: datetime) -> Sequence[Delivery]:
    waiting = Q(state=DeliveryState.WAITING) | Q(state=DeliveryState.SENDING, held_until__lt=now)
    rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",))
    return list(
        rows.filter(waiting, channel=road, not_before__lte=now)
        .select_related("problem__kind")
        .order_by("not_before", "id")[:LOOKED_AT]
    )


def _may_go(row: Delivery, now: datetime) -> bool:
    """Whether the message leaves now; else its row says why it waits or how it ended."""
    if row.state == DeliveryState.SENDING:
        row.unsure += 1  # its sender died: nobody knows whether it arrived
    if row.unsure > 1:
        return _ended(row, DeliveryState.UNSURE, now)
    if row.kind == Delivery.Kind.TEST:
        return True
    if _is_moot(row, now):
        return _ended(row, DeliveryState.DIGEST, now)
    days = calendar()
    if not hours.may_leave(now, days, urgent=row.urgent):
        row.state, row.not_before = DeliveryState.WAITING, hours.next_leave(now, days)
        return False
    if row.kind == Delivery.Kind.PUSH and not _allowed(row, now):
        return _ended(row, DeliveryState.DIGEST, now)
    return True


def _ended(row: Delivery, state: DeliveryState, now: datetime) -> bool:
    row.state, row.ended_at, row.held_until = state, now, None
    return False


def _is_moot(row: Delivery, now: datetime) -> bool:
    """Whether the message has been overtaken: its problem is closed, or its hour has passed."""
    if row.problem is None:
        return row.kind == Delivery.Kind.DIGEST and _has_newer(row)
    problem = row.problem
    if problem.voided or problem.status == Status.DONE:
        return True
    if row.sort == Sort.SOON:
        return problem.due_at is None or problem.due_at <= now
    return row.sort != Sort.LEADER_WORDS and problem.status == Status.CHECK


def _has_newer(row: Delivery) -> bool:
    newer = Delivery.objects.filter(
        channel=row.channel_id, kind=row.kind, planned_at__gt=row.planned_at
    )
    return newer.exists()


def _allowed(row: Delivery, now: datetime) -> bool:
    """Take one of each person's pushes of the day; breakthroughs are counted, not stopped."""
    day = timezone.localdate(now)
    if row.counted_on == day:
        return True
    PushDay.objects.bulk_create(
        [PushDay(person_id=p, day=day) for p in sorted(row.persons)], ignore_conflicts=True
    )
    held = PushDay.objects.select_for_update().filter(person__in=row.persons, day=day)
    counts = list(held.order_by("person"))
    if row.sort not in BREAKS_THROUGH and any(c.n >= settings.PUSHES_A_DAY for c in counts):
        return False
    _count(row.persons, day, 1)
    row.counted_on = day
    return True


def _count(persons: Sequence[UUID], day: date, change: int) -> None:
    held = PushDay.objects.select_for_update().filter(person__in=persons, day=day)
    ids = list(held.order_by("person").values_list("pk", flat=True))
    PushDay.objects.filter(pk__in=ids).update(n=F("n") + change)


def finish(delivery: UUID, outcome: Outcome, *, now: datetime) -> None:
    """Write down how the sending ended, and move the circuit."""
    with transaction.atomic():
        row = Delivery.objects.select_for_update().get(pk=delivery)
        road = Channel.objects.select_for_update().get(pk=row.channel_id)
        if row.state == DeliveryState.SENDING:
            _settle(row, outcome, now)
            row.save()
        if outcome.kind == "accepted":
            road.fails, road.open_until, road.error = 0, None, ""
        else:
            road.fails += 1
            road.error = outcome.error
            if road.fails >= FAILS_THAT_OPEN:
                road.open_until = now + HALF_OPEN
        road.save(update_fields=["fails", "open_until", "error"])


def _settle(row: Delivery, outcome: Outcome, now: datetime) -> None:
    row.error, row.held_until = outcome.error, None
    if outcome.kind == "accepted":
        row.state, row.ended_at = DeliveryState.SENT, now
        return
    if outcome.kind == "unknown":
        row.unsure += 1
        if row.unsure > 1:
            row.state, row.ended_at = DeliveryState.UNSURE, now
            return
    elif row.counted_on is not None:
        _count(row.persons, row.counted_on, -1)
        row.counted_on = None
    row.state = DeliveryState.WAITING
    row.not_before = now + min(PAUSE * 2 ** min(row.tries - 1, 8), LONGEST_PAUSE)


def undelivered(*, now: datetime) -> list[Delivery]:
    """未送达: messages that tried, or whose channel is out of order, for more than 30 minutes."""
    open_rows = Q(state__in=(DeliveryState.WAITING, DeliveryState.SENDING))
    troubled = Q(tries__gt=0) | Q(channel__fails__gte=FAILS_THAT_OPEN)
    lost = Q(state=DeliveryState.UNSURE, ended_at__gte=now - timedelta(days=2))
    rows = Delivery.objects.filter(open_rows & troubled & Q(planned_at__lt=now - OVERDUE) | lost)
    return list(
        rows.exclude(kind=Delivery.Kind.TEST)
        .select_related(
            "channel__unit__contact", "channel__unit__head", "channel__person", "problem__kind"
        )
        .order_by("planned_at", "id")[:100]
    )

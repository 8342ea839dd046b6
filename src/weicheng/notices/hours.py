"""When a message may leave: on working days from 08:00 to 19:00; 特急 at any time. Pure.

The calendar and the moment are arguments.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Protocol

from django.utils import timezone

OPENS, CLOSES = time(8), time(19)
DIGESTS = (time(9), time(17))


class Days(Protocol):
    """What is asked of the working calendar."""

    def is_working(self, day: date) -> bool: ...


def may_leave(at: datetime, days: Days, *, urgent: bool) -> bool:
    """Whether a push may leave now."""
    local = timezone.localtime(at)
    return urgent or (days.is_working(local.date()) and OPENS <= local.time() < CLOSES)


def next_leave(at: datetime, days: Days) -> datetime:
    """The first moment from ``at`` on at which a push that is not urgent may leave."""
    local = timezone.localtime(at)
    if may_leave(at, days, urgent=False):
        return at
    day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    while not days.is_working(day):
        day += timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, OPENS))


def digest_due(at: datetime, days: Days) -> datetime | None:
    """The digest of today whose hour has come: 09:00, later 17:00; none on a day of rest."""
    local = timezone.localtime(at)
    if not days.is_working(local.date()):
        return None
    come = [hour for hour in DIGESTS if hour <= local.time()]
    if not come or local.time() >= CLOSES:
        return None
    return timezone.make_aware(datetime.combine(local.date(), come[-1]))

"""The bell: what waits for one person, worst first; only of problems the person may still see."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from weicheng.notices.models import Delivery, Notice, PushDay
from weicheng.problems.models import Party

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

#: The figure at the bell stops here.
MOST = 100
KEPT = timedelta(days=60)
COUNTS_KEPT = timedelta(days=7)


def notices_of(user: Any) -> QuerySet[Notice]:
    """The person's notices of problems within the user's scopes."""
    scopes = user.scopes() if user.person_id else []
    seen = Party.objects.filter(problem=OuterRef("problem"), scope__in=scopes)
    return Notice.objects.filter(Exists(seen), person_id=user.person_id)


def unread(user: Any) -> int:
    """How many are unread, at most ``MOST``."""
    return notices_of(user).filter(unread=True)[:MOST].count()


def read(user: Any, notice: UUID) -> Notice | None:
    """Mark one as read; None when it is not this person's."""
    row = notices_of(user).filter(pk=notice).first()
    if row is not None and row.unread:
        row.unread = False
        row.save(update_fields=["unread"])
    return row


def read_all(user: Any, *, until: datetime) -> int:
    """Mark everything told until then as read: what came while the page was open stays."""
    told = Notice.objects.filter(person_id=user.person_id, unread=True, at__lte=until)
    return told.update(unread=False)


def fade(*, now: datetime) -> int:
    """Let go of what is older than 60 days, and of counts older than a week; how many rows."""
    old = now - KEPT
    gone = Notice.objects.filter(at__lt=old).delete()[0]
    gone += Delivery.objects.filter(planned_at__lt=old).delete()[0]
    return gone + PushDay.objects.filter(day__lt=(now - COUNTS_KEPT).date()).delete()[0]

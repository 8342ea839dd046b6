"""Plans the digests of 09:00 and 17:00 for every channel, each once however often it is asked."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from weicheng.notices.hours import Days, digest_due
from weicheng.notices.models import Channel, Delivery


def plan(*, now: datetime, days: Days) -> int:
    """Put the digest whose hour has come on its way; how many were new."""
    due = digest_due(now, days)
    if due is None:
        return 0
    key = f"digest:{timezone.localtime(due):%Y-%m-%dT%H}"
    told = set(Delivery.objects.filter(key=key).values_list("channel_id", flat=True))
    rows = [
        Delivery(
            channel=channel, key=key, kind=Delivery.Kind.DIGEST, planned_at=now, not_before=now,
            persons=[channel.person_id] if channel.person_id else [],
        )
        for channel in Channel.objects.filter(active=True).exclude(pk__in=told)
    ]  # fmt: skip
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)

"""News for rooms above, without importing them: one row per registered consumer of a topic."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from weicheng.journal.models import Outbox

if TYPE_CHECKING:
    from uuid import UUID

#: Seconds in which an act may still be undone; its news waits that long.
UNDO_SECONDS = 10

_consumers: dict[str, list[str]] = defaultdict(list)


def subscribe(topic: str, consumer: str) -> None:
    """Let a consumer hear of a topic from now on (called when an upper app is ready)."""
    if consumer not in _consumers[topic]:
        _consumers[topic].append(consumer)


def publish(*, topic: str, payload: dict[str, Any], operation: UUID, now: datetime) -> None:
    """Leave the news in the act's own transaction; costs nothing where nobody listens."""
    ready = now + timedelta(seconds=UNDO_SECONDS)
    Outbox.objects.bulk_create(
        Outbox(consumer=c, topic=topic, payload=payload, operation=operation, ready_at=ready)
        for c in _consumers.get(topic, ())
    )

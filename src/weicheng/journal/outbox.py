"""News for rooms above, without importing them: one row per registered consumer of a topic.

``drain`` hands the rows that are ready to the consumer's handler, each in a savepoint of one
transaction that also deletes it: what a handler writes and the end of its row commit together, so a
killed worker leaves either both or neither. A row is held by its lock alone; it is free again the
moment the holder dies. A row that fails waits longer each time and is shown by ``stuck``.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from weicheng.journal.models import Outbox

if TYPE_CHECKING:
    from weicheng.journal.together import Together

logger = logging.getLogger(__name__)

#: Seconds in which an act may still be undone; its news waits that long.
UNDO_SECONDS = 10
#: Rows of one transaction.
CHUNK = 50
#: How long a row waits after its first failure; twice as long after each further one.
PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)


@dataclass(frozen=True)
class News:
    """One row as its handler sees it."""

    topic: str
    payload: dict[str, Any]
    operation: UUID | None


Wants = Callable[[dict[str, Any]], bool]
Handler = Callable[[News, datetime], None]

_consumers: dict[str, dict[str, Wants | None]] = defaultdict(dict)
_handlers: dict[str, Handler] = {}


def subscribe(topic: str, consumer: str, wants: Wants | None = None) -> None:
    """Let a consumer hear of a topic from now on (called when an upper app is ready).

    ``wants`` looks at the payload beforehand: what nobody wants costs the act nothing.
    """
    _consumers[topic][consumer] = wants


def handle(consumer: str, handler: Handler) -> None:
    """Say what a consumer does with its news. It writes to the database and does nothing else."""
    _handlers[consumer] = handler


def publish(
    *,
    topic: str,
    payload: dict[str, Any],
    operation: UUID | None,
    now: datetime,
    writes: Together | None = None,
) -> None:
    """Leave the news in the act's own transaction; costs nothing where nobody listens.

    ``writes``: send the rows with these other statements instead of at once.
    """
    ready = now + timedelta(seconds=UNDO_SECONDS)
    rows = [
        Outbox(consumer=c, topic=topic, payload=payload, operation=operation, ready_at=ready)
        for c, wants in _consumers.get(topic, {}).items()
        if wants is None or wants(payload)
    ]
    if writes is not None:
        writes.insert(rows)
    elif rows:
        Outbox.objects.bulk_create(rows)


def drain(*, now: datetime, most: int = CHUNK) -> int:
    """Handle rows that are ready, oldest first; how many were looked at.

    Rows that another worker holds are skipped.
    """
    with transaction.atomic():
        rows = list(
            Outbox.objects.select_for_update(skip_locked=True)
            .filter(consumer__in=_handlers, ready_at__lte=now)
            .order_by("ready_at", "id")[:most]
        )
        done = [row.pk for row in rows if _handled(row, now)]
        Outbox.objects.filter(pk__in=done).delete()
    return len(rows)


def _handled(row: Outbox, now: datetime) -> bool:
    """Whether the handler took the row; a failure is written down and the row waits."""
    try:
        with transaction.atomic():
            _handlers[row.consumer](News(row.topic, row.payload, row.operation), now)
    except Exception as error:
        logger.exception("news %s of %s failed", row.pk, row.consumer)
        row.tries += 1
        row.error = type(error).__name__[:80]
        row.ready_at = now + min(PAUSE * 2 ** min(row.tries - 1, 12), LONGEST_PAUSE)
        row.save(update_fields=["tries", "error", "ready_at"])
        return False
    return True


def stuck() -> list[Outbox]:
    """News that failed at least once and waits for another try, the longest waiting first."""
    return list(Outbox.objects.filter(tries__gt=0).order_by("id")[:20])

"""Watchdogs: the moments of a problem's clock that came true are written down, each once.

A row of ``Alarm`` says the true moment even when the worker was down at that time. One statement
finds and writes, in one transaction with the news, so that a run that is killed leaves nothing
and a run that is repeated adds nothing. What is looked at is what is open, never the history;
``OFFSET 0`` keeps the look at earlier alarms one probe of an index for each open problem.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from weicheng.frame.moments import SOON
from weicheng.journal import outbox
from weicheng.journal.ids import uuid7
from weicheng.problems.models import Alarm

BATCH = 500


@dataclass(frozen=True)
class Rang:
    """One moment that came true."""

    problem: UUID
    sort: str
    due_at: datetime
    at: datetime

    def payload(self) -> dict[str, str]:
        """The news of it."""
        return {
            "problem": str(self.problem),
            "sort": self.sort,
            "at": self.at.isoformat(),
            "due_at": self.due_at.isoformat(),
        }


_RING = """
INSERT INTO problems_alarm (id, problem_id, sort, due_at, at, noticed_at)
SELECT gen_random_uuid(), p.id, %(sort)s, p.{column}, {at}, %(now)s
FROM problems_problem p
WHERE {where} AND p.{column} IS NOT NULL AND NOT p.voided AND NOT p.parked AND NOT p.paused
  AND NOT EXISTS (SELECT 1 FROM problems_alarm a
                  WHERE a.problem_id = p.id AND a.sort = %(sort)s AND a.due_at = p.{column}
                  OFFSET 0)
ORDER BY p.{column} LIMIT %(most)s
ON CONFLICT (problem_id, sort, due_at) DO NOTHING
RETURNING problem_id, sort, due_at, at
"""
_OPEN = "p.status IN ('new', 'run', 'long')"
_BEGAN = "COALESCE(p.dispatched_at, p.filed_at)"
_WATCHED = {
    # 将到期 is what the flag on every page says: frame.moments.SOON before the due time, and
    # never before the clock began; what was late from the beginning was never soon
    Alarm.Sort.SOON: (
        "due_at",
        f"GREATEST(p.due_at - %(soon)s, {_BEGAN})",
        f"{_OPEN} AND p.due_at <= %(now)s + %(soon)s AND {_BEGAN} < p.due_at",
    ),
    Alarm.Sort.LATE: ("due_at", "p.due_at", f"{_OPEN} AND p.due_at < %(now)s"),
    Alarm.Sort.SIGN_LATE: (
        "sign_due_at",
        "p.sign_due_at",
        "p.status = 'run' AND p.signed_at IS NULL AND p.sign_due_at < %(now)s",
    ),
    Alarm.Sort.VERIFY_LATE: (
        "verify_due_at",
        "p.verify_due_at",
        "p.status = 'check' AND p.verify_due_at < %(now)s",
    ),
}


def watch(now: datetime) -> list[Rang]:
    """Write down all that came true up to now and leave its news; gives what is new."""
    return [rang for sort in _WATCHED for rang in _watch(sort, now)]


def _watch(sort: Alarm.Sort, now: datetime) -> Iterator[Rang]:
    while True:
        found = _ring(sort, now)
        yield from found
        if len(found) < BATCH:
            return


def _ring(sort: Alarm.Sort, now: datetime) -> list[Rang]:
    """One batch, whole or not at all."""
    column, moment, where = _WATCHED[sort]
    text = _RING.format(column=column, at=moment, where=where)
    values: dict[str, Any] = {"sort": sort.value, "now": now, "soon": SOON, "most": BATCH}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(text, values)
            found = [Rang(*row) for row in cursor.fetchall()]
        operation = uuid7()
        for rang in found:
            outbox.publish(topic="alarm", payload=rang.payload(), operation=operation, now=now)
    return found

"""Problem numbers such as HY-1203-017: unique by town, full local day and sequence, without gaps.

A single act takes the next number in its own transaction. A bulk act reserves a range in a
transaction of its own, so that nobody waits; what it does not use is given next.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from weicheng.people.directory import directory
from weicheng.problems.models import NumberHold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from weicheng.places.models import Region

HOLD_MINUTES = 30

#: A number given back by a bulk act that failed, else the next of the series.
_TAKE = """
WITH back AS (
    UPDATE problems_numberhold SET first = first + 1
    WHERE id = (SELECT id FROM problems_numberhold
                WHERE region_id = %s AND day = %s AND held_until < %s AND first <= last
                ORDER BY first LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING first - 1 AS n),
next AS (
    INSERT INTO problems_numberseries (region_id, day, last)
    SELECT %s, %s, 1 WHERE NOT EXISTS (SELECT 1 FROM back)
    ON CONFLICT (region_id, day) DO UPDATE SET last = problems_numberseries.last + 1
    RETURNING last AS n)
SELECT n FROM back UNION ALL SELECT n FROM next
"""
_NEXT = """
INSERT INTO problems_numberseries (region_id, day, last) VALUES (%s, %s, %s)
ON CONFLICT (region_id, day) DO UPDATE SET last = problems_numberseries.last + EXCLUDED.last
RETURNING last
"""


@dataclass(frozen=True)
class Number:
    """A number: its town, local day, sequence, and the text spoken on the phone."""

    region: UUID
    day: date
    seq: int
    text: str


def _owner(region: UUID) -> Region:
    book = directory()
    return book.town_of(region) or book.district_of(region)


def _number(owner: Region, day: date, seq: int) -> Number:
    return Number(owner.id, day, seq, f"{owner.letters or 'QT'}-{day:%m%d}-{seq:03d}")


def take(region: UUID, day: date) -> Number:
    """The next number of the town above ``region`` on a local day, in the caller's transaction."""
    owner = _owner(region)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [owner.id, day, timezone.now(), owner.id, day])
        row = cursor.fetchone()
    return _number(owner, day, int(row[0]))


@contextmanager
def reserved(
    counts: dict[tuple[UUID, date], int],
) -> Iterator[dict[tuple[UUID, date], list[Number]]]:
    """Numbers for a bulk act: ``counts`` by (region, local day); yields as many numbers for each.

    Must be entered outside a transaction. The body's own transaction must call ``spend`` with the
    holds' numbers by leaving normally: on success the holds vanish, on failure they are given back.
    """
    holds: list[NumberHold] = []
    ranges: dict[tuple[UUID, date], list[Number]] = {}
    with transaction.atomic():
        for (region, day), n in sorted(counts.items(), key=str):
            owner = _owner(region)
            with connection.cursor() as cursor:
                cursor.execute(_NEXT, [owner.id, day, n])
                last = int(cursor.fetchone()[0])
            holds.append(
                NumberHold.objects.create(
                    region_id=owner.id,
                    day=day,
                    first=last - n + 1,
                    last=last,
                    held_until=timezone.now() + timedelta(minutes=HOLD_MINUTES),
                )
            )
            ranges[region, day] = [_number(owner, day, s) for s in range(last - n + 1, last + 1)]
    ids = [h.pk for h in holds]
    try:
        with transaction.atomic():
            yield ranges
            NumberHold.objects.filter(pk__in=ids).delete()
    except BaseException:
        NumberHold.objects.filter(pk__in=ids).update(held_until=timezone.now())
        raise

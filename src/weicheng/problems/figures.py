"""Figures of a page, each the length of a list, counted so that a long past costs nothing.

Every count walks an index of what is open and stops at ``BOUND`` + 1, which is shown as 2000+.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from weicheng.problems.tallies import OF_SCOPE
from weicheng.problems.words import OPEN_STATUSES

BOUND = 2000
#: A unit's overdue ones are counted less far: there are many units.
UNIT_BOUND = 100
OPEN = tuple(status.value for status in OPEN_STATUSES)
WAITING = ("new", "run", "long")
RUNNING = ("run", "long")
_SEEN = (
    "EXISTS (SELECT 1 FROM problems_party t"
    " WHERE t.problem_id = p.id AND t.scope = ANY(%s::uuid[]))"
)


def shown(n: int, bound: int = BOUND) -> str:
    """A figure in words: one that was not counted to its end ends in a plus."""
    return f"{bound}+" if n > bound else str(n)


@dataclass(frozen=True)
class Count:
    """A count that waits to be asked; ``counted`` asks several in one statement."""

    sql: str
    values: list[Any]


def counted(**asked: Count) -> dict[str, int]:
    """Each figure by its name, in one statement."""
    sql = "SELECT " + ", ".join(f"({count.sql})" for count in asked.values())
    row = _ask(sql, [v for count in asked.values() for v in count.values])[0]
    return {name: int(n) for name, n in zip(asked, row, strict=True)}


def _ask(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())


def _walked(scopes: Sequence[UUID], statuses: Sequence[str], test: str, *values: Any) -> Count:
    """Problems of these scopes and statuses whose party row passes the test."""
    branch = (
        "(SELECT problem_id FROM problems_party"  # noqa: S608
        f" WHERE scope = %s AND status = %s AND {test} LIMIT {BOUND + 1})"
    )
    pairs = [(scope, status) for scope in scopes for status in statuses]
    if not pairs:
        return Count("0", [])
    union = " UNION ".join(branch for _pair in pairs)
    sql = f"SELECT count(*) FROM (SELECT 1 FROM ({union}) AS u LIMIT {BOUND + 1}) AS n"  # noqa: S608
    return Count(sql, [v for pair in pairs for v in (*pair, *values)])


def _flagged(scopes: Sequence[UUID], test: str, *values: Any) -> Count:
    """Problems that pass the test of a partial index and stand in these scopes."""
    sql = (
        "SELECT count(*) FROM (SELECT 1 FROM problems_problem p"  # noqa: S608
        f" WHERE NOT p.voided AND {test} AND {_SEEN} LIMIT {BOUND + 1}) AS n"
    )
    return Count(sql, [*values, list(scopes)])


def late(scopes: Sequence[UUID], now: datetime, statuses: Sequence[str] = WAITING) -> Count:
    """Problems whose fix is overdue."""
    return _walked(scopes, statuses, "due_at < %s", now)


def soon(scopes: Sequence[UUID], now: datetime, until: datetime) -> Count:
    """Problems that will be due by then."""
    return _walked(scopes, WAITING, "due_at BETWEEN %s AND %s", now, until)


def still_open(scopes: Sequence[UUID]) -> Count:
    """Problems not yet closed: of one scope exactly, from its tallies; of several as counted."""
    if len(scopes) != 1:
        return _walked(scopes, OPEN, "true")
    sql = f"SELECT coalesce(sum(n), 0) FROM ({OF_SCOPE}) AS t WHERE key = ANY(%s)"  # noqa: S608
    return Count(sql, [scopes[0], scopes[0], list(OPEN)])


def filed(scopes: Sequence[UUID], since: datetime, until: datetime) -> Count:
    """Problems filed in a stretch of time."""
    return _walked(scopes, (*OPEN, "done"), "created_at BETWEEN %s AND %s", since, until)


def closed(scopes: Sequence[UUID], since: datetime, until: datetime) -> Count:
    """Problems closed in a stretch of time and still closed."""
    return _flagged(scopes, "p.closed_at BETWEEN %s AND %s", since, until)


def sent_back(scopes: Sequence[UUID]) -> Count:
    """Problems sent back and not handed in again."""
    return _flagged(scopes, "p.sent_back > 0 AND p.status = 'run'")


def relapsed(scopes: Sequence[UUID]) -> Count:
    """Open problems that came back after they were closed."""
    return _flagged(scopes, "p.relapsed > 0 AND p.status <> 'done'")


def parked(scopes: Sequence[UUID]) -> Count:
    """Problems on the parked list."""
    return _flagged(scopes, "p.parked AND p.status IN ('new', 'run', 'long')")


def asking(scopes: Sequence[UUID]) -> Count:
    """Problems on which a request waits for its answer."""
    return _flagged(scopes, "p.asking <> '' AND p.status IN ('run', 'check')")


@dataclass(frozen=True)
class LateUnit:
    """A lead unit: how many are overdue, since when the oldest, and how many it has running."""

    unit: UUID
    late: int
    oldest: datetime
    running: int


_BY_LEAD = f"""
SELECT u.id, l.n, l.oldest, r.n FROM people_unit u,
LATERAL (SELECT count(*) AS n, min(x.due_at) AS oldest
    FROM unnest(%s::text[]) AS s(status), LATERAL (
        SELECT p.due_at FROM problems_problem p WHERE p.lead_unit_id = u.id
        AND p.status = s.status AND p.due_at < %s AND NOT p.voided AND {_SEEN}
        ORDER BY p.due_at LIMIT {UNIT_BOUND + 1}) AS x) AS l,
LATERAL (SELECT count(*) AS n FROM (
    SELECT 1 FROM problems_problem p WHERE l.n > 0 AND p.lead_unit_id = u.id
    AND p.status = ANY(%s) AND NOT p.voided AND {_SEEN} LIMIT {UNIT_BOUND + 1}) AS y) AS r
WHERE l.n > 0
"""  # noqa: S608


def late_by_lead(scopes: Sequence[UUID], now: datetime) -> list[LateUnit]:
    """Lead units with overdue problems among those of the scopes."""
    running = list(RUNNING)
    values = [running, now, list(scopes), running, list(scopes)]
    return [LateUnit(*row) for row in _ask(_BY_LEAD, values)]


@dataclass(frozen=True)
class LateHolding:
    """A unit that holds closings past their time: how many, households cut off, since when."""

    unit: UUID
    n: int
    households: int
    since: datetime


_HOLDING = f"""
SELECT p_o.unit_id, count(*), coalesce(sum(p_o.households), 0), min(p_o.due_at)
FROM problems_obligation p_o JOIN problems_problem p ON p.id = p_o.problem_id
WHERE p_o.state = 'open' AND p_o.sort = 'holding' AND p_o.due_at < %s
  AND p.status <> 'done' AND NOT p.voided AND {_SEEN}
GROUP BY p_o.unit_id
"""  # noqa: S608


def late_holdings(scopes: Sequence[UUID], now: datetime) -> list[LateHolding]:
    """Units whose duty holds a closing and is overdue (a line to be connected again)."""
    return [LateHolding(*row) for row in _ask(_HOLDING, [now, list(scopes)])]

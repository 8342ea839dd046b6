"""Counts that are never counted at reading time: deltas appended by the acts, folded behind."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db import connection, transaction

from weicheng.problems.models import Party

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from weicheng.journal.together import Together

LIVE_LIMIT = 1000


_MOVE = """
INSERT INTO problems_tallydelta (scope, key, delta)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::smallint[])
"""
_SHIFT = """
INSERT INTO problems_tallydelta (scope, key, delta)
SELECT p.scope, v.key, v.delta FROM problems_party p,
       (VALUES (%s, -1), (%s, 1)) AS v(key, delta)
WHERE p.problem_id = %s AND v.key <> 'void'
"""


def move(changes: Counter[tuple[UUID, str]], writes: Together) -> None:
    """Append the changes of one act: (scope, status) → how many more."""
    rows = [(s, k, n) for (s, k), n in changes.items() if n and k != "void"]
    if rows:
        writes.add(_MOVE, [[r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows]])


def shift(problem: UUID, old: str, new: str, writes: Together) -> None:
    """Every reader of a problem has one of ``old`` less and one of ``new`` more."""
    writes.add(_SHIFT, [old, new, problem])


#: What stands for one scope (asked for twice), folded and not yet folded: key, n.
OF_SCOPE = """
SELECT key, n FROM problems_tally WHERE scope = %s UNION ALL
SELECT key, delta FROM problems_tallydelta WHERE scope = %s
"""
_EXACT = f"SELECT key, sum(n) FROM ({OF_SCOPE}) AS t GROUP BY key"  # noqa: S608


def counts(scopes: Iterable[UUID]) -> dict[str, int]:
    """How many problems of each status these scopes hold.

    One scope: exact, from the tallies. Several overlapping ones: a live count that stops at
    ``LIVE_LIMIT`` for each status (shown as 1000+).
    """
    scopes = list(scopes)
    if not scopes:
        return {}
    if len(scopes) == 1:
        with connection.cursor() as cursor:
            cursor.execute(_EXACT, [scopes[0], scopes[0]])
            return {key: int(n) for key, n in cursor.fetchall()}
    return {
        status: live_count(scopes, status) for status in ("new", "run", "check", "long", "done")
    }


def live_count(scopes: Iterable[UUID], status: str) -> int:
    """A distinct count over several scopes, stopping at ``LIVE_LIMIT`` + 1."""
    rows = (
        Party.objects.filter(scope__in=list(scopes), status=status)
        .order_by()
        .values("problem_id")
        .distinct()[: LIVE_LIMIT + 1]
    )
    return rows.count()


_FOLD = """
WITH gone AS (DELETE FROM problems_tallydelta
              WHERE id IN (SELECT id FROM problems_tallydelta LIMIT 50000 FOR UPDATE SKIP LOCKED)
              RETURNING scope, key, delta)
INSERT INTO problems_tally (scope, key, n)
SELECT scope, key, sum(delta) FROM gone GROUP BY scope, key
ON CONFLICT (scope, key) DO UPDATE SET n = problems_tally.n + EXCLUDED.n
"""


def fold() -> None:
    """Fold the appended deltas into the tallies; exact at any moment for readers."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FOLD)


def recompute() -> Counter[tuple[UUID, str]]:
    """What the tallies should be, counted from the parties (the nightly check)."""
    from django.db.models import Count

    rows = (
        Party.objects.exclude(status="void")
        .values_list("scope", "status")
        .annotate(n=Count("id"))
        .order_by()
    )
    return Counter({(scope, status): n for scope, status, n in rows})

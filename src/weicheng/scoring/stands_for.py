"""Which checks of a site a problem stands for, and how the problems at sites stood at a moment.

What was so at a past moment is folded from the events of the problems that changed since; those
that did not are read from their rows. Nothing that was closed before a site's looks is touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import connection

from weicheng.problems.life import fold
from weicheng.problems.models import Event, Problem
from weicheng.problems.words import OPEN_STATUSES, Outcome
from weicheng.scoring.site_states import Case
from weicheng.standards.models import Check

if TYPE_CHECKING:
    from weicheng.places.models import Region

#: Closed problems read at a site, the newest of its time.
MOST: Final = 60
#: A problem found before a look may have been merged into another one so long before it.
MERGED_BEFORE: Final = timedelta(days=90)
#: How often what a problem was merged into may have been merged itself.
CHAIN: Final = 5
#: All problems that may matter: open now, closed or voided since the moment, closed between the
#: sites' looks and the moment, merged into one of these. Each part walks an index.
_CANDIDATES = """
WITH here AS (
  SELECT problem.id FROM problems_party AS party
  JOIN problems_problem AS problem ON problem.id = party.problem_id
  WHERE party.scope = %(region)s AND party.status = ANY(%(open)s)
    AND (%(among)s::uuid[] IS NULL OR problem.site_id = ANY(%(among)s::uuid[]))
  UNION
  SELECT problem.id FROM problems_problem AS problem
  JOIN problems_party AS party ON party.problem_id = problem.id AND party.scope = %(region)s
  WHERE problem.closed_at > %(as_of)s
    AND (%(among)s::uuid[] IS NULL OR problem.site_id = ANY(%(among)s::uuid[]))
  UNION
  SELECT problem.id FROM problems_party AS party
  JOIN problems_problem AS problem ON problem.id = party.problem_id
  WHERE party.scope = %(region)s AND party.status = 'void' AND problem.changed_at > %(as_of)s
  UNION
  SELECT problem.id FROM unnest(%(sites)s::uuid[], %(since)s::timestamptz[]) AS asked(site, since)
  CROSS JOIN LATERAL (
    SELECT id FROM problems_problem
    WHERE site_id = asked.site AND outcome IN ('fixed', 'duplicate')
      AND closed_at <= %(as_of)s AND closed_at > asked.since - %(before)s
      AND (closed_at > asked.since OR outcome = 'duplicate')
    ORDER BY closed_at DESC LIMIT %(most)s
  ) AS problem
)
SELECT id FROM here
UNION SELECT id FROM problems_problem WHERE merged_into_id IN (SELECT id FROM here)
"""
_ROWS = """
SELECT id, kind_id, site_id, status, outcome, voided, found_at, closed_at, changed_at,
       merged_into_id
FROM problems_problem WHERE id = ANY(%s) AND filed_at <= %s
"""
_NAMED = "SELECT problem_id, check_key FROM inspections_found WHERE problem_id = ANY(%s)"
#: Those that came of looks, and of none of our own.
_BY_OTHERS = """
SELECT found.problem_id FROM inspections_found AS found
JOIN inspections_visit AS visit ON visit.id = found.visit_id
LEFT JOIN inspections_plan AS plan ON plan.id = visit.plan_id
WHERE found.problem_id = ANY(%s) GROUP BY found.problem_id
HAVING bool_and(visit.outside OR COALESCE(plan.kind, '') IN ('undercover', 'cross'))
"""


@dataclass(frozen=True)
class _Stood:
    """A problem as it stood at the moment."""

    id: UUID
    kind: str
    site: UUID | None
    is_open: bool
    outcome: str
    found: datetime
    closed: datetime | None
    into: UUID | None


def checks_of(problems: Sequence[Problem]) -> dict[UUID, set[str]]:
    """Problem id -> the checks it stands for: what its finder named, else those of its kind that
    are on the site's sheet. Two queries; sites must be loaded."""
    return _checks_of(
        (row.pk, row.kind_id, row.site.site_type_id if row.site is not None else "")
        for row in problems
    )


def _checks_of(problems: Iterable[tuple[UUID, str, str]]) -> dict[UUID, set[str]]:
    """The same from (id, kind, type of the site, empty without one)."""
    rows = list(problems)
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    for problem, key in _read(_NAMED, [[pk for pk, _kind, _type in rows]]):
        if key:
            found[problem].add(key)
    of_kind: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    kinds = {kind for pk, kind, _type in rows if pk not in found}
    links = Check.objects.filter(kinds__in=kinds).values_list("kinds", "site_type", "key")
    for kind, site_type, key in links:
        of_kind[str(kind), site_type].add(key)
    for pk, kind, site_type in rows:
        if pk not in found and site_type:
            found[pk] = of_kind[kind, site_type]
    return found


def cases(
    region: Region, as_of: datetime, types: Mapping[UUID, str], since: Mapping[UUID, datetime],
    *, among: Collection[UUID] | None = None,
) -> dict[UUID, list[Case]]:  # fmt: skip
    """Site -> the problems that were open there at a moment, and those verified as fixed between
    ``since`` (of the sites that it names) and then. A problem that was merged into another is as
    open, or as fixed, as that one. ``types``: the sites asked for, with their type;
    ``among``: where they are few, their ids."""
    rows = _stood(_candidates(region, as_of, since, among), as_of)
    roots = _roots(rows, as_of)
    here = [row for row in rows.values() if row.site in types]
    checks = _checks_of((row.id, row.kind, types[row.site]) for row in here if row.site)
    others = {row[0] for row in _read(_BY_OTHERS, [[row.id for row in here]])}
    found: defaultdict[UUID, list[Case]] = defaultdict(list)
    for row in here:
        merged = row.into is not None and row.outcome == Outcome.DUPLICATE
        root = roots.get(row.into) if merged and row.into else row
        if row.site is None or root is None or not checks.get(row.id):
            continue
        if root.is_open or root.outcome == Outcome.FIXED:
            fixed = None if root.is_open else root.closed
            stands, hidden = frozenset(checks[row.id]), row.id in others
            found[row.site].append(Case(root.id, row.site, stands, row.found, fixed, hidden))
    return dict(found)


def _candidates(
    region: Region, as_of: datetime, since: Mapping[UUID, datetime], among: Collection[UUID] | None
) -> list[UUID]:
    given = {
        "region": region.pk, "open": list(OPEN_STATUSES), "as_of": as_of,
        "among": None if among is None else list(among), "sites": list(since),
        "since": list(since.values()), "before": MERGED_BEFORE, "most": MOST,
    }  # fmt: skip
    return [row[0] for row in _read(_CANDIDATES, given)]


def _read(query: str, given: Any) -> list[tuple[Any, ...]]:
    """Rows of a query; lists are passed as arrays, thousands of ids in one parameter."""
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return list(cursor.fetchall())


def _stood(wanted: Collection[UUID], as_of: datetime) -> dict[UUID, _Stood]:
    """How these problems stood at a moment; what was not filed yet, or void, is left out."""
    found, moved = {}, {}
    for row in _read(_ROWS, [list(wanted), as_of]):
        pk, kind, site, status, outcome, voided, found_at, closed, changed, into = row
        if changed > as_of:
            moved[pk] = found_at
        elif not voided:
            found[pk] = _Stood(
                pk, kind, site, status in OPEN_STATUSES, outcome, found_at, closed, into
            )
    events = Event.objects.filter(problem__in=moved, recorded_at__lte=as_of)
    ordered = events.only("problem", "act", "data", "occurred_at", "recorded_at")
    for problem, of_it in groupby(ordered.order_by("problem", "seq"), lambda e: e.problem_id):
        state = fold(of_it)
        if not state.voided:
            found[problem] = _Stood(
                problem, state.kind, UUID(state.site) if state.site else None,
                state.status in OPEN_STATUSES, state.outcome, moved[problem], state.closed_at,
                UUID(state.merged_into) if state.merged_into else None,
            )  # fmt: skip
    return found


def _roots(rows: Mapping[UUID, _Stood], as_of: datetime) -> dict[UUID, _Stood]:
    """What problems were merged into, by the id that they name, the last of a chain."""
    known = dict(rows)
    wanted = {row.into for row in rows.values() if row.into} - known.keys()
    for _turn in range(CHAIN):
        if not wanted:
            break
        more = _stood(wanted, as_of)
        known |= more
        wanted = {row.into for row in more.values() if row.into} - known.keys()
    found = {}
    for first in {row.into for row in rows.values() if row.into}:
        at: UUID | None = first
        for _turn in range(CHAIN):
            if at in known and known[at].into and known[at].outcome == Outcome.DUPLICATE:
                at = known[at].into
        if at in known:
            found[first] = known[at]
    return found

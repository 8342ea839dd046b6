"""The last looks at the sites of a region, read from the database.

Reading costs what the sites cost, not what their past costs: an index step per site and kind of
look, and a bounded walk back at the few sites whose newest looks left checks out.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from weicheng.scoring.site_states import Seen

if TYPE_CHECKING:
    from weicheng.places.models import Region
    from weicheng.standards.models import Check

#: A look older than this says nothing any more.
OLDEST: Final = timedelta(days=400)
#: How many looks back of each kind an answer is sought that newer looks did not give.
FARTHEST: Final = 12


def counted(at: datetime) -> Q:
    """The looks that were known at a moment, as `_LOOKS` has it: one of a hidden plan is from its
    release on; one that found the site closed says nothing."""
    open_by_then = Q(plan=None) | Q(plan__open=True) | Q(plan__released_at__lte=at)
    return open_by_then & Q(received_at__lte=at) & ~Q(outcome="closed")


#: The last looks at each site: by ourselves, or by others (undercover, outside). A look at what
#: was another type of site then says nothing of the sheet of today.
_LOOKS = """
SELECT site.id, look.id, look.occurred_at, look.failed, look.not_applicable, look.unseen,
       look.bands, look.outside, look.kind
FROM places_site AS site
JOIN places_region AS region ON region.id = site.region_id
CROSS JOIN LATERAL (
  SELECT visit.*, plan.kind FROM inspections_visit AS visit
  LEFT JOIN inspections_plan AS plan ON plan.id = visit.plan_id
  WHERE visit.site_id = site.id AND visit.outcome <> 'closed'
    AND visit.site_type = site.site_type_id
    AND visit.occurred_at <= %(as_of)s AND visit.occurred_at > %(oldest)s
    AND visit.received_at <= %(as_of)s
    AND (plan.id IS NULL OR plan.open OR plan.released_at <= %(as_of)s)
    AND (visit.outside OR COALESCE(plan.kind, '') IN ('undercover', 'cross')) = %(others)s
  ORDER BY visit.occurred_at DESC, visit.id DESC LIMIT %(most)s
) AS look
WHERE region.ancestors @> ARRAY[%(region)s]::uuid[] AND site.active AND site.built_up = 'inside'
"""
_AMONG = " AND site.id = ANY(%(sites)s)"


def looks_at(
    region: Region,
    as_of: datetime,
    types: Mapping[UUID, str],
    checks: Iterable[Check],
    *,
    most: int,
    among: Collection[UUID] | None = None,
) -> dict[UUID, list[Seen]]:
    """Site -> its looks, the newest first: ``most`` of our own and as many of others, and farther
    back where those leave a check without an answer. ``types``: the sites asked for; ``among``:
    where they are few, their ids."""
    later = _later(checks)
    found = _read(region, as_of, types, later, most=most, among=among)
    if most < FARTHEST:
        open_ones = [site for site, looks in found.items() if _unanswered(looks, later, types)]
        if open_ones:
            found |= _read(region, as_of, types, later, most=FARTHEST, among=open_ones)
    return found


def _read(
    region: Region,
    as_of: datetime,
    types: Mapping[UUID, str],
    later: Mapping[str, Mapping[str, datetime]],
    *,
    most: int,
    among: Collection[UUID] | None = None,
) -> dict[UUID, list[Seen]]:
    given: dict[str, Any] = {
        "as_of": as_of, "oldest": as_of - OLDEST, "region": region.pk, "most": most,
        "sites": list(among or ()),
    }  # fmt: skip
    found: defaultdict[UUID, list[Seen]] = defaultdict(list)
    with connection.cursor() as cursor:
        for others in (True, False):
            cursor.execute(
                _LOOKS + (_AMONG if among is not None else ""), {**given, "others": others}
            )
            for site, visit, at, failed, absent, unseen, bands, outside, kind in cursor.fetchall():
                if site in types:
                    told = json.loads(bands) if isinstance(bands, str) else bands
                    seen = Seen(
                        visit, site, at, failed, absent, unseen, told or {}, outside,
                        kind in {"undercover", "cross"},
                    )  # fmt: skip
                    found[site].append(_as_of_sheet(seen, later.get(types[site], {})))
    for looks in found.values():
        looks.sort(key=lambda look: look.at, reverse=True)  # of one moment, others before own
    return dict(found)


def _later(checks: Iterable[Check]) -> dict[str, dict[str, datetime]]:
    """Site type -> check -> when it came to the sheet, of those that were not always on it."""
    found: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
    for check in checks:
        if check.since is not None:
            found[check.site_type_id][check.key] = check.since
    return dict(found)


def _as_of_sheet(seen: Seen, later: Mapping[str, datetime]) -> Seen:
    """A look did not see the checks that came to its sheet later."""
    missed = [
        key for key, since in later.items()
        if since > seen.at and key not in seen.failed and key not in seen.unseen
    ]  # fmt: skip
    return replace(seen, unseen=[*seen.unseen, *missed]) if missed else seen


def _unanswered(
    looks: Iterable[Seen],
    later: Mapping[str, Mapping[str, datetime]],
    types: Mapping[UUID, str],
) -> bool:
    """Whether an older look may answer what these left out: of our own and of others, each for
    itself, since an older look of one kind may be newer than the answer of the other."""
    missing: dict[bool, set[str]] = {}
    oldest: dict[bool, Seen] = {}
    for look in looks:
        missing.setdefault(look.is_own, set(look.unseen)).intersection_update(look.unseen)
        oldest[look.is_own] = look
    for kind, last in oldest.items():
        new = later.get(types[last.site], {})
        if any(key not in new or new[key] <= last.at for key in missing[kind]):
            return True
    return False

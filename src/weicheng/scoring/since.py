"""What changed after a forecast was made: checks that were mended or found in order since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from weicheng.inspections.models import Visit
from weicheng.places.models import Site
from weicheng.problems.models import Problem
from weicheng.problems.words import Outcome, Status
from weicheng.scoring.fixing import Pair
from weicheng.scoring.stands_for import checks_of

if TYPE_CHECKING:
    from weicheng.places.models import Region

#: A look that became known later than this after it happened changes the next forecast only.
LATE: Final = timedelta(days=60)

Reports = Mapping[Pair, datetime]


def the_check(keys: set[str]) -> str:
    """The one check that a problem stands for; empty when there is none, or several to choose from:
    such a problem says of none of them that it fails, so mending it brings none of them back."""
    return next(iter(keys)) if len(keys) == 1 else ""


def settled(
    region: Region, as_of: datetime, now: datetime, pairs: Mapping[str, Mapping[str, float]],
    reports: Reports,
) -> set[Pair]:  # fmt: skip
    """Of the pairs that a forecast of ``as_of`` held for weak, those in order by now: the latest
    look is newer and found them so, or a repair was verified. ``reports``: what open problems say
    fails, and since when; they stand against an older look."""
    found = set()
    looks = _looks(region, as_of, now)
    for site, (at, failed, unseen) in looks.items():
        for key in pairs.get(site, ()):
            said = reports.get((site, key))
            if key not in failed and key not in unseen and (said is None or said < at):
                found.add((site, key))
    for pair, closed in _mended(region, as_of).items():
        at, failed, _unseen = looks.get(pair[0], (closed, frozenset(), frozenset()))
        again = at > closed and pair[1] in failed
        if pair not in reports and not again:
            found.add(pair)
    return found


_Look = tuple[datetime, frozenset[str], frozenset[str]]


def _looks(region: Region, as_of: datetime, now: datetime) -> dict[str, _Look]:
    """Site -> (when, failed, unseen) of its latest look, where it became known after ``as_of``."""
    known = Visit.objects.filter(
        Q(plan=None) | Q(plan__open=True) | Q(plan__released_at__lte=now), received_at__lte=now
    ).exclude(outcome="closed")
    fresh = known.filter(
        Q(received_at__gt=as_of) | Q(plan__released_at__gt=as_of),
        site__region__ancestors__contains=[region.pk], occurred_at__gt=as_of - LATE,
    )  # fmt: skip
    rows: dict[UUID, Any] = {row.pk: row for row in fresh.only(
        "site", "occurred_at", "failed", "unseen"
    )}  # fmt: skip
    latest = known.filter(site=OuterRef("pk")).order_by("-occurred_at", "-pk").values("pk")[:1]
    sites = Site.objects.filter(pk__in={row.site_id for row in rows.values()})
    last = sites.order_by().annotate(latest=Subquery(latest)).values_list("latest", flat=True)
    return {
        str(row.site_id): (row.occurred_at, frozenset(row.failed), frozenset(row.unseen))
        for key in last if (row := rows.get(key)) is not None
    }  # fmt: skip


def _mended(region: Region, as_of: datetime) -> dict[Pair, datetime]:
    """Pairs whose problem was closed as fixed after ``as_of``, and when."""
    rows = list(
        Problem.objects.filter(
            status=Status.DONE, outcome=Outcome.FIXED, closed_at__gt=as_of, voided=False,
            site__isnull=False, region__ancestors__contains=[region.pk],
        ).select_related("site").only("kind", "site__site_type", "closed_at")
    )  # fmt: skip
    checks = checks_of(rows)
    return {
        (str(row.site_id), key): row.closed_at
        for row in rows
        if row.closed_at is not None and (key := the_check(checks[row.pk]))
    }

"""What earlier looks say of a site: its last visits, its worst checks, the usual kinds of a street.

Everything here keeps what is sealed sealed, and the first answers of a blind double visit from
everybody but who gave them until the second are in. Query counts do not grow with the sites.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.db.models import CharField, Count, Exists, Func, Max, OuterRef, Q, Subquery
from django.utils import timezone

from weicheng.inspections.models import Found, Stop, Visit
from weicheng.inspections.words import PlanState, VisitOutcome
from weicheng.places.models import Region, RegionLevel, Site
from weicheng.problems.models import Problem
from weicheng.problems.words import OPEN_STATUSES
from weicheng.standards.models import Check, ProblemKind, Severity

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: How far back failures count (own default): a year of looks.
LOOKS_BACK = timedelta(days=365)
#: How far back a street's problems name its usual kinds (own default).
KINDS_BACK = timedelta(days=90)
MOST_CHIPS = 12
MOST_VISITS = 10
MOST_OPEN = 5


@dataclass(frozen=True)
class CheckCount:
    """How often one check of a site failed, of how many looks that saw it."""

    check: Check
    failed: int
    seen: int


@dataclass(frozen=True)
class History:
    """The last visits of a site, newest first, and its checks, the worst first."""

    visits: list[Visit]
    checks: list[CheckCount]


class _Unnest(Func):
    function = "unnest"
    arity = 1
    set_returning = True
    output_field = CharField()


def told(visits: QuerySet[Visit], user: Any = None) -> QuerySet[Visit]:
    """Visits without the answers of a blind double visit whose twin is still missing; whoever
    gave an answer sees the own one. The release of the plan ends the waiting."""
    plain = Q(stop=None) | Q(stop__second_team=None) | ~Q(stop__in=_half_done())
    mine = Q(inspector=user.person_id) if user is not None and user.person_id else Q(pk__in=[])
    return visits.filter(plain | mine)


def _half_done() -> QuerySet[Stop]:
    """Stops of blind double visits that wait for one of their two looks."""
    looks = Visit.objects.filter(stop=OuterRef("pk"))
    both = Exists(looks.filter(blind=True)) & Exists(looks.filter(blind=False))
    return Stop.objects.filter(second_team__isnull=False).filter(
        ~both & ~Q(plan__state=PlanState.RELEASED)
    )


def _readable(user: Any) -> QuerySet[Visit]:
    if user is None:
        return told(Visit.objects.filter(sealed=False))
    return told(cast("QuerySet[Visit]", Visit.objects.visible_to(user)), user)


def site_history(site: Site, user: Any, *, now: datetime | None = None) -> History:
    """The last visits of a site that this person may see, and how its checks came out in them."""
    since = (now or timezone.now()) - LOOKS_BACK
    looks = list(
        _readable(user)
        .filter(site=site, occurred_at__gte=since)
        .select_related("inspector", "plan", "unit")[:100]
    )
    rows = []
    for check in Check.objects.filter(site_type=site.site_type_id).select_related("item"):
        seen = [look for look in looks if _saw(look, check.key)]
        rows.append(CheckCount(check, sum(check.key in look.failed for look in seen), len(seen)))
    rows.sort(key=lambda row: (-row.failed, row.check.severity != Severity.KEY, row.check.order))
    return History(looks[:MOST_VISITS], rows)


def _saw(look: Visit, key: str) -> bool:
    hidden = key in look.not_applicable or key in look.unseen
    return look.outcome != VisitOutcome.CLOSED and not hidden


def last_visits(sites: Iterable[UUID], user: Any) -> dict[UUID, Visit]:
    """The newest visit of each site that this person may see. One query."""
    newest = _readable(user).filter(site=OuterRef("pk")).order_by("-occurred_at", "-id")
    picked = Site.objects.filter(pk__in=list(sites)).values_list(Subquery(newest.values("pk")[:1]))
    return {look.site_id: look for look in Visit.objects.filter(pk__in=picked)}


def open_problems(sites: Iterable[UUID], user: Any) -> dict[UUID, list[Problem]]:
    """What is owed on each site, the first due first, at most five a site. One query.

    What the other inspector of a blind double visit found there is left out until both are in.
    """
    rows = (
        Problem.objects.visible_to(user)
        .filter(site__in=list(sites), status__in=OPEN_STATUSES, voided=False)
        .exclude(Exists(_untold(user)))
        .select_related("kind", "before_photo__blob")
        .defer("search")
        .order_by("site", "due_at", "found_at", "id")
    )
    found: dict[UUID, list[Problem]] = {}
    for problem in rows:
        if problem.site_id is not None:
            found.setdefault(problem.site_id, []).append(problem)
    return {site: owed[:MOST_OPEN] for site, owed in found.items()}


def _untold(user: Any) -> QuerySet[Found]:
    """Findings of somebody else's half of a blind double visit, for a query over problems."""
    waiting = _half_done().filter(plan=OuterRef("plan"), site=OuterRef("site"))
    found = Found.objects.filter(Exists(waiting), problem=OuterRef("pk"))
    return found.exclude(inspector=user.person_id) if user.person_id else found


def worst_first(
    sites: Iterable[UUID], user: Any = None, *, now: datetime | None = None
) -> dict[UUID, list[str]]:
    """The checks of each site's sheet, worst history first: what failed most on the site, then
    what fails most on sites of its type, then key checks, then the order of the sheet.

    Sealed looks count only on the site itself, and only for a ``user`` who may see them. Four
    queries for any number of sites.
    """
    since = (now or timezone.now()) - LOOKS_BACK
    types = dict(Site.objects.filter(pk__in=list(sites)).values_list("pk", "site_type_id"))
    sheets: defaultdict[str, list[tuple[str, bool, int]]] = defaultdict(list)
    for key, kind, severity, order in Check.objects.filter(
        site_type__in=set(types.values())
    ).values_list("key", "site_type_id", "severity", "order"):
        sheets[kind].append((key, severity != Severity.KEY, order))
    looks = _readable(user).filter(occurred_at__gte=since)
    here = _failures(looks.filter(site__in=list(types)), "site_id")
    open_looks = told(Visit.objects.filter(sealed=False, occurred_at__gte=since))
    alike = _failures(open_looks.filter(site_type__in=set(types.values())), "site_type")
    none: tuple[int, float] = (0, 0.0)

    def worst(site: UUID, kind: str) -> list[str]:
        ranked = []
        for key, plain, order in sheets[kind]:
            times, last = here.get((site, key), none)
            ranked.append(((-times, -last, -alike.get((kind, key), none)[0], plain, order), key))
        return [key for _rank, key in sorted(ranked)]

    return {site: worst(site, kind) for site, kind in types.items()}


def _failures(looks: QuerySet[Visit], by: str) -> dict[tuple[Any, str], tuple[int, float]]:
    """(group, check key) -> how often it failed, and when last (seconds since 1970)."""
    rows = (
        looks.order_by()
        .annotate(key=_Unnest("failed"))
        .values_list(by, "key")
        .annotate(times=Count("pk"), last=Max("occurred_at"))
    )
    return {(group, key): (times, last.timestamp()) for group, key, times, last in rows}


def chips(regions: Iterable[UUID], *, now: datetime | None = None) -> dict[UUID, list[str]]:
    """The kinds to offer first in each region: what is found most often there, then in its town
    or street, then the catalogue's order; at most twelve keys. Three queries for any number."""
    wanted = Region.objects.filter(pk__in=list(regions)).only("id", "ancestors")
    lines = {region.pk: region.ancestors for region in wanted}
    above = {region for line in lines.values() for region in line}
    towns = set(
        Region.objects.filter(pk__in=above, level=RegionLevel.TOWN).values_list("pk", flat=True)
    )
    order = list(ProblemKind.objects.filter(active=True).values_list("key", flat=True))
    counts = _kinds_found(towns | set(lines), (now or timezone.now()) - KINDS_BACK)

    def ranked(region: UUID) -> list[str]:
        town = next((one for one in lines[region] if one in towns), region)
        at = {key: (-counts[region, key], -counts[town, key]) for key in order}
        return sorted(order, key=lambda key: at[key])[:MOST_CHIPS]

    return {region: ranked(region) for region in lines}


def _kinds_found(regions: set[UUID], since: datetime) -> defaultdict[tuple[UUID, str], int]:
    """(region, kind) -> how many were found in it and below."""
    rows = (
        Problem.objects.filter(
            region__ancestors__overlap=list(regions), found_at__gte=since, voided=False
        )
        .order_by()
        .values_list("region__ancestors", "kind_id")
        .annotate(n=Count("pk"))
    )
    counts: defaultdict[tuple[UUID, str], int] = defaultdict(int)
    for line, kind, n in rows:
        for region in line:
            counts[region, kind] += n
    return counts

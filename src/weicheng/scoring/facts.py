"""What is known of a region at a moment, read from the database: sites, sheets, latest looks, and
what open problems say of them.

Reading costs what the sites cost, not what their past costs: one index step per site finds its
latest look, however many looks there were.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from weicheng.inspections.models import Found, Ruling
from weicheng.people.models import SiteParty, UnitKind
from weicheng.places.models import BuiltUp, Campaign, Region, RegionLevel, Site
from weicheng.problems.words import Outcome
from weicheng.scoring.models import CONDITION, IndicatorValue
from weicheng.scoring.stands_for import Reported, reported
from weicheng.standards.models import Aspect, Check, Item, Quota, SiteType, Standard

if TYPE_CHECKING:
    from weicheng.problems.models import Problem

#: A look older than this says nothing any more.
OLDEST = timedelta(days=400)

#: The latest look of each site, once by ourselves and once by others (undercover, outside).
_LATEST = """
SELECT site.id, look.id, look.occurred_at, look.outcome, look.failed, look.not_applicable,
       look.unseen, look.bands, look.outside, look.kind
FROM places_site AS site
JOIN places_region AS region ON region.id = site.region_id
CROSS JOIN LATERAL (
  SELECT visit.*, plan.kind FROM inspections_visit AS visit
  LEFT JOIN inspections_plan AS plan ON plan.id = visit.plan_id
  WHERE visit.site_id = site.id AND visit.outcome <> 'closed'
    AND visit.occurred_at <= %(as_of)s AND visit.occurred_at > %(oldest)s
    AND visit.received_at <= %(as_of)s
    AND (plan.id IS NULL OR plan.open OR plan.released_at <= %(as_of)s)
    AND (visit.outside OR COALESCE(plan.kind, '') IN ('undercover', 'cross')) = %(others)s
  ORDER BY visit.occurred_at DESC, visit.id DESC LIMIT 1
) AS look
WHERE region.ancestors @> ARRAY[%(region)s]::uuid[] AND site.active AND site.built_up = 'inside'
  AND (%(sites)s::uuid[] IS NULL OR site.id = ANY(%(sites)s::uuid[]))
"""


@dataclass(frozen=True)
class Place:
    """A built-up site with the town it lies in and what it shares with others (a property company
    or a community), as ids."""

    id: UUID
    name: str
    site_type: str
    region: UUID
    town: UUID
    cluster: UUID
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Seen:
    """The latest look at a site: by ourselves, undercover or from outside; check keys as kept.

    ``mended``: failed check key -> the problem whose fix was verified after the look.
    """

    visit: UUID
    site: UUID
    at: datetime
    failed: Sequence[str]
    not_applicable: Sequence[str]
    unseen: Sequence[str]
    bands: Mapping[str, float]
    outside: bool
    undercover: bool
    mended: Mapping[str, Mended] = field(default_factory=dict)


@dataclass(frozen=True)
class Mended:
    """A problem closed as fixed after the look that found it."""

    problem: UUID
    at: datetime


@dataclass(frozen=True)
class Judged:
    """A ruling from outside: a check is judged more strictly (1) or mildly (-1) since a day."""

    strictness: int
    on: date


@dataclass(frozen=True)
class Facts:
    """Everything that a score or a forecast of a region at a moment is made of."""

    region: Region
    as_of: datetime
    places: Mapping[UUID, Place]
    undecided: int
    checks: Sequence[Check]
    items: Sequence[Item]
    aspects: Sequence[Aspect]
    site_types: Mapping[str, SiteType]
    quotas: Mapping[str, int]
    own: Mapping[UUID, Seen]
    others: Mapping[UUID, Seen]
    towns: Mapping[UUID, str]
    conditions: Mapping[str, bool]
    reported: Mapping[UUID, Mapping[str, Reported]] = field(default_factory=dict)
    rulings: Mapping[str, Judged] = field(default_factory=dict)

    def reported_since(self, seen: Seen) -> dict[str, Reported]:
        """The checks of a look's site that fail by a problem found after it and still open; what
        the look found 不涉及 stays so."""
        said = self.reported.get(seen.site, {})
        return {
            key: one for key, one in said.items()
            if one.at > seen.at and key not in seen.not_applicable
        }  # fmt: skip

    def latest(self) -> dict[UUID, Seen]:
        """The newer of the two looks of each site."""
        found = dict(self.own)
        for site, seen in self.others.items():
            if site not in found or found[site].at < seen.at:
                found[site] = seen
        return found


def gather(region: Region, as_of: datetime, *, within: Q | None = None) -> Facts:
    """The facts of a region at a moment; ``within`` narrows the sites. A constant number of
    queries. Looks of a hidden plan count from its release on."""
    standard = Standard.objects.order_by("-issued", "edition").first()
    inside = Q(region__ancestors__contains=[region.pk], active=True)
    inside = inside & within if within is not None else inside
    places = _places(inside)
    types = SiteType.objects.filter(active=True, aspect__standard=standard)
    sites = list(places) if within is not None else None
    looks = (_latest(region, as_of, places, sites, others=flag) for flag in (False, True))
    checks = list(
        Check.objects.filter(item__standard=standard, deduct_milli__gt=0)
        .select_related("item").order_by("key")
    )  # fmt: skip
    own, others = (_with_later(found, places, checks) for found in looks)
    return Facts(
        region, as_of, places,
        Site.objects.filter(inside, built_up=BuiltUp.UNDECIDED).count(),
        checks,
        list(Item.objects.filter(standard=standard).select_related("aspect").order_by("number")),
        list(Aspect.objects.filter(standard=standard).order_by("number")),
        {row.key: row for row in types.order_by("order", "key")},
        dict(Quota.objects.filter(city_size=size_class()).values_list("site_type_id", "number")),
        own, others, _town_names(places.values()), _conditions(region, as_of),
        reported(region, as_of), _rulings(as_of),
    )  # fmt: skip


def _conditions(region: Region, as_of: datetime) -> dict[str, bool]:
    """Must-have item -> whether it holds, as stated last by then."""
    rows = IndicatorValue.objects.filter(
        region=region, indicator_key__startswith=CONDITION, written_at__lte=as_of,
        on__lte=timezone.localdate(as_of), met__isnull=False,
    ).order_by("on", "written_at")  # fmt: skip
    return {row.indicator_key.removeprefix(CONDITION): bool(row.met) for row in rows}


def _rulings(as_of: datetime) -> dict[str, Judged]:
    """Check key -> the newest ruling from outside, where it changed how the check is judged."""
    day = timezone.localdate(as_of)
    rows = Ruling.objects.in_force().filter(on__lte=day).exclude(level=Ruling.Level.OFFICE)
    found = {}
    for key, strictness, on in rows.order_by("on", "pk").values_list(
        "check_key", "strictness", "on"
    ):
        found[key] = Judged(strictness, on)
    return {key: one for key, one in found.items() if one.strictness}


def size_class() -> str:
    """The city-size class of the campaign, small when there is none."""
    campaign = Campaign.objects.first()
    return str(campaign.size_class) if campaign else "small"


def _places(inside: Q) -> dict[UUID, Place]:
    sites = Site.objects.filter(inside, built_up=BuiltUp.INSIDE)
    rows = list(sites.order_by("pk").values_list(
        "pk", "name", "site_type_id", "region_id", "region__ancestors", "latitude", "longitude"
    ))  # fmt: skip
    above = {key for row in rows for key in row[4]}
    levels = dict(Region.objects.filter(pk__in=above).values_list("pk", "level"))
    firms = _firms(sites)
    found = {}
    for pk, name, site_type, own, ancestors, latitude, longitude in rows:
        town = next((a for a in ancestors if levels.get(a) == RegionLevel.TOWN), own)
        found[pk] = Place(pk, name, site_type, own, town, firms.get(pk, own), latitude, longitude)
    return found


def _firms(sites: Any) -> dict[UUID, UUID]:
    """The property company that answers for a site, where there is one."""
    rows = SiteParty.objects.filter(site__in=sites, until=None, unit__kind=UnitKind.PROPERTY)
    return dict(rows.order_by("pk").values_list("site_id", "unit_id"))


def _town_names(places: Iterable[Place]) -> dict[UUID, str]:
    wanted = {place.town for place in places}
    return dict(Region.objects.filter(pk__in=wanted).values_list("pk", "name"))


def _latest(
    region: Region, as_of: datetime, places: Mapping[UUID, Place], sites: list[UUID] | None, *,
    others: bool,
) -> dict[UUID, Seen]:  # fmt: skip
    given: dict[str, Any] = {
        "as_of": as_of,
        "oldest": as_of - OLDEST,
        "region": region.pk,
        "sites": sites,
        "others": others,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, given)
        rows = [row for row in cursor.fetchall() if row[0] in places]
    mended = _mended([row[1] for row in rows], as_of)
    found = {}
    for site, visit, at, _outcome, failed, inapplicable, unseen, bands, outside, kind in rows:
        told = bands if isinstance(bands, dict) else {}
        found[site] = Seen(
            visit, site, at, failed, inapplicable, unseen, told, outside,
            kind in {"undercover", "cross"}, mended.get(visit, {}),
        )  # fmt: skip
    return found


def _with_later(
    looks: dict[UUID, Seen], places: Mapping[UUID, Place], checks: Iterable[Check]
) -> dict[UUID, Seen]:
    """The looks, with the checks that came to their sheet later as not seen."""
    later = [check for check in checks if check.since is not None]
    if not later:
        return looks
    found = {}
    for site, seen in looks.items():
        missed = [
            check.key for check in later
            if check.site_type_id == places[site].site_type and check.since
            and check.since > seen.at and check.key not in seen.failed
        ]  # fmt: skip
        found[site] = replace(seen, unseen=[*seen.unseen, *missed]) if missed else seen
    return found


def _mended(visits: Sequence[UUID], as_of: datetime) -> dict[UUID, dict[str, Mended]]:
    """Failed checks whose problem was closed as fixed by then, and is not open again now."""
    rows = Found.objects.filter(
        visit__in=visits, problem__outcome=Outcome.FIXED, problem__closed_at__lte=as_of
    ).exclude(check_key="")
    found: defaultdict[UUID, dict[str, Mended]] = defaultdict(dict)
    for visit, key, problem, at in rows.values_list(
        "visit_id", "check_key", "problem_id", "problem__closed_at"
    ):
        if visit is not None and problem is not None and at is not None:
            found[visit][key] = Mended(problem, at)
    return found


def problems_of(visits: Sequence[UUID]) -> dict[tuple[UUID, str], list[Problem]]:
    """The problems filed for failed checks of these looks: (visit, check key) -> problems."""
    rows = Found.objects.filter(visit__in=visits, problem__isnull=False).select_related(
        "problem__lead_unit", "problem__person", "problem__kind"
    )
    found: defaultdict[tuple[UUID, str], list[Problem]] = defaultdict(list)
    for row in rows.order_by("pk"):
        if row.visit_id is not None and row.problem is not None:
            found[row.visit_id, row.check_key].append(row.problem)
    return found

"""What is known of a region at a moment, read from the database: sites, sheets, the last looks,
and what problems say of them. Nothing here grows with what lies further back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from weicheng.inspections.models import Found, Ruling
from weicheng.people.models import SiteParty, UnitKind
from weicheng.places.models import BuiltUp, Campaign, Region, RegionLevel, Site
from weicheng.scoring.looks import OLDEST, looks_at
from weicheng.scoring.models import CONDITION, IndicatorValue
from weicheng.scoring.site_states import Case, Seen, SiteState, state_of
from weicheng.scoring.stands_for import cases
from weicheng.standards.models import Aspect, Check, Item, Quota, SiteType, Standard

if TYPE_CHECKING:
    from weicheng.problems.models import Problem


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
    looks: Mapping[UUID, Sequence[Seen]]
    towns: Mapping[UUID, str]
    conditions: Mapping[str, bool]
    cases: Mapping[UUID, Sequence[Case]] = field(default_factory=dict)
    rulings: Mapping[str, Judged] = field(default_factory=dict)

    def latest(self) -> Mapping[UUID, SiteState]:
        """Site -> what is known of it, of the sites that were ever looked at."""
        return self._states

    @cached_property
    def _states(self) -> Mapping[UUID, SiteState]:
        return {
            site: state_of(looks, self.cases.get(site, ())) for site, looks in self.looks.items()
        }

    def of_own(self) -> Facts:
        """The same with the looks of our own people alone, and without what only others found."""
        own = {
            site: [look for look in looks if look.is_own] for site, looks in self.looks.items()
        }  # fmt: skip
        cases = {
            site: [case for case in rows if not case.by_others] for site, rows in self.cases.items()
        }  # fmt: skip
        return replace(
            self, looks={site: looks for site, looks in own.items() if looks}, cases=cases
        )

    def unvisited(self) -> Mapping[UUID, frozenset[str]]:
        """Site -> the checks that fail by open problems, of the sites that nobody looked at."""
        return {
            site: frozenset(
                key for case in rows if case.fixed is None and case.is_sole for key in case.checks
            )
            for site, rows in self.cases.items()
            if site in self.places and site not in self.looks
        }


def gather(region: Region, as_of: datetime, *, within: Q | None = None, looks: int = 1) -> Facts:
    """The facts of a region at a moment; ``within`` narrows the sites, ``looks`` is how many of a
    kind are read of each: one tells how things stand, more teach how they change. A constant number
    of queries. Looks of a hidden plan count from its release on."""
    standard = Standard.objects.order_by("-issued", "edition").first()
    inside = Q(region__ancestors__contains=[region.pk], active=True)
    inside = inside & within if within is not None else inside
    places = _places(inside)
    kinds = SiteType.objects.filter(active=True, aspect__standard=standard)
    checks = list(
        Check.objects.filter(item__standard=standard, deduct_milli__gt=0)
        .select_related("item").order_by("key")
    )  # fmt: skip
    types = {key: place.site_type for key, place in places.items()}
    among = None if within is None else list(places)
    seen = looks_at(region, as_of, types, checks, most=looks, among=among)
    since = _since(seen, places, as_of, every=looks > 1)
    return Facts(
        region, as_of, places,
        Site.objects.filter(inside, built_up=BuiltUp.UNDECIDED).count(),
        checks,
        list(Item.objects.filter(standard=standard).select_related("aspect").order_by("number")),
        list(Aspect.objects.filter(standard=standard).order_by("number")),
        {row.key: row for row in kinds.order_by("order", "key")},
        dict(Quota.objects.filter(city_size=size_class()).values_list("site_type_id", "number")),
        seen, _town_names(places.values()), _conditions(region, as_of),
        _narrowed(cases(region, as_of, types, since, among=among), seen), _rulings(as_of),
    )  # fmt: skip


def _since(
    seen: Mapping[UUID, Sequence[Seen]], places: Iterable[UUID], as_of: datetime, *, every: bool
) -> dict[UUID, datetime]:
    """Since when what was fixed at a site matters: the looks that found a failure there; for
    ``every`` site, what was fixed without a look as well."""
    found = dict.fromkeys(places, as_of - OLDEST) if every else {}
    for site, looks in seen.items():
        bad = [look.at for look in looks if look.failed]
        if bad or every:
            found[site] = min(bad, default=looks[0].at)
    return found


def _narrowed(
    cases: Mapping[UUID, Sequence[Case]], seen: Mapping[UUID, Sequence[Seen]]
) -> dict[UUID, Sequence[Case]]:
    """Problems that may stand for several checks of a site stand for the one that failed there."""
    found = dict(cases)
    for site, rows in cases.items():
        if site in seen and not all(case.is_sole for case in rows):
            failed = state_of(seen[site], ()).failed
            found[site] = [case if case.is_sole else case.narrowed(failed) for case in rows]
    return found


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

"""What a check may draw from: built-up sites, the quotas of the city's size, earlier rounds.

Sites of which it is undecided whether they lie in the built-up area are never drawn; they are
listed, so that the office decides them first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import Coalesce

from weicheng.inspections.drawing import Candidate, Draw, draw, fingerprint, halved
from weicheng.inspections.models import Plan, Stop
from weicheng.inspections.odds import Gap, designs
from weicheng.inspections.rules import overlaps
from weicheng.inspections.words import PlanState
from weicheng.places.models import (
    BuiltUp,
    Campaign,
    Participation,
    Region,
    RegionLevel,
    Site,
    SiteQuerySet,
)
from weicheng.standards.models import Quota, SiteType

#: Undecided sites shown for decision; the rest is counted.
MOST_UNDECIDED = 30


@dataclass(frozen=True)
class Scope:
    """What a draw is asked for: where, of which types (empty = all), how many, how."""

    region: Region
    site_types: tuple[str, ...] = ()
    sampled: bool = True
    half: bool = False
    spread: bool = False
    rounds: int | None = None
    kind: str = ""

    @classmethod
    def of(cls, plan: Plan) -> Scope:
        """The scope of a plan."""
        types = tuple(sorted(plan.site_types))
        return cls(plan.region, types, plan.sampled, plan.half, plan.spread, plan.rounds, plan.kind)


@dataclass(frozen=True)
class TypeLine:
    """One type: sites asked for (halved already), there, undecided, and how many will be taken."""

    key: str
    name: str
    wanted: int
    available: int
    undecided: int
    sampled: bool

    @property
    def takes(self) -> int:
        """Sites that will be drawn."""
        return min(self.wanted, self.available) if self.sampled else self.available

    @property
    def short(self) -> int:
        """Sites that are missing."""
        return max(self.wanted - self.available, 0) if self.sampled else 0


@dataclass
class Pool:
    """Candidates with what a draw needs besides its seed, and what a person should know before."""

    scope: Scope
    candidates: list[Candidate]
    quotas: dict[str, int]
    history: dict[str, list[list[str]]]
    lines: list[TypeLine]
    undecided: list[Site]
    undecided_count: int
    points: dict[str, tuple[float, float]] = field(default_factory=dict)
    #: In how many rounds the last round promised every site (0: by number); none without a round.
    promised: int | None = None
    earlier: tuple[UUID, ...] = ()

    @property
    def total(self) -> int:
        """Sites that will be taken."""
        return sum(line.takes for line in self.lines)

    def given(self) -> dict[str, Any]:
        """What the draw depends on, as it is kept (see models.DrawnFrom)."""
        return {
            "candidates": [[c.key, c.site_type, c.area, c.since] for c in self.candidates],
            "quotas": self.quotas, "history": self.history, "rounds": self.scope.rounds,
            "half": self.scope.half, "spread": self.scope.spread,
        }  # fmt: skip


def drawn(given: dict[str, Any], seed: bytes) -> Draw:
    """The draw that this seed makes of what was kept; the same everywhere, whenever."""
    found, quotas, more = _read(given)
    return draw(seed, found, quotas, **more)


def fingerprint_of(given: dict[str, Any]) -> str:
    """The SHA-256 (hex) of all that a draw depends on besides its seed."""
    found, quotas, more = _read(given)
    return fingerprint(found, quotas, **more)


def _read(given: dict[str, Any]) -> tuple[list[Candidate], dict[str, int], dict[str, Any]]:
    found = [Candidate(key, kind, area, since) for key, kind, area, since in given["candidates"]]
    more = {name: given[name] for name in ("history", "rounds", "half", "spread")}
    return found, given["quotas"], more


def pool_of(scope: Scope, *, before: datetime | None = None) -> Pool:
    """The pool of a scope as it is now; ``before``: only earlier rounds locked before then."""
    rows = taking_part(Site.objects.all()).filter(
        active=True, region__ancestors__contains=[scope.region.pk], site_type__active=True
    )
    if scope.site_types:
        rows = rows.filter(site_type__in=scope.site_types)
    inside = list(
        rows.filter(built_up=BuiltUp.INSIDE)
        .annotate(since=Coalesce("drawable_since", "entered_at"))
        .order_by("pk")
        .values_list("pk", "site_type_id", "region__ancestors", "latitude", "longitude", "since")
    )
    undecided = rows.filter(built_up=BuiltUp.UNDECIDED)
    past = _Earlier.of(scope, before) if scope.sampled else _Earlier()
    towns = _towns(inside)
    candidates = [
        Candidate(str(pk), kind, towns.get(tuple(above), ""), past.before(kind, since))
        for pk, kind, above, _lat, _lon, since in inside
    ]
    quotas = quotas_of(scope)
    waiting = Counter(undecided.order_by().values_list("site_type_id", flat=True))
    return Pool(
        scope, candidates, quotas, {kind: past.drawn(kind) for kind in quotas},
        _lines(scope, candidates, quotas, waiting),
        list(undecided.select_related("site_type", "region")[:MOST_UNDECIDED]),
        sum(waiting.values()),
        {str(r[0]): (r[3], r[4]) for r in inside if r[3] is not None and r[4] is not None},
        past.promised, tuple(pk for pk, _at, _types in past.held),
    )  # fmt: skip


def counties_taking_part() -> list[UUID]:
    """The districts that take part in the campaign: their ids, or the applicant's while no
    district is named."""
    parts = list(Participation.objects.values_list("region", "region__level"))
    counties = [pk for pk, level in parts if level == RegionLevel.COUNTY]
    return counties or [pk for pk, _level in parts]


def taking_part(sites: SiteQuerySet) -> SiteQuerySet:
    """The sites of districts that take part in the campaign; all while nobody wrote who does."""
    parts = counties_taking_part()
    return sites.filter(region__ancestors__overlap=parts) if parts else sites


def takes_part(region: Region) -> bool:
    """Whether a draw over this region has districts of the campaign in it."""
    parts = counties_taking_part()
    inside = bool(set(parts) & set(region.ancestors))
    return not parts or inside or Region.objects.filter(
        pk__in=parts, ancestors__contains=[region.pk]
    ).exists()  # fmt: skip


def quotas_of(scope: Scope) -> dict[str, int]:
    """Sites asked for by type, in a city of the campaign's size; none when all are taken."""
    if not scope.sampled:
        return {}
    campaign = Campaign.objects.first()
    size = str(campaign.size_class) if campaign else "small"
    rows = Quota.objects.filter(city_size=size, site_type__active=True)
    if scope.site_types:
        rows = rows.filter(site_type__in=scope.site_types)
    return dict(rows.values_list("site_type_id", "number"))


def least_of_edition() -> int:
    """The least number of sites that the assessors draw in a city of the campaign's size."""
    campaign = Campaign.objects.first()
    size = str(campaign.size_class) if campaign else "small"
    rows = Quota.objects.filter(city_size=size, site_type__active=True)
    return int(rows.aggregate(n=Sum("number"))["n"] or 0)


def _lines(
    scope: Scope, candidates: list[Candidate], quotas: dict[str, int], waiting: Counter[str]
) -> list[TypeLine]:
    there = Counter(one.site_type for one in candidates)
    asked = halved(quotas) if scope.half else quotas
    kinds = SiteType.objects.filter(pk__in={*there, *asked, *waiting}).order_by("order", "key")
    return [
        TypeLine(
            kind.pk, str(kind), asked.get(kind.pk, 0), there[kind.pk], waiting[kind.pk],
            scope.sampled,
        )
        for kind in kinds
    ]  # fmt: skip


@dataclass
class _Earlier:
    """The earlier rounds of a kind of check over a region, oldest first: when each was held, of
    which types (none: of all), and what it drew. A type keeps its past whatever else a round
    looked at. A round that was dropped was no look: its sites go on waiting."""

    held: list[tuple[UUID, datetime, frozenset[str]]] = field(default_factory=list)
    keys: dict[UUID, list[tuple[str, str]]] = field(default_factory=dict)
    promised: int | None = None
    _by_type: dict[str, list[tuple[UUID, datetime]]] = field(default_factory=dict)

    @classmethod
    def of(cls, scope: Scope, before: datetime | None) -> _Earlier:
        plans = Plan.objects.filter(
            region=scope.region, kind=scope.kind, sampled=True, locked_at__isnull=False
        ).exclude(state__in=[PlanState.DRAFT, PlanState.DROPPED])
        if before is not None:
            plans = plans.filter(locked_at__lt=before)
        found = cls()
        rows = plans.order_by("locked_at", "pk").values_list(
            "pk", "locked_at", "site_types", "rounds"
        )
        for pk, at, types, rounds in rows:
            if at is not None and overlaps(types, scope.site_types):
                found.held.append((pk, at, frozenset(types)))
                found.promised = rounds or 0
        stops = Stop.objects.filter(plan__in=[pk for pk, _at, _types in found.held])
        for plan, kind, site in stops.order_by("site_id").values_list(
            "plan_id", "site_type", "site_id"
        ):
            found.keys.setdefault(plan, []).append((kind, str(site)))
        return found

    def of_type(self, kind: str) -> list[tuple[UUID, datetime]]:
        """The rounds that drew from this type."""
        if kind not in self._by_type:
            self._by_type[kind] = [(k, at) for k, at, types in self.held if overlaps(types, {kind})]
        return self._by_type[kind]

    def drawn(self, kind: str) -> list[list[str]]:
        """The sites of a type by round."""
        return [
            [site for its, site in self.keys.get(pk, ()) if its == kind]
            for pk, _at in self.of_type(kind)
        ]

    def before(self, kind: str, since: datetime) -> int:
        """How many rounds of its type were held before a site could be drawn."""
        return sum(at < since for _pk, at in self.of_type(kind))


def _towns(rows: list[Any]) -> dict[tuple[UUID, ...], str]:
    """The id of the town above each chain of regions, else of the smallest region."""
    chains = {tuple(row[2]) for row in rows}
    above = {key for chain in chains for key in chain}
    towns = set(
        Region.objects.filter(pk__in=above, level=RegionLevel.TOWN).values_list("pk", flat=True)
    )
    return {chain: str(next((key for key in chain if key in towns), chain[0])) for chain in chains}


def gaps_of(given: dict[str, Any]) -> list[Gap]:
    """Promises of coverage that cannot be kept, known before the draw."""
    found, quotas, more = _read(given)
    asked = halved(quotas) if more.pop("half") else quotas
    return [design.gap for design in designs(found, asked, **more) if design.gap]

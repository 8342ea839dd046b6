"""What a check may draw from: built-up sites, the quotas of the city's size, earlier rounds.

Sites of which it is undecided whether they lie in the built-up area are never drawn; they are
listed, so that the office decides them first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from weicheng.inspections.drawing import Candidate, Draw, draw, fingerprint, halved
from weicheng.inspections.models import Plan, Stop
from weicheng.inspections.odds import Gap, designs
from weicheng.inspections.words import PlanState
from weicheng.places.models import BuiltUp, Campaign, Region, RegionLevel, Site
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
    history: list[list[str]]
    lines: list[TypeLine]
    undecided: list[Site]
    undecided_count: int
    points: dict[str, tuple[float, float]] = field(default_factory=dict)

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
    rows = Site.objects.filter(
        active=True, region__ancestors__contains=[scope.region.pk], site_type__active=True
    )
    if scope.site_types:
        rows = rows.filter(site_type__in=scope.site_types)
    inside = list(
        rows.filter(built_up=BuiltUp.INSIDE)
        .order_by("pk")
        .values_list(
            "pk", "site_type_id", "region__ancestors", "latitude", "longitude", "entered_at"
        )
    )
    undecided = rows.filter(built_up=BuiltUp.UNDECIDED)
    history, moments = _earlier(scope, before) if scope.sampled else ([], [])
    towns = _towns(inside)
    candidates = [
        Candidate(str(pk), kind, towns.get(tuple(above), ""), sum(at < entered for at in moments))
        for pk, kind, above, _lat, _lon, entered in inside
    ]
    quotas = quotas_of(scope)
    waiting = Counter(undecided.order_by().values_list("site_type_id", flat=True))
    return Pool(
        scope, candidates, quotas, history, _lines(scope, candidates, quotas, waiting),
        list(undecided.select_related("site_type", "region")[:MOST_UNDECIDED]),
        sum(waiting.values()),
        {str(r[0]): (r[3], r[4]) for r in inside if r[3] is not None and r[4] is not None},
    )  # fmt: skip


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


def _earlier(scope: Scope, before: datetime | None) -> tuple[list[list[str]], list[datetime]]:
    """What the earlier rounds of the same series drew, oldest first, and when."""
    plans = Plan.objects.filter(
        region=scope.region, kind=scope.kind, sampled=True, locked_at__isnull=False
    ).exclude(state__in=[PlanState.DRAFT, PlanState.DROPPED])
    if before is not None:
        plans = plans.filter(locked_at__lt=before)
    series = [
        (pk, at)
        for pk, at, types in plans.order_by("locked_at", "pk").values_list(
            "pk", "locked_at", "site_types"
        )
        if tuple(sorted(types)) == scope.site_types and at is not None
    ]
    keys: defaultdict[UUID, list[str]] = defaultdict(list)
    stops = Stop.objects.filter(plan__in=[pk for pk, _ in series]).order_by("site_id")
    for plan, site in stops.values_list("plan_id", "site_id"):
        keys[plan].append(str(site))
    return [keys[pk] for pk, _ in series], [at for _, at in series]


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

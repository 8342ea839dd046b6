"""What the pages of an observation day read: stops with who answers and what is open there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from weicheng.inspections import panel
from weicheng.inspections.history import told
from weicheng.inspections.models import Plan, Stop, Visit
from weicheng.inspections.routing import length_m, minutes_by_car
from weicheng.inspections.site_marks import marks_of
from weicheng.people.models import SiteParty
from weicheng.places.models import Region, RegionLevel, Site
from weicheng.problems.models import Problem
from weicheng.problems.words import Outcome, Status
from weicheng.standards.models import Check

if TYPE_CHECKING:
    from datetime import datetime

MINUTES_AT_A_STOP = 15
MOST_OPEN = 12


@dataclass
class StopPage:
    """One stop: its site, who answers there, the last pair, what is open (the most urgent, and how
    many in all), the last visit, the mock score (0..100)."""

    stop: Stop
    site: Site
    town: str
    parties: list[SiteParty] = field(default_factory=list)
    open: list[Problem] = field(default_factory=list)
    open_count: int = 0
    mark: Decimal | None = None
    pair: Problem | None = None
    visit: Visit | None = None
    checks: int = 0
    result: panel.Result | None = None

    @property
    def more_open(self) -> int:
        """How many open problems are not listed."""
        return self.open_count - len(self.open)

    @property
    def passed(self) -> int:
        """How many checks of the sheet passed at the last visit."""
        if self.visit is None:
            return 0
        return self.looked_at - len(self.visit.failed)

    @property
    def looked_at(self) -> int:
        """How many checks of the sheet the last visit looked at."""
        if self.visit is None:
            return 0
        return self.checks - len(self.visit.not_applicable) - len(self.visit.unseen)


@dataclass(frozen=True)
class Day:
    """The whole day: stops in order, results best first, towns, and how far it is."""

    plan: Plan
    stops: list[StopPage]
    results: list[tuple[panel.Result, StopPage]]
    towns: list[panel.Group]
    papers: int
    entered: int
    spoilt: int
    minutes: int
    metres: int

    @property
    def kilometres(self) -> str:
        """The way in kilometres with one decimal."""
        return f"{self.metres / 1000:.1f}"


def day_of(
    plan: Plan, user: Any, *, scored: bool = False, now: datetime | None = None
) -> Day:  # fmt: skip
    """The day with everything that its pages show, in a constant number of queries; ``scored``:
    with the mock score of each site."""
    stops = list(
        Stop.objects.visible_to(user).filter(plan=plan)
        .select_related("site__site_type", "site__region__parent").order_by("order", "id")
    )  # fmt: skip
    moment = now or timezone.now()
    pages = _pages(stops, user, moment)
    marks = marks_of(plan.region, [stop.site_id for stop in stops], moment) if scored else {}
    for page in pages:
        page.mark = marks.get(page.site.pk)
    sheets = list(plan.panel_sheets.all())
    valid = [s for s in sheets if s.entered_at and not s.invalid]
    by_stop = {str(page.stop.pk): page for page in pages}
    results = panel.count((s.marks for s in valid), list(by_stop))
    for result in results:
        by_stop[result.key].result = result
    points = [_point(stop.site) for stop in stops]
    metres = length_m(points, range(len(points)))
    minutes = minutes_by_car(metres, len(stops)) + MINUTES_AT_A_STOP * len(stops)
    towns = panel.grouped(results, {key: page.town for key, page in by_stop.items()})
    return Day(
        plan, pages, [(r, by_stop[r.key]) for r in results], towns, len(sheets), len(valid),
        sum(bool(s.invalid) for s in sheets), minutes, metres,
    )  # fmt: skip


def _point(site: Site) -> tuple[float, float] | None:
    if site.latitude is None or site.longitude is None:
        return None
    return (site.latitude, site.longitude)


def _pages(stops: Sequence[Stop], user: Any, now: datetime) -> list[StopPage]:
    sites = [stop.site_id for stop in stops]
    towns = _towns(stop.site.region for stop in stops)
    counts = Counter(
        Check.objects.filter(site_type__in={s.site.site_type_id for s in stops})
        .values_list("site_type_id", flat=True)
    )  # fmt: skip
    pages = [
        StopPage(stop, stop.site, towns[stop.site.region_id], checks=counts[stop.site.site_type_id])
        for stop in stops
    ]
    by_site = {page.site.pk: page for page in pages}
    parties = SiteParty.objects.on(timezone.localdate(now)).filter(site__in=sites)
    for party in parties.select_related("unit", "person", "leader").order_by("part", "id"):
        by_site[party.site_id].parties.append(party)
    for visit in _last_visits(sites, user):
        by_site[visit.site_id].visit = visit
    _problems(by_site, user)
    return pages


def _towns(regions: Iterable[Region]) -> dict[UUID, str]:
    rows = {region.pk: region for region in regions}
    above = {key for region in rows.values() for key in region.ancestors}
    towns = dict(
        Region.objects.filter(pk__in=above, level=RegionLevel.TOWN).values_list("pk", "name")
    )
    return {
        key: next((towns[a] for a in region.ancestors if a in towns), region.name)
        for key, region in rows.items()
    }


def _last_visits(sites: Sequence[UUID], user: Any) -> list[Visit]:
    """The last look at each site that may stand on a paper which is handed out."""
    seen = told(Visit.objects.visible_to(user).filter(site__in=sites, sealed=False))
    seen = seen.exclude(outcome="closed")
    return list(seen.order_by("site_id", "-occurred_at", "-id").distinct("site_id"))


def _problems(by_site: dict[UUID, StopPage], user: Any) -> None:
    here = Problem.objects.visible_to(user).filter(site__in=list(by_site), voided=False)
    found: defaultdict[UUID, list[Problem]] = defaultdict(list)
    still = here.exclude(status=Status.DONE).for_rows().defer("search")
    for problem in still.order_by("due_at", "-found_at"):
        if problem.site_id is not None:
            found[problem.site_id].append(problem)
    for site, problems in found.items():
        by_site[site].open, by_site[site].open_count = problems[:MOST_OPEN], len(problems)
    pairs = here.filter(status=Status.DONE, outcome=Outcome.FIXED, before_photo__isnull=False,
                        after_photo__isnull=False)  # fmt: skip
    for problem in (
        pairs.for_rows().defer("search").order_by("site_id", "-closed_at").distinct("site_id")
    ):
        if problem.site_id is not None:
            by_site[problem.site_id].pair = problem

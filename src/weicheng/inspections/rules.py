"""The yearly plan of checks, and what a plan must say before it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q

from weicheng.inspections.models import Plan, YearPlan
from weicheng.inspections.words import PlanKind, PlanState

if TYPE_CHECKING:
    from weicheng.places.models import Region

#: Checks that the yearly plan limits (conventions §0: 督查检查考核 go by an annual plan). The
#: office's own daily rounds and second looks at what was closed are no 督查检查 in that sense.
COUNTED = (
    PlanKind.UNDERCOVER,
    PlanKind.MONTHLY,
    PlanKind.OBSERVATION,
    PlanKind.SPECIAL,
    PlanKind.CROSS,
)
MOST_A_YEAR = 60
LONGEST_DAYS = 62
MOST_ROUNDS = 200
GUEST_DAYS_AFTER = 14
MOST_LOOKED_BACK = 50
#: Plans that were drawn and then dropped: their sites were seen.
DRAWN_AND_DROPPED = Q(state=PlanState.DROPPED, sampled=True, locked_at__isnull=False)
#: Kinds of check on which people from elsewhere come along.
WITH_GUESTS = frozenset({PlanKind.CROSS, PlanKind.MONTHLY, PlanKind.OBSERVATION})


@dataclass(frozen=True)
class Count:
    """One kind in one year: how many are planned (None: nobody said) and how many were used.
    ``region``: whose year's plan says so."""

    kind: PlanKind
    planned: int | None
    used: int
    basis: str = ""
    region: UUID | None = None

    @property
    def full(self) -> bool:
        """Whether one more would be beyond the plan."""
        return self.planned is None or self.used >= self.planned

    @property
    def over(self) -> int:
        """How many are beyond the plan."""
        return max(self.used - (self.planned or 0), 0)


def counts(user: Any, region: Region, year: int) -> list[Count]:
    """Planned and used by kind, of what this person may know: a hidden check is not counted for
    whom it concerns."""
    rows = {
        row.kind: row for row in YearPlan.objects.filter(region=region, year=year, kind__in=COUNTED)
    }
    used = dict.fromkeys(COUNTED, 0)
    seen = Plan.objects.visible_to(user)
    for kind in _used(seen, region.pk, year).values_list("kind", flat=True):
        used[PlanKind(kind)] += 1
    return [
        Count(kind, row.count if (row := rows.get(kind)) else None, used[kind],
              row.basis if row else "")
        for kind in COUNTED
    ]  # fmt: skip


def count_for(region: Region, kind: str, day: date, *, but: UUID | None = None) -> Count:
    """The count that a plan in this region falls under: the nearest region above with one.

    All plans count, seen by the asker or not: the limit is the law's. The row of the year's plan
    stays locked until the act is done, so that two plans do not both take the last place.
    """
    rows = {
        row.region_id: row
        for row in YearPlan.objects.select_for_update().filter(
            region__in=region.ancestors, year=day.year, kind=kind
        )
    }
    near = next((key for key in region.ancestors if key in rows), None)
    row = rows.get(near) if near else None
    used = _used(Plan.objects.all(), near or region.pk, day.year).filter(kind=kind)
    return Count(
        PlanKind(kind), row.count if row else None, used.exclude(pk=but).count(),
        row.basis if row else "", near,
    )  # fmt: skip


def seen_of(user: Any, count: Count, day: date, *, but: UUID | None = None) -> int:
    """How many of a count this person may know of."""
    if count.region is None:
        return 0
    seen = _used(Plan.objects.visible_to(user), count.region, day.year)
    return int(seen.filter(kind=count.kind).exclude(pk=but).count())


def _used(plans: Any, region: UUID, year: int) -> Any:
    """What counts in a year: all that was not dropped, and draws that were dropped afterwards, for
    a draw that may be repeated until it suits is none."""
    kept = ~Q(state=PlanState.DROPPED) | DRAWN_AND_DROPPED
    return plans.filter(
        kept, region__ancestors__contains=[region], starts_on__year=year, kind__in=COUNTED
    )


def drawn_again(plan: Plan, user: Any) -> int:
    """The how-manieth draw of the same kind, place and types this is, since the last one that was
    carried out; 1 unless a draw was dropped. Counts what the reader may know of."""
    if not plan.sampled:
        return 1
    series = Plan.objects.filter(region=plan.region_id, kind=plan.kind, sampled=True)
    series = series.filter(locked_at__isnull=False).exclude(pk=plan.pk)
    if plan.locked_at is not None:
        series = series.filter(locked_at__lt=plan.locked_at)
    n = 1
    rows = series.visible_to(user).order_by("-locked_at")
    for state, types in rows.values_list("state", "site_types")[:MOST_LOOKED_BACK]:
        if not overlaps(types, plan.site_types):
            continue
        if state != PlanState.DROPPED:
            break
        n += 1
    return n


def overlaps(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two scopes of types have one in common; none named means all."""
    these, those = set(one), set(other)
    return not these or not those or bool(these & those)

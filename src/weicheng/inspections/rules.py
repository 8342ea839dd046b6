"""The yearly plan of checks, and what a plan must say before it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

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
#: Kinds of check on which people from elsewhere come along.
WITH_GUESTS = frozenset({PlanKind.CROSS, PlanKind.MONTHLY, PlanKind.OBSERVATION})


@dataclass(frozen=True)
class Count:
    """One kind in one year: how many are planned (None: nobody said) and how many were used."""

    kind: PlanKind
    planned: int | None
    used: int
    basis: str = ""

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
    for kind in _used(user, region.pk, year).values_list("kind", flat=True):
        used[PlanKind(kind)] += 1
    return [
        Count(kind, row.count if (row := rows.get(kind)) else None, used[kind],
              row.basis if row else "")
        for kind in COUNTED
    ]  # fmt: skip


def count_for(user: Any, region: Region, kind: str, day: date, *, but: UUID | None = None) -> Count:
    """The count that a plan in this region falls under: the nearest region above with one."""
    rows = {
        row.region_id: row
        for row in YearPlan.objects.filter(region__in=region.ancestors, year=day.year, kind=kind)
    }
    near = next((key for key in region.ancestors if key in rows), None)
    used = _used(user, near or region.pk, day.year).filter(kind=kind).exclude(pk=but).count()
    row = rows.get(near) if near else None
    return Count(PlanKind(kind), row.count if row else None, used, row.basis if row else "")


def _used(user: Any, region: UUID, year: int) -> Any:
    seen = Plan.objects.visible_to(user).exclude(state=PlanState.DROPPED)
    return seen.filter(region__ancestors__contains=[region], starts_on__year=year, kind__in=COUNTED)

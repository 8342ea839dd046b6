"""The year's counts, and plans as they are drafted, changed and dropped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from weicheng.inspections.acts.once import claim
from weicheng.inspections.models import Plan, YearPlan
from weicheng.inspections.permissions import may_hide, may_plan_in
from weicheng.inspections.pool import takes_part
from weicheng.inspections.refusals import Refused
from weicheng.inspections.rules import (
    COUNTED,
    LONGEST_DAYS,
    MOST_A_YEAR,
    MOST_ROUNDS,
    count_for,
    seen_of,
)
from weicheng.inspections.words import PlanKind, PlanState
from weicheng.journal.models import Operation
from weicheng.places.models import Campaign, Region, RegionLevel

if TYPE_CHECKING:
    from weicheng.people.models import User


@dataclass(frozen=True)
class Wish:
    """What the office asks for; ``doubled`` is a percentage, empty ``site_types`` means all."""

    kind: str
    title: str
    region: Region
    starts_on: date
    ends_on: date
    regular: bool = True
    open: bool = True
    sampled: bool = True
    site_types: tuple[str, ...] = ()
    half: bool = False
    spread: bool = False
    rounds: int | None = None
    doubled: int = 0
    starting_point: str = ""
    note: str = ""
    basis: str = ""

    def columns(self) -> dict[str, Any]:
        """The columns of a plan."""
        given = dict(self.__dict__)
        given.update(
            title=self.title.strip(), site_types=sorted(self.site_types),
            half=self.half and self.sampled, spread=self.spread and self.sampled,
            rounds=self.rounds if self.sampled else None, note=self.note.strip()[:400],
            basis=self.basis.strip()[:200],
            rehearsal=self.sampled and is_rehearsal(self.region, self.kind),
        )  # fmt: skip
        return given

    def body(self) -> dict[str, Any]:
        """What makes a request the same request."""
        return {**self.__dict__, "region": self.region.pk}


#: Kinds of check that a district rehearses the whole campaign's draw by.
REHEARSED = (PlanKind.UNDERCOVER, PlanKind.MONTHLY, PlanKind.CROSS)


def is_rehearsal(region: Region, kind: str) -> bool:
    """本区模拟: a district of a larger campaign draws over its own sites as the assessors would."""
    campaign = Campaign.objects.first()
    inner = campaign is not None and campaign.applicant_id != region.pk
    return inner and region.level == RegionLevel.COUNTY and kind in REHEARSED


@transaction.atomic
def set_year(
    *,
    by: User,
    region: Region,
    year: int,
    counts: dict[str, int],
    op_id: UUID,
    basis: str = "",
    now: datetime | None = None,
) -> list[YearPlan]:
    """How many checks of each kind a region may see in a year; ``basis`` names the paper.

    Raises Refused.
    """
    if not may_plan_in(by, region):
        raise Refused("not_yours")
    if any(kind not in COUNTED or not 0 <= n <= MOST_A_YEAR for kind, n in counts.items()):
        raise Refused("year_count", n=MOST_A_YEAR)
    body = {"region": region.pk, "year": year, "counts": counts, "basis": basis}
    if claim(by=by, act="set_year", body=body, op_id=op_id, now=now):
        for kind, n in counts.items():
            YearPlan.objects.update_or_create(
                region=region, year=year, kind=kind,
                defaults={"count": n, "basis": basis.strip()[:200], "operation": op_id},
            )  # fmt: skip
    return list(YearPlan.objects.filter(region=region, year=year))


@transaction.atomic
def make_plan(*, by: User, wish: Wish, op_id: UUID, now: datetime | None = None) -> Plan:
    """Draft a plan. Beyond the year's count it needs ``basis``. Raises Refused."""
    known = Operation.objects.filter(pk=op_id).exists()
    if not known:
        _check(by, wish, now)
    if not claim(by=by, act="make_plan", body=wish.body(), op_id=op_id, now=now):
        return Plan.objects.get(operation=op_id)
    return Plan.objects.create(
        **wish.columns(), created_by=by.person, created_at=now or timezone.now(), operation=op_id
    )


@transaction.atomic
def change_plan(
    *, by: User, plan: Plan, wish: Wish, op_id: UUID, now: datetime | None = None
) -> Plan:
    """Change a draft. Raises Refused once it is locked or its seed is sealed."""
    row = guard(by, plan)
    body = {**wish.body(), "plan": plan.pk}
    if Operation.objects.filter(pk=op_id).exists():
        claim(by=by, act="change_plan", body=body, op_id=op_id, now=now)
        return row
    if row.state != PlanState.DRAFT:
        raise Refused("wrong_state", state=row.get_state_display())
    if row.sealed:
        raise Refused("sealed_already")
    _check(by, wish, now, but=row.pk)
    claim(by=by, act="change_plan", body=body, op_id=op_id, now=now)
    for name, value in wish.columns().items():
        setattr(row, name, value)
    row.save()
    return row


@transaction.atomic
def drop_plan(
    *, by: User, plan: Plan, reason: str, op_id: UUID, now: datetime | None = None
) -> Plan:
    """取消: a plan that nobody has carried out is dropped with a reason, and kept.

    A draw that was made keeps its place in the year's count, and its seed is shown from then on.
    Raises Refused; a plan with visits is released instead.
    """
    row = guard(by, plan)
    if not reason.strip():
        raise Refused("need_reason")
    body = {"plan": plan.pk, "reason": reason}
    if not claim(by=by, act="drop_plan", body=body, op_id=op_id, now=now):
        return row
    if row.state in {PlanState.RELEASED, PlanState.DROPPED}:
        raise Refused("wrong_state", state=row.get_state_display())
    if row.visits.exists() or row.found.exists():
        raise Refused("dropped_with_visits")
    row.state, row.dropped = PlanState.DROPPED, reason.strip()[:200]
    row.save(update_fields=["state", "dropped"])
    return row


def guard(by: User, plan: Plan) -> Plan:
    """The locked row of a plan that this office person may arrange. Raises Refused."""
    seen = Plan.objects.visible_to(by).filter(pk=plan.pk).exists()
    if not seen or not may_plan_in(by, plan.region):
        raise Refused("not_yours")
    return Plan.objects.select_for_update(of=("self",)).select_related("region").get(pk=plan.pk)


def _check(by: User, wish: Wish, now: datetime | None, *, but: UUID | None = None) -> None:
    if not may_plan_in(by, wish.region):
        raise Refused("plan_region")
    _fits(wish, timezone.localdate(now or timezone.now()))
    if wish.sampled and not takes_part(wish.region):
        raise Refused("not_taking_part", region=wish.region.name)
    if not wish.open and not may_hide(by, wish.region, list(wish.site_types)):
        raise Refused("you_concerned")
    within_year(by, wish.region, wish.kind, wish.starts_on, wish.basis, but=but)


def within_year(
    by: User, region: Region, kind: str, day: date, basis: str, *, but: UUID | None = None
) -> None:
    """Refuse what is beyond the year's count, unless a paper asks for it.

    From whom a check may be hidden, for them only what they see decides, or the answer would tell
    them of it: once half of the count is seen to be used they name the paper, whatever the truth
    is, or leave it to somebody else. The year's page shows the others what went beyond.
    """
    if kind not in COUNTED or basis.strip():
        return
    count = count_for(region, kind, day, but=but)
    if count.planned is None:
        raise Refused("year_unset", year=day.year, kind=PlanKind(kind).label)
    if kind != PlanKind.OBSERVATION and not _sees_all(by, count.region):
        if count.planned == 0 or seen_of(by, count, day, but=but) * 2 >= count.planned:
            raise Refused("year_unseen")
    elif count.full:
        label = PlanKind(kind).label
        raise Refused("over_year", year=day.year, kind=label, count=count.planned)


def _sees_all(by: User, counted_in: UUID | None) -> bool:
    """Whether no check in the region of a count can be hidden from this person."""
    region = Region.objects.filter(pk=counted_in).first() if counted_in else None
    return region is not None and may_plan_in(by, region) and may_hide(by, region, [])


def _fits(wish: Wish, today: date) -> None:
    if not wish.title.strip():
        raise Refused("need_title")
    if wish.ends_on < wish.starts_on:
        raise Refused("plan_days")
    if wish.ends_on < today:
        raise Refused("plan_days_past")
    if wish.ends_on - wish.starts_on >= timedelta(days=LONGEST_DAYS):
        raise Refused("plan_too_long", n=LONGEST_DAYS)
    if wish.rounds is not None and not 1 <= wish.rounds <= MOST_ROUNDS:
        raise Refused("rounds_range", n=MOST_ROUNDS)
    if not 0 <= wish.doubled <= 100:
        raise Refused("doubled_range")

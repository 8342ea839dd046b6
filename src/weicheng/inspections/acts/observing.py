"""现场观摩: the route over chosen stops, the panel's numbered papers, what is written on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from weicheng.inspections.acts.once import claim
from weicheng.inspections.models import PanelSheet, Plan, Stop
from weicheng.inspections.panel import MOST
from weicheng.inspections.permissions import may_plan_in
from weicheng.inspections.refusals import Refused
from weicheng.inspections.routing import walk_order
from weicheng.inspections.words import Because, PlanKind, PlanState

if TYPE_CHECKING:
    from weicheng.people.models import User
    from weicheng.places.models import Region, Site

MOST_STOPS = 40
MOST_PAPERS = 60


@transaction.atomic
def plan_observation(
    *,
    by: User,
    region: Region,
    title: str,
    day: date,
    sites: Sequence[Site],
    op_id: UUID,
    keep_order: bool = False,
    now: datetime | None = None,
) -> Plan:
    """A day of observation over chosen sites, in the shortest sensible order from the first one
    (or in the order given). Raises Refused."""
    if not may_plan_in(by, region):
        raise Refused("not_yours")
    _check(title, sites, region)
    body = {"region": region.pk, "title": title, "day": day, "sites": [s.pk for s in sites]}
    if not claim(by=by, act="plan_observation", body=body, op_id=op_id, now=now):
        return Plan.objects.get(operation=op_id)
    moment = now or timezone.now()
    plan = Plan.objects.create(
        kind=PlanKind.OBSERVATION, title=title.strip(), region=region, regular=False, open=True,
        sampled=False, starts_on=day, ends_on=day, state=PlanState.LOCKED, created_by=by.person,
        created_at=moment, locked_at=moment, operation=op_id,
    )  # fmt: skip
    order = list(range(len(sites))) if keep_order else walk_order([_point(s) for s in sites])
    Stop.objects.bulk_create(
        Stop(plan=plan, site=sites[i], site_type=sites[i].site_type_id, because=Because.CHOSEN,
             order=n)
        for n, i in enumerate(order, 1)
    )  # fmt: skip
    return plan


def _check(title: str, sites: Sequence[Site], region: Region) -> None:
    if not title.strip():
        raise Refused("need_title")
    if not sites:
        raise Refused("need_stops")
    if len(sites) > MOST_STOPS:
        raise Refused("too_many_stops", n=MOST_STOPS)
    for site in sites:
        if not site.active:
            raise Refused("site_gone", site=site.name)
        if region.pk not in site.region.ancestors:
            raise Refused("other_place", site=site.name)
    if len({site.pk for site in sites}) < len(sites):
        raise Refused("stop_twice")


def _point(site: Site) -> tuple[float, float] | None:
    if site.latitude is None or site.longitude is None:
        return None
    return (site.latitude, site.longitude)


@transaction.atomic
def number_papers(
    *, by: User, plan: Plan, n: int, op_id: UUID, now: datetime | None = None
) -> list[PanelSheet]:
    """Papers numbered 1..n for the panel; more may be added later, none is taken away."""
    _guard(by, plan)
    if not 1 <= n <= MOST_PAPERS:
        raise Refused("papers_range", n=MOST_PAPERS)
    if claim(by=by, act="number_papers", body={"plan": plan.pk, "n": n}, op_id=op_id, now=now):
        PanelSheet.objects.bulk_create(
            (PanelSheet(plan=plan, number=i) for i in range(1, n + 1)), ignore_conflicts=True
        )
    return list(plan.panel_sheets.all())


@transaction.atomic
def enter_papers(
    *,
    by: User,
    plan: Plan,
    papers: Mapping[int, Mapping[UUID, int]],
    op_id: UUID,
    spoilt: Mapping[int, str] | None = None,
    now: datetime | None = None,
) -> int:
    """Write down what stands on numbered papers: number -> stop -> tenths of a point.

    A paper entered again is corrected; ``spoilt``: number -> why it does not count. Answers how
    many papers were written. Raises Refused, and then nothing of them is written.
    """
    _guard(by, plan)
    body = {
        "plan": plan.pk, "spoilt": {str(k): v for k, v in sorted((spoilt or {}).items())},
        "papers": {str(k): {str(s): m for s, m in v.items()} for k, v in sorted(papers.items())},
    }  # fmt: skip
    if not claim(by=by, act="enter_papers", body=body, op_id=op_id, now=now):
        return len(papers)
    stops = set(plan.stops.values_list("pk", flat=True))
    rows = {row.number: row for row in plan.panel_sheets.select_for_update()}
    changed: list[PanelSheet] = []
    for number in {*papers, *(spoilt or {})}:
        row = rows.get(number)
        if row is None:
            raise Refused("no_such_paper", number=number)
        marks = papers.get(number, {})
        if not set(marks) <= stops:
            raise Refused("other_stop", number=number)
        if any(not 0 <= mark <= MOST for mark in marks.values()):
            raise Refused("mark_range", number=number)
        row.marks = {str(stop): mark for stop, mark in marks.items()}
        row.invalid = (spoilt or {}).get(number, "")[:80]
        row.entered_at, row.operation = now or timezone.now(), op_id
        changed.append(row)
    PanelSheet.objects.bulk_update(changed, ["marks", "invalid", "entered_at", "operation"])
    Plan.objects.filter(pk=plan.pk, state=PlanState.LOCKED).update(state=PlanState.RUNNING)
    return len(changed)


@transaction.atomic
def publish_observation(*, by: User, plan: Plan, op_id: UUID, now: datetime | None = None) -> Plan:
    """Make the results known; papers cannot be changed afterwards."""
    _guard(by, plan)
    if not plan.panel_sheets.filter(entered_at__isnull=False, invalid="").exists():
        raise Refused("no_papers")
    if claim(by=by, act="publish_observation", body={"plan": plan.pk}, op_id=op_id, now=now):
        plan.state, plan.released_at = PlanState.RELEASED, now or timezone.now()
        plan.save(update_fields=["state", "released_at"])
    return plan


def _guard(by: User, plan: Plan) -> None:
    if not may_plan_in(by, plan.region) or plan.kind != PlanKind.OBSERVATION:
        raise Refused("not_yours")
    if plan.state not in {PlanState.LOCKED, PlanState.RUNNING}:
        raise Refused("wrong_state", state=plan.get_state_display())

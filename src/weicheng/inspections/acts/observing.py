"""现场观摩: the route over chosen stops, the panel's numbered papers, what is written on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from weicheng.inspections.acts.once import claim
from weicheng.inspections.acts.planning import within_year
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
#: The columns of a paper that entering it writes.
WRITTEN = ("marks", "invalid", "entered_at", "by_phone", "operation")


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
    basis: str = "",
    now: datetime | None = None,
) -> Plan:
    """A day of observation over chosen sites, in the shortest sensible order from the first one
    (or in the order given). Beyond the year's count it needs ``basis``. Raises Refused."""
    body = {
        "region": region.pk, "title": title, "day": day, "sites": [s.pk for s in sites],
        "basis": basis,
    }  # fmt: skip
    if not claim(by=by, act="plan_observation", body=body, op_id=op_id, now=now):
        return Plan.objects.get(operation=op_id)
    if not may_plan_in(by, region):
        raise Refused("not_yours")
    moment = now or timezone.now()
    _check(title, sites, region)
    if day < timezone.localdate(moment):
        raise Refused("plan_days_past")
    within_year(by, region, PlanKind.OBSERVATION, day, basis)
    plan = Plan.objects.create(
        kind=PlanKind.OBSERVATION, title=title.strip(), region=region, regular=False, open=True,
        sampled=False, starts_on=day, ends_on=day, state=PlanState.LOCKED, created_by=by.person,
        created_at=moment, locked_at=moment, basis=basis.strip()[:200], operation=op_id,
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
    if not 1 <= n <= MOST_PAPERS:
        raise Refused("papers_range", n=MOST_PAPERS)
    row = _own(by, plan)
    if claim(by=by, act="number_papers", body={"plan": plan.pk, "n": n}, op_id=op_id, now=now):
        _still_going(row)
        PanelSheet.objects.bulk_create(
            (PanelSheet(plan=row, number=i) for i in range(1, n + 1)), ignore_conflicts=True
        )
    return list(row.panel_sheets.all())


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

    A paper entered again is corrected: what is not given any more is blank, and a paper without
    marks and without a reason is as if it had never come back. ``spoilt``: number -> why it does
    not count. Answers how many papers were written. Raises Refused; then nothing is written.
    """
    why = spoilt or {}
    body = {
        "plan": plan.pk, "spoilt": {str(k): v for k, v in sorted(why.items())},
        "papers": {str(k): {str(s): m for s, m in v.items()} for k, v in sorted(papers.items())},
    }  # fmt: skip
    row = _own(by, plan)
    if not claim(by=by, act="enter_papers", body=body, op_id=op_id, now=now):
        return len({*papers, *why})
    _still_going(row)
    stops = set(row.stops.values_list("pk", flat=True))
    sheets = {sheet.number: sheet for sheet in row.panel_sheets.select_for_update()}
    changed: list[PanelSheet] = []
    for number in {*papers, *why}:
        sheet = sheets.get(number)
        if sheet is None:
            raise Refused("no_such_paper", number=number)
        _write(sheet, papers.get(number, {}), stops, now or timezone.now())
        sheet.invalid = why.get(number, "")[:80]
        sheet.entered_at = sheet.entered_at if sheet.marks or sheet.invalid else None
        sheet.by_phone, sheet.operation = False, op_id
        changed.append(sheet)
    PanelSheet.objects.bulk_update(changed, WRITTEN)
    _running(row)
    return len(changed)


@transaction.atomic
def mark_by_phone(
    *, sheet: UUID, marks: Mapping[UUID, int], op_id: UUID, seen: str | None = None,
    now: datetime | None = None,
) -> PanelSheet:  # fmt: skip
    """What whoever holds a paper writes through the address printed on it; may be corrected until
    the results are published. Nobody's name is asked or kept. ``seen``: the operation that wrote
    the marks on the page, empty for none; others since then are not written over. Raises Refused.
    """
    plan = PanelSheet.objects.values_list("plan", flat=True).get(pk=sheet)
    row = Plan.objects.select_for_update().get(pk=plan)  # as the office does: plan, then papers
    paper = PanelSheet.objects.select_for_update().get(pk=sheet)
    if paper.operation == op_id:
        return paper
    _still_going(row)
    if paper.invalid:
        raise Refused("paper_spoilt", number=paper.number)
    if seen is not None and seen != str(paper.operation or ""):
        raise Refused("paper_changed", number=paper.number)
    if not marks:
        raise Refused("no_marks")
    stops = set(row.stops.values_list("pk", flat=True))
    _write(paper, marks, stops, now or timezone.now())
    paper.by_phone, paper.operation = True, op_id
    paper.save(update_fields=["marks", "entered_at", "by_phone", "operation"])
    _running(row)
    return paper


def _write(
    sheet: PanelSheet, marks: Mapping[UUID, int], stops: set[UUID], moment: datetime
) -> None:
    if not set(marks) <= stops:
        raise Refused("other_stop", number=sheet.number)
    if any(not 0 <= mark <= MOST for mark in marks.values()):
        raise Refused("mark_range", number=sheet.number)
    sheet.marks = {str(stop): mark for stop, mark in marks.items()}
    sheet.entered_at = moment


@transaction.atomic
def publish_observation(*, by: User, plan: Plan, op_id: UUID, now: datetime | None = None) -> Plan:
    """Make the results known; papers cannot be changed afterwards."""
    row = _own(by, plan)
    if claim(by=by, act="publish_observation", body={"plan": plan.pk}, op_id=op_id, now=now):
        _still_going(row)
        if not row.panel_sheets.filter(entered_at__isnull=False, invalid="").exists():
            raise Refused("no_papers")
        row.state, row.released_at = PlanState.RELEASED, now or timezone.now()
        row.save(update_fields=["state", "released_at"])
    return row


def _own(by: User, plan: Plan) -> Plan:
    """The day, locked until the act is done, so that nothing is written beside a publication."""
    row = Plan.objects.select_for_update(of=("self",)).select_related("region").get(pk=plan.pk)
    if not may_plan_in(by, row.region) or row.kind != PlanKind.OBSERVATION:
        raise Refused("not_yours")
    return row


def _still_going(plan: Plan) -> None:
    if plan.state not in {PlanState.LOCKED, PlanState.RUNNING}:
        raise Refused("wrong_state", state=plan.get_state_display())


def _running(plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk, state=PlanState.LOCKED).update(state=PlanState.RUNNING)

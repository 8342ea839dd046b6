"""Carries out one act that a phone told, through the doors of the rooms below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from weicheng.fieldwork.acts import verifying
from weicheng.fieldwork.acts.doing import Doing, Done
from weicheng.fieldwork.models import Sent
from weicheng.fieldwork.placing import spot_of
from weicheng.fieldwork.reading import (
    NOBODY,
    keys_in,
    number_in,
    position_in,
    text_in,
    uuid_in,
)
from weicheng.fieldwork.refusals import Malformed, Wait
from weicheng.fieldwork.words import ActType
from weicheng.inspections import acts as checks
from weicheng.inspections.models import Found, Plan, Stop, Visit
from weicheng.inspections.permissions import plan_of_guest, sites_to_check
from weicheng.inspections.words import PlanState
from weicheng.journal.ids import derived
from weicheng.places.models import Site
from weicheng.problems.words import Severity
from weicheng.standards.models import Check, ProblemKind


def perform(doing: Doing) -> Done:
    """Carry the act out. Raises Malformed, Wait, and what the rooms below refuse."""
    return _BY_TYPE[doing.told.sort](doing)


def _visit(doing: Doing) -> Done:
    body, by = doing.told.body, doing.by
    stop, plan = _stop_and_plan(doing)
    site_id = uuid_in(body, "site") or (stop.site_id if stop else NOBODY)
    known = sites_to_check(by, plan).select_related("region")
    site = known.filter(pk=site_id).first()
    if site is None:
        raise Wait("site_unknown")
    if stop is not None and stop.site_id != site.pk:
        stop = None
    look = checks.Look(
        site=site, stop=stop, plan=plan, failed=keys_in(body, "failed"),
        not_applicable=keys_in(body, "na"), unseen=keys_in(body, "unseen"),
        closed=body.get("closed") is True, note=text_in(body, "note", 400), photos=doing.photos,
        photos_listed=doing.told.photos,
    )  # fmt: skip
    visit = checks.record_visit(by=by, look=look, op_id=doing.told.op_id, reported=doing.reported)
    _tie_findings(visit, doing)
    return Done(reason="late" if visit.late else "")


def _tie_findings(visit: Visit, doing: Doing) -> None:
    """What was found during this look was often sent before it ended."""
    earlier = Sent.objects.filter(visit_op=visit.operation, sort=ActType.FINDING, done=True)
    Found.objects.filter(
        operation__in=earlier.values("op_id"), visit=None, inspector=_person(doing)
    ).update(visit=visit)


def _stop_and_plan(doing: Doing) -> tuple[Stop | None, Plan | None]:
    """The stop and the plan that the phone named, as far as they still stand.

    On release what no longer stands is left out: the office decided that the fact counts."""
    body, by = doing.told.body, doing.by
    stop_id, plan_id = uuid_in(body, "stop"), uuid_in(body, "plan")
    stop = Stop.objects.visible_to(by).select_related("plan").filter(pk=stop_id or NOBODY).first()
    plan_id = plan_id or (stop.plan_id if stop else plan_of_guest(_person(doing)))
    plan = Plan.objects.visible_to(by).filter(pk=plan_id or NOBODY).first()
    released = doing.for_person is not None
    if plan is not None and plan.state == PlanState.DROPPED:
        if released:
            return None, None
        raise Wait("plan_dropped", plan=plan.title)
    if released or not (stop_id or plan_id) or plan is not None:
        return (stop if plan is not None else None), plan
    raise Wait("plan_gone")


def _finding(doing: Doing) -> Done:
    told, body = doing.told, doing.told.body
    kind = ProblemKind.objects.filter(pk=text_in(body, "kind", 40)).first()
    if kind is None:
        raise Wait("kind_unknown", kind=text_in(body, "kind", 40))
    plan = _plan_of_finding(doing)
    visit_op = uuid_in(body, "visit_op") or NOBODY
    visit = Visit.objects.filter(operation=visit_op, inspector=_person(doing)).first()
    spot = spot_of(body, by=doing.by, plan=plan)
    said = text_in(body, "check", 60)
    check = _check_there(said, spot.site)
    finding = checks.Finding(
        kind=kind, site=spot.site, region=spot.region, place=spot.place,
        words=text_in(body, "words", 2000), severity=_severity(body),
        check_key=check, visit=visit, plan=plan, photos=doing.photos,
        photos_listed=told.photos, position=_fix(body),
        corrected=position_in(body, "corrected_lat", "corrected_lon"), voice=doing.voice,
    )  # fmt: skip
    found = checks.record_finding(
        by=doing.by, finding=finding, op_id=told.op_id, reported=doing.reported
    )
    reason, params = "", {}
    if found.near is not None:
        reason, params = "near", {"number": found.near.number}
    elif check != said:
        reason, params = "check_elsewhere", {"check": said}
    elif found.late:
        reason = "late"
    operation = derived(told.op_id, "problem")
    return Done(problem=found.problem, operation=operation, reason=reason, params=params)


def _check_there(key: str, site: Site | None) -> str:
    """The check that the phone named, as far as the sheet of the site has it. The finding counts
    without it."""
    named = Check.objects.filter(key=key) if key else Check.objects.none()
    fit = named.filter(site_type=site.site_type_id) if site is not None else named
    return key if fit.exists() else ""


def _plan_of_finding(doing: Doing) -> Plan | None:
    """A finding counts also when its open plan is gone; one of a hidden plan never slips out."""
    try:
        return _stop_and_plan(doing)[1]
    except Wait:
        body = doing.told.body
        plan_id, stop_id = uuid_in(body, "plan"), uuid_in(body, "stop")
        plans = Plan.objects.filter(Q(pk=plan_id or NOBODY) | Q(stops=stop_id or NOBODY))
        if any(plan.hidden for plan in plans):
            raise
        return None


def _person(doing: Doing) -> Any:
    return doing.for_person or doing.by.person


def _severity(body: Any) -> str:
    given = text_in(body, "severity", 8)
    if given and given not in Severity.values:
        raise Malformed("wrong_field", field="severity")
    return given


def _fix(body: Any) -> tuple[float, float, float | None] | None:
    at = position_in(body)
    return None if at is None else (*at, number_in(body, "accuracy_m", 0, 1e6))


_BY_TYPE: dict[ActType, Callable[[Doing], Done]] = {
    ActType.VISIT: _visit,
    ActType.FINDING: _finding,
    ActType.ACCEPT: verifying.accept,
    ActType.LOOK_BACK: verifying.look_back,
    ActType.REMARK: verifying.remark,
    ActType.HAND_IN: verifying.hand_in,
    ActType.AMEND: verifying.amend,
}

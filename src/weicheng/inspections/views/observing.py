"""现场观摩: choosing stops, a page per stop, papers to print, marks to enter, results and pack."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.inspections import acts
from weicheng.inspections.models import Plan
from weicheng.inspections.observation_page import day_of
from weicheng.inspections.observing_forms import MarksForm, ObservationForm, PapersForm
from weicheng.inspections.permissions import may_plan_in
from weicheng.inspections.refusals import Refused
from weicheng.inspections.words import PlanKind
from weicheng.journal.ids import uuid7

READERS = ("office", "leader", "inspector", "auditor")


def _plan(request: HttpRequest, pk: UUID) -> Plan:
    rows = Plan.objects.visible_to(request.user).select_related("region")
    return get_object_or_404(rows, pk=pk, kind=PlanKind.OBSERVATION)


@audience("office")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Names of the stops, one a line; what is not found is named and nothing typed is lost."""
    user: Any = request.user
    form = ObservationForm(request.POST or None, user=user, initial={"op_id": uuid7()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            plan = acts.plan_observation(
                by=user, region=given["region"], title=given["title"], day=given["day"],
                sites=given["sites"], op_id=given["op_id"], keep_order=given["keep_order"],
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, refused.sentence())
        else:
            return redirect("inspections:observation", plan.pk)
    status = 422 if form.errors else 200
    return render(request, "inspections/observation_new.html", {"form": form}, status=status)


@audience(*READERS)
@require_safe
def observation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The day: route, progress of the papers, results once they are there."""
    plan = _plan(request, pk)
    context = {
        "plan": plan, "day": day_of(plan, request.user),
        "may_edit": may_plan_in(request.user, plan.region),
        "papers_form": PapersForm(initial={"op_id": uuid7(), "n": 20}), "op_id": uuid7(),
    }  # fmt: skip
    return render(request, "inspections/observation.html", context)


@audience(*READERS)
@require_safe
def stop(request: HttpRequest, pk: UUID, stop_pk: UUID) -> HttpResponse:
    """One page per stop, to read on the bus or to print."""
    plan = _plan(request, pk)
    day = day_of(plan, request.user)
    at = next((n for n, page in enumerate(day.stops) if page.stop.pk == stop_pk), None)
    if at is None:
        return get_object_or_404(Plan.objects.none())  # type: ignore[return-value]
    context = {
        "plan": plan, "page": day.stops[at],
        "before": day.stops[at - 1] if at else None,
        "after": day.stops[at + 1] if at + 1 < len(day.stops) else None,
    }  # fmt: skip
    return render(request, "inspections/observation_stop.html", context)


@audience("office")
@require_POST
def number(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Number the papers of the panel and show them for printing."""
    plan, form = _plan(request, pk), PapersForm(request.POST)
    user: Any = request.user
    if not form.is_valid():
        toasts.leave(request, " ".join(form.sentences()))
        return redirect("inspections:observation", plan.pk)
    try:
        acts.number_papers(
            by=user, plan=plan, n=form.cleaned_data["n"], op_id=form.cleaned_data["op_id"]
        )
    except Refused as refused:
        toasts.leave(request, refused.sentence())
        return redirect("inspections:observation", plan.pk)
    return redirect("inspections:observation_papers", plan.pk)


@audience("office")
@require_safe
def papers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The anonymous papers, one a sheet, with a number and no name."""
    plan = _plan(request, pk)
    context = {
        "plan": plan, "day": day_of(plan, request.user), "papers": plan.panel_sheets.all(),
    }  # fmt: skip
    return render(request, "inspections/observation_papers.html", context)


@audience("office")
@require_http_methods(["GET", "HEAD", "POST"])
def marks(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One grid: a row per paper, a column per stop; a whole table may be pasted."""
    plan = _plan(request, pk)
    user: Any = request.user
    day = day_of(plan, user)
    form = MarksForm(request.POST or None, plan=plan, stops=day.stops, op_id=uuid7())
    if request.method == "POST" and form.is_valid():
        try:
            n = acts.enter_papers(
                by=user, plan=plan, papers=form.papers, spoilt=form.spoilt, op_id=form.op_id
            )
        except Refused as refused:
            form.add_error(None, refused.sentence())
        else:
            toasts.leave(request, _("已录入%(n)s张评分表。") % {"n": n})
            return redirect("inspections:observation", plan.pk)
    status = 422 if form.errors else 200
    context = {"plan": plan, "day": day, "form": form}
    return render(request, "inspections/observation_marks.html", context, status=status)


@audience("office")
@require_POST
def publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make the results known."""
    plan = _plan(request, pk)
    user: Any = request.user
    try:
        acts.publish_observation(by=user, plan=plan, op_id=UUID(request.POST["op_id"]))
    except (KeyError, ValueError):
        toasts.leave(request, _("页面已过期，请刷新后再点一次。"))
    except Refused as refused:
        toasts.leave(request, refused.sentence())
    return redirect("inspections:observation", plan.pk)


@audience(*READERS)
@require_safe
def pack(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Results and all stops as one paper to print or keep."""
    plan = _plan(request, pk)
    context = {"plan": plan, "day": day_of(plan, request.user)}
    return render(request, "inspections/observation_pack.html", context)

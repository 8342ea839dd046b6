"""现场观摩: choosing stops, a page per stop, papers to print, marks to enter, results and pack."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from weicheng.frame import toasts
from weicheng.frame.asker import address_of
from weicheng.frame.audience import audience
from weicheng.inspections import acts
from weicheng.inspections.models import PanelSheet, Plan
from weicheng.inspections.observation_page import day_of
from weicheng.inspections.observing_forms import (
    MarksForm,
    ObservationForm,
    PaperMarksForm,
    PapersForm,
)
from weicheng.inspections.panel_links import sheet_of, token_of
from weicheng.inspections.paper_sheets import qr_of
from weicheng.inspections.permissions import may_plan_in
from weicheng.inspections.refusals import YEAR_CODES, Refused, sentence
from weicheng.inspections.words import UNDER_WAY, PlanKind
from weicheng.journal.ids import uuid7
from weicheng.journal.once import ForeignOperation
from weicheng.people import tries

READERS = ("office", "leader", "inspector", "auditor")
#: Savings of one paper in a quarter of an hour, and from one address: a panel may share one.
PER_PAPER, PER_ADDRESS = 40, 400


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
                basis=given["basis"],
            )  # fmt: skip
        except (Refused, ForeignOperation) as refused:
            by_year = isinstance(refused, Refused) and refused.code in YEAR_CODES
            form.add_error("basis" if by_year else None, sentence(refused))
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
    day = day_of(plan, request.user, scored=True)
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
    except (Refused, ForeignOperation) as refused:
        toasts.leave(request, sentence(refused))
        return redirect("inspections:observation", plan.pk)
    return redirect("inspections:observation_papers", plan.pk)


@audience("office")
@require_safe
def papers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The anonymous papers, one a sheet, with a number, no name, and the QR of their own page."""
    plan = _plan(request, pk)
    sheets = [
        (sheet, qr_of(request.build_absolute_uri(
            reverse("inspections:panel_paper", args=[token_of(sheet)])
        )))
        for sheet in plan.panel_sheets.all()
    ]  # fmt: skip
    context = {"plan": plan, "day": day_of(plan, request.user), "papers": sheets}
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
        except (Refused, ForeignOperation) as refused:
            form.add_error(None, sentence(refused))
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
    except (KeyError, ValueError):  # no operation, or none that is one
        toasts.leave(request, _("页面已过期，请刷新后再点一次。"))
    except (Refused, ForeignOperation) as refused:
        toasts.leave(request, sentence(refused))
    return redirect("inspections:observation", plan.pk)


@audience(*READERS)
@require_safe
def pack(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Results and all stops as one paper to print or keep."""
    plan = _plan(request, pk)
    context = {"plan": plan, "day": day_of(plan, request.user, scored=True)}
    return render(request, "inspections/observation_pack.html", context)


@audience("public")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def panel_paper(request: HttpRequest, token: str) -> HttpResponse:
    """GET and POST /checks/panel/<token>/ : one numbered paper on its holder's own phone; no
    log-in and no name. What was saved may be corrected until the results are published."""
    sheet = sheet_of(token)
    if sheet is None:
        return render(request, "inspections/panel_wrong.html", status=404)
    stops = list(sheet.plan.stops.select_related("site").order_by("order", "pk"))
    form = PaperMarksForm(request.POST or None, sheet=sheet, stops=stops, op_id=uuid7())
    context = {
        "sheet": sheet, "plan": sheet.plan, "form": form, "op_id": uuid7(),
        "is_open": sheet.plan.state in UNDER_WAY and not sheet.invalid,
    }  # fmt: skip
    if request.method == "POST":
        if wait := _wait(request, sheet):
            words = _("刚才存得太多次了，请%(n)s分钟后再存；填的分数还在这一页上。")
            form.add_error(None, words % {"n": max(int(wait.total_seconds() // 60), 1)})
        elif form.is_valid():
            try:
                acts.mark_by_phone(
                    sheet=sheet.pk, marks=form.marks, op_id=form.op_id, seen=form.seen()
                )
            except Refused as refused:
                if refused.code == "paper_changed":
                    form.show_anew(sheet_of(token) or sheet)
                form.add_error(None, refused.sentence())
            else:
                return redirect("inspections:panel_paper", token)
    status = 422 if form.errors else 200
    return render(request, "inspections/panel_paper.html", context, status=status)


def _wait(request: HttpRequest, sheet: PanelSheet) -> timedelta:
    """How long to wait: so many savings of one paper, and from one address, in a quarter hour."""
    return tries.admit("panel", str(sheet.pk), PER_PAPER) or tries.admit(
        "panels", address_of(request), PER_ADDRESS
    )

"""Plans of checks: the list, a draft with what its draw will take, a drawn one as it goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.frame.paging import page_of
from weicheng.inspections import acts
from weicheng.inspections.forms import (
    KINDS,
    OnceForm,
    PlanForm,
    ReasonForm,
    first_wish,
    wish_of,
)
from weicheng.inspections.models import Plan, Stop
from weicheng.inspections.permissions import may_plan_in
from weicheng.inspections.plan_page import draft_page, drawn_page
from weicheng.inspections.refusals import YEAR_CODES, Refused
from weicheng.inspections.rules import WITH_GUESTS, counts
from weicheng.inspections.words import PlanKind, PlanState
from weicheng.journal.ids import uuid7
from weicheng.journal.once import ForeignOperation
from weicheng.places.models import Region
from weicheng.problems.refusals import Refused as ProblemRefused

READERS = ("office", "leader", "inspector", "auditor")
#: Who may stand on a team, besides those who read every plan.
GOERS = (*READERS, "area", "town", "community")


@dataclass(frozen=True)
class Row:
    """A plan in the list with its progress."""

    plan: Plan
    url: str
    stops: int
    visited: int


@audience(*GOERS)
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """GET /checks/?kind=undercover : plans, the newest first; daily rounds only when asked for."""
    user: Any = request.user
    kind = request.GET.get("kind", "")
    seen = Plan.objects.visible_to(user).select_related("region")
    rows = seen.filter(kind=kind) if kind in PlanKind.values else seen.exclude(kind=PlanKind.DAILY)
    page = page_of(rows, order=["-starts_on", "-id"], query=request.GET, size=30)
    region = Region.objects.filter(pk__in=user.scopes()).order_by("code").first()
    may_plan = region is not None and may_plan_in(user, region)
    context = {
        "rows": _with_progress(page.rows), "page": page, "kind": kind, "may_plan": may_plan,
        "kinds": [k for k in PlanKind if k != PlanKind.LOOK_BACK], "new_kinds": KINDS,
        "year": timezone.localdate().year,
        "counts": counts(user, region, timezone.localdate().year) if may_plan and region else [],
    }  # fmt: skip
    return render(request, "inspections/plans.html", context)


def _with_progress(found: list[Plan]) -> list[Row]:
    keys = [plan.pk for plan in found]
    size = Plan.objects.filter(pk__in=keys).annotate(
        n=Count("stops", distinct=True), done=Count("visits__site", distinct=True)
    )
    by = {pk: (n, done) for pk, n, done in size.values_list("pk", "n", "done")}
    rows = ((plan, *by[plan.pk]) for plan in found)
    return [Row(p, plan_url(p), stops, _looked_at(p, stops, seen)) for p, stops, seen in rows]


def _looked_at(plan: Plan, stops: int, visited: int) -> int:
    """Stops that were looked at; at an observation the panel marks on paper and makes no visits."""
    if plan.kind == PlanKind.OBSERVATION and plan.state == PlanState.RELEASED:
        return stops
    return min(stops, visited)


def plan_url(plan: Plan) -> str:
    """The page of a plan; observation days have a page of their own."""
    name = "observation" if plan.kind == PlanKind.OBSERVATION else "plan"
    return reverse(f"inspections:{name}", args=[plan.pk])


@audience("office")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """GET and POST /checks/new/?kind=monthly : a draft."""
    user: Any = request.user
    initial = first_wish(request.GET.get("kind", ""), uuid7())
    form = PlanForm(request.POST or None, user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = _tried(form, lambda: acts.make_plan(
            by=user, wish=form.wish(), op_id=form.cleaned_data["op_id"]
        ))  # fmt: skip
        if made is not None:
            return redirect("inspections:plan", made.pk)
    return _form_page(request, form, None)


@audience("office")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET and POST /checks/<pk>/edit/ : change a draft."""
    user: Any = request.user
    found = _editable(request, pk)
    form = PlanForm(request.POST or None, user=user, initial=wish_of(found, uuid7()))
    if request.method == "POST" and form.is_valid():
        made = _tried(form, lambda: acts.change_plan(
            by=user, plan=found, wish=form.wish(), op_id=form.cleaned_data["op_id"]
        ))  # fmt: skip
        if made is not None:
            return redirect("inspections:plan", made.pk)
    return _form_page(request, form, found)


def _form_page(request: HttpRequest, form: PlanForm, plan: Plan | None) -> HttpResponse:
    user: Any = request.user
    region = Region.objects.filter(pk__in=user.scopes()).order_by("code").first()
    year = timezone.localdate().year
    context = {
        "form": form, "plan": plan, "year": year,
        "counts": counts(user, region, year) if region else [],
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "inspections/plan_form.html", context, status=status)


def _tried(form: Any, act: Callable[[], Plan]) -> Plan | None:
    """The plan, or None with the refusal above the form."""
    try:
        return act()
    except Refused as refused:
        form.add_error("basis" if refused.code in YEAR_CODES else None, refused.sentence())
    except ForeignOperation:
        form.add_error(None, Refused("other_body").sentence())
    return None


@audience(*GOERS)
@require_safe
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET /checks/<pk>/ : a draft's figures, or progress, teams and stops of a drawn plan."""
    user: Any = request.user
    found = get_object_or_404(
        Plan.objects.visible_to(user).select_related("region", "drawn_from", "created_by"), pk=pk
    )
    if found.kind == PlanKind.OBSERVATION:
        return redirect(plan_url(found))
    may_edit = may_plan_in(user, found.region)
    context: dict[str, Any] = {
        "plan": found, "may_edit": may_edit, "op_id": uuid7(), "today": timezone.localdate(),
        "with_guests": found.kind in WITH_GUESTS and may_edit, "linked": bool(user.scopes()),
    }  # fmt: skip
    if found.state == PlanState.DRAFT:
        context["draft"] = draft_page(found, user)
        context["teams"] = list(
            found.teams.select_related("leader").prefetch_related("members__person")
        )
    else:
        context["drawn"] = drawn_page(found, user)
    return render(request, "inspections/plan.html", context)


def _editable(request: HttpRequest, pk: UUID) -> Plan:
    """A visible plan of the reader's own region; anything else does not exist."""
    user: Any = request.user
    rows = Plan.objects.visible_to(user).select_related("region")
    found = get_object_or_404(rows, pk=pk)
    if not may_plan_in(user, found.region):
        return get_object_or_404(rows.none(), pk=pk)
    return found


@audience("office")
@require_POST
def lock(request: HttpRequest, pk: UUID) -> HttpResponse:
    """POST /checks/<pk>/lock/ : 锁定并抽取."""
    user: Any = request.user
    found, form = _editable(request, pk), OnceForm(request.POST)
    return _done(request, found, form, lambda: acts.lock_and_draw(
        by=user, plan=found, op_id=form.cleaned_data["op_id"]
    ), _("已锁定并抽取"))  # fmt: skip


@audience("office")
@require_POST
def drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """POST /checks/<pk>/drop/ : 取消 with a reason."""
    user: Any = request.user
    found, form = _editable(request, pk), ReasonForm(request.POST)
    return _done(request, found, form, lambda: acts.drop_plan(
        by=user, plan=found, reason=form.cleaned_data["reason"], op_id=form.cleaned_data["op_id"]
    ), _("已取消这次检查"))  # fmt: skip


@audience("office")
@require_POST
def release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """POST /checks/<pk>/release/ : 发布结果."""
    user: Any = request.user
    found, form = _editable(request, pk), OnceForm(request.POST)
    return _done(request, found, form, lambda: acts.release(
        by=user, plan=found, op_id=form.cleaned_data["op_id"]
    ), _("结果已发布，问题已编号进入待派件"))  # fmt: skip


@audience(*GOERS)
@require_POST
def gone(request: HttpRequest, pk: UUID) -> HttpResponse:
    """POST /checks/stops/<pk>/gone/ : the site is closed or moved; the stop stays with why."""
    user: Any = request.user
    rows = Stop.objects.visible_to(user).select_related("plan__region", "site")
    stop, form = get_object_or_404(rows, pk=pk), ReasonForm(request.POST)
    return _done(request, stop.plan, form, lambda: acts.mark_gone(
        by=user, stop=stop, reason=form.cleaned_data["reason"], op_id=form.cleaned_data["op_id"]
    ), _("%(site)s已记为查不了") % {"site": stop.site.name})  # fmt: skip


def _done(
    request: HttpRequest, plan: Plan, form: Any, act: Callable[[], object], note: str
) -> HttpResponse:
    """Back to the plan, with a note of what was done or why not."""
    if not form.is_valid():
        said = [str(words) for words in form.errors.get("reason", [])]
        toasts.leave(request, said[0] if said else _("页面已过期，请刷新后再点一次。"))
        return redirect("inspections:plan", plan.pk)
    try:
        act()
    except (Refused, ProblemRefused) as refused:
        toasts.leave(request, refused.sentence())
    except ForeignOperation:
        toasts.leave(request, Refused("other_body").sentence())
    else:
        toasts.leave(request, note)
    return redirect("inspections:plan", plan.pk)

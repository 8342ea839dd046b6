"""先补哪里: what to mend first, by unit and person; one key sends it on its way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.inspections.refusals import Refused as CheckRefused
from weicheng.journal.ids import uuid7
from weicheng.journal.once import ForeignOperation
from weicheng.people.roles import Role
from weicheng.scoring import acts, running
from weicheng.scoring.amends import amends
from weicheng.scoring.fixing_forms import OutlayForm, PlanForm, ids_of, strengths
from weicheng.scoring.fixing_page import KINDS, asked, chosen, fixing_page
from weicheng.scoring.lights import lights
from weicheng.scoring.models import Outlay
from weicheng.scoring.permissions import may_see_scores, may_write_values, region_of
from weicheng.scoring.refusals import Refused
from weicheng.standards.models import Aspect

if TYPE_CHECKING:
    from weicheng.places.models import Region

READERS = ("office", "leader", "area", "auditor")


def _region(request: HttpRequest) -> Region:
    """The region whose works this person sees; 404 for everybody else."""
    user: Any = request.user
    region = region_of(user)
    if region is None or not (may_see_scores(user, region) or user.role == Role.AREA):
        raise Http404
    return region


def _lights(region: Region, user: Any) -> dict[str, Any]:
    """The light over the total, and those over aspects with their names."""
    found = lights(region, user)
    keys = [key for key in found if key]
    rows = Aspect.objects.filter(key__in=keys).order_by("number") if keys else []
    return {"light": found.get(""), "aspect_lights": [(row, found[row.key]) for row in rows]}


@audience(*READERS)
@require_safe
def fixing(request: HttpRequest) -> HttpResponse:
    """GET /score/fixing/?unit=&town=&aspect=&kind=&by=day|points|yuan&all=1"""
    region, user = _region(request), request.user
    run, now = running.latest(region), timezone.now()
    context: dict[str, Any] = {
        "region": region, "op_id": uuid7(), **_lights(region, user), "kinds": KINDS.items(),
        "may_write": may_write_values(user, region), "run": run,
    }  # fmt: skip
    if run is not None:
        question = asked(request.GET)
        found = amends(region, run, now)
        page = fixing_page(found, chosen(found), question, user, all_="all" in request.GET)
        days = {
            "starts_on": found.day - timedelta(days=7),
            "ends_on": found.day - timedelta(days=1),
        }
        days["starts_on"] = max(days["starts_on"], timezone.localdate(now))
        days["ends_on"] = max(days["ends_on"], days["starts_on"])
        context |= {
            "page": page, "asked": question,
            "aspects": Aspect.objects.order_by("standard__issued", "number"),
            "new_ids": ",".join(map(str, page.new)), "site_ids": ",".join(map(str, page.sites)),
            "send_id": uuid7(), "plan_id": uuid7(), "crews_id": uuid7(),
            "plan_form": PlanForm(initial={"title": _("薄弱点位专项检查"), **days}),
        }  # fmt: skip
    return render(request, "scoring/fixing.html", context)


def _op_id(request: HttpRequest) -> UUID:
    return UUID(request.POST.get("op_id", ""))


@audience("office")
@require_POST
def dispatch(request: HttpRequest) -> HttpResponse:
    """POST /score/fixing/dispatch/ : send the chosen problems that nobody was sent to yet."""
    user: Any = request.user
    region = _region(request)
    try:
        sent = acts.dispatch_chosen(
            by=user, region=region, problems=ids_of(request.POST.get("problems", "")),
            op_id=_op_id(request),
        )  # fmt: skip
        toasts.leave(request, sent.words())
    except (ValueError, ForeignOperation):
        toasts.leave(request, _("页面已过期，请刷新后再点一次。"))
    except Refused as refused:
        toasts.leave(request, refused.sentence())
    return redirect("scoring:fixing")


@audience("office")
@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    """POST /score/fixing/plan/ : a special check of the chosen weak sites."""
    user: Any = request.user
    region = _region(request)
    form = PlanForm(request.POST)
    if not form.is_valid():
        return render(request, "scoring/fixing_plan.html", _plan_context(request, form), status=422)
    given = form.cleaned_data
    try:
        made = acts.plan_sites(
            by=user, region=region, sites=ids_of(request.POST.get("sites", "")),
            title=given["title"], starts_on=given["starts_on"], ends_on=given["ends_on"],
            basis=given["basis"], op_id=_op_id(request),
        )  # fmt: skip
    except (ValueError, ForeignOperation):
        toasts.leave(request, _("页面已过期，请刷新后再点一次。"))
        return redirect("scoring:fixing")
    except (Refused, CheckRefused) as refused:
        form.add_error(None, refused.sentence())
        return render(request, "scoring/fixing_plan.html", _plan_context(request, form), status=422)
    toasts.leave(request, _("已生成专项检查计划，%(n)s个点位") % {"n": made.stops.count()})
    return redirect("inspections:plan", made.pk)


def _plan_context(request: HttpRequest, form: PlanForm) -> dict[str, Any]:
    sites = request.POST.get("sites", "")
    return {
        "form": form, "site_ids": sites, "count": sum(bool(part) for part in sites.split(",")),
        "op_id": request.POST.get("op_id", "") if form.is_valid() else uuid7(),
    }  # fmt: skip


@audience("office")
@require_POST
def crews(request: HttpRequest) -> HttpResponse:
    """POST /score/fixing/crews/ : how many crews each unit puts on mending."""
    user: Any = request.user
    region = _region(request)
    found, wrong = strengths(request.POST)
    if wrong:
        toasts.leave(request, wrong)
        return redirect("scoring:fixing")
    try:
        acts.set_strength(by=user, region=region, crews=found, op_id=_op_id(request))
        toasts.leave(request, _("已按新的人手重新排过"))
    except (ValueError, ForeignOperation):
        toasts.leave(request, _("页面已过期，请刷新后再点一次。"))
    except Refused as refused:
        toasts.leave(request, refused.sentence())
    return redirect("scoring:fixing")


@audience("office")
@require_http_methods(["GET", "HEAD", "POST"])
def outlay(request: HttpRequest) -> HttpResponse:
    """GET and POST /score/fixing/outlay/?work= : what one work really takes."""
    user: Any = request.user
    region = _region(request)
    run = running.latest(region)
    key = request.GET.get("work", "")[:60]
    amend = amends(region, run, timezone.now()).amends.get(key) if run is not None else None
    if amend is None:
        raise Http404
    said = Outlay.objects.filter(region=region, work=key).first()
    initial = {
        "days": said.days_tenths / 10 if said and said.days_tenths is not None else None,
        "yuan": said.yuan if said else None, "op_id": uuid7(),
    }  # fmt: skip
    form = OutlayForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts.state_outlay(
                by=user, region=region, work=key, days_tenths=form.tenths(),
                yuan=form.cleaned_data["yuan"], op_id=form.cleaned_data["op_id"],
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, refused.sentence())
        except ForeignOperation:
            form.add_error(None, _("页面已过期，请刷新后再点一次。"))
        else:
            toasts.leave(request, _("已记下，清单已重新排过"))
            return redirect("scoring:fixing")
    context = {"form": form, "amend": amend, "usual": amend.work.working_days}
    return render(
        request, "scoring/fixing_outlay.html", context, status=422 if form.errors else 200
    )

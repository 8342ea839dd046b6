"""能不能过: for the commander and the office's director alone, off until one of them says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.journal.ids import uuid7
from weicheng.journal.once import ForeignOperation
from weicheng.scoring import acts, nearby, running
from weicheng.scoring.forecast_page import page_of, start_of
from weicheng.scoring.foretelling import DRAWS
from weicheng.scoring.models import ForecastRun, ForecastSwitch
from weicheng.scoring.models.seats import the_two
from weicheng.scoring.permissions import holds_the_switch, may_see_chance, region_of
from weicheng.scoring.refusals import Refused

if TYPE_CHECKING:
    from weicheng.places.models import Region


def _region(request: HttpRequest) -> Region:
    """The region whose forecast this person may see or switch; 404 for everybody else."""
    region = region_of(request.user)
    if region is None or not holds_the_switch(request.user, region):
        raise Http404
    return region


@audience("leader", "office")
@require_safe
def forecast(request: HttpRequest) -> HttpResponse:
    """GET /score/forecast/ : the curve and the chance, or what the switch is about."""
    region = _region(request)
    if not may_see_chance(request.user, region):
        context = {"region": region, "op_id": uuid7(), "two": the_two(region)}
        return render(request, "scoring/forecast_off.html", context)
    runs = ForecastRun.objects.visible_to(request.user).filter(region=region)
    run = runs.done().exclude(parameters__trend=True).select_related("region").first()
    context = {
        "region": region, "page": page_of(run) if run else None, "op_id": uuid7(),
        "off_id": uuid7(), "two": the_two(region), "waiting": _waiting(region),
        "failed": _failed(region, run),
        "switched": ForecastSwitch.objects.filter(region=region).select_related("by").first(),
    }  # fmt: skip
    return render(request, "scoring/forecast.html", context)


def _waiting(region: Region) -> ForecastRun | None:
    since = timezone.now() - acts.PATIENCE
    rows = ForecastRun.objects.filter(region=region, state=ForecastRun.State.WAITING)
    return rows.filter(as_of__gt=since).first()


def _failed(region: Region, run: ForecastRun | None) -> bool:
    """Whether the latest attempt came to nothing."""
    rows = ForecastRun.objects.filter(region=region, state=ForecastRun.State.FAILED)
    return rows.filter(as_of__gt=run.as_of).exists() if run else rows.exists()


@audience("leader", "office")
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """POST /score/forecast/switch/ : show or hide the chance, for both of the two."""
    region = _region(request)
    user: Any = request.user
    try:
        acts.switch(
            by=user, region=region, on=request.POST.get("on") == "1",
            op_id=UUID(request.POST.get("op_id", "")),
        )  # fmt: skip
    except (ValueError, ForeignOperation):
        toasts.leave(request, _("页面已过期，请刷新后再点一次。"))
    except Refused as refused:
        toasts.leave(request, refused.sentence())
    return redirect("scoring:forecast")


@audience("leader", "office")
@require_POST
def recompute(request: HttpRequest) -> HttpResponse:
    """POST /score/recompute/ : 重新推算; a worker does it, the page says when it is there."""
    user: Any = request.user
    region = region_of(user)
    if region is None:
        raise Http404
    now = timezone.now()
    try:
        acts.ask_run(
            by=user, region=region, seed=running.seed_of(now), draws=DRAWS, now=now,
            op_id=UUID(request.POST.get("op_id", "")),
        )  # fmt: skip
        toasts.leave(request, _("已开始推算，大约一分钟后刷新页面就能看到。"))
    except (ValueError, ForeignOperation):
        toasts.leave(request, _("页面已过期，请刷新后再点一次。"))
    except Refused as refused:
        toasts.leave(request, refused.sentence())
    back = "scoring:fixing" if request.POST.get("next") == "fixing" else "scoring:forecast"
    return redirect(back)


@audience("leader", "office", "inspector")
@require_safe
def around(request: HttpRequest) -> HttpResponse:
    """GET /score/around/?start=<site> : 落脚点周边, the checklist of the dawn. No chance in it."""
    region = region_of(request.user)
    if region is None:
        raise Http404
    starts = nearby.starts(region)
    start = starts[0] if starts else None
    if key := request.GET.get("start", ""):
        try:
            start = start_of(region, UUID(key))
        except ValueError:
            start = None
        if start is None:
            raise Http404
    rows, count = nearby.around(region, start, request.user) if start else ([], 0)
    context = {
        "region": region, "start": start, "starts": starts, "rows": rows, "count": count,
        "no_place": start is not None and start.latitude is None,
    }  # fmt: skip
    return render(request, "scoring/around.html", context)

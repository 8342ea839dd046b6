"""上报: place, photo and kind in few taps; 即查即改 with a photo before and one after."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.places.models import Site
from weicheng.problems.choosing import units_for
from weicheng.problems.forms.filing import FindingForm
from weicheng.problems.models import Problem
from weicheng.problems.views.acting import needs_units
from weicheng.problems.views.asking import FILING, device_offset

NEAR = 6
FIRST_KINDS = 8


@require_http_methods(["GET", "HEAD", "POST"])
@audience(*FILING)
def new(request: HttpRequest) -> HttpResponse:
    """GET and POST /problems/new/?site="""
    user: Any = request.user
    now, status = timezone.now(), 200
    if request.method == "POST":
        form = FindingForm(request.POST, request.FILES, user=user, now=now)
        form.device_offset = device_offset(request)
        done = form.attempt()
        if done is not None:
            toasts.leave(request, _note(done))
            return HttpResponseRedirect(_afterwards(request, done))
        status = 422
    else:
        form = FindingForm(user=user, now=now, initial=_asked(request))
    return render(
        request, "problems/new.html",
        {
            "form": form, "near": _near(user), "units": units_for(user) if needs_units(form) else [],
            "first_kinds": _first_kinds(form),
        },
        status=status,
    )  # fmt: skip


def _afterwards(request: HttpRequest, problem: Problem) -> str:
    """To the card; or to the next report for whoever walks on."""
    if request.POST.get("then") == "new":
        return reverse("problems:new")
    return reverse("problems:detail", args=[problem.pk])


def _note(problem: Problem) -> str:
    if problem.on_spot:
        return gettext("%(number)s 即查即改，等别人验收") % {"number": problem.number}
    if problem.status == "run":
        return gettext("%(number)s 已上报，直派%(unit)s") % {
            "number": problem.number, "unit": problem.lead_unit,
        }  # fmt: skip
    return gettext("%(number)s 已上报，等创卫办派单") % {"number": problem.number}


def _asked(request: HttpRequest) -> dict[str, Any]:
    """A site that the address names is filled in."""
    try:
        pk = UUID(request.GET.get("site", ""))
    except ValueError:
        return {}
    site = Site.objects.visible_to(request.user).filter(pk=pk).first()
    return {"site": site.pk, "place": site.name, "region": str(site.region_id)} if site else {}


def _near(user: Any) -> list[Site]:
    """Sites of a community worker's own place, to be taken by one tap."""
    if user.role not in {"town", "community"}:
        return []
    regions = [u.region_id for u in user.working_units() if u.region_id]
    found = Site.objects.visible_to(user).filter(active=True, region__ancestors__overlap=regions)
    return list(found.order_by("pinyin", "id")[:NEAR])


def _first_kinds(form: FindingForm) -> list[Any]:
    """The kinds shown before anything is typed: the chosen one, then the first of the catalogue."""
    chosen = form.kinds.get(form.chosen_kind())
    rest = [k for k in form.kinds.values() if k is not chosen]
    return ([chosen] if chosen else []) + rest[: FIRST_KINDS - (1 if chosen else 0)]

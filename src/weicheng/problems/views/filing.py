"""上报: place, photo and kind in few taps; 即查即改 with a photo before and one after."""

from __future__ import annotations

from collections import Counter
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
from weicheng.journal.ids import uuid7
from weicheng.places.models import Site
from weicheng.problems.choosing import units_for
from weicheng.problems.duplicates import Candidate
from weicheng.problems.forms.filing import FindingForm
from weicheng.problems.models import Party, Problem
from weicheng.problems.rules import refusal
from weicheng.problems.views.acting import needs_units
from weicheng.problems.views.asking import FILING, device_offset, me
from weicheng.standards.models import ProblemKind

NEAR = 6
RECENT = 300
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
        if alike := form.alike():
            return _ask_first(request, form, alike)
        edits = request.POST.get("do") == "edit" and form.is_valid()
        done = None if edits else form.attempt()
        if done is not None:
            toasts.leave(request, _note(done))
            return HttpResponseRedirect(_afterwards(request, done))
        status = 200 if edits else 422
    else:
        form = FindingForm(user=user, now=now, initial=_asked(request))
    kinds, near = _recent(user)
    return render(
        request, "problems/new.html",
        {
            "form": form, "near": near, "units": units_for(user) if needs_units(form) else [],
            "first_kinds": _first_kinds(form, kinds),
        },
        status=status,
    )  # fmt: skip


def _ask_first(request: HttpRequest, form: FindingForm, alike: list[Candidate]) -> HttpResponse:
    """“是同一个问题？” before it is filed twice; each with what this finder may do about it."""
    one, now = me(request), form.now
    shown = []
    for candidate in alike:
        ways = ("say_again", "reopen")
        open_ways = [w for w in ways if refusal(w, one, candidate.problem, now=now) is None]
        shown.append((candidate, open_ways[0] if open_ways else "", uuid7()))
    context = {"form": form, "alike": shown, "now": now, "kind": form.kinds[form.chosen_kind()]}
    return render(request, "problems/alike.html", context)


def _afterwards(request: HttpRequest, problem: Problem) -> str:
    """To the card; to an empty form for a finder who may not see what lies outside his place."""
    user: Any = request.user
    by_place = {*problem.region.ancestors, problem.territory_unit_id, problem.bureau_unit_id}
    sees = bool(by_place & set(user.scopes()))
    if sees or Problem.objects.visible_to(user).filter(pk=problem.pk).exists():
        return reverse("problems:detail", args=[problem.pk])
    return reverse("problems:new")


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


def _recent(user: Any) -> tuple[list[str], list[Site]]:
    """Kinds and sites of the last finds in the reader's first scope, the most frequent first."""
    scopes = user.scopes()
    if not scopes:
        return [], []
    scope = next((u.region_id for u in user.working_units() if u.region_id in scopes), scopes[0])
    rows = list(
        Party.objects.filter(scope=scope).order_by("-created_at")
        .values_list("problem__kind_id", "problem__site_id")[:RECENT]
    )  # fmt: skip
    kinds = [key for key, _n in Counter(kind for kind, _site in rows).most_common(FIRST_KINDS)]
    counted = Counter(site for _kind, site in rows if site).most_common(NEAR)
    if user.role not in {"town", "community"}:
        return kinds, []
    sites = Site.objects.visible_to(user).filter(active=True).in_bulk([pk for pk, _n in counted])
    return kinds, list(sites.values())


def _first_kinds(form: FindingForm, recent: list[str]) -> list[ProblemKind]:
    """The kinds shown before anything is typed: the chosen one, those met lately, then the rest."""
    keys = dict.fromkeys([form.chosen_kind(), *recent, *form.kinds])
    return [form.kinds[key] for key in keys if key in form.kinds][:FIRST_KINDS]

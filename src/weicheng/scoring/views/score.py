"""模拟分 and why: the score as of any moment, opened down to the visit that found each loss."""

from __future__ import annotations

from typing import Any
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
from weicheng.people.models import SiteParty, Unit
from weicheng.places.models import Region, RegionLevel
from weicheng.problems.who import FILERS
from weicheng.scoring import acts
from weicheng.scoring.asking import Asked, asked
from weicheng.scoring.changes_page import changes_page
from weicheng.scoring.permissions import may_see_scores, may_write_values
from weicheng.scoring.reckoning import shipped
from weicheng.scoring.refusals import Refused
from weicheng.scoring.score_page import score_page, why_page
from weicheng.scoring.words import SHEETS, light_words
from weicheng.standards.models import SiteType

READERS = ("leader", "office", "inspector", "auditor")


def _asked(request: HttpRequest) -> Asked:
    user: Any = request.user
    found = asked(user, request.GET)
    if found is None or not may_see_scores(user, found.region):
        raise Http404
    return found


def _units(region: Region, user: Any) -> Any:
    """The units that answer for a site here, 包保单位 included."""
    parties = SiteParty.objects.filter(until=None, site__region__ancestors__contains=[region.pk])
    return Unit.objects.visible_to(user).filter(pk__in=parties.values("unit"), active=True)


def _choices(question: Asked, user: Any) -> dict[str, Any]:
    """What the filters of a page offer."""
    towns = Region.objects.filter(
        ancestors__contains=[question.region.pk], level=RegionLevel.TOWN
    ).order_by("code")
    return {
        "asked": question, "towns": towns, "units": _units(question.region, user),
        "site_types": SiteType.objects.filter(active=True),
        "sheets": [s for s in shipped().values() if s.mode != "rate"],
        "today": timezone.localdate(),
    }  # fmt: skip


@audience(*READERS)
@require_safe
def score(request: HttpRequest) -> HttpResponse:
    """The mock score with sheets, aspects worst first, red points and what changed in a week."""
    question = _asked(request)
    user: Any = request.user
    page = score_page(question, user)
    parts = [(SHEETS[part.key], part) for part in page.now.thousand.parts]
    context = {
        **_choices(question, user), "page": page, "parts": parts, "total": page.now.thousand,
        "colour": page.light, "light_words": light_words(page.light), "op_id": uuid7,
        "may_write": may_write_values(request.user, question.region),
        "may_file": str(user.role) in FILERS,
    }  # fmt: skip
    return render(request, "scoring/score.html", context)


@audience("office")
@require_POST
def condition(request: HttpRequest) -> HttpResponse:
    """State whether a must-have item holds today."""
    question = _asked(request)
    user: Any = request.user
    said = request.POST
    try:
        acts.state_condition(
            item=said.get("item", ""), met=said.get("met") == "1", by=user,
            region=question.region, on=timezone.localdate(), source=said.get("source", "")[:200],
            op_id=UUID(said.get("op_id", "")),
        )  # fmt: skip
    except (ValueError, ForeignOperation):
        toasts.leave(request, _("页面已过期，请刷新后再点一次。"))
    except Refused as refused:
        toasts.leave(request, refused.sentence())
    return redirect("scoring:score")


@audience(*READERS)
@require_safe
def changes(request: HttpRequest, aspect: str = "") -> HttpResponse:
    """What changed the points in a week: of all sheets, or of one aspect on site."""
    question = _asked(request)
    page = changes_page(question, request.user, aspect)
    if page is None:
        raise Http404
    return render(request, "scoring/changes.html", {"asked": question, "page": page})


@audience(*READERS)
@require_safe
def why(request: HttpRequest, path: str = "") -> HttpResponse:
    """One level of lost points; the lines add up to the figure above them."""
    question = _asked(request)
    steps = [step for step in path.split("/") if step]
    page = why_page(question, request.user, steps)
    if page is None:
        return render(request, "scoring/nothing_lost.html", {"asked": question}, status=404)
    user: Any = request.user
    may_file = str(user.role) in FILERS
    context = {**_choices(question, user), "page": page, "may_file": may_file}
    return render(request, "scoring/why.html", context)

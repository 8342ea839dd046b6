"""Places beside each other: towns, communities, site types, units; never persons."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from weicheng.frame.audience import audience
from weicheng.places.models import Region, RegionLevel
from weicheng.scoring.comparison_page import KINDS, TOWNS, compare_page
from weicheng.scoring.views.figures import READERS, question_of
from weicheng.standards.models import SiteType


@audience(*READERS)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """GET /score/compare/?of=towns&on=&town=&type="""
    question = question_of(request)
    kind = request.GET.get("of", "") or TOWNS
    if kind not in KINDS:
        question.doubts.append(gettext("不知道您要比什么，下面比的是镇街。"))
        kind = TOWNS
    towns = Region.objects.filter(
        ancestors__contains=[question.region.pk], level=RegionLevel.TOWN
    ).order_by("code")
    context = {
        "asked": question, "page": compare_page(question, request.user, kind), "kind": kind,
        "kinds": KINDS.items(), "towns": towns, "today": timezone.localdate(),
        "site_types": SiteType.objects.filter(active=True),
    }  # fmt: skip
    return render(request, "scoring/compare.html", context)

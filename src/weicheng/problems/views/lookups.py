"""Small answers while somebody types: places, kinds, persons, as JSON."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from weicheng.frame.audience import audience
from weicheng.problems.choosing import persons_like, sites_like, units_called
from weicheng.problems.views.asking import BUSINESS, FILING
from weicheng.triage.proposing import propose


@require_safe
@audience(*FILING)
def places(request: HttpRequest) -> JsonResponse:
    """GET ?q=zjg → {"places": [{"id", "name", "where", "region"}]}."""
    found = sites_like(request.GET.get("q", "")[:40], request.user)
    rows = [
        {
            "id": str(s.id), "name": s.name, "region": str(s.region_id),
            "where": "".join(r.name for r in (s.region.parent, s.region) if r),
        }
        for s in found
    ]  # fmt: skip
    return JsonResponse({"places": rows})


@require_safe
@audience(*FILING)
def kinds(request: HttpRequest) -> JsonResponse:
    """GET ?q=楼道里堆满杂物 → {"kinds": ["piles"]}, the likeliest first."""
    text = request.GET.get("q", "")[:300]
    proposals = propose(text, 4) if text.strip() else []
    return JsonResponse({"kinds": [one.key for one in proposals if not one.outside]})


@require_safe
@audience(*BUSINESS)
def persons(request: HttpRequest) -> JsonResponse:
    """GET ?q=刘&unit=联通 → {"persons": ["刘×（联通）"]}, for those who may record for others."""
    from weicheng.problems.rules import TYPISTS

    user: Any = request.user
    if user.role not in TYPISTS:
        return JsonResponse({"persons": []})
    units = units_called(request.GET.get("unit", "")[:80], user)
    unit = units[0] if len(units) == 1 else None
    rows = []
    for person in persons_like(request.GET.get("q", "")[:40], user, unit):
        posts = [p.unit for p in person.posts.all() if p.until is None]
        named = {"name": person.name, "unit": unit or (posts[0] if posts else "")}
        rows.append(gettext("%(name)s（%(unit)s）") % named if named["unit"] else person.name)
    return JsonResponse({"persons": rows})

"""本单位待办: what a unit owes, by the time that is left; the office sees any unit's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from weicheng.frame.audience import audience
from weicheng.people.models import Unit
from weicheng.problems import answering, duties
from weicheng.problems.views.asking import OVERSEEING, OWING, me


@require_safe
@audience(*OWING)
def mine(request: HttpRequest) -> HttpResponse:
    """GET /mine/"""
    user: Any = request.user
    units = duties.units_of(user)
    return _page(request, units, for_unit=None)


@require_safe
@audience(*OVERSEEING)
def of_unit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET /units/<uuid>/todo/: the same page of another unit, with 代录 behind each button."""
    unit = Unit.objects.visible_to(request.user).select_related("head").filter(pk=pk).first()
    if unit is None:
        raise Http404
    return _page(request, [unit], for_unit=unit)


def _page(request: HttpRequest, units: list[Unit], *, for_unit: Unit | None) -> HttpResponse:
    user: Any = request.user
    now = timezone.now()
    found = duties.owed_by(units, user, query=request.GET, now=now)
    sponsors = any(u.kind == "sponsor" or u.also_sponsor for u in units)
    settles = for_unit is None and any(u.kind == "group" for u in units)
    context = {
        "asks": answering.to_decide(user, me(request), now) if settles else [],
        "duties": found, "now": now, "unit": for_unit or (units[0] if units else None),
        "for_unit": for_unit, "sponsored": duties.sponsored(units, user) if sponsors else [],
        "waiting_more": len(found.waiting) > duties.WAITING_ROWS,
        "may_type": user.role in {"office", "town"},
    }  # fmt: skip
    return render(request, "problems/mine.html", context)

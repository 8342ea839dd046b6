"""双人盲查一致性: how far two independent looks agree, check by check, never by person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from weicheng.frame.audience import audience
from weicheng.inspections import double_visits
from weicheng.inspections.agreement import FEWEST

YEAR = timedelta(days=365)


@require_safe
@audience("office", "leader", "auditor")
def agreement(request: HttpRequest) -> HttpResponse:
    """GET /checks/agreement/?plan=&since=&until="""
    user: Any = request.user
    until = _day(request, "until", timezone.localdate())
    since = _day(request, "since", until - YEAR)
    plans = double_visits.doubled_plans(user)
    plan = _plan(request.GET.get("plan", ""), [row.pk for row in plans])
    found = double_visits.agreed(user, since=since, until=until, plan=plan)
    context = {
        "found": found, "plans": plans, "plan": plan, "since": since, "until": until,
        "fewest": FEWEST, "may_rule": user.role == "office",
    }  # fmt: skip
    return render(request, "inspections/agreement.html", context)


def _day(request: HttpRequest, name: str, usual: date) -> date:
    text = request.GET.get(name, "")
    try:
        return date.fromisoformat(text) if text else usual
    except ValueError as wrong:
        raise Http404 from wrong


def _plan(text: str, known: list[UUID]) -> UUID | None:
    if not text:
        return None
    found = next((pk for pk in known if str(pk) == text), None)
    if found is None:
        raise Http404
    return found

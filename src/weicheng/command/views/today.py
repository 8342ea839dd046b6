"""今日调度: the leader's first page; and the front door that leads everybody to their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from weicheng.command import today as day
from weicheng.frame.audience import audience
from weicheng.frame.navigation import home
from weicheng.problems.figures import shown
from weicheng.scoring.asking import home_of
from weicheng.scoring.lights import light

READERS = ("leader", "area", "office")


@audience("signed_in")
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The front door: to the page that this role opens first, on the first day to the one box."""
    user: Any = request.user
    if user.role == "office" and day.is_bare(user):
        return HttpResponseRedirect(reverse("command:today"))
    return HttpResponseRedirect(home(request.user))


@audience(*READERS)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Countdown, figures, who is late, what came back, yesterday."""
    user: Any = request.user
    now = timezone.now()
    found = day.today(user, now)
    context: dict[str, Any] = {"found": found, "now": now, "yesterday": now - timedelta(days=1)}
    if not found.is_empty:
        context["headline"] = day.headline(found)
        context["figures"] = _figures(found.figures)
        context["owing"] = [_owing(one, now) for one in found.owing[: day.MOST_UNITS]]
        context["late_url"] = day.address("problems:list", flag="late")
        context["again_url"] = day.address("problems:list", flag="again", status="open")
        context["units_url"] = day.address("command:units")
        region = home_of(user)
        context["light"] = light(region, user) if region is not None else None
    return render(request, "command/today.html", context)


def _figures(figures: day.Figures) -> list[dict[str, Any]]:
    known = str(figures.open) if figures.exact else shown(figures.open)
    queries: list[tuple[str, str, dict[str, str], str]] = [
        (_("未销号"), known, {"status": "open"}, ""),
        (_("超期"), shown(figures.late), {"flag": "late"}, "late" if figures.late else ""),
        (_("反弹"), shown(figures.again), {"flag": "again", "status": "open"}, ""),
        (_("将到期"), shown(figures.soon), {"flag": "soon"}, ""),
    ]
    return [
        {"words": words, "n": n, "url": day.address("problems:list", **query), "tone": tone}
        for words, n, query, tone in queries
    ]


def _owing(one: day.Owing, now: Any) -> dict[str, Any]:
    return {
        "unit": one.unit, "one": one, "longest": one.longest(now),
        "longest_line": one.longest_line(now),
        "url": day.address("problems:list", unit=one.unit.pk, flag="late"),
        "order": day.address("orders:unit", one.unit.pk),
    }  # fmt: skip

"""Screens of the papers that leave the office: orders, the leader's page, the evening post."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from weicheng.frame.audience import audience
from weicheng.orders import gather
from weicheng.orders.phrases import opening
from weicheng.orders.texts import post_text
from weicheng.people.models import Unit

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
READERS = ("office", "leader", "area", "unit", "town", "community", "sponsor", "auditor")


@audience("office", "leader", "auditor")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Units that owe something, each with its order to print; the leader's page; the post."""
    now = timezone.now()
    user: Any = request.user
    rows = gather.standings(user, now=now)
    return render(
        request,
        "orders/index.html",
        {"rows": [(s, s.days_late(now)) for s in rows], "now": now, "groups": gather.groups(user)},
    )


def _order(request: HttpRequest, pk: UUID) -> gather.Order:
    user: Any = request.user
    mine = {u.id for u in user.working_units()}
    unit = get_object_or_404(Unit.objects.visible_to(user).select_related("head", "contact"), pk=pk)
    if user.role not in {"office", "leader", "auditor"} and unit.id not in mine:
        unit = get_object_or_404(Unit.objects.none())
    return gather.order_of(unit, user, since=_since(request))


def _since(request: HttpRequest) -> datetime | None:
    if request.GET.get("new") != "1":
        return None
    return timezone.localtime().replace(hour=0, minute=0, second=0) - timedelta(days=0)


@audience(*READERS)
@require_safe
def unit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """交办单 of a unit, ready to print."""
    order = _order(request, pk)
    return render(
        request,
        "orders/unit.html",
        {"order": order, "opening": opening(order), "who": gather.answerable(order.unit)},
    )


@audience(*READERS)
@require_safe
def docx(request: HttpRequest, pk: UUID) -> HttpResponse:
    """交办单 of a unit as a Word paper."""
    from weicheng.orders.word import order_docx

    order = _order(request, pk)
    response = HttpResponse(order_docx(order), content_type=DOCX)
    name = _("交办单_%(unit)s_%(day)s.docx") % {
        "unit": order.unit, "day": f"{timezone.localtime(order.issued_at):%m%d}",
    }  # fmt: skip
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


@audience("office", "leader", "auditor")
@require_safe
def leader(request: HttpRequest) -> HttpResponse:
    """One A4 for the leader."""
    user: Any = request.user
    brief = gather.brief(user)
    days = (brief.gate.on - timezone.localdate(brief.now)).days if brief.gate else None
    open_count = sum(n for key, n in brief.counts.items() if key != "done")
    rows = [(s, s.days_late(brief.now), gather.answerable(s.unit)) for s in brief.standings]
    return render(
        request,
        "orders/leader.html",
        {"brief": brief, "days": days, "open_count": open_count, "rows": rows},
    )


@audience("office", "leader")
@require_safe
def post(request: HttpRequest) -> HttpResponse:
    """17:00 群播报: text and one long picture to copy into a WeChat group."""
    user: Any = request.user
    groups = gather.groups(user)
    wanted = request.GET.get("group")
    group = next((g for g in groups if g.key == wanted), groups[0] if groups else None)
    if group is None:
        return render(request, "orders/post.html", {"groups": [], "group": None})
    found = gather.post_of(group)
    return render(
        request,
        "orders/post.html",
        {"groups": groups, "group": group, "post": found, "text": post_text(found)},
    )

"""单位: the tree by kind with heads and figures, and one unit with persons, sites and problems."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from weicheng.command import unit_figures as figures
from weicheng.command.today import address
from weicheng.command.views.search import BUSINESS
from weicheng.frame.audience import audience
from weicheng.places.pinyin import plain

KEEPERS = ("admin", "security")


@audience(*BUSINESS, *KEEPERS)
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """Every unit of the reader's district by kind."""
    user: Any = request.user
    words = request.GET.get("q", "").strip()
    found = figures.by_kind(user, plain(words).lower())
    context = {
        "kinds": found, "words": words, "total": sum(kind.total() for kind in found),
        "may_edit": user.role == "office", "new_url": address("people:unit_new"),
    }  # fmt: skip
    return render(request, "command/units.html", context)


@audience(*BUSINESS)
@require_safe
def unit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One unit: who answers, who works there, its sites, what it owes."""
    user: Any = request.user
    found = figures.unit_of(user, pk)
    if found is None:
        raise Http404
    others = figures.other_posts(user, found)
    posts = [
        {"post": post, "others": others.get(post.person_id, [])}
        for post in found.current_posts  # type: ignore[attr-defined]
    ]
    now = timezone.now()
    sites = figures.sites_of(user, found)
    context = {
        "unit": found, "posts": posts, "now": now, "may_edit": user.role == "office",
        "sites": sites[: figures.MOST_SITES], "more_sites": len(sites) > figures.MOST_SITES,
        "problems": figures.problems_of(user, found),
        "list_url": address("problems:list", unit=found.pk, status="open"),
        "order_url": address("orders:unit", found.pk),
        "edit_url": address("people:unit_edit", found.pk),
        "post_url": address("people:post_new", found.pk),
    }  # fmt: skip
    return render(request, "command/unit.html", context)

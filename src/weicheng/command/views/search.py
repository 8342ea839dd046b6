"""搜索: one page, three groups."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from weicheng.command.finding import MOST, find
from weicheng.command.today import address
from weicheng.frame.audience import audience

BUSINESS = (
    "leader", "area", "office", "unit", "town", "community", "sponsor", "inspector", "auditor",
)  # fmt: skip


@audience(*BUSINESS)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Problems, sites and units that the words name."""
    user: Any = request.user
    text = request.GET.get("q", "").strip()
    found = find(user, text)
    return render(
        request,
        "command/search.html",
        {
            "found": found, "text": text, "now": timezone.now(), "most": MOST,
            "more_problems": address("problems:list", q=text),
            "more_sites": address("places:index", q=text),
        },
    )  # fmt: skip

"""点位页: one site with its parties, open problems and history."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from weicheng.command.site_page import site_page
from weicheng.command.today import address
from weicheng.command.views.search import BUSINESS
from weicheng.frame.audience import audience


@audience(*BUSINESS)
@require_safe
def site(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One site."""
    user: Any = request.user
    now = timezone.now()
    found = site_page(user, pk, now)
    if found is None:
        raise Http404
    context = {
        "found": found, "site": found.site, "around": found.around, "now": now,
        "may_edit": user.role == "office",
        "edit_url": address("places:edit", pk), "party_url": address("people:site_parties", pk),
        "report_url": address("problems:new", site=pk),
        "plates_url": address("inspections:plates", site=pk),
    }  # fmt: skip
    return render(request, "command/site.html", context)

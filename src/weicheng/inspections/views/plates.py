"""点位牌: plates with a QR to hang up at sites; whoever checks scans one and stands at its site."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from weicheng.frame.audience import audience
from weicheng.frame.paging import page_of
from weicheng.inspections.paper_sheets import qr_of
from weicheng.places.browsing import ORDER, sites, wanted_of
from weicheng.places.models import Site

#: Plates of one print: ten pages of eight.
MOST = 80


@require_safe
@audience("office")
def plates(request: HttpRequest) -> HttpResponse:
    """GET /checks/plates/?site= or the filters of the list of sites: plates on A4, eight a page."""
    user: Any = request.user
    rows = sites(user, wanted_of(request.GET))
    if key := request.GET.get("site", ""):
        rows = rows.filter(pk=_uuid(key))
    page = page_of(rows, order=ORDER, query=request.GET, size=MOST)
    if key and not page.rows:
        raise Http404
    context = {"plates": [(site, qr_of(_address(request, site))) for site in page.rows],
               "page": page, "back": reverse("places:index")}  # fmt: skip
    return render(request, "inspections/plates.html", context)


def _address(request: HttpRequest, site: Site) -> str:
    """The field program, a room above this one, standing at the site."""
    return request.build_absolute_uri(f"{reverse('fieldwork:home')}?site={site.pk}")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as wrong:
        raise Http404 from wrong

"""点位: browse and edit sites; the campaign with its districts and gates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.frame.paging import page_of
from weicheng.places.browsing import ORDER, choices, sites, wanted_of
from weicheng.places.forms import CampaignForm, SiteForm
from weicheng.places.models import Campaign, Site
from weicheng.places.permissions import may_edit_campaign, may_edit_in

BUSINESS = (
    "leader", "area", "office", "unit", "town", "community", "sponsor", "inspector", "auditor",
)  # fmt: skip


@audience(*BUSINESS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """GET /places/?region&type&built_up&q&after|before."""
    user: Any = request.user
    wanted = wanted_of(request.GET)
    if any(request.GET.get(n) and not getattr(wanted, n) for n in ("region", "built_up")):
        raise Http404  # never longer than asked
    page = page_of(sites(user, wanted), order=ORDER, query=request.GET)
    context = {
        "page": page, "wanted": wanted, "choices": choices(user, wanted),
        "may_edit": user.role == "office",
    }  # fmt: skip
    return render(request, "places/index.html", context)


@audience("office")
def new(request: HttpRequest) -> HttpResponse:
    """Add a site."""
    return _edit(request, None)


@audience("office")
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a site."""
    site = Site.objects.visible_to(request.user).select_related("region").filter(pk=pk).first()
    if site is None or not may_edit_in(request.user, site.region):
        raise Http404
    return _edit(request, site)


def _edit(request: HttpRequest, site: Site | None) -> HttpResponse:
    form = SiteForm(request.POST or None, user=request.user, site=site)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        toasts.leave(request, _("%(name)s 已保存") % {"name": saved.name})
        return HttpResponseRedirect(_page_of(saved))
    context = {"form": form, "site": site, "back": _page_of(site) if site else ""}
    return render(request, "places/edit.html", context)


def _page_of(site: Site) -> str:
    """The site's page belongs to a room above this one; without it, the list."""
    try:
        return reverse("command:site", args=[site.pk])
    except NoReverseMatch:
        return reverse("places:index")


@audience(*BUSINESS, "admin")
@require_safe
def campaign(request: HttpRequest) -> HttpResponse:
    """The campaign: applicant, districts, gates."""
    found = _campaign()
    today = timezone.localdate()
    context: dict[str, Any] = {"campaign": found, "today": today}
    if found is not None:
        gates = [{"gate": g, "days": (g.on - today).days} for g in found.gates.all()]
        context |= {
            "gates": gates, "parts": found.participations.select_related("region"),
            "may_edit": may_edit_campaign(request.user, found),
        }  # fmt: skip
    return render(request, "places/campaign.html", context)


@audience("office", "admin")
def campaign_edit(request: HttpRequest) -> HttpResponse:
    """Change the campaign and its gates."""
    found = _campaign()
    if found is None or not may_edit_campaign(request.user, found):
        raise Http404
    form = CampaignForm(request.POST or None, user=request.user, campaign=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        toasts.leave(request, _("创建活动已保存"))
        return HttpResponseRedirect(reverse("places:campaign"))
    return render(request, "places/campaign_edit.html", {"form": form, "campaign": found})


def _campaign() -> Campaign | None:
    return Campaign.objects.select_related("applicant").prefetch_related("gates").first()

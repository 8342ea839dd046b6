"""口径库: rulings by their checks, searched, added and replaced."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.inspections import rulebook
from weicheng.inspections.acts.rulings import may_write_rulings
from weicheng.inspections.models import Ruling
from weicheng.inspections.ruling_forms import RulingForm
from weicheng.standards.models import Check, Item, SiteType

#: Who may open the agreement of blind double visits (views.agreement).
COMPARING = frozenset({"office", "leader", "auditor"})


@require_safe
@audience("signed_in")
def rulings(request: HttpRequest) -> HttpResponse:
    """GET /checks/rulings/?q=&type=&item=&old=1"""
    user: Any = request.user
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "type", "item", "old")}
    found = rulebook.search(
        user, text=asked["q"], site_type=asked["type"], item=asked["item"], old=bool(asked["old"])
    )
    context = {
        "found": found, "asked": asked, "filtered": any(asked.values()),
        "types": SiteType.objects.visible_to(user).filter(active=True),
        "items": Item.objects.order_by("number"), "may_write": may_write_rulings(user),
        "may_compare": user.role in COMPARING,
    }  # fmt: skip
    return render(request, "inspections/rulings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@audience("office")
def ruling_new(request: HttpRequest) -> HttpResponse:
    """GET and POST /checks/rulings/new/?check="""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@audience("office")
def ruling_replace(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET and POST /checks/rulings/<pk>/replace/"""
    user: Any = request.user
    return _edit(request, get_object_or_404(Ruling.objects.visible_to(user), pk=pk))


def _edit(request: HttpRequest, old: Ruling | None) -> HttpResponse:
    user: Any = request.user
    if not may_write_rulings(user):
        raise Http404
    posted = (request.POST,) if request.method == "POST" else ()
    form = RulingForm(
        *posted, user=user, replaces=old, initial={"check_key": request.GET.get("check", "")}
    )
    if posted and form.attempt() is not None:
        toasts.leave(request, gettext("口径已记下，检查表上看得到"))
        return HttpResponseRedirect(reverse("inspections:rulings"))
    check = Check.objects.filter(key=old.check_key).first() if old else None
    context = {"form": form, "old": old, "check": check}
    status = 422 if posted else 200
    return render(request, "inspections/ruling_edit.html", context, status=status)

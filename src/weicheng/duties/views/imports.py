"""The pages of imported duty tables, cell by cell, and of other names of units."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from weicheng.duties.aliases import add_alias, aliases_of, drop_alias, reforms_here
from weicheng.duties.models import DutyBatch
from weicheng.duties.permissions import may_write
from weicheng.duties.tables import undoing
from weicheng.duties.tables.choices import apply_choices
from weicheng.duties.tables.showing import page_of
from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.people.models import Unit
from weicheng.places.models import Region, RegionLevel
from weicheng.places.permissions import may_edit_in


def _one(request: HttpRequest, pk: UUID) -> DutyBatch:
    batch = DutyBatch.objects.select_related("region").filter(pk=pk).first()
    if batch is None or batch.region is None or not may_write(request.user, batch.region):
        raise Http404
    return batch


@audience("office")
@require_safe
def imported(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Each cell as it stands beside its reading, with a field for everything one may change."""
    batch = _one(request, pk)
    only = request.GET.get("look") == "1"
    context = {
        "batch": batch, "page": page_of(batch, only_looks=only), "only_looks": only,
        "is_open": batch.state == DutyBatch.State.READ, "take": _page("intake:take", pk),
        "whole": _page("intake:batch", pk),
        "can_undo": undoing.may_take_back(batch, timezone.localdate()),
    }  # fmt: skip
    return render(request, "duties/import.html", context)


@audience("office")
@require_POST
def save(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep what was changed; nothing becomes a duty yet."""
    batch = _one(request, pk)
    count = apply_choices(batch, request.POST.dict())
    words = _("已改%(n)s行，还没有导入") % {"n": count} if count else _("没有改动")
    toasts.leave(request, words)
    return HttpResponseRedirect(reverse("duties:imported", args=[pk]), status=303)


@audience("office")
@require_POST
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The import was a mistake: its duties never counted."""
    batch = _one(request, pk)
    if undoing.take_back(batch, timezone.localdate()):
        words = _("已撤回这次导入，以前的责任照旧")
    else:
        words = _("这次导入已经不能撤回，请逐条改")
    toasts.leave(request, words)
    return HttpResponseRedirect(reverse("duties:imported", args=[pk]), status=303)


@audience("office")
def aliases(request: HttpRequest) -> HttpResponse:
    """旧称 → 现单位: what the office wrote, and what the reforms made of bureaus everywhere."""
    units = [u for u in Unit.objects.visible_to(request.user).filter(active=True).order_by("name")]
    wrong = ""
    if request.method == "POST":
        wrong = _add(request, units)
        if not wrong:
            return HttpResponseRedirect(reverse("duties:aliases"), status=303)
    context = {
        "wrong": wrong, "units": units, "rows": aliases_of(units), "typed": request.POST,
        "reforms": reforms_here(_district(request)),
    }  # fmt: skip
    return render(request, "duties/import_aliases.html", context, status=422 if wrong else 200)


def _add(request: HttpRequest, units: list[Unit]) -> str:
    """Why the name cannot be added; '' when it was."""
    name = request.POST.get("name", "").strip()
    unit = next((u for u in units if str(u.pk) == request.POST.get("unit")), None)
    if not name:
        return _("请写旧称。")
    if unit is None or (unit.region is not None and not may_edit_in(request.user, unit.region)):
        return _("请选现在的单位。")
    if not add_alias(name, unit, request.POST.get("note", "")):
        return _("“%(name)s”已经登记过。") % {"name": name}
    toasts.leave(request, _("已登记：%(name)s即%(unit)s") % {"name": name, "unit": unit.name})
    return ""


@audience("office")
@require_POST
def alias_drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Forget another name."""
    units: Any = Unit.objects.visible_to(request.user)
    if not drop_alias(pk, units):
        raise Http404
    toasts.leave(request, _("已删除这个旧称"))
    return HttpResponseRedirect(reverse("duties:aliases"), status=303)


def _district(request: HttpRequest) -> Region | None:
    roots = request.user.region_roots()  # type: ignore[union-attr]
    found = Region.objects.filter(level=RegionLevel.COUNTY)
    return found.filter(pk__in=roots).first() if roots is not None else found.first()


def _page(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""

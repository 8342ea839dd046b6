"""The digest's pages: text and picture to copy into a group, and the sheet to print."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from weicheng.frame.audience import audience
from weicheng.notices.digest import MOST_ROWS, Sheet, sheet_of, text_of, when_words
from weicheng.orders import gather
from weicheng.people.models import Unit
from weicheng.people.roles import BLIND, REGION_WIDE, Role
from weicheng.problems.duties import units_of

READERS = tuple(str(r) for r in Role if r not in BLIND)


def _choices(user: Any) -> list[Unit]:
    """The units whose sheets this user may read: its own, or all that owe, worst first."""
    if user.role in REGION_WIDE or user.role == Role.AREA:
        return [s.unit for s in gather.standings(user, now=timezone.now())]
    return units_of(user)


def _sheet(user: Any, units: list[Unit]) -> Sheet:
    return sheet_of(units, user.scopes(), now=timezone.now(), person=user.person_id)


@audience(*READERS)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """One unit's sheet as text and long picture; one's own units together at first."""
    user: Any = request.user
    choices = _choices(user)
    wanted = request.GET.get("unit")
    chosen = [u for u in choices if str(u.pk) == wanted]
    if not chosen and not wanted:
        chosen = choices if choices and choices == units_of(user) else choices[:1]
    sheet = _sheet(user, chosen)
    return render(
        request,
        "notices/digest.html",
        {
            "choices": choices, "chosen": chosen, "sheet": sheet, "text": text_of(sheet),
            "rows": [(line, when_words(line, sheet.now)) for line in sheet.lines],
        },
    )  # fmt: skip


@audience(*READERS)
@require_safe
def tasks(request: HttpRequest, pk: UUID) -> HttpResponse:
    """每日任务单 of one unit, to print."""
    user: Any = request.user
    unit = next((u for u in _choices(user) if u.pk == pk), None)
    if unit is None:
        unit = _quiet_unit(user, pk)
    sheet = _sheet(user, [unit])
    rows = [(line, when_words(line, sheet.now)) for line in sheet.lines]
    return render(
        request,
        "notices/tasks.html",
        {"unit": unit, "sheet": sheet, "rows": rows, "most": MOST_ROWS,
         "who": gather.answerable(unit)},
    )  # fmt: skip


def _quiet_unit(user: Any, pk: UUID) -> Unit:
    """A unit of the region that owes nothing now; only for those who read whole regions."""
    unit = Unit.objects.visible_to(user).filter(pk=pk).first()
    if unit is None or user.role not in REGION_WIDE:
        raise Http404
    return unit

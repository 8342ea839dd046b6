"""导入: one box for any table, a page for each batch, its confirmation and its progress."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.intake import batches, blanks, duty_table, jobs
from weicheng.intake.districts import district_of, districts_for
from weicheng.intake.models import Batch, BatchKind
from weicheng.intake.receiving import Arrived, receive
from weicheng.intake.showing import shown
from weicheng.sheets.errors import SheetError

logger = logging.getLogger(__name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RECENT = 12
#: The templates in the order of the first day: name of the blank → kind of table.
TEMPLATES = {
    "duty-sheet": BatchKind.DUTY, "duties": BatchKind.DUTIES, "problems": BatchKind.LEDGER,
    "messages": BatchKind.MESSAGES, "places": BatchKind.PLACES, "regions": BatchKind.REGIONS,
    "people": BatchKind.PEOPLE,
}  # fmt: skip
POLLED = "progress"


@audience("office")
def index(request: HttpRequest) -> HttpResponse:
    """The box; what is dropped into it becomes batches."""
    if request.method != "POST":
        return _index(request)
    found = received(request)
    if not found:
        return _index(request, wrong=_("还没有选文件，也没有粘贴文字。请选一样再按。"), status=422)
    return HttpResponseRedirect(_first_page(found[0]), status=303)


def _first_page(row: Batch) -> str:
    """Where a fresh batch is looked at: a duty table cell by cell, others as a whole."""
    cells = _cells_page(row)
    return cells or reverse("intake:batch", args=[row.pk])


def _cells_page(row: Batch) -> str:
    """The page that shows a duty table cell by cell; '' for another batch."""
    readable = row.state == Batch.State.READ and not row.report.get("error")
    if row.kind != BatchKind.DUTIES or not readable or not duty_table.has_cells(row.pk):
        return ""
    return reverse("duties:imported", args=[row.pk])


def _index(request: HttpRequest, wrong: str = "", status: int = 200) -> HttpResponse:
    recent = Batch.objects.visible_to(request.user).select_related("by__person")[:RECENT]
    context = {
        "wrong": wrong, "recent": recent, "districts": districts_for(request.user),
        "templates": [(name, kind.label) for name, kind in TEMPLATES.items()],
    }  # fmt: skip
    return render(request, "intake/import.html", context, status=status)


def received(request: HttpRequest) -> list[Batch]:
    """The batches of an upload, each read or waiting for a worker to read it."""
    user: Any = request.user
    district = district_of(user, request.POST.get("district", ""))
    if district is None:
        raise Http404
    files = [Arrived(f.name or "", f) for f in request.FILES.getlist("files")]
    with transaction.atomic():
        found = receive(files, request.POST.get("text", ""), district=district, by=user)
        for batch in found:
            if batch.state == Batch.State.READING:
                _read(batch)
    return found


def _read(batch: Batch) -> None:
    if batches.is_large(batch):
        jobs.later("read", batch)
    else:
        batches.read(batch)


@audience("office")
@require_safe
def batch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What we think it is, what it would add; or how far it is; or what became of it."""
    row = _one(request, pk)
    polled = getattr(request, "htmx", None) and request.htmx.target == POLLED  # type: ignore[attr-defined]
    if polled and row.state not in {Batch.State.READING, Batch.State.RUNNING}:
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    template = "intake/progress.html" if polled else "intake/batch.html"
    return render(request, template, _context(request, row))


def _context(request: HttpRequest, row: Batch) -> dict[str, Any]:
    siblings = Batch.objects.visible_to(request.user).filter(
        created_at=row.created_at, by=row.by_id
    )
    kinds = [
        (value, words) for value, words in BatchKind.choices if value not in {"chat", "unknown"}
    ]
    others = list(siblings.order_by("id"))
    waiting = [b for b in others if b.pk != row.pk and b.state == Batch.State.READ]
    return {
        "batch": row, "page": shown(row), "kinds": kinds, "siblings": others,
        "following": waiting[0] if waiting else None,
        "sheets": row.report.get("sheets", []),
        "cells": _cells_page(row),
        "is_moving": row.state in {Batch.State.READING, Batch.State.RUNNING},
    }  # fmt: skip


def _one(request: HttpRequest, pk: UUID) -> Batch:
    found = Batch.objects.visible_to(request.user).select_related("district", "by", "error_sheet")
    row: Batch | None = found.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@audience("office")
@require_POST
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another kind, another sheet, other columns: read again."""
    row = _one(request, pk)
    kind = request.POST.get("kind", "")
    if row.state == Batch.State.READ and kind in BatchKind.values and row.drops.exists():
        with transaction.atomic():
            columns = _columns(request, row)
            batches.correct(row, kind=kind, sheet=request.POST.get("sheet", ""), columns=columns)
            _read(row)
    return _back(row)


def _columns(request: HttpRequest, row: Batch) -> dict[str, str] | None:
    """Label → field as chosen on the page; None when no column was shown."""
    known = row.report.get("columns", [])
    chosen = {
        column["label"]: request.POST[f"column-{n}"]
        for n, column in enumerate(known)
        if f"column-{n}" in request.POST
    }
    same = all(chosen.get(c["label"]) == c["field"] for c in known)
    return None if not chosen or same else chosen


@audience("office")
@require_POST
def take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm: small batches at once, large ones by a worker."""
    row = _one(request, pk)
    if row.kind == BatchKind.DUTIES and row.state == Batch.State.READ:
        duty_table.choose(row, request.POST.dict())
    if batches.is_large(row):
        with transaction.atomic():
            if batches.start(row):
                jobs.later("take", row)
    elif batches.start(row):
        try:
            batches.take(row)
        except Exception:
            logger.exception("batch %s was not taken in", row.pk)
    return _back(row)


@audience("office")
@require_POST
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Not this one: nothing was taken in, its bytes go."""
    row = _one(request, pk)
    if row.state == Batch.State.READ:
        batches.discard(row)
        toasts.leave(request, _("没有导入“%(name)s”") % {"name": row.filename or _("粘贴的文字")})
    return HttpResponseRedirect(reverse("intake:import"), status=303)


@audience("office")
@require_safe
def errors(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The rows that cannot be taken, as a spreadsheet with the reason of each."""
    row = _one(request, pk)
    if row.error_sheet_id:
        where = reverse("evidence:serve", args=[row.error_sheet_id, "original"])
        return HttpResponseRedirect(where)
    if row.state != Batch.State.READ or not row.report.get("gist", {}).get("refused"):
        raise Http404
    try:
        data = batches.errors_of(row)
    except (SheetError, StopIteration) as error:
        raise Http404 from error
    return _xlsx(data, batches.errors_name(row))


@audience("office")
@require_safe
def blank(request: HttpRequest, name: str) -> HttpResponse:
    """A blank spreadsheet of a kind with an example row."""
    if name not in blanks.BLANKS:
        raise Http404
    return _xlsx(blanks.blank(name), blanks.filename(name))


def _xlsx(data: bytes, filename: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    return answer


def _back(row: Batch) -> HttpResponse:
    return HttpResponseRedirect(reverse("intake:batch", args=[row.pk]), status=303)

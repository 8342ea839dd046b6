"""Screens of complaints: open to everybody to write and to look up, to office and audit to read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from weicheng.complaints import registering
from weicheng.complaints.forms import ComplaintForm, LookForm, ReplyForm
from weicheng.complaints.models import Complaint
from weicheng.frame import toasts
from weicheng.frame.asker import address_of
from weicheng.frame.audience import audience
from weicheng.frame.paging import page_of
from weicheng.people import tries

KEEPERS = ("office", "auditor")


@audience("public")
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Say it; the answer is a receipt with a code."""
    came_from = request.META.get("HTTP_REFERER", "").partition("?")[0][-200:]
    form = ComplaintForm(request.POST or None, initial={"page": came_from})
    if request.method == "POST" and form.is_valid():
        row = _taken_in(request, form)
        if row is not None:
            shown = {"row": row, "code": registering.code_of(row)}
            return render(request, "complaints/receipt.html", shown)
    return render(request, "complaints/new.html", {"form": form})


def _taken_in(request: HttpRequest, form: ComplaintForm) -> Complaint | None:
    """The complaint kept, or None with the reason in the form."""
    now, said = timezone.now(), form.cleaned_data
    wait = tries.admit("complaint", address_of(request), registering.PER_ADDRESS, now=now)
    if wait:
        form.add_error(None, _too_many(wait))
        return None
    row = registering.take_in(
        key=said["op_id"], region=said["region"], about=said["about"],
        text=said["text"].strip(), page=said["page"], now=now,
    )  # fmt: skip
    if row is None:
        form.add_error(None, _("这张表已经提交过，请重新打开再写"))
    return row


@audience("public")
@never_cache
@sensitive_post_parameters("code")
def look(request: HttpRequest) -> HttpResponse:
    """What became of it, by receipt and code."""
    form = LookForm(request.POST or None)
    row = None
    if request.method == "POST" and form.is_valid():
        row = _looked_up(request, form)
    return render(request, "complaints/look.html", {"form": form, "row": row})


def _looked_up(request: HttpRequest, form: LookForm) -> Complaint | None:
    number = form.cleaned_data["number"]
    wait = tries.admit("receipts", address_of(request), tries.PER_ADDRESS)
    wait = wait or tries.admit("receipt", number.strip().upper(), registering.PER_RECEIPT)
    if wait:
        form.add_error(None, _too_many(wait))
        return None
    row = registering.look_up(number, form.cleaned_data["code"])
    if row is None:
        form.add_error(None, _("回执号或查询码不对，请核对后再查"))
    return row


@audience(*KEEPERS)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What came in, newest first; nothing here can be deleted."""
    rows = registering.queue_of(request.user).select_related("region")
    paging = page_of(rows.prefetch_related("replies"), order=("-at", "-id"), query=request.GET)
    return render(request, "complaints/queue.html", {"paging": paging})


@audience(*KEEPERS)
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One complaint with its answers, and a place to answer."""
    user: Any = request.user
    row = get_object_or_404(registering.queue_of(user).select_related("region"), pk=pk)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        registering.answer(
            row, text=form.cleaned_data["text"].strip(), by=user, key=form.cleaned_data["op_id"],
            now=timezone.now(),
        )  # fmt: skip
        toasts.leave(request, _("已答复%(number)s") % {"number": row.number})
        return HttpResponseRedirect(reverse("complaints:item", args=[row.pk]))
    replies = row.replies.select_related("unit")
    return render(request, "complaints/item.html", {"row": row, "replies": replies, "form": form})


def _too_many(wait: timedelta) -> str:
    minutes = max(int(wait.total_seconds() // 60), 1)
    return _("这个网络上刚才提交太多了，请%(n)s分钟后再试") % {"n": minutes}

"""The inbox's own acts: dropping a chat, moving photos, splitting and joining findings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.intake import batches, deciding, jobs, sifting
from weicheng.intake.districts import district_of
from weicheng.intake.models import Batch, BatchKind, Lead
from weicheng.intake.receiving import Arrived, receive
from weicheng.intake.sifting import INBOX, Sieve, sieve_in
from weicheng.intake.views.pool import key_of, lead_or_404
from weicheng.journal.ids import uuid7
from weicheng.problems.refusals import Refused


@audience("office")
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    """A chat and its photos go straight into the inbox; tables go to their own pages."""
    user: Any = request.user
    district = district_of(user, request.POST.get("district", ""))
    if district is None:
        raise Http404
    sent = [*request.FILES.getlist("files"), *request.FILES.getlist("folder")]
    files = [Arrived(f.name or "", f) for f in sent]
    with transaction.atomic():
        found = receive(files, request.POST.get("text", ""), district=district, by=user)
        for batch in found:
            if batch.state == Batch.State.READING:
                batches.read(batch)
    chat = next((b for b in found if b.kind == BatchKind.CHAT), None)
    if chat is None or chat.report.get("error"):
        return _no_chat(request, found)
    return _take(request, chat)


def _no_chat(request: HttpRequest, found: list[Batch]) -> HttpResponse:
    if found:
        where = reverse("intake:batch", args=[found[0].pk])
    else:
        toasts.leave(request, _("还没有粘贴文字，也没有选照片。"))
        where = Sieve(page=INBOX).address()
    return HttpResponseRedirect(where, status=303)


def _take(request: HttpRequest, chat: Batch) -> HttpResponse:
    with transaction.atomic():
        large = batches.is_large(chat)
        started = batches.start(chat)
        if large and started:
            jobs.later("take", chat)
    if large or not started:
        return HttpResponseRedirect(reverse("intake:batch", args=[chat.pk]), status=303)
    batches.take(chat)
    result = chat.report["result"]
    words = [_("收进%(leads)s条、照片%(photos)s张") % result]
    if result["known"]:
        words.append(_("%(known)s条以前收过") % result)
    toasts.leave(request, _("，").join([*words, *result["refusals"][:3]]))
    return HttpResponseRedirect(Sieve(page=INBOX).address(), status=303)


@audience("office")
@require_POST
def regroup(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move picked photos to a neighbour, make them a finding of their own, or join two findings."""
    user: Any = request.user
    sieve, lead = sieve_in(request.POST), lead_or_404(request, pk)
    way, _sep, target = request.POST.get("do", "").partition(":")
    picked = {int(k) for k in request.POST.getlist("photo") if k.isdigit()}
    photos = [p for p in lead.photos.all() if p.pk in picked]
    stay = str(lead.pk)
    try:
        if way == "split":
            stay = _split(request, lead, photos)
        elif way == "move":
            _moved(request, photos, _other(request, target))
        elif way == "merge":
            into = _other(request, target)
            operation = key_of(request.POST.get("op_id")) or uuid7()
            deciding.merge(lead=lead, into=into, by=user, op_id=operation)
            stay = str(into.pk)
            toasts.leave(request, _("已并成一条"))
    except Refused as refused:
        toasts.leave(request, refused.sentence())
    return HttpResponseRedirect(sieve.address(item=stay), status=303)


def _split(request: HttpRequest, lead: Lead, photos: list[Any]) -> str:
    if not photos or len(photos) == lead.photos.count():
        toasts.leave(request, _("先勾选要分出去的照片，至少留一张"))
        return str(lead.pk)
    new = deciding.split(lead=lead, photos=photos, text=request.POST.get("text", ""))
    toasts.leave(request, _("%(n)s张照片已另成一条") % {"n": len(photos)})
    return str(new.pk)


def _moved(request: HttpRequest, photos: list[Any], to: Lead) -> None:
    if not photos:
        toasts.leave(request, _("先勾选要移走的照片"))
        return
    n = deciding.move_photos(photos=photos, to=to)
    toasts.leave(request, _("已移走%(n)s张照片") % {"n": n})


def _other(request: HttpRequest, key: str) -> Lead:
    found = sifting.one(request.user, key)
    if found is None:
        raise Http404
    return found

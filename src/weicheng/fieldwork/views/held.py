"""待处理: what phones sent and the office must decide, and acts whose photos are still missing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from weicheng.fieldwork import acts, showing
from weicheng.fieldwork.models import Held
from weicheng.fieldwork.refusals import NotReleased
from weicheng.frame import toasts
from weicheng.frame.audience import audience


@require_safe
@audience("office")
def held(request: HttpRequest) -> HttpResponse:
    """GET /field/held"""
    user: Any = request.user
    context = {
        "cards": showing.waiting(user), "ended": showing.ended(user),
        "unwhole": showing.unwhole(user),
    }  # fmt: skip
    return render(request, "fieldwork/held.html", context)


@require_POST
@audience("office")
def release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """POST /field/held/<uuid>/release"""
    user: Any = request.user
    try:
        row = acts.release(held=_found(request, pk), by=user)
    except NotReleased as wrong:
        toasts.leave(request, wrong.sentence())
    else:
        number = row.problem.number if row.problem else ""
        toasts.leave(request, gettext("已放行 %(number)s") % {"number": number})
    return HttpResponseRedirect(reverse("fieldwork:held"))


@require_POST
@audience("office")
def drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """POST /field/held/<uuid>/drop: words=<why>"""
    user: Any = request.user
    try:
        acts.drop(held=_found(request, pk), by=user, words=request.POST.get("words", ""))
    except NotReleased as wrong:
        toasts.leave(request, wrong.sentence())
    else:
        toasts.leave(request, gettext("已作废，内容仍可查看"))
    return HttpResponseRedirect(reverse("fieldwork:held"))


def _found(request: HttpRequest, pk: UUID) -> Held:
    row = Held.objects.visible_to(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row

"""验收: before and after side by side, one tap to pass or send back; 即查即改 passed in bulk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.problems import acts, checking
from weicheng.problems.models import Problem
from weicheng.problems.refusals import Refused
from weicheng.problems.views.asking import VERIFYING, leave_note, me
from weicheng.problems.words import SendBackReason

MOST = 200


@require_safe
@audience(*VERIFYING)
def queue(request: HttpRequest) -> HttpResponse:
    """GET /check/?only=spot"""
    only = request.GET.get("only", "")
    if only not in {"", "spot"}:
        raise Http404
    spot = only == "spot"
    now = timezone.now()
    found, waiting = checking.queue(
        request.user, me(request), spot=spot, now=now, query=request.GET.dict()
    )
    context = {
        "found": found,
        "page": found.page,
        "waiting": waiting,
        "spot": spot,
        "now": now,
        "reasons": SendBackReason.choices,
        "here": request.get_full_path(),
    }
    return render(request, "problems/check.html", context)


@require_POST
@audience(*VERIFYING)
def pass_many(request: HttpRequest) -> HttpResponse:
    """POST /check/pass/: chosen=<problem>:<op_id> …; each its own act, undone one by one."""
    user: Any = request.user
    chosen = [pair for pair in map(_pair, request.POST.getlist("chosen")[:MOST]) if pair]
    rows = Problem.objects.visible_to(user).in_bulk([pk for pk, _op in chosen])
    passed: list[tuple[Problem, UUID]] = []
    refused: list[str] = []
    for pk, op_id in chosen:
        problem = rows.get(pk)
        if problem is None or not problem.on_spot:
            continue
        try:
            acts.pass_fix(problem=problem, level=problem.level, by=user, op_id=op_id)
            passed.append((problem, op_id))
        except Refused as error:
            refused.append(_said(problem, error))
        except ObjectDoesNotExist:
            continue
    _report(request, passed, refused)
    return HttpResponseRedirect(f"{reverse('problems:check')}?only=spot")


def _pair(text: str) -> tuple[UUID, UUID] | None:
    problem, _colon, operation = text.partition(":")
    try:
        return UUID(problem), UUID(operation)
    except ValueError:
        return None


def _said(problem: Problem, error: Refused) -> str:
    return gettext("%(number)s：%(why)s") % {"number": problem.number, "why": error.sentence()}


def _report(request: HttpRequest, passed: list[tuple[Problem, UUID]], refused: list[str]) -> None:
    if len(passed) == 1:
        problem, operation = passed[0]
        words = gettext("%(number)s 已通过并销号") % {"number": problem.number}
        leave_note(
            request,
            problem,
            act="pass_fix",
            operation=operation,
            words=words,
            back=reverse("problems:check"),
        )
    elif passed:
        fields = {"pairs": " ".join(f"{p.pk}:{op}" for p, op in passed)}
        words = gettext("通过%(n)s件即查即改") % {"n": len(passed)}
        toasts.leave(request, words, undo=reverse("problems:check_undo"), fields=fields)
    for sentence in refused[:5]:
        toasts.leave(request, sentence)
    if not passed and not refused:
        toasts.leave(request, gettext("没有选中任何一件。"))


@require_POST
@audience(*VERIFYING)
def undo_many(request: HttpRequest) -> HttpResponse:
    """POST /check/undo/: pairs=<problem>:<op_id> …; takes each pass back."""
    from weicheng.journal.ids import uuid7

    user: Any = request.user
    pairs = [p for p in map(_pair, request.POST.get("pairs", "").split()[:MOST]) if p]
    rows = Problem.objects.visible_to(user).in_bulk([pk for pk, _op in pairs])
    back, refused = 0, []
    for pk, operation in pairs:
        problem = rows.get(pk)
        if problem is None:
            continue
        try:
            acts.undo(problem=problem, operation=operation, by=user, op_id=uuid7())
            back += 1
        except Refused as error:
            refused.append(_said(problem, error))
    if back:
        toasts.leave(request, gettext("已撤销%(n)s件") % {"n": back})
    for sentence in refused[:5]:
        toasts.leave(request, sentence)
    return HttpResponseRedirect(f"{reverse('problems:check')}?only=spot")

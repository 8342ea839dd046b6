"""Doing an act: its form, its refusal in a sentence, and the way back within ten seconds."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.journal.ids import uuid7
from weicheng.problems import acts, answering, card
from weicheng.problems.choosing import units_for
from weicheng.problems.forms import ActForm, form_of
from weicheng.problems.models import Problem
from weicheng.problems.refusals import Refused
from weicheng.problems.rules import TYPISTS, refusal
from weicheng.problems.views.asking import (
    BUSINESS,
    device_offset,
    leave_note,
    me,
    problem_or_404,
    say_sorry,
    way_back,
)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(*BUSINESS)
def act(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """GET the form of an act, POST to do it. /problems/<uuid>/do/<act>/"""
    form_class = form_of(act)
    if form_class is None:
        raise Http404
    problem = problem_or_404(request, pk)
    if act == "hand_in" and request.method != "POST":
        address = reverse("problems:hand_in", args=[pk])
        return HttpResponseRedirect(f"{address}?{request.GET.urlencode()}")
    return answer(request, problem, form_class, template="problems/act.html")


@require_http_methods(["GET", "HEAD", "POST"])
@audience(*BUSINESS)
def hand_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """交整改: the before photo beside the camera, one chip, [提交]. /problems/<uuid>/hand-in/"""
    problem = problem_or_404(request, pk)
    form_class = form_of("hand_in")
    assert form_class is not None
    return answer(request, problem, form_class, template="problems/hand_in.html")


def answer(
    request: HttpRequest, problem: Problem, form_class: type[ActForm], *, template: str
) -> HttpResponse:
    """The form, filled again with its errors; after success the way back with a note."""
    back = way_back(request, reverse("problems:detail", args=[problem.pk]))
    user: Any = request.user
    status, now = 200, timezone.now()
    if request.method == "POST":
        form = form_class(request.POST, request.FILES, user=user, problem=problem, now=now)
        form.device_offset = device_offset(request)
        done = form.attempt()
        if done is not None:
            words = form.done_words(done)
            leave_note(
                request, done, act=form.act, operation=form.operation, words=words, back=back
            )
            return HttpResponseRedirect(back)
        status = 422
    else:
        form = form_class(user=user, problem=problem, now=now, initial=_asked(request, problem))
    context = {
        "form": form, "problem": problem, "back": back, "now": now,
        "refused": "" if request.method == "POST" else why_not(request, problem, form),
        "units": units_for(user) if needs_units(form) else [],
        "before": card.latest_before(problem), "asked": _asked_about(request, problem, form, now),
        "cables": card.has_cables(problem), "line_ops": [uuid7() for _n in range(3)],
    }  # fmt: skip
    return render(request, template, context, status=status)


def _asked_about(
    request: HttpRequest, problem: Problem, form: ActForm, now: datetime
) -> answering.Asked | None:
    """The request that the form answers or takes back."""
    if form.act not in {"grant", "deny", "drop_request"}:
        return None
    found = answering.asked_on(problem, me(request), now)
    return next((a for a in found if a.is_waiting()), None)


def needs_units(form: Any) -> bool:
    """Whether a field of the form asks for a unit."""
    return any("list" in f.widget.attrs for f in form.fields.values())


def _asked(request: HttpRequest, problem: Problem) -> dict[str, Any]:
    """What the button that led here already said: for whom, which line, which reason."""
    found: dict[str, Any] = {
        name: request.GET[name]
        for name in ("reason", "obligation", "line", "label", "level", "outcome", "into")
        if name in request.GET
    }
    user: Any = request.user
    if user.role in TYPISTS and "for" in request.GET:
        units = {str(u.id): u for u in units_for(user)}
        found["behalf_unit"] = units.get(request.GET["for"])
    return found


def why_not(request: HttpRequest, problem: Problem, form: ActForm) -> str:
    """Why the reader may not do this act, neither for himself nor by 代录; "" when he may."""
    one, now = me(request), timezone.now()
    refused = refusal(form.act, one, problem, now=now)
    if refused is None:
        return ""
    offered = {b.act for b in card.buttons(one, problem, now).more if not b.refused}
    first = card.buttons(one, problem, now).first
    if form.act in offered or (first and first.act == form.act):
        return ""
    if one.user.role in TYPISTS and refused.code in {"not_yours", "nameless_verifier", "own_fix"}:
        return ""  # somebody else may have done it: the form asks who
    return refused.sentence()


@require_POST
@audience(*BUSINESS)
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the last act back within ten seconds. POST /problems/<uuid>/undo/"""
    problem = problem_or_404(request, pk)
    back = way_back(request, reverse("problems:detail", args=[pk]))
    user: Any = request.user
    try:
        operation = UUID(request.POST.get("operation", ""))
        acts.undo(problem=problem, operation=operation, by=user, op_id=uuid7())
    except Refused as refused:
        say_sorry(request, refused.sentence())
    except (ValueError, ObjectDoesNotExist) as error:
        raise Http404 from error
    else:
        toasts.leave(request, _undone(problem))
    return HttpResponseRedirect(back)


def _undone(problem: Problem) -> str:
    from django.utils.translation import gettext

    return gettext("%(number)s 已恢复原样") % {"number": problem.number}

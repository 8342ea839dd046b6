"""The card of one problem, shared by all roles."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from weicheng.frame.audience import audience
from weicheng.journal.ids import uuid7
from weicheng.problems import answering, card, deadlines, timeline
from weicheng.problems.doubts import doubts_about
from weicheng.problems.models import Obligation, Problem, RouteRule
from weicheng.problems.rules import is_paused, paused_until
from weicheng.problems.track import track_of
from weicheng.problems.views.asking import BUSINESS, me, problem_or_404
from weicheng.problems.words import SendBackReason

TABS = ("past", "photos", "site", "related")


@require_safe
@audience(*BUSINESS)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET /problems/<uuid>/?tab=past|photos|site|related."""
    problem = problem_or_404(request, pk)
    now = timezone.now()
    lead, others, three = card.answerers(problem)
    entries = timeline.entries(problem)
    history = card.same_site(problem, request.user)
    tab = request.GET.get("tab", "")
    one = me(request)
    owed = _owed(problem)
    asked = answering.asked_on(problem, one, now)
    context: dict[str, Any] = {
        "problem": problem, "now": now, "buttons": card.buttons(one, problem, now),
        "asked": next((a for a in asked if a.is_waiting()), None),
        "answered": [a for a in asked if not a.is_waiting()],
        "joined": answering.joined_to(problem, request.user),
        "why": deadlines.why_of(problem), "paused_until": _paused(problem, now),
        "verifier": _verifier(problem),
        "pass_words": card.pass_words(problem.level), "reasons": SendBackReason.choices,
        "pass_op": uuid7(), "back_op": uuid7(), "lead": lead, "others": others, "three": three,
        "timing": card.timing(problem), "entries": entries, "owed": owed,
        "holds": any(o.sort == Obligation.Sort.HOLDING for o in owed),
        "photos": [p for e in entries for p in e.photos if p.is_picture],
        "fresh": timeline.fresh_photo(problem, entries), "history": history,
        "track": track_of(problem, history, entries),
        "parking": next((p for p in problem.parkings.all() if p.ended_at is None), None),
        "cables": card.has_cables(problem), "tab": tab if tab in TABS else "past",
        "sweep": next((e for e in entries if e.act == "hand_in" and e.data.get("swept")), None),
        "related": card.related(problem, request.user),
        "doubts": doubts_about(problem, request.user),
    }  # fmt: skip
    return render(request, "problems/detail.html", context)


def _paused(problem: Problem, now: datetime) -> datetime | None:
    return paused_until(problem) if is_paused(problem, now) else None


def _verifier(problem: Problem) -> str:
    """Who is to verify, where that was settled."""
    known = RouteRule.Verifier
    return str(known(problem.verifier).label) if problem.verifier in known.values else ""


def _owed(problem: Problem) -> list[Obligation]:
    """Obligations other than the fix, those that hold the closing first."""
    rows = [
        o for o in problem.obligations.all()
        if o.sort != Obligation.Sort.MAIN and o.state != Obligation.State.WAIVED
    ]  # fmt: skip
    late = timezone.now().replace(year=9999)
    return sorted(rows, key=lambda o: (o.sort != Obligation.Sort.HOLDING, o.due_at or late))

"""时限规则: the table in sentences, its editing, 试算, and the recount after a new calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.journal.ids import uuid7
from weicheng.journal.once import ForeignOperation, OtherBody
from weicheng.problems import deadlines, due_words, limit_table, recounting
from weicheng.problems.forms.limits import LimitForm, TrialForm, by_haste
from weicheng.problems.models import DueRule, Problem
from weicheng.problems.route_table import may_edit_everywhere
from weicheng.workdays.book import calendar

READERS = (
    "leader", "area", "office", "unit", "town", "community", "sponsor", "inspector", "auditor",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A row of the table as the page shows it."""

    row: DueRule
    about: str
    terms: str
    mine: bool
    unreached: int
    op_id: UUID


@dataclass(frozen=True)
class Trial:
    """What the table gives for the facts that were typed."""

    found: deadlines.Proposed
    why: due_words.Why
    place: int


@require_safe
@audience(*READERS)
def limits(request: HttpRequest) -> HttpResponse:
    """GET /problems/limits/?kind=&severity=&condition=&region=&start= : the table and a trial."""
    user: Any = request.user
    form = TrialForm(request.GET if "kind" in request.GET else None, user=user)
    lines = _lines(user)
    is_office = user.role == "office"
    moved = recounting.moved(user, timezone.now()) if is_office else []
    context = {
        "lines": lines, "form": form, "is_office": is_office, "op_id": uuid7(),
        "trial": _tried(form, lines) if form.is_bound and form.is_valid() else None,
        "fallback": [(word, due_words.terms_words(terms)) for word, terms in by_haste()],
        "moved_count": len(moved), "moved": _shown(moved[:20]), "moved_at_once": MOST_AT_ONCE,
    }  # fmt: skip
    return render(request, "problems/limits.html", context)


MOST_AT_ONCE = recounting.MOST_SHOWN


def _lines(user: Any) -> list[Line]:
    rows, everywhere = limit_table.visible_to(user), may_edit_everywhere(user)
    hidden = limit_table.unreached(rows)
    places = {row.pk: n for n, row in enumerate(rows, start=1)}
    return [
        Line(
            row,
            due_words.tests_words(row),
            due_words.terms_words(deadlines.terms_of(row)),
            everywhere if row.region is None else limit_table.may_edit(user, row),
            places[hidden[row.pk].pk] if row.pk in hidden else 0,
            uuid7(),
        )
        for row in rows
    ]


def _tried(form: TrialForm, lines: list[Line]) -> Trial:
    found = form.proposed()
    kind = form.kinds[form.cleaned_data["kind"]]
    row = deadlines.rule_row(found.clock)
    place = next((n for n, line in enumerate(lines, start=1) if row and line.row.pk == row.pk), 0)
    why = due_words.why(found.clock, found.due, row, kind)
    checked = found.verify_due_at
    year = timezone.localtime(checked).year if checked else 0
    if checked and year not in found.due.unpublished and not calendar().year_is_published(year):
        why.warnings.append(due_words.unpublished_words(year))
    return Trial(found, why, place)


def _shown(rows: list[recounting.Moved]) -> list[tuple[Problem, recounting.Moved]]:
    known = Problem.objects.select_related("kind").defer("search").in_bulk(
        [row.problem for row in rows]
    )  # fmt: skip
    return [(known[row.problem], row) for row in rows if row.problem in known]


@require_http_methods(["GET", "HEAD", "POST"])
@audience("office")
def limit_new(request: HttpRequest) -> HttpResponse:
    """GET and POST /problems/limits/new/."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@audience("office")
def limit_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET and POST /problems/limits/<pk>/."""
    return _edit(request, _own(request, pk))


def _edit(request: HttpRequest, row: DueRule | None) -> HttpResponse:
    form = LimitForm(request.POST or None, user=request.user, row=row)
    if request.method == "POST" and form.is_valid() and _saved(form):
        toasts.leave(request, gettext("已保存，以后派出的按它算"))
        return HttpResponseRedirect(reverse("problems:limits"))
    context = {
        "form": form, "row": row,
        "title": due_words.tests_words(row) if row else gettext("加时限规则"),
    }  # fmt: skip
    return render(
        request, "problems/limits_edit.html", context, status=422 if form.is_bound else 200
    )


def _saved(form: LimitForm) -> bool:
    """Write it; what stands against it becomes a sentence above the form."""
    try:
        form.save()
    except limit_table.Changed:
        form.add_error(None, gettext("您打开以后，这一条又被改过。请先看最新内容，再改一次。"))
    except OtherBody:
        form.add_error(None, gettext("这次提交的编号已经用过，内容却不一样。请刷新后再试。"))
    except ForeignOperation as wrong:
        raise Http404 from wrong
    return not form.errors


def _own(request: HttpRequest, pk: UUID) -> DueRule:
    """A row that this user may change; another one does not exist for them."""
    found = next((row for row in limit_table.visible_to(request.user) if row.pk == pk), None)
    if found is None or not limit_table.may_edit(request.user, found):
        raise Http404
    return found


@require_POST
@audience("office")
def limit_do(request: HttpRequest, pk: UUID) -> HttpResponse:
    """POST do=up|down|off|on: move a row, or switch it."""
    row, do, op_id = _own(request, pk), request.POST.get("do", ""), _op_id(request)
    if do in {"up", "down"}:
        limit_table.move(by=request.user, op_id=op_id, row=row, up=do == "up")
    elif do in {"off", "on"}:
        limit_table.switch(by=request.user, op_id=op_id, row=row, on=do == "on")
        words = gettext("已启用：%(about)s") if do == "on" else gettext("已停用：%(about)s")
        toasts.leave(request, words % {"about": due_words.tests_words(row)})
    else:
        raise Http404
    return HttpResponseRedirect(f"{reverse('problems:limits')}#rules")


@require_POST
@audience("office")
def recount(request: HttpRequest) -> HttpResponse:
    """POST: the due times that the calendar has moved are reckoned anew."""
    done, refused = recounting.recount(
        by=request.user, op_id=_op_id(request), now=timezone.now()
    )  # fmt: skip
    words = gettext("已按新日历重算%(done)s件")
    if refused:
        words = gettext("已按新日历重算%(done)s件，%(refused)s件没有改成，请打开看原因")
    toasts.leave(request, words % {"done": done, "refused": refused})
    return HttpResponseRedirect(f"{reverse('problems:limits')}#moved")


def _op_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("op_id", ""))
    except ValueError:
        return uuid7()

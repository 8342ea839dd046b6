"""Pages on which the office writes duties: add, change, end, settle, hand over, merge."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from weicheng.duties import acts, handover, offers
from weicheng.duties.book import clause_of
from weicheng.duties.forms import (
    Dutiful,
    DutyForm,
    HandoverForm,
    MergeForm,
    SettleForm,
    known_persons,
)
from weicheng.duties.models import Duty
from weicheng.duties.permissions import may_settle, may_write
from weicheng.duties.refusals import Refused
from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.journal.ids import uuid7
from weicheng.journal.once import ForeignOperation
from weicheng.people.models import Unit

_NEEDS = ("unit", "region__parent", "site__region", "kind", "person", "leader")


def _duty(request: HttpRequest, pk: UUID, *, settling: bool = False) -> Duty:
    rows = Duty.objects.visible_to(request.user).select_related(*_NEEDS).distinct()
    duty = get_object_or_404(rows, pk=pk)
    may = may_settle if settling else may_write
    if not may(request.user, duty.region, duty.site):
        raise Http404
    return duty


def _home(duty: Duty) -> str:
    """The page on which a duty stands."""
    item = offers.item_of(clause_of(duty))
    return reverse("duties:item", args=[item]) if item else reverse("duties:areas")


def _back(request: HttpRequest, fallback: str) -> str:
    """Where the user came from, when it is one of our pages."""
    asked = request.POST.get("back") or request.GET.get("back") or ""
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/")
    return asked if safe else fallback


def _done(form: Dutiful, work: Any) -> Any:
    """Do it, or put the refusal into the form; None when refused."""
    try:
        return work()
    except Refused as wrong:
        form.add_error(None, wrong.sentence())
        return None
    except ForeignOperation as wrong:
        raise Http404 from wrong


@audience("office")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new duty; ?item=, ?kind=, ?check=, ?type=, ?region= and ?part= fill it in."""
    user: Any = request.user
    first = offers.first_values(user, request.GET)
    clauses = offers.clauses(request.POST.get("clause") or first.get("clause", ""))
    form = DutyForm(request.POST or None, user=user, clauses=clauses, initial=first)
    back = _back(request, reverse("duties:tree"))
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["op_id"]
        made = _done(form, lambda: acts.add(by=user, terms=form.terms(), op_id=number))
        if made is not None:
            toasts.leave(request, gettext("已保存分工"))
            return HttpResponseRedirect(_back(request, _home(made)))
    return _ask(request, form, title=gettext("加一条责任"), back=back)


@audience("office")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From a day on the duty says something else; the old row stays in the history."""
    user: Any = request.user
    duty = _duty(request, pk)
    clauses = offers.clauses(offers.value_of(clause_of(duty)))
    form = DutyForm(request.POST or None, user=user, clauses=clauses, duty=duty)
    back = _back(request, _home(duty))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = _done(
            form,
            lambda: acts.change(
                by=user, duty=duty, terms=form.terms(), day=data["since"], op_id=data["op_id"]
            ),
        )
        if made is not None:
            toasts.leave(request, gettext("已改，原来的分工留在记录里"))
            return HttpResponseRedirect(back)
    return _ask(request, form, title=gettext("修改责任"), back=back, duty=duty)


@audience("office")
@require_POST
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The duty ends today and nobody follows."""
    user: Any = request.user
    duty = _duty(request, pk)
    try:
        number = UUID(request.POST.get("op_id", ""))
        acts.end(by=user, duty=duty, last=timezone.localdate(), op_id=number)
    except Refused as wrong:
        toasts.leave(request, wrong.sentence())
    except (ValueError, ForeignOperation) as wrong:
        raise Http404 from wrong
    else:
        toasts.leave(request, gettext("这条责任到今天为止"))
    return HttpResponseRedirect(_back(request, _home(duty)))


@audience("office", "leader")
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """责任待明确: choose who leads; who decided is kept."""
    user: Any = request.user
    duty = _duty(request, pk, settling=True)
    day = timezone.localdate()
    choices = [duty, *(acts.rivals(duty, day) if duty.part == "lead" else [])]
    choices.sort(key=lambda row: (row.order, row.pk))
    named = [(str(row.pk), offers.who(row)) for row in choices]
    form = SettleForm(request.POST or None, user=user, duties=named, initial={"duty": named[0][0]})
    back = _back(request, reverse("duties:gaps"))
    if request.method == "POST" and form.is_valid():
        chosen = next(row for row in choices if str(row.pk) == form.cleaned_data["duty"])
        others = form.cleaned_data.get("others", "")
        number = form.cleaned_data["op_id"]
        made = _done(
            form,
            lambda: acts.settle(by=user, duty=chosen, others=others, day=day, op_id=number),
        )
        if made is not None:
            toasts.leave(request, gettext("已明确：%(who)s牵头") % {"who": offers.who(chosen)})
            return HttpResponseRedirect(back)
    context = {"form": form, "duty": duty, "back": back, "clause": offers.clause_words(duty),
               "may_edit": user.role == "office", "words": duty.words}  # fmt: skip
    return render(request, "duties/settle.html", context, status=_status(form))


@audience("office")
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """交接: first what moves is shown, then it is done in one act."""
    user: Any = request.user
    known = _asked(known_persons(user), request.GET.get("person", ""))
    first = {"day": timezone.localdate(), "person": str(known or "")}
    form = HandoverForm(request.POST or None, user=user, initial=first)
    moves = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        moves = handover.moves_of(data["person"], data["day"])
        if "confirm" in request.POST:
            done = _done(form, lambda: handover.hand_over(
                by=user, person=data["person"], to=data["to"], day=data["day"],
                leaves=data["leaves"], op_id=data["op_id"],
            ))  # fmt: skip
            if done is not None:
                toasts.leave(request, gettext("已交接，%(name)s接手") % {"name": data["to"].name})
                return HttpResponseRedirect(_back(request, reverse("duties:tree")))
    elif known is not None:
        moves = handover.moves_of(known, timezone.localdate())
    return _moving(request, form, moves, title=gettext("交接责任"))


@audience("office")
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest) -> HttpResponse:
    """A unit goes into another one: first what moves is shown, then it is done in one act."""
    user: Any = request.user
    known = _asked(Unit.objects.visible_to(user), request.GET.get("unit", ""))
    first = {"day": timezone.localdate(), "unit": known}
    form = MergeForm(request.POST or None, user=user, initial=first)
    if known is not None:
        form.fields["unit"].units.append(known)  # type: ignore[attr-defined]
    moves = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        moves = handover.moves_of_unit(data["unit"], data["day"])
        if "confirm" in request.POST:
            done = _done(form, lambda: handover.merge_units(
                by=user, unit=data["unit"], into=data["into"], day=data["day"],
                op_id=data["op_id"],
            ))  # fmt: skip
            if done is not None:
                words = gettext("%(unit)s已并入%(into)s")
                toasts.leave(
                    request, words % {"unit": data["unit"].name, "into": data["into"].name}
                )
                return HttpResponseRedirect(_back(request, reverse("duties:tree")))
    elif known is not None:
        moves = handover.moves_of_unit(known, timezone.localdate())
    return _moving(request, form, moves, title=gettext("单位合并"))


def _asked(rows: Any, key: str) -> Any:
    try:
        return rows.filter(pk=UUID(key)).first() if key else None
    except ValueError:
        return None


def _moving(request: HttpRequest, form: Any, moves: Any, *, title: str) -> HttpResponse:
    ready = form.is_bound and form.is_valid() and bool(moves and moves.total)
    context = {
        "form": form, "title": title, "moves": offers.said(moves) if moves else [],
        "ready": ready, "nothing": moves is not None and not moves.total,
        "units": form.units, "persons": form.persons(),
        "back": _back(request, reverse("duties:tree")),
    }  # fmt: skip
    return render(request, "duties/handover.html", context, status=200 if ready else _status(form))


def _ask(
    request: HttpRequest, form: DutyForm, *, title: str, back: str, duty: Duty | None = None
) -> HttpResponse:
    context = {
        "form": form, "title": title, "back": back, "duty": duty, "units": form.units,
        "persons": form.persons(), "end_op": uuid7(),
    }  # fmt: skip
    return render(request, "duties/form.html", context, status=_status(form))


def _status(form: Dutiful) -> int:
    """422 for a form that came back, so that tests and scripts can tell."""
    return 422 if form.is_bound and form.errors else 200

"""工作台: three panes of triage, worked by keyboard; fragments for htmx, whole pages without it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from weicheng.command import desk, queues
from weicheng.command.bulk import dispatch_as_proposed, pairs_of, text_of
from weicheng.command.forms import FORMS
from weicheng.command.proposals import proposal
from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.journal.ids import uuid7
from weicheng.problems import acts
from weicheng.problems.acts.undoing import UNDOABLE
from weicheng.problems.answering import Asked, asked_on
from weicheng.problems.choosing import units_for
from weicheng.problems.refusals import Refused
from weicheng.problems.who import acting


@audience("office")
@require_safe
def workbench(request: HttpRequest) -> HttpResponse:
    """The panes, or the part of them that htmx asks for."""
    if request.GET.get("queue", "") not in {"", *queues.QUEUES}:
        raise Http404
    state = desk.state_of(request.GET)
    return _show(request, state, desk.chosen(request.user, state.item) if state.item else None)


def _show(request: HttpRequest, state: desk.State, problem: Any, form: Any = None) -> HttpResponse:
    user, now = request.user, timezone.now()
    part = getattr(request, "htmx", None) and request.htmx.target  # type: ignore[attr-defined]
    if state.item and problem is None and part in {"matter", "acts"}:
        raise Http404
    context: dict[str, Any] = {
        "state": state, "now": now, "is_open": bool(state.item),
        "queue": queues.QUEUES[state.queue], "list_url": state.address(item="", act=""),
    }  # fmt: skip
    if part not in {"matter", "acts"}:
        page = desk.listing(user, state, now)
        problem = problem or (page.rows[0] if page.rows else None)
        context |= {"page": page, "tabs": desk.tabs(user, state, now)}
        context |= _list_words(state)
    if problem is not None:
        if state.fresh and problem.status == "new":
            problem.proposal = {}  # only here: what the rules say now is proposed, nothing is kept
        found = desk.matter(user, problem, state.act, now, form)
        context |= {"matter": found, "problem": problem, "form": found.form}
        context["links"] = desk.links(state, found)
        context["proposal"] = getattr(found.form, "proposal", None) or proposal(problem, now)
        context["fresh_url"] = state.address(item=str(problem.pk), act="dispatch", fresh="1")
        context |= {"asked": _waits(user, problem, now), "after_answer": state.address(item="")}
        if part != "acts":
            context |= desk.card(user, problem, now)
    if part in {"matter", "acts", "desk"}:
        return render(request, f"command/desk/{part}.html", {**context, "fragment": True})
    return render(request, "command/workbench.html", {**context, "units": units_for(user)})


def _waits(user: Any, problem: Any, now: datetime) -> Asked | None:
    """The request on this problem that waits for its answer."""
    if not problem.asking:
        return None
    found = asked_on(problem, acting(user, None, timezone.localdate(now)), now)
    return next((one for one in found if one.is_waiting()), None)


def _list_words(state: desk.State) -> dict[str, Any]:
    return {
        "pick_url": state.address(item="", act="", after="", pick="1"),
        "single_url": state.address(item="", act="", pick=""),
        "bulk_id": uuid7(),
    }


@audience("office")
@require_POST
def act(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Do one act on one problem, then open the next of the queue."""
    user: Any = request.user
    state = desk.state_of(request.POST)
    problem, form_class = desk.chosen(user, str(pk)), FORMS.get(act)
    if problem is None or form_class is None:
        raise Http404
    following = desk.following(user, state, problem, timezone.now())
    form = form_class(request.POST, request.FILES, problem=problem, user=user)
    done = form.attempt()
    if done is None:
        here = desk.State(queue=state.queue, after=state.after, item=str(pk), act=act)
        return _show(request, here, problem, form)
    undone = form.undoes() if hasattr(form, "undoes") else [(done, form.operation)]
    _note(request, form.done_words(done), undone if _undoable(act) else [], state)
    stays = act == "amend"
    item = str(pk) if stays else following
    return HttpResponseRedirect(state.address(item=item, act="", pick=""), status=303)


def _undoable(act: str) -> bool:
    return act in UNDOABLE or act == "merge"


def _note(
    request: HttpRequest, words: str, undone: list[tuple[Any, UUID]], state: desk.State
) -> None:
    """Say what was done, with the way back where there is one."""
    if not undone:
        toasts.leave(request, words)
        return
    fields = {"pairs": text_of(undone), "op_id": str(uuid7()), "queue": state.queue}
    toasts.leave(request, words, undo=reverse("command:undo"), fields=fields)


@audience("office")
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """撤销 the last act, or all of a bulk act."""
    user: Any = request.user
    state = desk.state_of(request.POST)
    base = _uuid(request.POST.get("op_id"))
    undone, refusals = 0, set()
    first = ""
    for problem, operation in pairs_of(request.POST.get("pairs", ""), user):
        try:
            acts.undo(
                problem=problem, operation=operation, by=user, op_id=uuid5(base, str(problem.pk))
            )
            undone, first = undone + 1, first or str(problem.pk)
        except Refused as refused:
            refusals.add(refused.sentence())
    words = [_("已撤销%(n)s件") % {"n": undone}] if undone else []
    toasts.leave(request, "".join(words + sorted(refusals)))
    return HttpResponseRedirect(state.address(item=first, act=""), status=303)


@audience("office")
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """派单 of up to 200 picked problems, each to the unit proposed for it."""
    state = desk.state_of(request.POST)
    chosen = [key for text in request.POST.getlist("problem")[: desk.BULK] if (key := _key(text))]
    outcome = dispatch_as_proposed(request.user, chosen, base=_uuid(request.POST.get("op_id")))
    _note(request, outcome.words(), outcome.done, state)
    return HttpResponseRedirect(desk.State(queue=state.queue).address(), status=303)


def _uuid(text: str | None) -> UUID:
    return _key(text) or uuid7()


def _key(text: str | None) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None

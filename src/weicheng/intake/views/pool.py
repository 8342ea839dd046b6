"""线索池 and 微信群收件箱: three panes by keyboard; leads are filed or set aside, undoable."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.frame.paging import page_of
from weicheng.intake import deciding, sifting
from weicheng.intake.deciding import file_lead, set_aside, undo_decision
from weicheng.intake.districts import districts_for
from weicheng.intake.filing import Chosen, bulk_file, chosen
from weicheng.intake.matter import matter_of
from weicheng.intake.models import AsideReason, Lead, LeadSource
from weicheng.intake.sifting import INBOX, POOL, Sieve, sieve_in, sieve_of
from weicheng.journal.ids import uuid7
from weicheng.problems.refusals import Refused
from weicheng.triage.outside import where_outside

PARTS = {"desk", "matter"}
TABS = tuple((state, state.label) for state in Lead.State)


@audience("office")
@require_safe
def leads(request: HttpRequest) -> HttpResponse:
    """The pool of leads."""
    return show(request, sieve_of(request.GET, POOL))


@audience("office")
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What WeChat groups said, finding by finding with photos."""
    return show(request, sieve_of(request.GET, INBOX))


def show(
    request: HttpRequest, sieve: Sieve, lead: Lead | None = None, wrong: str = ""
) -> HttpResponse:
    """The panes, or the part of them that htmx asks for."""
    user: Any = request.user
    part = getattr(request, "htmx", None) and request.htmx.target  # type: ignore[attr-defined]
    lead = lead or (sifting.one(user, sieve.item) if sieve.item else None)
    if sieve.item and lead is None and part == "matter":
        raise Http404
    context: dict[str, Any] = {
        "sieve": sieve, "is_open": bool(sieve.item), "now": timezone.now(), "wrong": wrong,
        "list_url": sieve.address(item=""), "op_id": uuid7(),
        "is_inbox": sieve.page == INBOX, "form": None,
    }  # fmt: skip
    if part != "matter":
        page = _page(user, sieve)
        first = page.rows[0].pk if page.rows else None
        lead = lead or (sifting.one(user, first) if first else None)
        context |= {"page": page, **_around(user, sieve)}
    if lead is not None:
        context |= {"lead": lead, "matter": matter_of(user, sieve, lead)}
    if part in PARTS:
        return render(request, f"intake/{part}.html", {**context, "fragment": True})
    status = 422 if wrong else 200
    return render(request, "intake/leads.html", context, status=status)


def _page(user: Any, sieve: Sieve) -> Any:
    found = sifting.for_list(sifting.rows(user, sieve))
    query = {n: v for n, v in (("after", sieve.after), ("before", sieve.before)) if v}
    size = sifting.BULK if sieve.pick else 50
    return page_of(found, order=sieve.order, query=query, size=size)


def _around(user: Any, sieve: Sieve) -> dict[str, Any]:
    counts = sifting.tab_counts(user, sieve)
    names = dict(Lead.State.choices)
    tabs = [
        (sieve.address(tab=value, item="", after="", before="", pick=""), names[value],
         counts.get(value, 0), value == sieve.tab)
        for value, _words in TABS
    ]  # fmt: skip
    return {
        "tabs": tabs, "sources": LeadSource.choices, "counted": sifting.kind_counts(user, sieve),
        "reasons": [c for c in AsideReason.choices if c[0] != AsideReason.MERGED],
        "likely": [
            (sieve.address(kind=name, pick="1", item="", after="", before="", words=""), name, n)
            for name, n in sifting.likely(user, sieve)
        ],
        "ticked": sieve.kind in {sifting.SURE_KIND, sifting.SURE_OUTSIDE},
        "pick_url": sieve.address(pick="1", item="", after="", before=""),
        "single_url": sieve.address(pick="", item=""), "districts": districts_for(user),
    }  # fmt: skip


def lead_or_404(request: HttpRequest, pk: UUID) -> Lead:
    """The lead, if this user may see it."""
    found = sifting.one(request.user, pk)
    if found is None:
        raise Http404
    return found


@audience("office")
@require_POST
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """立为问题, then the next one."""
    user: Any = request.user
    sieve, lead = sieve_in(request.POST), lead_or_404(request, pk)
    after = sifting.following(user, sieve, lead)
    op_id = key_of(request.POST.get("op_id")) or uuid7()
    try:
        asked: Chosen = chosen(request.POST, lead, user)
        problem = file_lead(
            lead=lead, kind=asked.kind, by=user, op_id=op_id, place=asked.place,
            region=asked.region, site=asked.site,
        )  # fmt: skip
    except Refused as refused:
        return show(request, _at(sieve, str(pk)), lead, refused.sentence())
    _note(request, sieve, _("已立为问题 %(number)s") % {"number": problem.number}, op_id)
    return HttpResponseRedirect(sieve.address(item=after), status=303)


@audience("office")
@require_POST
def aside(request: HttpRequest, pk: UUID) -> HttpResponse:
    """搁置 with a reason, then the next one."""
    user: Any = request.user
    sieve, lead = sieve_in(request.POST), lead_or_404(request, pk)
    after = sifting.following(user, sieve, lead)
    op_id, reason = key_of(request.POST.get("op_id")) or uuid7(), request.POST.get("reason", "")
    try:
        n = set_aside(leads=[lead], reason=reason, by=user, op_id=op_id)
    except Refused as refused:
        return show(request, _at(sieve, str(pk)), lead, refused.sentence())
    if n:
        _note(request, sieve, _aside_words(lead, reason), op_id)
    return HttpResponseRedirect(sieve.address(item=after), status=303)


@audience("office")
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Up to 200 picked leads: filed with their proposals, or set aside for one reason."""
    user: Any = request.user
    sieve = sieve_in(request.POST)
    keys = [k for text in request.POST.getlist("lead")[: sifting.BULK] if (k := key_of(text))]
    picked = list(sifting.for_list(Lead.objects.visible_to(user)).filter(pk__in=keys))
    op_id, reason = key_of(request.POST.get("op_id")) or uuid7(), request.POST.get("reason", "")
    if not picked:
        toasts.leave(request, _("还没有勾选线索"))
    elif request.POST.get("do") == "aside":
        _bulk_aside(request, sieve, picked, reason, op_id)
    else:
        outcome = bulk_file(picked, by=user, op_id=op_id)
        _note(request, sieve, outcome.words(), op_id if outcome.filed else None)
    return HttpResponseRedirect(sieve.address(item="", pick="", after=""), status=303)


def _bulk_aside(
    request: HttpRequest, sieve: Sieve, picked: list[Lead], reason: str, op_id: UUID
) -> None:
    user: Any = request.user
    try:
        n = set_aside(leads=picked, reason=reason, by=user, op_id=op_id)
    except Refused as refused:
        toasts.leave(request, refused.sentence())
        return
    _note(request, sieve, _("已搁置%(n)s条") % {"n": n}, op_id if n else None)


@audience("office")
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """撤销 the last decision within ten seconds."""
    user: Any = request.user
    sieve, decision = sieve_in(request.POST), key_of(request.POST.get("decision"))
    try:
        if decision is None:
            raise Refused("undo_not_this")
        back = undo_decision(decision=decision, by=user, op_id=uuid7())
        toasts.leave(request, _("已撤销%(n)s条") % {"n": back})
    except Refused as refused:
        toasts.leave(request, refused.sentence())
    item = request.POST.get("lead", "")
    return HttpResponseRedirect(sieve.address(item=item), status=303)


@audience("office")
@require_POST
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A lead that was set aside comes back."""
    user: Any = request.user
    sieve, lead = sieve_in(request.POST), lead_or_404(request, pk)
    deciding.reopen_lead(lead=lead, by=user)
    toasts.leave(request, _("已放回待处理"))
    return HttpResponseRedirect(sieve.address(item=""), status=303)


def _aside_words(lead: Lead, reason: str) -> str:
    values = {"reason": AsideReason(reason).label}
    if reason == AsideReason.OUTSIDE and lead.outside is not None:
        where = where_outside(lead.outside)
        return _("已搁置：%(reason)s，建议转%(where)s") % {**values, "where": where}
    return _("已搁置：%(reason)s") % values


def _note(request: HttpRequest, sieve: Sieve, words: str, decision: UUID | None) -> None:
    if decision is None:
        toasts.leave(request, words)
        return
    fields = {**sieve.kept(), "decision": str(decision)}
    toasts.leave(request, words, undo=reverse("intake:undo"), fields=fields)


def _at(sieve: Sieve, item: str) -> Sieve:
    return Sieve(**{**sieve.__dict__, "item": item})


def key_of(text: str | None) -> UUID | None:
    """A UUID out of what a form sent."""
    try:
        return UUID(str(text))
    except ValueError:
        return None

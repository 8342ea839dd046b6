"""派单规则: the table in sentences, its editing, and 试算."""

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

from weicheng.duties import resolver
from weicheng.duties.resolver import Accountable
from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.journal.ids import uuid7
from weicheng.people.models import Person
from weicheng.problems import deadlines, due_words, route_table, route_words, routing
from weicheng.problems.choosing import units_for
from weicheng.problems.forms.routing import RuleForm, TrialForm
from weicheng.problems.models import RouteRule


@dataclass(frozen=True)
class Line:
    """A row of the table as the page shows it."""

    rule: RouteRule
    when: str
    then: str
    mine: bool
    unreached: str
    op_id: UUID


@dataclass(frozen=True)
class Trial:
    """What the table says about the facts that were typed."""

    offer: routing.Proposed
    others: list[tuple[str, str]]
    person: Person | None
    verifier: str
    found_by: str
    duty: Accountable
    due: deadlines.Proposed
    due_why: due_words.Why
    verdicts: list[tuple[routing.Verdict, str]]


@require_safe
@audience("office")
def routes(request: HttpRequest) -> HttpResponse:
    """GET /problems/routes/?kind=&region=&site=&severity=&source= : the table and a trial."""
    user: Any = request.user
    asked = bool(request.GET.get("kind") or request.GET.get("place"))
    form = TrialForm(request.GET if asked else None, user=user)
    tried = _tried(form, user) if asked and form.is_valid() else None
    return render(
        request, "problems/routes.html",
        {"lines": _lines(user), "form": form, "trial": tried, "asked": asked},
    )  # fmt: skip


def _lines(user: Any) -> list[Line]:
    everywhere, found, last = route_table.may_edit_everywhere(user), [], ""
    for rule in route_table.visible_to(user):
        mine = everywhere if rule.region is None else route_table.may_edit(user, rule)
        found.append(
            Line(
                rule, route_words.when(rule), route_words.then(rule), mine,
                last if rule.active else "", uuid7(),
            )
        )  # fmt: skip
        if not last and route_table.fits_all(rule):
            last = rule.title
    return found


def _tried(form: TrialForm, user: Any) -> Trial:
    facts, now = form.facts(), timezone.now()
    offer = routing.proposed(facts)
    duty = resolver.accountable(
        kind=facts.kind, region=facts.region, site=facts.site, day=facts.day
    )
    due = deadlines.propose(
        kind=facts.kind, region=facts.region, site=facts.site, severity=facts.severity, now=now
    )
    seen = {rule.pk for rule in route_table.visible_to(user)}
    shown = [v for v in routing.verdicts(facts) if v.won or v.rule.pk in seen]
    return Trial(
        offer=offer,
        others=[(str(route_words.PARTS.get(p, p)), str(u)) for u, p in offer.others],
        person=Person.objects.filter(pk=offer.person).first() if offer.person else None,
        verifier=str(RouteRule.Verifier(offer.verifier).label),
        found_by=route_words.found_by(offer),
        duty=duty, due=due,
        due_why=due_words.why(due.clock, due.due, deadlines.rule_row(due.clock), facts.kind),
        verdicts=[(verdict, route_words.lost(verdict)) for verdict in shown],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@audience("office")
def route_new(request: HttpRequest) -> HttpResponse:
    """GET and POST /problems/routes/new/."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@audience("office")
def route_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET and POST /problems/routes/<pk>/."""
    return _edit(request, _own(request, pk))


def _edit(request: HttpRequest, rule: RouteRule | None) -> HttpResponse:
    user: Any = request.user
    form = RuleForm(request.POST or None, user=user, rule=rule)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            saved = form.save()
            toasts.leave(
                request, gettext("“%(name)s”已保存，以后登记的问题按它") % {"name": saved.name}
            )
            return HttpResponseRedirect(reverse("problems:routes"))
        status = 422
    context = {"form": form, "rule": rule, "units": units_for(user)}
    return render(request, "problems/routes_edit.html", context, status=status)


def _own(request: HttpRequest, pk: UUID) -> RouteRule:
    """A row that this user may change; another one does not exist for him."""
    found = next((r for r in route_table.visible_to(request.user) if r.pk == pk), None)
    if found is None or not route_table.may_edit(request.user, found):
        raise Http404
    return found


@require_POST
@audience("office")
def route_do(request: HttpRequest, pk: UUID) -> HttpResponse:
    """POST do=up|down|off|on: move a row, or switch it."""
    rule, do = _own(request, pk), request.POST.get("do", "")
    try:
        op_id = UUID(request.POST.get("op_id", ""))
    except ValueError:
        op_id = uuid7()
    if do in {"up", "down"}:
        route_table.move(by=request.user, op_id=op_id, rule=rule, up=do == "up")
    elif do in {"off", "on"}:
        route_table.switch(by=request.user, op_id=op_id, rule=rule, on=do == "on")
        words = gettext("“%(name)s”已启用") if do == "on" else gettext("“%(name)s”已停用")
        toasts.leave(request, words % {"name": rule.title})
    else:
        raise Http404
    return HttpResponseRedirect(f"{reverse('problems:routes')}#rules")

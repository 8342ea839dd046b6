"""Who goes: teams, replacements, the broken seal, and people from elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.inspections import acts
from weicheng.inspections.acts.teams import able, barred_among, may_regroup
from weicheng.inspections.forms import GuestForm, OnceForm, TeamsForm
from weicheng.inspections.models import Guest, Member, Plan, Team
from weicheng.inspections.permissions import may_plan_in
from weicheng.inspections.refusals import Refused
from weicheng.journal.ids import uuid7
from weicheng.journal.once import ForeignOperation
from weicheng.people.links import link_for
from weicheng.people.models import Person, Post

GOERS = ("office", "leader", "inspector", "auditor", "area", "town", "community")


def _plan(request: HttpRequest, pk: UUID) -> Plan:
    """A visible plan of the reader's own region; anything else does not exist."""
    user: Any = request.user
    rows = Plan.objects.visible_to(user).select_related("region")
    found = get_object_or_404(rows, pk=pk)
    return found if may_plan_in(user, found.region) else get_object_or_404(rows.none(), pk=pk)


@audience("office")
@require_http_methods(["GET", "HEAD", "POST"])
def teams(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET and POST /checks/<pk>/teams/ : every person with a team; whom it concerns stays here."""
    user: Any = request.user
    plan = _plan(request, pk)
    if not may_regroup(plan):
        return _members(request, plan)
    persons = able(plan)
    barred = barred_among(plan, persons)
    fit = [person for person in persons if person.pk not in barred]
    form = TeamsForm(request.POST or None, persons=fit, initial=_initial(plan))
    if request.method == "POST" and form.is_valid():
        try:
            acts.set_teams(by=user, plan=plan, crews=form.crews, op_id=form.cleaned_data["op_id"])
        except (Refused, ForeignOperation) as refused:
            form.add_error(None, _sentence(refused))
        else:
            toasts.leave(request, _("已编好%(n)s个组") % {"n": len(form.crews)})
            return redirect("inspections:plan", plan.pk)
    units = _units(persons)
    rows = [(p, units(p), form[f"team-{p.pk}"], form[f"leads-{p.pk}"]) for p in fit]
    context = {
        "plan": plan, "form": form, "rows": rows,
        "barred": [(p, units(p)) for p in persons if p.pk in barred],
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "inspections/plan_teams.html", context, status=status)


def _initial(plan: Plan) -> dict[str, Any]:
    found: dict[str, Any] = {"op_id": uuid7()}
    for n, team in enumerate(plan.teams.prefetch_related("members"), 1):
        for member in team.members.all():
            found[f"team-{member.person_id}"] = n
            found[f"leads-{member.person_id}"] = member.person_id == team.leader_id
    return found


def _units(persons: list[Person]) -> Callable[[Person], str]:
    """How to say the units of each person, 原单位 marked; one query."""
    said: defaultdict[UUID, list[str]] = defaultdict(list)
    for post in Post.objects.filter(person__in=persons, until=None).select_related("unit"):
        words = _("%(unit)s（原单位）") if post.sort == Post.Sort.HOME else "%(unit)s"
        said[post.person_id].append(words % {"unit": post.unit})
    return lambda person: _("、").join(said[person.pk]) or person.title


def _members(request: HttpRequest, plan: Plan) -> HttpResponse:
    """After the lock: who goes, each with somebody who could go instead."""
    taken = set(Member.objects.filter(team__plan=plan).values_list("person", flat=True))
    spare = [p for p in able(plan) if p.pk not in taken]
    barred = barred_among(plan, spare)
    spare = [p for p in spare if p.pk not in barred]
    context = {
        "plan": plan, "spare": spare,
        "teams": [
            (team, uuid7())
            for team in plan.teams.select_related("leader").prefetch_related("members__person")
        ],
    }  # fmt: skip
    return render(request, "inspections/plan_members.html", context)


@audience("office")
@require_POST
def replace(request: HttpRequest, pk: UUID) -> HttpResponse:
    """POST /checks/<pk>/replace/ {team, old, new, op_id} : somebody else goes instead."""
    user: Any = request.user
    plan = _plan(request, pk)
    try:
        team = plan.teams.get(pk=UUID(request.POST["team"]))
        old = Person.objects.get(pk=UUID(request.POST["old"]), pk__in=_of(team))
        new = next(p for p in able(plan) if str(p.pk) == request.POST["new"])
        acts.replace_member(by=user, team=team, old=old, new=new, op_id=UUID(request.POST["op_id"]))
    except (Refused, ForeignOperation) as refused:
        toasts.leave(request, _sentence(refused))
    except (KeyError, ValueError, StopIteration, Team.DoesNotExist, Person.DoesNotExist):
        toasts.leave(request, _("请选择换谁、换成谁。"))
    else:
        words = _("%(old)s换成了%(new)s") % {"old": old.name, "new": new.name}
        toasts.leave(request, words)
    return redirect("inspections:teams", plan.pk)


def _of(team: Team) -> Any:
    return team.members.values("person")


@audience(*GOERS)
@require_POST
def unseal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """POST /checks/<pk>/unseal/ {op_id, on_paper?, team?} : 上车启封, or on paper by the office."""
    user: Any = request.user
    rows = Plan.objects.visible_to(user).select_related("region")
    plan, form = get_object_or_404(rows, pk=pk), OnceForm(request.POST)
    on_paper = request.POST.get("on_paper") == "1"
    named = request.POST.get("team", "")
    team = get_object_or_404(plan.teams.all(), pk=_uuid(named)) if named else None
    if not form.is_valid():
        toasts.leave(request, _("页面已过期，请刷新后再点一次。"))
        return redirect("inspections:plan", plan.pk)
    try:
        opened = acts.break_seal(
            by=user, plan=plan, op_id=form.cleaned_data["op_id"], on_paper=on_paper, team=team
        )
    except (Refused, ForeignOperation) as refused:
        toasts.leave(request, _sentence(refused))
    else:
        names = _("、").join(one.name for one in opened)
        toasts.leave(request, _("%(teams)s的路线已启封") % {"teams": names})
    return redirect("inspections:plan", plan.pk)


@audience("office")
@require_http_methods(["GET", "HEAD", "POST"])
def guests(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET and POST /checks/<pk>/guests/ : people from elsewhere, with accounts that end."""
    user: Any = request.user
    plan = _plan(request, pk)
    form = _guest_form(request, plan)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            guest = acts.invite_guest(
                by=user, plan=plan, name=given["name"], comes_from=given["comes_from"],
                home=given["home"], phone=given["phone"], until=form.until_moment(),
                op_id=given["op_id"],
            )  # fmt: skip
        except (Refused, ForeignOperation) as refused:
            form.add_error(None, _sentence(refused))
        else:
            toasts.leave(request, _("已为%(name)s开了临时账号") % {"name": guest.user.person})
            return redirect("inspections:guests", plan.pk)
    return _guests_page(request, plan, form)


def _guest_form(request: HttpRequest, plan: Plan, *, empty: bool = False) -> GuestForm:
    initial = {"op_id": uuid7(), "until": plan.ends_on + timedelta(days=1)}
    given = None if empty else request.POST or None
    return GuestForm(given, user=request.user, initial=initial)


def _guests_page(
    request: HttpRequest, plan: Plan, form: GuestForm, link: tuple[Guest, str] | None = None
) -> HttpResponse:
    rows = [(guest, uuid7()) for guest in plan.guests.select_related("user__person", "home")]
    context = {"plan": plan, "guests": rows, "form": form, "link": link}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "inspections/plan_guests.html", context, status=status)


@audience("office")
@require_POST
def guest_do(request: HttpRequest, pk: UUID, guest_pk: UUID) -> HttpResponse:
    """POST /checks/<pk>/guests/<guest>/ {op_id, act: link | end} : a one-time link, or the end."""
    user: Any = request.user
    plan = _plan(request, pk)
    guest = get_object_or_404(plan.guests.select_related("user__person", "plan__region"),
                              pk=guest_pk)  # fmt: skip
    if request.POST.get("act") == "link" and guest.user.is_active:
        address = link_for(guest.user, request.build_absolute_uri("/"))
        form = _guest_form(request, plan, empty=True)
        return _guests_page(request, plan, form, (guest, address))
    form_once = OnceForm(request.POST)
    if form_once.is_valid():
        try:
            acts.end_guest(by=user, guest=guest, op_id=form_once.cleaned_data["op_id"])
        except (Refused, ForeignOperation) as refused:
            toasts.leave(request, _sentence(refused))
        else:
            toasts.leave(request, _("%(name)s的账号已停") % {"name": guest.user.person})
    return redirect("inspections:guests", plan.pk)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _sentence(refused: Refused | ForeignOperation) -> str:
    return refused.sentence() if isinstance(refused, Refused) else Refused("other_body").sentence()

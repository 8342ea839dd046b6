"""今日路线: an inspector's sites of the day; making a day of checks; the sheet of one site."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.inspections import history
from weicheng.inspections.acts.daily import inspectors_for
from weicheng.inspections.day_routes import daily_route, first_on_the_way, way
from weicheng.inspections.route_forms import DailyForm
from weicheng.inspections.rulebook import rulings_for
from weicheng.people.models import Person
from weicheng.places.models import Site

CHECKING = ("office", "inspector", "area", "town", "community")


@require_safe
@audience(*CHECKING)
def route(request: HttpRequest) -> HttpResponse:
    """GET /checks/route/?day=&person= : the sites of one person's day, in walkable order."""
    user: Any = request.user
    day = day_asked(request)
    person = person_asked(request)
    found = daily_route(user, day, person=person)
    if not found and user.role == "office" and "person" not in request.GET:
        person = first_on_the_way(user, day)
        found = daily_route(user, day, person=person) if person is not None else found
    metres, minutes = way(found)
    context = {
        "route": found, "day": day, "person": person or user.person, "other": person is not None,
        "todo": sum(not one.done for one in found), "metres": metres, "minutes": minutes,
        "km": f"{metres / 1000:.1f}", "today": timezone.localdate(), "field": field_address(),
        "people": inspectors_for(user) if user.role == "office" else [],
    }  # fmt: skip
    return render(request, "inspections/route.html", context)


def day_asked(request: HttpRequest) -> date:
    """The day of the address, today without one; what is no day does not exist."""
    text = request.GET.get("day", "")
    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError as wrong:
        raise Http404 from wrong


def person_asked(request: HttpRequest) -> Person | None:
    """Whose route the office wants to see; for others their own only."""
    text = request.GET.get("person", "")
    user: Any = request.user
    if not text or text == str(user.person_id):
        return None
    try:
        pk = UUID(text)
    except ValueError as wrong:
        raise Http404 from wrong
    if user.role != "office":
        raise Http404
    return get_object_or_404(Person.objects.visible_to(user), pk=pk)


def field_address() -> str:
    """Where the field program is, if this installation has it."""
    try:
        return reverse("fieldwork:home")
    except NoReverseMatch:
        return ""


@require_http_methods(["GET", "HEAD", "POST"])
@audience("office")
def daily_new(request: HttpRequest) -> HttpResponse:
    """GET and POST /checks/daily/new/ : 排日检查."""
    user: Any = request.user
    posted = (request.POST,) if request.method == "POST" else ()
    form = DailyForm(*posted, user=user)
    plan = form.attempt() if posted else None
    if plan is not None:
        words = gettext("排好了：%(people)s人，%(stops)s个点位。") % {
            "people": plan.teams.count(), "stops": plan.stops.count(),
        }  # fmt: skip
        toasts.leave(request, f"{words}{plan.note}")
        person = plan.teams.values_list("leader", flat=True).first()
        address = reverse("inspections:route")
        return HttpResponseRedirect(f"{address}?day={plan.starts_on.isoformat()}&person={person}")
    status = 422 if posted else 200
    return render(request, "inspections/route_new.html", {"form": form}, status=status)


@require_safe
@audience("leader", *CHECKING, "unit", "sponsor", "auditor")
def site(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET /checks/sites/<pk>/ : the check sheet of a site with rulings, and its last visits."""
    user: Any = request.user
    row = get_object_or_404(
        Site.objects.visible_to(user).select_related("site_type", "region"), pk=pk
    )
    found = history.site_history(row, user)
    rulings = rulings_for(one.check.key for one in found.checks)
    checks = [(one, rulings.get(one.check.key, [])) for one in found.checks]
    context = {"site": row, "visits": found.visits, "checks": checks}
    return render(request, "inspections/route_site.html", context)

"""纸质检查表: printing one sheet a site, and typing a filled one in (代录)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.inspections import paper_sheets
from weicheng.inspections.acts.paper import PASSED, typed_in
from weicheng.inspections.day_routes import daily_route
from weicheng.inspections.models import Plan, Stop
from weicheng.inspections.paper_forms import FIRST_ROWS, PaperForm
from weicheng.inspections.paper_sheets import Sheet
from weicheng.inspections.permissions import may_check_in
from weicheng.people.models import Person
from weicheng.places.models import Site

CHECKING = ("office", "inspector", "area", "town", "community")


@require_safe
@audience(*CHECKING)
def paper_plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET /checks/paper/plan/<pk>/?team=&from= : the sheets of the stops this reader may see."""
    user: Any = request.user
    plan = get_object_or_404(Plan.objects.visible_to(user), pk=pk)
    stops = Stop.objects.visible_to(user).filter(plan=plan, gone="")
    team = request.GET.get("team", "")
    if team:
        stops = stops.filter(team=_uuid(team))
    rows = list(
        stops.select_related("site__site_type", "site__region", "plan", "team").order_by(
            "team__name", "order", "pk"
        )
    )
    return _print(request, paper_sheets.sheets_of_stops(_part(request, rows)), plan, len(rows))


@require_safe
@audience(*CHECKING)
def paper_route(request: HttpRequest) -> HttpResponse:
    """GET /checks/paper/route/?day=&person= : the sheets of what is left of a day's route."""
    user: Any = request.user
    day = timezone.localdate()
    if text := request.GET.get("day", ""):
        try:
            day = day.fromisoformat(text)
        except ValueError as wrong:
            raise Http404 from wrong
    person = None
    if (who := request.GET.get("person", "")) and who != str(user.person_id):
        if user.role != "office":
            raise Http404
        person = get_object_or_404(Person.objects.visible_to(user), pk=_uuid(who))
    route = daily_route(user, day, person=person)
    stops = [one.stop for one in route if not one.done]
    return _print(request, paper_sheets.sheets_of_stops(_part(request, stops)), None, len(stops))


@require_safe
@audience(*CHECKING)
def paper_site(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET /checks/paper/site/<pk>/ : one sheet for a site beside any plan."""
    user: Any = request.user
    rows = Site.objects.visible_to(user).select_related("site_type", "region")
    site = get_object_or_404(rows, pk=pk)
    if not may_check_in(user, site.region):
        raise Http404
    return _print(request, [paper_sheets.sheet_of_site(site)], None, 1)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as wrong:
        raise Http404 from wrong


def _start(request: HttpRequest) -> int:
    text = request.GET.get("from", "")
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _part(request: HttpRequest, stops: list[Stop]) -> list[Stop]:
    start = _start(request)
    return stops[start : start + paper_sheets.MOST]


def _print(
    request: HttpRequest, sheets: Sequence[Sheet], plan: Plan | None, total: int
) -> HttpResponse:
    def address(token: str) -> str:
        return request.build_absolute_uri(reverse("inspections:paper", args=[token]))

    start, kept = _start(request), request.GET.copy()
    end = start + paper_sheets.MOST
    kept["from"] = str(end)
    context = {
        "printed": paper_sheets.printed(sheets, address), "plan": plan, "total": total,
        "start": start + 1, "end": start + len(sheets), "today": timezone.localdate(),
        "next": kept.urlencode() if end < total else "", "lines": range(4),
    }  # fmt: skip
    return render(request, "inspections/paper_sheets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(*CHECKING)
def paper(request: HttpRequest, token: str) -> HttpResponse:
    """GET and POST /checks/paper/<token>/ : type the sheet in that carries this QR."""
    user: Any = request.user
    key = paper_sheets.read(token)
    sheet = paper_sheets.sheet_for(key, user) if key else None
    if key is None or sheet is None:
        return render(request, "inspections/paper_wrong.html", status=404)
    context = {"sheet": sheet, "site": sheet.site, "stop": sheet.stop}
    if request.method != "POST":
        form = PaperForm(user=user, sheet=sheet, rows=FIRST_ROWS)
        known = typed_in(key)
        return render(request, "inspections/paper.html", {**context, "form": form, "known": known})
    data, does = request.POST.copy(), request.POST.get("do", "")
    rows = _change(data, sheet, does)
    form = PaperForm(data, request.FILES, user=user, sheet=sheet, rows=rows)
    if does in {"rest", "more"}:  # not sent off yet: pictures are kept, nothing is blamed
        form.is_valid()
        form.errors.clear()
        return render(request, "inspections/paper.html", {**context, "form": form})
    visit = form.attempt()
    if visit is None:
        return render(request, "inspections/paper.html", {**context, "form": form}, status=422)
    words = gettext("“%(site)s”的检查已录入，记在%(person)s名下") % {
        "site": sheet.site.name, "person": visit.inspector.name,
    }  # fmt: skip
    toasts.leave(request, words)
    return HttpResponseRedirect(_afterwards(sheet, user))


def _afterwards(sheet: Sheet, user: Any) -> str:
    """The looks at the site; a guest, who knows no sites but those of the plan, reads the plan."""
    if sheet.stop is None or Site.objects.visible_to(user).filter(pk=sheet.site.pk).exists():
        return reverse("inspections:site", args=[sheet.site.pk])
    return reverse("inspections:plan", args=[sheet.stop.plan_id])


def _change(data: QueryDict, sheet: Sheet, does: str) -> int:
    """What the two side buttons do to the typed values; the number of problem rows."""
    text = data.get("rows", "")
    rows = int(text) if text.isdecimal() and len(text) < 3 else FIRST_ROWS
    if does == "rest":
        for check, _rulings in sheet.checks:
            if not data.get(f"c-{check.key}"):
                data[f"c-{check.key}"] = PASSED
    return rows + 1 if does == "more" else rows

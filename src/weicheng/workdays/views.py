"""Pages of the working calendar: a year at a glance, and what the office changes in it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.frame.forms import Form
from weicheng.frame.moments import day_words
from weicheng.journal.ids import uuid7
from weicheng.journal.once import ForeignOperation
from weicheng.workdays import book, edits, months, notice
from weicheng.workdays.affected import affected
from weicheng.workdays.forms import FIRST_YEAR, LAST_YEAR, DayForm, HoursForm, YearForm

READERS = (
    "leader", "area", "office", "unit", "town", "community", "sponsor", "inspector", "auditor",
    "admin",
)  # fmt: skip


@require_safe
@audience(*READERS)
def calendar(request: HttpRequest) -> HttpResponse:
    """A year as twelve months."""
    today = timezone.localdate()
    year = _year(request.GET.get("year", ""), today.year)
    known = book.calendar()
    source, certainty = edits.source_of(year)
    is_office = _user(request).role == edits.OFFICE
    context = {
        "year": year,
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < LAST_YEAR else None,
        "months": months.months(known, year, today),
        "published": known.year_is_published(year),
        "source": source,
        "certainty": certainty,
        "missing": book.missing_next_year(today),
        "seasons": months.seasons(known, year),
        "working_days": months.working_days(known, year),
        "affected": affected(_user(request)) if is_office else [],
        "may_edit": is_office,
    }
    return render(request, "workdays/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@audience("office")
def day(request: HttpRequest, day: str) -> HttpResponse:
    """One day as worked or free."""
    which, known = _day(day), book.calendar()
    form = DayForm(request.POST) if request.method == "POST" else DayForm.opened(which, known)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        asked = {"day": which, "working": form.working(), "name": given["name"]}
        if _done(form, lambda: edits.set_day(by=_user(request), op_id=given["op_id"], **asked)):
            toasts.leave(request, gettext("已保存，以后的时限按新的日历推算"))
            return _to_year(which.year)
    context = {
        "form": form,
        "title": day_words(which, date.min),
        "lead": months.said(known, which),
        "back": f"{reverse('workdays:calendar')}?year={which.year}",
    }
    return render(request, "workdays/edit.html", context, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@audience("office")
def hours(request: HttpRequest) -> HttpResponse:
    """Working hours from a day on; the office's own may be taken away again."""
    today, known = timezone.localdate(), book.calendar()
    if request.method == "POST" and (gone := request.POST.get("remove")):
        return _remove_hours(request, _day(gone))
    form = HoursForm(request.POST) if request.method == "POST" else HoursForm.opened(today, known)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        asked = {"since": given["since"], "hours": form.hours()}
        if _done(form, lambda: edits.set_hours(by=_user(request), op_id=given["op_id"], **asked)):
            toasts.leave(request, gettext("已保存，以后的时限按新的作息推算"))
            return _to_year(given["since"].year)
    context = {
        "form": form, "seasons": months.own_seasons(), "op_id": uuid7(),
        "back": reverse("workdays:calendar"),
    }  # fmt: skip
    return render(request, "workdays/hours.html", context, status=_status(form))


def _remove_hours(request: HttpRequest, since: date) -> HttpResponse:
    try:
        op_id = UUID(request.POST.get("op_id", ""))
        edits.set_hours(by=_user(request), since=since, hours=None, op_id=op_id)
    except (ValueError, edits.Refused, ForeignOperation) as wrong:
        raise Http404 from wrong
    toasts.leave(request, gettext("已去掉这一季的作息"))
    return redirect("workdays:hours")


@require_http_methods(["GET", "HEAD", "POST"])
@audience("office")
def publish(request: HttpRequest, year: int) -> HttpResponse:
    """The list of a year, pasted from the notice."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    form = _year_form(request, year)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        asked = {"year": year, "days": given["text"], "source": given["source"]}
        if _done(
            form, lambda: edits.publish_year(by=_user(request), op_id=given["op_id"], **asked)
        ):
            toasts.leave(request, gettext("%(year)s年的放假安排已录入") % {"year": year})
            return _to_year(year)
    context = {
        "form": form,
        "title": gettext("%(year)s年放假安排") % {"year": year},
        "lead": gettext("录入后代替这一年原有的安排；逐日改过的也以这里为准。"),
        "back": f"{reverse('workdays:calendar')}?year={year}",
    }
    return render(request, "workdays/edit.html", context, status=_status(form))


def _year_form(request: HttpRequest, year: int) -> YearForm:
    if request.method == "POST":
        return YearForm(request.POST, year=year)
    source, _ = edits.source_of(year)
    text = notice.written(months.listed(book.calendar(), year))
    return YearForm(initial={"op_id": uuid7(), "source": source, "text": text}, year=year)


def _done(form: Form, act: Any) -> bool:
    """Make the change; a refusal becomes a sentence above the form."""
    try:
        act()
    except edits.Refused as wrong:
        form.add_error(None, wrong.sentence())
        return False
    except ForeignOperation as wrong:
        raise Http404 from wrong
    return True


def _to_year(year: int) -> HttpResponse:
    return redirect(f"{reverse('workdays:calendar')}?year={year}")


def _year(text: str, usual: int) -> int:
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else usual
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as wrong:
        raise Http404 from wrong
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Http404
    return found


def _user(request: HttpRequest) -> Any:
    return request.user


def _status(form: Form) -> int:
    return 422 if form.is_bound else 200

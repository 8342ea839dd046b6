"""The year's plan of checks: how many of each kind, how many were used, and by which paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.inspections import acts
from weicheng.inspections.forms import YearForm
from weicheng.inspections.permissions import may_plan_in
from weicheng.inspections.refusals import Refused
from weicheng.inspections.rules import counts
from weicheng.journal.ids import uuid7
from weicheng.journal.once import ForeignOperation
from weicheng.places.models import Region

FIRST = 2020


@audience("office", "leader", "inspector", "auditor")
@require_http_methods(["GET", "HEAD", "POST"])
def year(request: HttpRequest) -> HttpResponse:
    """GET and POST /checks/year/?year=2026 : 今年已用 n / 计划 m, by kind."""
    user: Any = request.user
    region = Region.objects.filter(pk__in=user.scopes()).order_by("code").first()
    chosen = _year(request)
    rows = counts(user, region, chosen) if region else []
    may_edit = region is not None and may_plan_in(user, region)
    form = YearForm(request.POST or None, initial={
        "op_id": uuid7(), "basis": next((row.basis for row in rows if row.basis), ""),
        **{row.kind.value: row.planned for row in rows},
    })  # fmt: skip
    if request.method == "POST" and region is not None and form.is_valid():
        try:
            acts.set_year(
                by=user, region=region, year=chosen, counts=form.counts(),
                basis=form.cleaned_data["basis"], op_id=form.cleaned_data["op_id"],
            )  # fmt: skip
        except (Refused, ForeignOperation) as refused:
            form.add_error(None, _sentence(refused))
        else:
            toasts.leave(request, _("%(year)s年的检查计划已保存") % {"year": chosen})
            return redirect(f"{reverse('inspections:year')}?year={chosen}")
    lines = [(row, form[row.kind.value]) for row in rows]
    context = {
        "region": region, "year": chosen, "before": chosen - 1, "after": chosen + 1,
        "lines": lines, "form": form, "may_edit": may_edit,
        "is_set": any(row.planned is not None for row in rows),
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "inspections/year.html", context, status=status)


def _sentence(refused: Refused | ForeignOperation) -> str:
    return refused.sentence() if isinstance(refused, Refused) else Refused("other_body").sentence()


def _year(request: HttpRequest) -> int:
    said, now = request.GET.get("year", ""), timezone.localdate().year
    if said.isascii() and said.isdigit() and FIRST <= int(said) <= now + 5:
        return int(said)
    return now

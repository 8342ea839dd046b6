"""待回头看: what was fixed and is looked at again, near each other, with both pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.inspections.acts.looking_back import look_again, waiting_for, why_not
from weicheng.inspections.looking_forms import LookAgainForm
from weicheng.inspections.models import LookBack
from weicheng.inspections.refusals import Refused
from weicheng.inspections.routing import walk_order
from weicheng.journal.ids import uuid7
from weicheng.journal.once import ForeignOperation
from weicheng.problems.models import Problem
from weicheng.problems.refusals import Refused as ProblemRefused

#: Most rows on a page; more than a person walks in a day.
MOST = 60


@dataclass(frozen=True)
class Row:
    """One second look as the list shows it."""

    row: LookBack
    problem: Problem
    why_not: str
    op_id: UUID
    late_days: int


@require_safe
@audience("office", "inspector")
def look_backs(request: HttpRequest) -> HttpResponse:
    """GET /checks/look-backs/ : what is to be looked at again, in the order to walk."""
    user: Any = request.user
    today = timezone.localdate()
    found = waiting_for(user, today)
    rows = []
    for row in _in_order(found[:MOST]):
        refused = why_not(row, user)
        late = (today - row.due_on).days
        sentence = refused.sentence() if refused else ""
        rows.append(Row(row, row.problem, sentence, uuid7(), late))
    rows.sort(key=lambda one: bool(one.why_not))
    context = {"rows": rows, "total": len(found), "more": max(len(found) - MOST, 0)}
    return render(request, "inspections/look_backs.html", context)


def _in_order(rows: list[LookBack]) -> list[LookBack]:
    return [rows[n] for n in walk_order([_place(row.problem) for row in rows])]


def _place(problem: Problem) -> tuple[float, float] | None:
    """Where it is: its own position, else its site's."""
    for thing in (problem, problem.site):
        if thing is not None and thing.latitude is not None and thing.longitude is not None:
            return thing.latitude, thing.longitude
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@audience("office", "inspector")
def look_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET and POST /checks/look-backs/<pk>/ : say whether it held or came back."""
    user: Any = request.user
    row = get_object_or_404(
        LookBack.objects.visible_to(user)
        .select_related("problem__kind", "problem__region", "problem__site", "not_by",
                        "problem__before_photo__blob", "problem__after_photo__blob")
        .defer("problem__search"),
        pk=pk,
    )  # fmt: skip
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = LookAgainForm(*posted, user=user, initial={"held": request.GET.get("held", "")})
    refused = None if posted else why_not(row, user)
    if posted and form.is_valid() and _did(form, row, user):
        toasts.leave(request, _note(row, held=form.cleaned_data["held"] == "1"))
        return HttpResponseRedirect(reverse("inspections:look_backs"))
    context = {
        "row": row, "problem": row.problem, "form": form,
        "refused": refused.sentence() if refused else "",
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "inspections/look_back.html", context, status=status)


def _did(form: LookAgainForm, row: LookBack, user: Any) -> bool:
    """Whether the act was done; a refusal stands above the form."""
    data = form.cleaned_data
    try:
        look_again(
            look_back=row, held=data["held"] == "1", words=data["words"], photos=data["photos"],
            by=user, op_id=data["op_id"],
        )  # fmt: skip
    except (Refused, ProblemRefused) as refused:
        form.add_error(None, refused.sentence())
    except (ForeignOperation, ObjectDoesNotExist):
        form.add_error(None, Refused("other_body").sentence())
    else:
        return True
    return False


def _note(row: LookBack, *, held: bool) -> str:
    words = gettext("%(number)s 没有反弹，已记下") if held else gettext("%(number)s 反弹，已重开")
    return words % {"number": row.problem.number}

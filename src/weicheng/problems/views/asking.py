"""What every screen asks first: who may open it, which problem is meant, where to go afterwards."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from weicheng.frame import toasts
from weicheng.problems.acts.undoing import UNDOABLE
from weicheng.problems.models import Problem
from weicheng.problems.who import Acting, acting

#: Everybody but the two administrators, who see no problem.
BUSINESS = (
    "leader", "area", "office", "unit", "town", "community", "sponsor", "inspector", "auditor",
)  # fmt: skip
FILING = ("leader", "area", "office", "unit", "town", "community", "inspector")
OWING = ("unit", "town", "community", "sponsor")
OVERSEEING = ("leader", "office", "inspector", "auditor")
VERIFYING = ("office", "inspector", "leader")


def problem_or_404(request: HttpRequest, pk: UUID) -> Problem:
    """The problem with all its card shows; another's problem does not exist."""
    found = (
        Problem.objects.visible_to(request.user)
        .for_rows()
        .select_related("finder", "finder_unit", "person", "settler_unit", "merged_into")
        .prefetch_related("obligations__unit", "cable_lines__operator", "milestones", "parkings")
        .defer("search")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def me(request: HttpRequest) -> Acting:
    """The reader as one who acts for himself."""
    user: Any = request.user
    return acting(user, None, timezone.localdate())


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Where the form said to go afterwards, if that is one of our own pages."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    mine = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and mine else otherwise


def device_offset(request: HttpRequest) -> int | None:
    """Seconds by which the device's clock is ahead of ours, as its form said."""
    text = request.POST.get("device_ms", "")
    if not text.isdigit() or len(text) > 15:
        return None
    offset = int(text) // 1000 - int(timezone.now().timestamp())
    return max(min(offset, 2_000_000_000), -2_000_000_000)


def leave_note(
    request: HttpRequest,
    problem: Problem,
    *,
    act: str,
    operation: UUID,
    words: str,
    back: str = "",
) -> None:
    """A note for the next page, with the way back where the act can be undone."""
    if act not in UNDOABLE:
        toasts.leave(request, words)
        return
    undo = reverse("problems:undo", args=[problem.pk])
    fields = {"operation": str(operation)}
    if back:
        fields["next"] = back
    toasts.leave(request, words, undo=undo, fields=fields)


def say_sorry(request: HttpRequest, sentence: str) -> None:
    """A note that an act was refused."""
    toasts.leave(request, gettext("没有办成：%(why)s") % {"why": sentence})

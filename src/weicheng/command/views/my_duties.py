"""我的责任: one's own clauses, places and open matters; the office and leaders may look at one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from weicheng.command import my_duties as duties
from weicheng.command.today import address
from weicheng.command.views.search import BUSINESS
from weicheng.frame.audience import audience
from weicheng.people.models import Person

#: Who may look at somebody else's page.
LOOKERS = ("office", "leader")


def _person(user: Any, asked: str) -> Person | None:
    """The person whose page it is; 404 for one that this user may not look at."""
    own: Person | None = user.person
    if not asked or (own is not None and asked == str(own.pk)):
        return own
    try:
        key = UUID(asked)
    except ValueError:
        raise Http404 from None
    found = Person.objects.visible_to(user).filter(pk=key).first()
    if user.role not in LOOKERS or found is None:
        raise Http404
    return found


@audience(*BUSINESS)
@require_safe
def my_duties(request: HttpRequest) -> HttpResponse:
    """What one person answers for."""
    user: Any = request.user
    now = timezone.now()
    person = _person(user, request.GET.get("person", ""))
    context = {
        "found": duties.mine(user, person, now) if person is not None else None, "now": now,
        "is_own": person is not None and person.pk == user.person_id,
        "list_url": address("problems:list"), "tree_url": address("duties:tree"),
        "handover_url": address("duties:handover") if user.role == "office" else "",
    }  # fmt: skip
    return render(request, "command/my_duties.html", context)

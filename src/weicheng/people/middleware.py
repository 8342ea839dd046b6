"""What a signed-in request passes: the clocks of its session, and a password change that is due."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from weicheng.people import sessions
from weicheng.people.models import User

STILL_OPEN = frozenset({"people:password", "people:logout", "frame:look"})


class Clock:
    """Ends sessions that rested or lasted too long; sends due password changes to their page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            if sessions.wind(request.session, request.user):
                request.idle_seconds = request.session.get_expiry_age()  # type: ignore[attr-defined]
            else:
                logout(request)
        elif _has_ended(request):
            logout(request)
            request.account_ended = True  # type: ignore[attr-defined]
            return _told(self.get_response(request))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """A password that must be changed is changed before anything else."""
        if not getattr(request.user, "must_change_password", False):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in STILL_OPEN or name.startswith("people:login"):
            return None
        return HttpResponseRedirect(reverse("people:password"))


def _has_ended(request: HttpRequest) -> bool:
    """Whether this session belongs to a temporary account whose hour has come."""
    owner = request.session.get(SESSION_KEY)
    return owner is not None and User.objects.filter(pk=owner, ends_at__lte=timezone.now()).exists()


def _told(answer: HttpResponseBase) -> HttpResponseBase:
    """Whoever is sent to the log-in page is told there why."""
    for header in ("Location", "HX-Redirect"):
        if answer.get(header, "").split("?")[0] == settings.LOGIN_URL:
            answer[header] = f"{settings.LOGIN_URL}?ended=1"
    return answer

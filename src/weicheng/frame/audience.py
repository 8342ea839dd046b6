"""Who may open a page: every view declares its audience, and what declares none answers 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http import HttpResponseRedirect as Redirect
from django.utils.http import urlencode

PUBLIC = "public"
SIGNED_IN = "signed_in"
ROLES = (
    "leader",
    "area",
    "office",
    "unit",
    "town",
    "community",
    "sponsor",
    "inspector",
    "auditor",
    "admin",
    "security",
)
SECOND_FACTOR = "second_factor"  # session key: how the second factor was shown ("totp", "link")

View = Callable[..., HttpResponseBase]


def audience(*who: str, before_second_factor: bool = False) -> Callable[[View], View]:
    """Declare who may open the view: "public", "signed_in" or role keys.

    Signed-out people are sent to the log-in page; a wrong role gets 404, as if the page did not
    exist. `before_second_factor` is only for the pages that ask for the second factor.
    """
    allowed = frozenset(who)
    if not allowed or not allowed <= {PUBLIC, SIGNED_IN, *ROLES}:
        raise ValueError(f"unknown audience: {sorted(who)}")

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refused = (
                None if PUBLIC in allowed else _refusal(request, allowed, before_second_factor)
            )
            return refused or view(request, *args, **kwargs)

        guarded.audience = allowed  # type: ignore[attr-defined]
        return guarded

    return declare


def declared(view: Any) -> frozenset[str]:
    """The declared audience of a view, empty when none was declared."""
    found: frozenset[str] = getattr(view, "audience", frozenset())
    return found


def admits(allowed: frozenset[str], user: Any) -> bool:
    """Whether an audience admits this user (rights as they are now, not as at log-in)."""
    if PUBLIC in allowed:
        return True
    if not user.is_authenticated:
        return False
    return SIGNED_IN in allowed or str(getattr(user, "role", "")) in allowed


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether this user needs a second factor that this session has not shown."""
    needed = bool(getattr(request.user, "second_factor_required", False))
    return needed and not request.session.get(SECOND_FACTOR)


def _refusal(
    request: HttpRequest, allowed: frozenset[str], before_second_factor: bool
) -> HttpResponseBase | None:
    """The answer for somebody who may not come in, None for somebody who may."""
    if not request.user.is_authenticated:
        return _send(request, settings.LOGIN_URL)
    if not before_second_factor and lacks_second_factor(request):
        return _send(request, settings.SECOND_FACTOR_URL)
    if admits(allowed, request.user):
        return None
    if request.path == "/":
        from weicheng.frame.navigation import home

        return Redirect(home(request.user))
    raise Http404


def _send(request: HttpRequest, where: str) -> HttpResponseBase:
    """To the log-in, with the way back; htmx is told to load the whole page."""
    if request.headers.get("HX-Request") == "true":
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = where
        return answer
    if request.method not in {"GET", "HEAD"} or request.path == "/":
        return Redirect(where)
    return Redirect(f"{where}?{urlencode({'next': request.get_full_path()})}")

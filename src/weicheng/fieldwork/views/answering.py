"""What every endpoint for the phone shares: JSON in, JSON out, and 401 when nobody is signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.http.request import UnreadablePostError

from weicheng.evidence.refusals import EvidenceRefused
from weicheng.fieldwork.acts.uploading import Full
from weicheng.fieldwork.permissions import hindrance
from weicheng.fieldwork.refusals import Malformed
from weicheng.frame.audience import lacks_second_factor
from weicheng.people.models import User

View = Callable[..., HttpResponseBase]
#: Codes whose answer is not 422.
STATUS = {"too_long": 413, "piece_too_big": 413, "unknown_photo": 404, "line_full": 429,
          "not_json": 400, "foreign": 403, "full": 507, "no_pack": 404,
          "not_here": 404}  # fmt: skip
#: How much waits on the phone, as it says with every question; the same in a cookie of the
#: server's, which outlives what scripts write where a browser clears that after a week.
UNSENT, MARK, MARK_DAYS = "X-Field-Unsent", "weicheng_field_kept", 90


def json_door(view: View) -> View:
    """Signed-out phones are told so in JSON and keep everything; refusals become sentences."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kept_out = _kept_out(request)
        if kept_out is not None:
            return kept_out
        return _marked(request, _answered(view, request, *args, **kwargs))

    return guarded


def _answered(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    try:
        return view(request, *args, **kwargs)
    except (Malformed, EvidenceRefused) as wrong:
        return refused(wrong.code, wrong.sentence())
    except Full:
        return refused("full", Malformed("full").sentence())
    except (UnreadablePostError, BadRequest):
        return refused("not_json", Malformed("not_json").sentence())
    except RequestDataTooBig:
        return refused("too_long", Malformed("too_long", limit="16 MB").sentence())
    except Http404:
        user: Any = request.user
        gone = Malformed("no_pack" if hindrance(user) else "not_here")
        return refused(gone.code, gone.sentence())


def _marked(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    """Leave in the browser how much waits there, for the day when the rest of it was cleared."""
    told = request.headers.get(UNSENT, "")
    if told.isascii() and told.isdigit() and len(told) < 6:
        answer.set_cookie(
            MARK, f"{request.user.pk}.{told}", max_age=MARK_DAYS * 24 * 3600, path="/field/",
            secure=settings.SESSION_COOKIE_SECURE, samesite="Lax",
        )  # fmt: skip
    return answer


def _kept_out(request: HttpRequest) -> HttpResponseBase | None:
    """401 for who is signed out; 403 for the phone of somebody else in the same browser."""
    if not request.user.is_authenticated or lacks_second_factor(request):
        ended = {"ended": True} if _has_ended(request) else {}
        return say({"login": settings.LOGIN_URL} | ended, status=401)
    told = request.headers.get("X-Field-User", "")
    if told and told != str(request.user.pk):
        return refused("foreign", Malformed("foreign").sentence())
    return None


def _has_ended(request: HttpRequest) -> bool:
    """Whether this session was somebody's whose account is closed: logging in will not help."""
    owner = request.session.get(SESSION_KEY)
    closed = owner is not None and User.objects.filter(pk=owner, is_active=False).exists()
    return closed or bool(getattr(request, "account_ended", False))


def refused(code: str, words: str) -> JsonResponse:
    """A refusal with its sentence; nothing was stored."""
    return say({"refused": code, "sentence": words}, status=STATUS.get(code, 422))


def say(found: dict[str, Any], *, status: int = 200) -> JsonResponse:
    """JSON in UTF-8, kept by no cache."""
    answer = JsonResponse(found, status=status, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "no-store"
    return answer

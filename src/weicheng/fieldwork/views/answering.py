"""What every endpoint for the phone shares: JSON in, JSON out, and 401 when nobody is signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.http.request import UnreadablePostError

from weicheng.evidence.refusals import EvidenceRefused
from weicheng.fieldwork.acts.uploading import Full
from weicheng.fieldwork.refusals import Malformed
from weicheng.frame.audience import lacks_second_factor

FIELD = ("inspector", "office", "area", "town", "community")
View = Callable[..., HttpResponseBase]
#: Codes whose answer is not 422.
STATUS = {"too_long": 413, "piece_too_big": 413, "unknown_photo": 404, "line_full": 429,
          "not_json": 400, "foreign": 403, "full": 507}  # fmt: skip


def json_door(view: View) -> View:
    """Signed-out phones are told so in JSON and keep everything; refusals become sentences."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kept_out = _kept_out(request)
        if kept_out is not None:
            return kept_out
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

    return guarded


def _kept_out(request: HttpRequest) -> HttpResponseBase | None:
    """401 for who is signed out; 403 for the phone of somebody else in the same browser."""
    if not request.user.is_authenticated or lacks_second_factor(request):
        return say({"login": settings.LOGIN_URL}, status=401)
    told = request.headers.get("X-Field-User", "")
    if told and told != str(request.user.pk):
        return refused("foreign", Malformed("foreign").sentence())
    return None


def refused(code: str, sentence: str) -> JsonResponse:
    """A refusal with its sentence; nothing was stored."""
    return say({"refused": code, "sentence": sentence}, status=STATUS.get(code, 422))


def say(found: dict[str, Any], *, status: int = 200) -> JsonResponse:
    """JSON in UTF-8, kept by no cache."""
    answer = JsonResponse(found, status=status, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "no-store"
    return answer

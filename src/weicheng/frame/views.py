"""The frame's own addresses: size and language, is it alive, is it ready."""

from __future__ import annotations

import shutil
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models.functions import Coalesce, Greatest, Now
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from weicheng.frame.audience import audience
from weicheng.frame.context import SIZE_COOKIE, SIZES

YEAR = 365 * 24 * 3600
LEAST_DISK_BYTES = 512 * 1024 * 1024
LONGEST_QUEUE_SECONDS = 600


@audience("public")
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Set the size of letters or the language by a cookie, and go back."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    answer = HttpResponseRedirect(back)
    size, language = request.POST.get("size"), request.POST.get("language")
    if size in SIZES:
        _keep(answer, SIZE_COOKIE, size or "")
    if language in dict(settings.LANGUAGES):
        _keep(answer, settings.LANGUAGE_COOKIE_NAME, language or "")
    return answer


def _keep(answer: HttpResponse, name: str, value: str) -> None:
    secure = settings.SESSION_COOKIE_SECURE
    answer.set_cookie(name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=secure)


@audience("public")
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@audience("public")
@require_GET
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers, the disk has room, the queue moves; 503 when one of them fails."""
    found: dict[str, Any] = {"database": _database_answers(), "disk": _disk_has_room()}
    found["queue"] = found["database"] and _queue_age() <= LONGEST_QUEUE_SECONDS
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        return False


def _disk_has_room() -> bool:
    settings.VAR.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(settings.VAR).free >= LEAST_DISK_BYTES


def _queue_age() -> float:
    """Seconds that the oldest due job has waited by the database's clock; 0 for an empty queue."""
    events = apps.get_model("procrastinate", "ProcrastinateEvent").objects
    waiting = events.filter(type="deferred", job__status="todo")
    due = waiting.exclude(job__scheduled_at__gt=Now()).order_by("at")
    since = Greatest("at", Coalesce("job__scheduled_at", "at"))
    oldest = due.annotate(age=Now() - since).values_list("age", flat=True).first()
    return float(oldest.total_seconds()) if oldest else 0.0

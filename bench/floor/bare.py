"""A bare Django with one view and nothing installed: the floor of start time and memory."""

from __future__ import annotations

import os
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path


def _database() -> dict[str, object]:
    parts = urlsplit(os.environ["DATABASE_URL"])
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username or "",
        "PASSWORD": parts.password or "",
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": None,
    }


def alive(request: HttpRequest) -> JsonResponse:
    """One read of nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return JsonResponse({"ok": cursor.fetchone()[0]})


urlpatterns = [path("healthz", alive)]
settings.configure(
    ROOT_URLCONF=__name__,
    SECRET_KEY="bare",  # noqa: S106 - signs nothing
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": _database()},
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],  # tells the length of answers
    USE_TZ=True,
)
application = get_wsgi_application()

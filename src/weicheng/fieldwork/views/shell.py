"""The shell of the field program: its page, its service worker and what a desktop icon needs.

The page is the same for everybody who may open it, so that it can be kept on the phone; what
belongs to one person comes by the pack and lies in that person's own database in the browser.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from weicheng.fieldwork.permissions import FIELD
from weicheng.fieldwork.views.shell_words import words
from weicheng.frame.audience import audience

HERE = Path(__file__).resolve().parents[1]
FOLDER = HERE / "static" / "fieldwork"
#: What the page names itself, by addresses that carry the hash of the content.
NAMED = (
    "frame/tokens.css", "frame/icons.svg", "frame/favicon.svg", "fieldwork/field.css",
    "fieldwork/icon-192.png", "fieldwork/js/main.js",
)  # fmt: skip
#: Modules import each other by addresses that carry the hash, too: none meets another version's.
VENDOR = "vendor/idb.js"


@audience(*FIELD)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The camera page; the same bytes for everybody but for the account's number."""
    given = {"words": words(), "addresses": addresses(), "made": timezone.now().isoformat()}
    answer = render(request, "fieldwork/home.html", given)
    answer["X-Field-Version"] = version()  # the worker keeps no page of another version
    return answer


def addresses() -> dict[str, str]:
    """Where the page sends and asks; the photo's address ends where its hash begins."""
    return {
        name: address(name)
        for name in (
            "pack",
            "site",
            "token",
            "unseal",
            "photo",
            "acts",
            "receipts",
            "import",
            "worker",
        )
    } | {"login": settings.LOGIN_URL, "page": reverse("fieldwork:home")}


def address(name: str) -> str:
    """An address of this room, empty where there is none."""
    try:
        return reverse(f"fieldwork:{name}")
    except NoReverseMatch:
        return ""


@audience("public")
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker with its list of what to keep; its version is a hash of all of that."""
    shell = [reverse("fieldwork:home"), *shell_files()]
    told = {"version": version(), "page": reverse("fieldwork:home"), "shell": shell}
    text = f"const SETTINGS = {json.dumps(told)};\n{(FOLDER / 'worker.js').read_text('utf-8')}"
    answer = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = reverse("fieldwork:home")
    answer["Cache-Control"] = "no-cache"
    return answer


def modules() -> list[str]:
    """The modules that others import, as names of static files; the first one is named."""
    found = sorted(path.name for path in (FOLDER / "js").glob("*.js"))
    return [f"fieldwork/js/{name}" for name in found if name not in {"main.js", "leave.js"}]


def shell_files() -> list[str]:
    """Addresses of all static files that the page needs without a network."""
    return [static(name) for name in (*NAMED, *modules(), VENDOR)]


def version() -> str:
    """Sixteen hex digits of the SHA-256 over the page's template, words and static files."""
    if settings.DEBUG:
        content.cache_clear()
    return content()


@cache
def content() -> str:
    """The hash, reckoned once a process: what is served does not change while it runs."""
    told = hashlib.sha256((HERE / "templates/fieldwork/home.html").read_bytes())
    told.update((HERE / "views/shell_words.py").read_bytes())
    for name in (*NAMED, *modules(), VENDOR, "fieldwork/worker.js"):
        told.update(name.encode())
        found = finders.find(name)
        told.update(Path(found).read_bytes() if isinstance(found, str) else b"")
    return told.hexdigest()[:16]


@audience("public")
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to put the page on its desktop."""
    icons = [
        {
            "src": static(f"fieldwork/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
        }
        for size in (192, 512)
    ]
    told: dict[str, Any] = {
        "name": _("卫城现场"),
        "short_name": _("现场"),
        "start_url": reverse("fieldwork:home"),
        "scope": reverse("fieldwork:home"),
        "display": "standalone",
        "orientation": "portrait",
        "lang": "zh-CN",
        "background_color": "#10151C",
        "theme_color": "#10151C",
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json")

"""导入待传文件: a queue that a phone exported, replayed from any computer or phone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from weicheng.fieldwork import acts
from weicheng.fieldwork.acts.importing import MOST_BYTES
from weicheng.fieldwork.refusals import Malformed
from weicheng.fieldwork.views.answering import json_door, say
from weicheng.fieldwork.views.sending import told
from weicheng.frame.audience import audience


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _door(view: Any) -> Any:
    """The phone is answered in JSON, a person by a page."""
    spoken = json_door(view)

    def chosen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        through: HttpResponseBase = (spoken if _wants_json(request) else view)(
            request, *args, **kwargs
        )
        return through

    chosen.audience = view.audience  # type: ignore[attr-defined]
    return chosen


@require_http_methods(["GET", "HEAD", "POST"])
@_door
@audience("signed_in")
def import_file(request: HttpRequest) -> HttpResponseBase:
    """GET and POST /field/import: file=<queue file>, or the queue itself as JSON."""
    context: dict[str, Any] = {}
    if request.method == "POST":
        user: Any = request.user
        try:
            report = acts.import_queue(by=user, data=_data(request))
        except Malformed as wrong:
            if _wants_json(request):
                raise
            context = {"wrong": wrong.sentence()}
        else:
            if _wants_json(request):
                return say(_spoken(report))
            context = {"report": report, "counts": report.counts()}
    status = 422 if "wrong" in context else 200
    return render(request, "fieldwork/import.html", context, status=status)


def _data(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if file is None:
        return request.body if request.content_type == "application/json" else b""
    if file.size is None or file.size > MOST_BYTES:
        raise Malformed("too_long", limit=f"{MOST_BYTES // 1024 // 1024} MB")
    data: bytes = file.read()
    return data


def _spoken(report: acts.Imported) -> dict[str, Any]:
    return {
        "results": [told(one) for one in report.results], "photos": report.photos,
        "errors": report.errors,
    }  # fmt: skip

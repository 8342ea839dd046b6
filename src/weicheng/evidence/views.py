"""Serves pictures and papers to those whom the access rules admit; others get 404."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from weicheng.evidence import access, store
from weicheng.evidence.models import Attachment
from weicheng.evidence.refusals import EvidenceRefused
from weicheng.evidence.shelf import SIZES
from weicheng.frame.audience import audience

DERIVED_EDITION = 1  # raise it when served copies are made in another way


@require_safe
@audience("signed_in")
def serve(request: HttpRequest, pk: UUID, size: str) -> HttpResponseBase:
    """`size`: thumb, screen or marked (JPEG, shown in place, marked with a watermark) or original
    (sent as a download)."""
    attachment = access.visible(request.user, pk)
    if attachment is None:
        raise Http404
    try:
        answer = {"original": original, "marked": watermarked}.get(size, derived)
        response = answer(request, attachment, size)
    except (FileNotFoundError, EvidenceRefused) as error:
        raise Http404 from error
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def original(_request: HttpRequest, attachment: Attachment, _size: str) -> HttpResponseBase:
    """The bytes as they came, always as a download, kept in no cache."""
    assert attachment.blob is not None
    response = FileResponse(
        store.open_original(attachment),
        as_attachment=True,
        filename=attachment.filename,
        content_type=attachment.blob.media_type,
    )
    response["Cache-Control"] = "no-store"
    return response


def derived(request: HttpRequest, attachment: Attachment, size: str) -> HttpResponseBase:
    """A clean small copy; the browser may keep it an hour for this person."""
    if size not in SIZES:
        raise Http404
    etag = f'"{attachment.blob_id}-{size}-{DERIVED_EDITION}"'
    known = get_conditional_response(request, etag=etag)
    response: HttpResponseBase
    if known is not None:
        response = known
    else:
        file = store.open_derived(attachment, size)
        response = FileResponse(file, content_type="image/jpeg")
        response["Content-Disposition"] = f'inline; filename="{size}.jpg"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=3600"
    return response


def watermarked(_request: HttpRequest, attachment: Attachment, _size: str) -> HttpResponseBase:
    """The screen copy with time, place and hash along its foot, drawn now and kept nowhere."""
    from weicheng.evidence import marking  # brings Pillow: not into every web process

    words = marking.words_of(attachment)
    picture = marking.marked(store.picture_bytes(attachment, "screen"), words)
    response = HttpResponse(picture, content_type="image/jpeg")
    response["Content-Disposition"] = 'inline; filename="marked.jpg"'
    response["Cache-Control"] = "no-store"
    return response


def refused(refusal: EvidenceRefused) -> HttpResponse:
    """A plain answer for a refused upload, for views of upper apps that have no page for it."""
    return HttpResponse(
        refusal.sentence(), status=refusal.http_status, content_type="text/plain; charset=utf-8"
    )

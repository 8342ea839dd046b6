"""Serves pictures, sounds and papers to those whom the access rules admit; others get 404."""

from __future__ import annotations

import re
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from weicheng.evidence import access, store
from weicheng.evidence.formats import SOUNDS
from weicheng.evidence.models import Attachment
from weicheng.evidence.refusals import EvidenceRefused
from weicheng.evidence.shelf import SIZES
from weicheng.frame.audience import audience

DERIVED_EDITION = 1  # raise it when served copies are made in another way


@require_safe
@audience("signed_in")
def serve(request: HttpRequest, pk: UUID, size: str) -> HttpResponseBase:
    """`size`: thumb, screen or marked (JPEG, shown in place, marked with a watermark), sound (a
    recording, played in place) or original (sent as a download)."""
    attachment = access.visible(request.user, pk)
    if attachment is None:
        raise Http404
    try:
        special = {"original": original, "marked": watermarked, "sound": sound}
        answer = special.get(size, derived)
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


def sound(request: HttpRequest, attachment: Attachment, _size: str) -> HttpResponseBase:
    """A recording for the player of a page; players ask for parts of it."""
    blob = attachment.blob
    if blob is None or blob.media_type not in SOUNDS:
        raise Http404
    with store.open_original(attachment) as file:
        data = file.read()
    part = _part_of(request.headers.get("Range", ""), len(data))
    start, end = part or (0, len(data))
    response = HttpResponse(data[start:end], content_type=blob.media_type)
    if part is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end - 1}/{len(data)}"
    response["Accept-Ranges"] = "bytes"
    response["Content-Disposition"] = f'inline; filename="sound{SOUNDS[blob.media_type]}"'
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _part_of(asked: str, size: int) -> tuple[int, int] | None:
    """The one part that a Range header asks for, as (start, end); None: all of it."""
    found = re.fullmatch(r"bytes=(\d{1,12})-(\d{0,12})", asked)
    if found is None or int(found[1]) >= size:
        return None
    end = min(int(found[2]) + 1, size) if found[2] else size
    return (int(found[1]), end) if end > int(found[1]) else None


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

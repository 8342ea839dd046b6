"""Photos in pieces: announced by hash, taken in order, checked, kept, and only then received."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from weicheng.evidence import store
from weicheng.evidence.formats import PICTURE_BYTES
from weicheng.evidence.models import Attachment, PositionSource, Purpose
from weicheng.evidence.refusals import EvidenceRefused
from weicheng.fieldwork.models import Piece, Upload
from weicheng.fieldwork.refusals import Malformed
from weicheng.fieldwork.words import UploadState

if TYPE_CHECKING:
    from weicheng.people.models import User

PIECE_BYTES = 256 * 1024
#: Bytes of unfinished photos that one person may have on the way: far above a day offline.
ON_THE_WAY = 400 * 1024 * 1024
#: Somebody who looks into whole bytes for longer than this has died (decoding takes ≤ 11 s).
KEEPING = timedelta(seconds=40)
ABANDONED = timedelta(days=30)
PURPOSES = {
    "before": Purpose.BEFORE, "after": Purpose.AFTER, "other": Purpose.OTHER,
    "voice": Purpose.VOICE,
}  # fmt: skip
#: Refusals of the store that pass by themselves: the bytes stay, the phone tries later.
PASSING = {"disk_full", "store_down", "decoder_down"}


class Full(Exception):
    """The storage is full, or not there for now: 507, the phone keeps the photo."""


class OutOfOrder(Exception):
    """The piece does not begin where the others end: 409 with the state."""

    def __init__(self, upload: Upload) -> None:
        super().__init__(upload.pk)
        self.upload = upload


@dataclass(frozen=True)
class Announced:
    """What a phone says of a photo before it sends it. ``taken_at`` is reckoned server time,
    ``position`` (latitude, longitude, accuracy in metres or None)."""

    sha256: str
    size: int
    purpose: str
    taken_at: datetime | None = None
    offset_seconds: int | None = None
    position: tuple[float, float, float | None] | None = None


def announce(*, by: User, photo: Announced, now: datetime | None = None) -> Upload:
    """Say that a photo will come; the same again answers how far it is. Raises Malformed, Full."""
    moment = now or timezone.now()
    limit = PICTURE_BYTES // 1024 // 1024
    if not 0 < photo.size <= PICTURE_BYTES:
        raise Malformed("wrong_size", limit=limit)
    at = photo.position
    upload, fresh = Upload.objects.get_or_create(
        user=by, sha256=photo.sha256,
        defaults={
            "size": photo.size, "purpose": photo.purpose, "taken_at": photo.taken_at,
            "offset_seconds": photo.offset_seconds, "begun_at": moment, "moved_at": moment,
            "latitude": at[0] if at else None, "longitude": at[1] if at else None,
            "accuracy_m": at[2] if at else None,
        },
    )  # fmt: skip
    if not fresh and upload.size != photo.size and upload.received_at is None:
        _begin_again(upload, size=photo.size)
    if upload.received_at is None and upload.have == upload.size:
        upload = finish(upload, by=by, now=moment)
    return upload


def add_piece(
    *, by: User, sha256: str, offset: int, data: bytes, now: datetime | None = None
) -> Upload:
    """Take the next piece; the last one makes the photo whole, checked and kept.

    Raises Malformed, OutOfOrder, Full. A piece that came before is answered by the state.
    """
    moment = now or timezone.now()
    if len(data) > PIECE_BYTES:
        raise Malformed("piece_too_big")
    with transaction.atomic():
        upload = Upload.objects.select_for_update().filter(user=by, sha256=sha256).first()
        if upload is None:
            raise Malformed("unknown_photo")
        if upload.received_at is not None:
            return upload
        if upload.have < upload.size:
            _take(upload, offset, data, moment)
    return finish(upload, by=by, now=moment) if upload.have == upload.size else upload


def _take(upload: Upload, offset: int, data: bytes, now: datetime) -> None:
    if offset != upload.have or not data or offset + len(data) > upload.size:
        raise OutOfOrder(upload)
    if upload.have == 0 and _on_the_way(upload.user_id) > ON_THE_WAY:
        raise Malformed("line_full")
    Piece.objects.create(upload=upload, offset=offset, data=data)
    upload.have += len(data)
    upload.state, upload.refused, upload.moved_at = UploadState.UPLOADING, "", now
    upload.save(update_fields=["have", "state", "refused", "moved_at"])


def _on_the_way(user: UUID) -> int:
    found: int = Upload.objects.filter(user=user, received_at=None).aggregate(
        n=Coalesce(Sum("have"), 0)
    )["n"]
    return found


def finish(upload: Upload, *, by: User, now: datetime) -> Upload:
    """Check whole bytes against their hash, keep them, and only then say received.

    One process at a time does it; another one answers the state as it is. What a process that
    died left is found again by its name, so that no photo is kept twice.
    """
    upload, mine = _claim(upload.pk, now)
    if not mine:
        return upload
    data = b"".join(
        bytes(p) for p in upload.pieces.order_by("offset").values_list("data", flat=True)
    )
    if hashlib.sha256(data).hexdigest() != upload.sha256:
        _begin_again(upload)
        raise Malformed("broken")
    try:
        attachment = _kept_before(upload, by) or _keep(upload, data, by, now)
    except EvidenceRefused as refused:
        _not_kept(upload, refused)
        raise
    return _received(upload, attachment, now)


def _claim(pk: UUID, now: datetime) -> tuple[Upload, bool]:
    """The upload, and whether it is this process that looks into it now."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=pk)
        busy = upload.keeping_since is not None and now - upload.keeping_since < KEEPING
        if upload.received_at is not None or upload.have < upload.size or busy:
            return upload, False
        upload.keeping_since = now
        upload.save(update_fields=["keeping_since"])
        return upload, True


def _name(upload: Upload) -> str:
    """A name that says which upload it was."""
    return f"field-{upload.pk.hex}"


def _kept_before(upload: Upload, by: User) -> Attachment | None:
    """What an earlier try kept before it could say so."""
    return Attachment.objects.filter(
        blob_id=upload.sha256,
        uploaded_by=by,
        filename__startswith=f"{_name(upload)}.",
        erased_at=None,
    ).first()


def _keep(upload: Upload, data: bytes, by: User, now: datetime) -> Attachment:
    position = None
    if upload.latitude is not None and upload.longitude is not None:
        position = store.Position(
            upload.latitude, upload.longitude, upload.accuracy_m, source=PositionSource.DEVICE
        )
    return store.keep(
        data, filename=_name(upload), purpose=PURPOSES.get(upload.purpose, Purpose.OTHER), by=by,
        taken_at=upload.taken_at, position=position, now=now,
    )  # fmt: skip


def _not_kept(upload: Upload, refused: EvidenceRefused) -> None:
    """Bytes that are no photo go; those that only found no room stay and are tried again."""
    if refused.code in PASSING:
        Upload.objects.filter(pk=upload.pk).update(keeping_since=None)
        raise Full from refused
    _begin_again(upload, refused=refused.sentence())


def _begin_again(upload: Upload, *, size: int | None = None, refused: str = "") -> None:
    with transaction.atomic():
        upload.pieces.all().delete()
        upload.have, upload.state, upload.keeping_since = 0, UploadState.WAITING, None
        upload.refused, upload.size = refused[:200], size or upload.size
        upload.save(update_fields=["have", "state", "keeping_since", "refused", "size"])


def _received(upload: Upload, attachment: Attachment, now: datetime) -> Upload:
    with transaction.atomic():
        row = Upload.objects.select_for_update().get(pk=upload.pk)
        if row.received_at is None:
            row.attachment, row.state, row.keeping_since = attachment, UploadState.RECEIVED, None
            row.received_at = row.moved_at = timezone.now() if now is None else now
            row.save()
            row.pieces.all().delete()
    return row


def whole(user: Any, hashes: list[str]) -> dict[str, Attachment]:
    """Of these photos of a person, those that the server has: by hash."""
    found = Upload.objects.filter(
        user=user, sha256__in=hashes, attachment__isnull=False
    ).select_related("attachment__blob")
    return {row.sha256: row.attachment for row in found if row.attachment is not None}


def clean(*, now: datetime | None = None) -> int:
    """Drop photos that stopped half-way thirty days ago; how many went. A photo that was received
    is never touched."""
    before = (now or timezone.now()) - ABANDONED
    _gone, by_model = Upload.objects.filter(received_at=None, moved_at__lt=before).delete()
    return by_model.get("fieldwork.Upload", 0)

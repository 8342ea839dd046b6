"""The door of the evidence store: keep files, open them again, erase them.

Bytes first (whole and durable under their hash), then the row: a row always has its file."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.db import connection, transaction
from django.db.models import IntegerField
from django.db.models.expressions import RawSQL
from django.utils import timezone

from weicheng.evidence import names, pool, shelf
from weicheng.evidence.formats import (
    PAPER_BYTES,
    SOUND_BYTES,
    Finding,
    Prepared,
    megabytes,
    sniff_sound,
)
from weicheng.evidence.models import (
    Attachment,
    Blob,
    PositionSource,
    Purpose,
    Retention,
    TakenSource,
)
from weicheng.evidence.refusals import EvidenceRefused

PICTURE_PURPOSES = {Purpose.BEFORE, Purpose.AFTER}
CHUNK = 256 * 1024
Source = bytes | Path | IO[bytes] | Any  # or Django's UploadedFile


@dataclass(frozen=True)
class Position:
    """A place as the phone or a person gave it: WGS84 degrees, accuracy in metres."""

    latitude: float
    longitude: float
    accuracy_m: float | None = None
    source: str = PositionSource.DEVICE


@dataclass(frozen=True)
class Incoming:
    """One file to keep. `taken_at` when a person or a chat told the time; else it is looked up
    in EXIF, then in the file name. `position` likewise outranks EXIF."""

    file: Source
    filename: str
    purpose: str
    taken_at: datetime | None = None
    position: Position | None = None
    retention: str = Retention.CASE


@dataclass(frozen=True)
class Own:
    """One JPEG that we drew ourselves; see pictures.prepare for what it may be."""

    picture: bytes | Prepared
    filename: str
    purpose: str
    taken_at: datetime | None = None
    position: Position | None = None
    by: Any = None
    created_at: datetime | None = None


@dataclass(frozen=True)
class _Kept:
    """A file that is on the shelf and waits for its row."""

    sha256: str
    size: int
    finding: Finding


def keep(
    file: Source,
    *,
    filename: str,
    purpose: str,
    by: Any = None,
    taken_at: datetime | None = None,
    position: Position | None = None,
    retention: str = Retention.CASE,
    now: datetime | None = None,
) -> Attachment:
    """Keep one file. Raises EvidenceRefused, and then nothing is stored.

    `file`: bytes, a path, an open binary file or an UploadedFile. Call it before the act that
    uses the attachment, outside any lock on a problem. Time and place from EXIF are on the
    attachment returned (`taken_at`, `latitude` …), never in the served copies."""
    one = Incoming(file, filename, purpose, taken_at, position, retention)
    return _record([(one, _shelve(one))], by=by, now=now)[0]


def keep_many(
    files: Iterable[Incoming], *, by: Any = None, now: datetime | None = None
) -> list[Attachment | EvidenceRefused]:
    """Keep a drop of files, decoding in parallel; answers in the order given, a refusal for each
    file that was not kept. The rows of the kept ones are written together."""
    asked = list(files)
    with ThreadPoolExecutor(pool.SIZE) as threads:
        results = list(threads.map(_shelve_or_refusal, asked))
    kept = [
        (one, result)
        for one, result in zip(asked, results, strict=True)
        if isinstance(result, _Kept)
    ]
    rows = iter(_record(kept, by=by, now=now))
    return [next(rows) if isinstance(result, _Kept) else result for result in results]


def keep_own(pictures: Sequence[Own], *, now: datetime | None = None) -> list[Attachment]:
    """Keep pictures that we drew ourselves, without a decoder process; hundreds in a second.

    Give `Prepared` pictures (evidence.pictures.prepare, done where they are drawn) to save time
    here. Raises ValueError for a picture that is not one of ours."""
    with ThreadPoolExecutor(8) as threads:
        kept = list(threads.map(_shelve_own, pictures))
    incoming = [
        Incoming(b"", own.filename, own.purpose, own.taken_at, own.position) for own in pictures
    ]
    return _record(
        list(zip(incoming, kept, strict=True)),
        now=now,
        each=lambda place, row: _signed(row, pictures[place]),
    )


def _signed(row: Attachment, own: Own) -> None:
    row.uploaded_by = own.by
    row.created_at = own.created_at or row.created_at


def _shelve_or_refusal(one: Incoming) -> _Kept | EvidenceRefused:
    try:
        return _shelve(one)
    except EvidenceRefused as refused:
        return refused


def _shelve(one: Incoming) -> _Kept:
    """Spool, decide, put on the shelf. Nothing is left behind when refused."""
    temporary = shelf.incoming()
    try:
        sha256, size = _spool(one.file, temporary)
        if one.purpose == Purpose.VOICE:
            finding = _sound(temporary, size)
        else:
            finding = pool.current().examine(
                temporary, name=one.filename, picture_only=one.purpose in PICTURE_PURPOSES
            )
        store = shelf.current()
        _put_derived(store, sha256, finding, durable=True)
        store.put(shelf.original_name(sha256), temporary)
    finally:
        temporary.unlink(missing_ok=True)
    return _Kept(sha256, size, finding)


def _sound(path: Path, size: int) -> Finding:
    """A spoken note: known by its first bytes, never decoded."""
    if size > SOUND_BYTES:
        raise EvidenceRefused(
            "too_big", size_mb=megabytes(size), limit_mb=SOUND_BYTES // 1024 // 1024
        )
    with path.open("rb") as file:
        media_type = sniff_sound(file.read(32))
    if media_type is None:
        raise EvidenceRefused("not_a_sound")
    return Finding(media_type)


def _shelve_own(own: Own) -> _Kept:
    from weicheng.evidence.pictures import prepare  # brings NumPy: not into every web process

    ready = own.picture if isinstance(own.picture, Prepared) else prepare(own.picture)
    store, name = shelf.current(), shelf.original_name(ready.sha256)
    _put_derived(store, ready.sha256, ready.finding, durable=False)
    store.put_bytes(name, ready.data)
    store.settle([name])
    return _Kept(ready.sha256, len(ready.data), ready.finding)


def _put_derived(store: shelf.Shelf, sha256: str, finding: Finding, *, durable: bool) -> None:
    written = []
    for size, data in finding.derived.items():
        written.append(shelf.derived_name(sha256, size))
        store.put_bytes(written[-1], data)
    if durable:
        store.settle(written)


def _spool(file: Source, target: Path) -> tuple[str, int]:
    """Copy to a temporary file, fsynced; answers SHA-256 and size in bytes."""
    digest, size = hashlib.sha256(), 0
    with contextlib.ExitStack() as stack, shelf.refusing_when_full():
        source = stack.enter_context(file.open("rb")) if isinstance(file, Path) else file
        source = io.BytesIO(source) if isinstance(source, bytes) else source
        if not hasattr(source, "seekable") or source.seekable():
            source.seek(0)
        out = stack.enter_context(target.open("xb"))
        while piece := source.read(CHUNK):
            size += len(piece)
            if size > PAPER_BYTES:
                known = getattr(file, "size", None) or size
                raise EvidenceRefused(
                    "too_big", size_mb=megabytes(known), limit_mb=PAPER_BYTES // 1024 // 1024
                )
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest(), size


def _record(
    kept: list[tuple[Incoming, _Kept]],
    *,
    by: Any = None,
    now: datetime | None = None,
    each: Callable[[int, Attachment], None] | None = None,
) -> list[Attachment]:
    """Write the rows, in one transaction, sure that every file is still on the shelf."""
    if not kept:
        return []
    moment = now or timezone.now()
    found = {one.sha256: one for _, one in kept}
    blobs = {sha256: _blob(one, moment) for sha256, one in found.items()}
    rows = [_attachment(asked, blobs[one.sha256], one, by, moment) for asked, one in kept]
    for place, row in enumerate(rows):
        if each:
            each(place, row)
    with transaction.atomic():
        _hold(found)
        Blob.objects.bulk_create(blobs.values(), ignore_conflicts=True, batch_size=500)
        Attachment.objects.bulk_create(rows, batch_size=500)
    return rows


def _hold(found: Iterable[str]) -> None:
    """Keep the sweeper off these hashes until the transaction ends; look that all are there."""
    hashes = sorted(found)
    lock(hashes, "pg_advisory_xact_lock_shared")
    store = shelf.current()
    for sha256 in hashes:
        if not store.exists(shelf.original_name(sha256)):
            raise EvidenceRefused("store_down")


def lock(hashes: list[str], how: str) -> bool:
    """Take the database's advisory lock on each hash, shared by keepers, alone by who deletes."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {how}(('x' || left(h, 16))::bit(64)::bigint) FROM unnest(%s::text[]) AS h",  # noqa: S608
            [hashes],
        )
        return all(answer is not False for (answer,) in cursor.fetchall())


def _blob(one: _Kept, now: datetime) -> Blob:
    finding = one.finding
    return Blob(
        sha256=one.sha256,
        size=one.size,
        media_type=finding.media_type,
        width=finding.width,
        height=finding.height,
        phash=finding.phash,
        kept_at=now,
    )


def _attachment(asked: Incoming, blob: Blob, one: _Kept, by: Any, now: datetime) -> Attachment:
    taken_at, source = _taken(asked, one.finding, now)
    row = Attachment(
        blob=blob,
        purpose=asked.purpose,
        filename=names.clean(asked.filename, blob.media_type),
        taken_at=taken_at,
        taken_source=source,
        retention=asked.retention,
        uploaded_by=by,
        created_at=now,
    )
    place = asked.position
    if place is None and one.finding.position:
        place = Position(*one.finding.position, source=PositionSource.EXIF)
    if place is not None:
        row.latitude, row.longitude = place.latitude, place.longitude
        row.accuracy_m, row.position_source = place.accuracy_m, place.source
    return row


def _taken(asked: Incoming, finding: Finding, now: datetime) -> tuple[datetime | None, str]:
    if asked.taken_at:
        return asked.taken_at, TakenSource.TYPED
    if finding.taken and names.plausible(finding.taken, now=now):
        return finding.taken, TakenSource.EXIF
    told = names.taken_from(asked.filename, now=now)
    return (told, TakenSource.NAME) if told else (None, TakenSource.NONE)


def open_original(attachment: Attachment) -> IO[bytes]:
    """The bytes as they came. Raises FileNotFoundError when erased or lost."""
    if attachment.blob_id is None:
        raise FileNotFoundError(str(attachment.id))
    return shelf.current().open(shelf.original_name(attachment.blob_id))


def open_derived(attachment: Attachment, size: str) -> IO[bytes]:
    """The served copy (JPEG): "thumb" ≤ 320 px or "screen" ≤ 1440 px. Raises FileNotFoundError.

    A copy that was lost is made again from the original."""
    blob = attachment.blob
    if blob is None or size not in shelf.SIZES or not blob.is_picture:
        raise FileNotFoundError(str(attachment.id))
    store, name = shelf.current(), shelf.derived_name(blob.sha256, size)
    try:
        return store.open(name)
    except FileNotFoundError:
        _make_again(store, blob)
    return store.open(name)


def _make_again(store: shelf.Shelf, blob: Blob) -> None:
    temporary = shelf.incoming()
    try:
        with store.open(shelf.original_name(blob.sha256)) as original:
            _spool(original, temporary)
        finding = pool.current().examine(temporary, name="", picture_only=True)
        _put_derived(store, blob.sha256, finding, durable=True)
    except EvidenceRefused as refused:
        raise FileNotFoundError(blob.sha256) from refused
    finally:
        temporary.unlink(missing_ok=True)


def picture_bytes(attachment: Attachment, size: str = "screen") -> bytes:
    """A served copy as bytes, for documents and long pictures. Raises FileNotFoundError."""
    with open_derived(attachment, size) as file:
        return file.read()


def similar(phash: int, *, limit: int = 10, within: int = 10) -> list[Blob]:
    """Blobs that look alike: at most `within` of 64 bits differ, nearest first.

    Each answer carries `.distance` in bits. Ask who may see their attachments before showing."""
    distance = RawSQL("bit_count((phash # %s)::bit(64))", [phash], output_field=IntegerField())
    near = Blob.objects.filter(phash__isnull=False).annotate(distance=distance)
    return list(near.filter(distance__lte=within).order_by("distance", "kept_at")[:limit])


def erase(attachment: Attachment, *, now: datetime | None = None) -> None:
    """Erase words, time, place and bytes of one use; the row stays as a tombstone.

    The blob goes with its last use; its files follow within the day (evidence.jobs.sweep)."""
    with transaction.atomic():
        row = Attachment.objects.select_for_update().get(pk=attachment.pk)
        if row.erased_at is not None or row.blob_id is None:
            return
        blob_id = row.blob_id
        lock([blob_id], "pg_advisory_xact_lock")
        row.blob = row.taken_at = row.uploaded_by = None
        row.latitude = row.longitude = row.accuracy_m = None
        row.filename, row.taken_source = "", TakenSource.NONE
        row.position_source = PositionSource.NONE
        row.erased_at = now or timezone.now()
        row.save()
        Blob.objects.filter(pk=blob_id, attachments__isnull=True).delete()
    attachment.refresh_from_db()

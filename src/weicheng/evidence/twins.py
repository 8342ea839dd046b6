"""Photos that were used before: equal bytes, or the same picture cut, turned, mirrored, shrunk.

A job reads the words of each new picture (evidence.marks) from its clean copy and asks an inverted
index (GIN over the words) who shares enough of them; only those are compared corner by corner. The
work for one picture does not grow with their number but for pictures that truly share words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from PIL import Image

from weicheng.evidence import marks, shelf
from weicheng.evidence.models import Attachment, Blob, Fingerprint, Twin

CANDIDATES = 20  # compared corner by corner
SHARED = 6  # equal words, before anything is compared
LOOKS_BACK = timedelta(days=3)

_ALIKE = """
SELECT blob_id, words, spots FROM (
    SELECT blob_id, words, spots, cardinality(ARRAY(
        SELECT unnest(words) INTERSECT SELECT unnest(%(asked)s::integer[]))) AS shared
    FROM evidence_fingerprint WHERE words && %(asked)s::integer[] AND blob_id <> %(own)s
    LIMIT 5000) AS candidate
WHERE shared >= %(least)s ORDER BY shared DESC, blob_id LIMIT %(most)s
"""


def read_new(*, now: datetime | None = None, limit: int = 200) -> int:
    """Read the pictures kept lately that were not read yet; how many. Twice does no harm."""
    since = (now or timezone.now()) - LOOKS_BACK
    fresh = Blob.objects.filter(
        kept_at__gte=since, fingerprint=None, media_type__startswith="image/"
    ).order_by("kept_at")[:limit]
    return sum(read(blob) for blob in fresh)


def read(blob: Blob) -> bool:
    """Keep the words of a picture and its twins among those read before it."""
    try:
        with (
            shelf.current().open(shelf.derived_name(blob.sha256, "screen")) as file,
            Image.open(file, formats=["JPEG"]) as picture,  # our own clean copy
        ):
            plain = picture.convert("L")
    except OSError:
        return False
    own, asked = marks.marks_of(plain), marks.askings_of(plain)
    found = _alike(blob.sha256, asked)
    Fingerprint.objects.get_or_create(
        blob=blob, defaults={"words": own.words.tolist(), "spots": own.packed()}
    )
    Twin.objects.bulk_create(
        [Twin(blob=blob, twin_id=sha256, points=points) for sha256, points in found],
        ignore_conflicts=True,
    )
    return True


def _alike(own: str, asked: list[marks.Marks]) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for one in asked:
        words = sorted(set(one.words.tolist()))
        if len(words) < SHARED:
            continue
        told: dict[str, Any] = {"asked": words, "own": own, "least": SHARED, "most": CANDIDATES}
        with connection.cursor() as cursor:
            cursor.execute(_ALIKE, told)
            rows = cursor.fetchall()
        for sha256, kept, spots in rows:
            points = marks.agreement([one], marks.unpacked(kept, bytes(spots)))
            if points:
                found[sha256] = max(points, found.get(sha256, 0))
    return sorted(found.items())


def twins_of(attachments: Iterable[Attachment]) -> dict[Any, list[Attachment]]:
    """Attachment id -> other uses of the same or a like picture, made before it, the first ones
    first. Two queries. Ask who may see them before showing."""
    asked = [one for one in attachments if one.blob_id]
    blobs = {one.blob_id for one in asked}
    near: dict[str, set[str]] = {str(blob): {str(blob)} for blob in blobs}
    pairs = Twin.objects.filter(Q(blob__in=blobs) | Q(twin__in=blobs))
    for a, b in pairs.values_list("blob", "twin"):
        for one, other in ((a, b), (b, a)):
            if one in near:
                near[one].add(other)
    uses: dict[str, list[Attachment]] = {}
    every = set().union(*near.values()) if near else set[str]()
    for use in Attachment.objects.filter(blob__in=every).select_related("blob"):
        uses.setdefault(str(use.blob_id), []).append(use)
    return {
        one.pk: [
            use for blob in sorted(near[str(one.blob_id)]) for use in uses.get(blob, [])
            if use.pk != one.pk and (use.created_at, use.pk) < (one.created_at, one.pk)
        ]
        for one in asked
    }  # fmt: skip

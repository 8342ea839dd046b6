"""Photos that were used before: equal bytes, or the same picture cut, turned, mirrored, shrunk.

A job reads the words of each new picture (evidence.marks) from its clean copy and asks an inverted
index (GIN over the words) who shares enough of them; only those are compared corner by corner. The
work for one picture does not grow with their number but for pictures that truly share words."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, QuerySet
from django.utils import timezone
from PIL import Image

from weicheng.evidence import marks, shelf
from weicheng.evidence.models import Blob, Fingerprint, Twin

logger = logging.getLogger(__name__)

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
    plain = _plain(blob.sha256)
    if plain is None:  # kept as read: what cannot be read now will not be read in a minute
        Fingerprint.objects.get_or_create(blob=blob, defaults={"words": [], "spots": b""})
        return False
    own, asked = marks.marks_of(plain), marks.askings_of(plain)
    found = _alike(blob.sha256, asked)
    Fingerprint.objects.get_or_create(
        blob=blob, defaults={"words": own.words.tolist(), "spots": own.packed()}
    )
    pairs = [
        Twin(blob_id=one, twin_id=other, points=points)
        for sha256, points in found
        for one, other in ((blob.sha256, sha256), (sha256, blob.sha256))
    ]
    Twin.objects.bulk_create(pairs, ignore_conflicts=True)
    return True


def _plain(sha256: str) -> Image.Image | None:
    """The clean copy in shades of grey; None where there is none or it is broken. A shelf that does
    not answer raises OSError: the job tries again."""
    try:
        file = shelf.current().open(shelf.derived_name(sha256, "screen"))
    except FileNotFoundError:
        return None
    with file:
        try:
            with Image.open(file, formats=["JPEG"]) as picture:  # our own clean copy
                return picture.convert("L")
        except OSError:
            logger.warning("the clean copy of %s is broken", sha256)
            return None


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


def alike(blobs: QuerySet[Any]) -> QuerySet[Any]:
    """The files that show the same picture as any of these (a queryset of one column of hashes),
    those included; to be asked within a query."""
    return Twin.objects.filter(blob__in=blobs).values("twin").union(blobs)


def alike_to(blob: str) -> ArraySubquery:
    """The files like the one that a column of the outer query names, for ``annotate``."""
    return ArraySubquery(Twin.objects.filter(blob=OuterRef(blob)).values("twin"))

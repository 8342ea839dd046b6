"""Checks that every kept file is there and is still what its hash says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from weicheng.evidence import shelf
from weicheng.evidence.models import Blob
from weicheng.evidence.refusals import EvidenceRefused

CHUNK = 1024 * 1024
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Difference:
    """A file that is not as its row says. `what`: missing, altered or unreadable."""

    sha256: str
    what: str
    expected_size: int
    found_size: int | None = None


def verify_blobs(progress: Progress | None = None) -> list[Difference]:
    """Read every original again and compare; `progress(done, total)` is called now and then."""
    store, differences = shelf.current(), list[Difference]()
    total = Blob.objects.count()
    for done, blob in enumerate(Blob.objects.order_by("sha256").iterator(chunk_size=500), 1):
        found = difference(store, blob)
        if found:
            differences.append(found)
        if progress and (done % 50 == 0 or done == total):
            progress(done, total)
    return differences


def difference(store: shelf.Shelf, blob: Blob) -> Difference | None:
    """What is wrong with one blob's file, None when nothing is."""
    try:
        with store.open(shelf.original_name(blob.sha256)) as file:
            sha256, size = digest(file)
    except FileNotFoundError:
        return Difference(blob.sha256, "missing", blob.size)
    except (OSError, EvidenceRefused):
        return Difference(blob.sha256, "unreadable", blob.size)
    if sha256 != blob.sha256 or size != blob.size:
        return Difference(blob.sha256, "altered", blob.size, size)
    return None


def digest(file: IO[bytes]) -> tuple[str, int]:
    """SHA-256 in hex and size in bytes, reading CHUNK bytes at a time."""
    hashed, size = hashlib.sha256(), 0
    while piece := file.read(CHUNK):
        hashed.update(piece)
        size += len(piece)
    return hashed.hexdigest(), size

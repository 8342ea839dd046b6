"""The sweeper: removes temporary files and files without a row, a day after they were put."""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

from django.db import transaction
from procrastinate.contrib.django import app

from weicheng.evidence import shelf, store
from weicheng.evidence.models import Blob

DAY = 24 * 3600.0


@app.periodic(cron="17 * * * *", periodic_id="evidence-sweep")
@app.task(name="evidence.sweep", pass_context=False)
def sweep_hourly(timestamp: int) -> None:
    """Every hour; doing it twice does no harm."""
    sweep()


@app.periodic(cron="* * * * *", periodic_id="evidence-twins")
@app.task(name="evidence.read_twins", queueing_lock="evidence.read_twins", pass_context=False)
def read_twins(timestamp: int) -> None:
    """Every minute: reads new pictures and finds those that were used before."""
    from weicheng.evidence import twins  # brings NumPy: not into every web process

    twins.read_new()


def sweep(*, now: float | None = None, older_than: float = DAY) -> int:
    """Remove what nobody needs and answers how many files went. `now` in seconds since 1970."""
    before = (now or time.time()) - older_than
    return sweep_incoming(before) + sweep_orphans(before)


def sweep_incoming(before: float) -> int:
    """Temporary files of uploads that never ended."""
    gone = 0
    folder = shelf.root() / "incoming"
    for path in folder.iterdir() if folder.is_dir() else ():
        if stale(path, before):
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def stale(path: Path, before: float) -> bool:
    """Whether a file is there and was last written before that moment."""
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:
        return False


def sweep_orphans(before: float) -> int:
    """Files whose hash has no row: left by a refused act, a crash, or an erasure."""
    named: dict[str, list[str]] = defaultdict(list)
    for name, changed in shelf.current().walk():
        if changed < before:
            named[shelf.hash_in(name)].append(name)
    gone = 0
    hashes = list(named)
    for start in range(0, len(hashes), 1000):
        some = hashes[start : start + 1000]
        known = set(Blob.objects.filter(pk__in=some).values_list("pk", flat=True))
        gone += sum(remove(sha256, named[sha256], before) for sha256 in set(some) - known)
    return gone


def remove(sha256: str, names: list[str], before: float) -> int:
    """Delete the files of one hash unless somebody is keeping the same bytes right now."""
    shelves, gone = shelf.current(), 0
    with transaction.atomic():
        if not store.lock([sha256], "pg_try_advisory_xact_lock"):
            return 0
        if Blob.objects.filter(pk=sha256).exists():
            return 0
        for name in names:
            changed = shelves.changed_at(name)
            if changed is not None and changed < before:
                shelves.delete(name)
                gone += 1
    return gone

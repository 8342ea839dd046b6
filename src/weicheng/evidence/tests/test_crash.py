"""Ends a process in the middle of keeping, at each step; and lets two keep the same at once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from weicheng.evidence import jobs, store, verify
from weicheng.evidence.models import Attachment, Blob
from weicheng.evidence.tests.drawn import jpeg

pytestmark = pytest.mark.django_db(transaction=True)

OPENING = """
import os, signal, sys
import django
django.setup()
from django.db import connection
from weicheng.evidence import pictures, pool, store
from weicheng.evidence.tests.drawn import jpeg
"""
# Fork a child for each step; its audit hook (files) and query wrapper (rows) end it at that step.
EACH_STEP = (
    OPENING
    + """
pool.Pool.examine = lambda self, path, **_: pictures.examine(path, "image/jpeg")
data = [jpeg(seed=seed) for seed in range(80)]

def keep_until(last):
    steps = iter(range(10_000))
    def step():
        if next(steps) == last:
            os.kill(os.getpid(), signal.SIGKILL)
    def audited(event, args):
        if event in ("os.rename", "os.mkdir", "os.remove") or (
            event == "open" and os.environ["WEICHENG_VAR"] in str(args[0])
        ):
            step()
    def queried(execute, *args):
        step()
        answer = execute(*args)
        step()
        return answer
    connection.ensure_connection()
    sys.addaudithook(audited)
    with connection.execute_wrapper(queried):
        store.keep(data[last], filename="a.jpg", purpose="before")
    os._exit(0)

for last in range(80):
    child = os.fork()
    if child == 0:
        keep_until(last)
    if os.waitpid(child, 0)[1] == 0:
        print(last)
        break
"""
)
MANY_TIMES = (
    OPENING
    + """
for turn in range(6):
    store.keep(jpeg(seed=turn), filename=f"{turn}.jpg", purpose="before")
"""
)


def started(script: str, root: Path) -> subprocess.Popen[str]:
    """A process of its own on this test's database and evidence folder."""
    found = connection.settings_dict
    password = f":{quote(found['PASSWORD'])}" if found["PASSWORD"] else ""
    address = f"postgresql://{quote(found['USER'])}{password}@/{found['NAME']}?host={found['HOST']}"
    environment = {
        **os.environ,
        "DATABASE_URL": address + (f"&port={found['PORT']}" if found["PORT"] else ""),
        "WEICHENG_VAR": str(root.parent),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DJANGO_SETTINGS_MODULE": "weicheng.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True
    )


def test_killed_at_any_step_nothing_half_kept_is_visible(evidence_root: Path) -> None:
    process = started(EACH_STEP, evidence_root)
    out, _ = process.communicate(timeout=120)
    steps = int(out)
    assert steps >= 15  # temp, copies, renames, fsyncs, rows
    kept = Attachment.objects.count()
    assert kept == Blob.objects.count()
    assert 1 <= kept <= 4  # the last one whole, and those killed after their commit
    assert verify.verify_blobs() == []
    seen = [store.picture_bytes(each, "thumb") for each in Attachment.objects.all()]
    assert all(seen)
    assert jobs.sweep() == 0
    assert jobs.sweep(now=time.time() + 2 * jobs.DAY) > 0
    left = [path for path in evidence_root.rglob("*") if path.is_file()]
    assert len(left) == 3 * kept
    assert verify.verify_blobs() == []


def test_two_processes_keep_the_same_bytes_at_once(evidence_root: Path) -> None:
    both = [started(MANY_TIMES, evidence_root) for _ in range(2)]
    assert [each.wait(60) for each in both] == [0, 0]
    assert Blob.objects.count() == 6 and Attachment.objects.count() == 12
    assert verify.verify_blobs() == []
    assert list((evidence_root / "incoming").iterdir()) == []
    for each in both:
        assert each.stdout is not None
        each.stdout.close()


def test_the_sweeper_leaves_what_somebody_is_keeping_now(evidence_root: Path) -> None:
    kept = store.keep(jpeg(), filename="a.jpg", purpose="before")
    assert kept.blob_id is not None
    store.erase(kept)
    holder = connection.copy()
    try:
        with holder.cursor() as cursor:
            holder.set_autocommit(False)
            cursor.execute(
                "SELECT pg_advisory_xact_lock_shared(('x' || left(%s, 16))::bit(64)::bigint)",
                [next((evidence_root / "original").glob("*/*")).name],
            )
            assert jobs.sweep(now=time.time() + 2 * jobs.DAY) == 0
        holder.rollback()
    finally:
        holder.close()
    assert jobs.sweep(now=time.time() + 2 * jobs.DAY) == 3

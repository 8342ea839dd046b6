"""The decoder stays inside its bounds, and the web process does not feel it."""

from __future__ import annotations

import os
import re
import resource
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from weicheng.evidence import pool
from weicheng.evidence.formats import MB
from weicheng.evidence.refusals import EvidenceRefused
from weicheng.evidence.tests.drawn import jpeg, saved

HALF_GIGABYTE_KB = 512 * 1024


@pytest.fixture
def decoders() -> Any:
    """A pool of this test's own."""
    own = pool.Pool()
    yield own
    own.end()


def status(pid: int | str, field: str) -> int:
    """A figure of /proc/PID/status, in kB."""
    found = re.search(rf"^{field}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.M)
    assert found is not None
    return int(found[1])


def written(folder: Path, data: bytes) -> Path:
    path = folder / "a"
    path.write_bytes(data)
    return path


def test_the_largest_picture_is_decoded_within_512_mb(decoders: pool.Pool, tmp_path: Path) -> None:
    photo = written(tmp_path, saved(Image.new("RGB", (7300, 5400)), progressive=True))
    found = decoders.examine(photo, name="a.jpg", picture_only=True)
    assert (found.width, found.height) == (7300, 5400)
    [pid] = decoders.pids()
    limits = Path(f"/proc/{pid}/limits").read_text()
    assert re.search(rf"Max address space\s+{512 * MB}\s+{512 * MB}", limits)
    assert re.search(r"Max file size\s+0\s+0", limits)
    assert status(pid, "VmPeak") <= HALF_GIGABYTE_KB


def test_a_picture_that_needs_more_memory_is_refused_and_the_next_one_is_kept(
    decoders: pool.Pool, tmp_path: Path
) -> None:
    heavy = written(
        tmp_path, saved(Image.new("RGBA", (7300, 5400)), "WEBP", lossless=True, quality=0, method=0)
    )
    with pytest.raises(EvidenceRefused, match="too_heavy"):
        decoders.examine(heavy, name="a.webp", picture_only=True)
    assert decoders.examine(written(tmp_path, jpeg()), name="a.jpg", picture_only=True).width == 240


def test_a_decoder_short_of_memory_leaves_the_say_to_a_fresh_one(
    decoders: pool.Pool, tmp_path: Path
) -> None:
    decoders.examine(written(tmp_path, jpeg()), name="a.jpg", picture_only=True)
    [tired] = decoders.pids()
    resource.prlimit(tired, resource.RLIMIT_AS, (status(tired, "VmSize") * 1024, 512 * MB))
    photo = written(tmp_path, saved(Image.new("RGB", (6000, 4000)), "PNG", compress_level=1))
    assert decoders.examine(photo, name="a.png", picture_only=True).width == 6000
    assert tired not in decoders.pids()


def test_the_web_process_does_not_grow_by_decoding(decoders: pool.Pool, tmp_path: Path) -> None:
    photo = written(tmp_path, saved(Image.new("RGB", (7000, 5000)), quality=50))
    decoders.examine(photo, name="a.jpg", picture_only=True)
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts again from here
    before = status("self", "VmHWM")
    for _ in range(3):
        decoders.examine(photo, name="a.jpg", picture_only=True)
    assert status("self", "VmHWM") - before < 4 * 1024


def test_a_decoder_that_hangs_is_given_up_in_time(
    decoders: pool.Pool, tmp_path: Path, monkeypatch: Any
) -> None:
    photo = written(tmp_path, jpeg())
    decoders.examine(photo, name="a.jpg", picture_only=True)
    monkeypatch.setattr(pool, "PATIENCE", 0.3)
    [pid] = decoders.pids()
    os.kill(pid, signal.SIGSTOP)
    started = time.monotonic()
    with pytest.raises(EvidenceRefused, match="too_slow"):
        decoders.examine(photo, name="a.jpg", picture_only=True)
    assert time.monotonic() - started < 2
    assert not Path(f"/proc/{pid}").exists()


def test_a_killed_decoder_is_replaced_without_anybody_noticing(
    decoders: pool.Pool, tmp_path: Path
) -> None:
    photo = written(tmp_path, jpeg())
    for _ in range(3):
        assert decoders.examine(photo, name="a.jpg", picture_only=True).width == 240
        [pid] = decoders.pids()
        os.kill(pid, signal.SIGKILL)


def test_a_decoder_that_cannot_start_is_not_blamed_on_the_photo(
    decoders: pool.Pool, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(EvidenceRefused) as refused:
        decoders.examine(written(tmp_path, jpeg()), name="a.jpg", picture_only=True)
    assert (refused.value.code, refused.value.http_status) == ("decoder_down", 503)


def test_a_decoder_ends_with_its_parent(decoders: pool.Pool, tmp_path: Path) -> None:
    decoders.examine(written(tmp_path, jpeg()), name="a.jpg", picture_only=True)
    own = decoders._take()
    assert own is not None and own.process.stdin is not None
    own.process.stdin.close()
    assert own.process.wait(5) == 0
    own.end()


def test_at_most_two_decoders_work_at_once(decoders: pool.Pool, tmp_path: Path) -> None:
    photo = written(tmp_path, jpeg())
    ask = [
        threading.Thread(
            target=decoders.examine, args=(photo,), kwargs={"name": "a.jpg", "picture_only": True}
        )
        for _ in range(8)
    ]
    for each in ask:
        each.start()
    for each in ask:
        each.join()
    assert 1 <= len(decoders.pids()) <= pool.SIZE

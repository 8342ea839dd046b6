"""What strangers send: kept clean, or refused in time with a reason, and then nothing is left."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from weicheng.evidence import store
from weicheng.evidence.formats import EXTENSIONS
from weicheng.evidence.models import Attachment, Blob
from weicheng.evidence.refusals import EvidenceRefused
from weicheng.evidence.tests import corpus
from weicheng.evidence.tests.corpus import Case
from weicheng.evidence.tests.drawn import segments

pytestmark = pytest.mark.django_db
# JFIF header, tables, frame, restart interval: all that a served copy may hold
PLAIN = {0xE0, 0xDB, 0xC0, 0xC4, 0xDD}
CHINESE = re.compile(r"^[^a-z%]*[一-鿿].*。$")


def files_under(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_the_corpus_has_more_than_a_hundred_files() -> None:
    assert len(corpus.CASES) >= 120


@pytest.mark.parametrize("case", [each for each in corpus.CASES if each.expected], ids=str)
def test_what_is_not_evidence_is_refused_in_chinese_and_leaves_nothing(
    case: Case, evidence_root: Path
) -> None:
    file = case.make()
    started = time.monotonic()
    with pytest.raises(EvidenceRefused) as refused:
        store.keep(file, filename=case.name, purpose=case.purpose)
    assert time.monotonic() - started <= 3
    assert refused.value.code == case.expected
    assert CHINESE.search(refused.value.sentence()), refused.value.sentence()
    assert not Blob.objects.exists() and not Attachment.objects.exists()
    assert files_under(evidence_root) == []


@pytest.mark.parametrize("case", [each for each in corpus.CASES if not each.expected], ids=str)
def test_what_is_evidence_is_kept_whole_and_served_without_metadata(case: Case) -> None:
    data = case.make()
    kept = store.keep(data, filename=case.name, purpose=case.purpose)
    assert kept.blob is not None
    with store.open_original(kept) as original:
        assert original.read() == data
    assert kept.filename.endswith((*EXTENSIONS.values(), ".jpeg"))
    assert len(kept.filename) <= 120 and not re.search(
        r"[/\\\x00-\x1f\u202a-\u202e]", kept.filename
    )
    if not kept.is_picture:
        with pytest.raises(FileNotFoundError):
            store.open_derived(kept, "thumb")
        return
    for size, limit, side in (("thumb", 25 * 1024, 320), ("screen", 220 * 1024, 1440)):
        served = store.picture_bytes(kept, size)
        assert len(served) <= limit
        assert {marker for marker, _ in segments(served)} <= PLAIN
        assert b"SECRETPHONE" not in served and b"Exif" not in served
        height, width = (
            int.from_bytes(frame[start : start + 2], "big")
            for marker, frame in segments(served)
            if marker == 0xC0
            for start in (1, 3)
        )
        assert max(height, width) <= side

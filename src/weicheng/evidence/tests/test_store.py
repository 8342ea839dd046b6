"""Keeping, sharing, erasing, sweeping and checking of kept files."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from weicheng.evidence import jobs, shelf, store, verify
from weicheng.evidence.models import Attachment, Blob
from weicheng.evidence.pictures import prepare
from weicheng.evidence.refusals import EvidenceRefused, check_count
from weicheng.evidence.store import Incoming, Own, Position
from weicheng.evidence.tests import drawn, papers_made
from weicheng.evidence.tests.drawn import jpeg

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 4, 8, 0, tzinfo=UTC)
DAYS_LATER = 2 * jobs.DAY


def originals(root: Path) -> list[Path]:
    return sorted((root / "original").glob("*/*"))


def test_equal_bytes_in_two_problems_are_two_attachments_of_one_file(evidence_root: Path) -> None:
    first = store.keep(jpeg(), filename="一.jpg", purpose="before")
    second = store.keep(io.BytesIO(jpeg()), filename="二.jpg", purpose="after")
    assert first.pk != second.pk and first.blob_id == second.blob_id
    assert Blob.objects.count() == 1 and len(originals(evidence_root)) == 1


def test_a_path_and_an_upload_are_kept_like_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg())
    kept = [
        store.keep(file, filename="a.jpg", purpose="before")
        for file in (path, SimpleUploadedFile("a.jpg", jpeg()))
    ]
    assert kept[0].blob_id == kept[1].blob_id


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_time_and_place_of_a_photo_go_into_the_row(kind: str) -> None:
    photo = drawn.saved(drawn.scene(), kind, exif=drawn.exif())
    kept = store.keep(photo, filename="IMG_20200101_000000", purpose="before", now=NOW)
    assert kept.taken_at == datetime(2026, 12, 3, 1, 41, 20, tzinfo=UTC)
    assert kept.taken_source == "exif"
    assert (kept.latitude, kept.longitude, kept.accuracy_m) == (30.26, 114.3, 8.0)
    assert kept.position_source == "exif"


def test_evidence_may_lie_in_a_folder_with_spaces_and_chinese(
    settings: Any, tmp_path: Path
) -> None:
    settings.EVIDENCE_ROOT = tmp_path / "卫城 凭证"
    kept = store.keep(jpeg(), filename="a.jpg", purpose="before")
    assert store.open_original(kept).read() == jpeg()


def test_more_than_nine_files_for_one_act_are_refused() -> None:
    check_count(9)
    with pytest.raises(EvidenceRefused) as refused:
        check_count(12)
    assert refused.value.sentence() == "一次最多传 9 个文件，这次选了 12 个。请分几次传。"


def test_what_a_person_says_outranks_what_the_photo_says() -> None:
    told = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
    kept = store.keep(
        jpeg(exif=drawn.exif()),
        filename="a.jpg",
        purpose="before",
        taken_at=told,
        position=Position(30.1, 114.2, 12.5),
        now=NOW,
    )
    assert (kept.taken_at, kept.taken_source) == (told, "typed")
    assert (kept.latitude, kept.position_source) == (30.1, "device")


def test_without_exif_the_file_name_tells_the_time() -> None:
    kept = store.keep(jpeg(), filename="微信图片_20261203094120.jpg", purpose="before", now=NOW)
    assert (kept.taken_at, kept.taken_source) == (
        datetime(2026, 12, 3, 1, 41, 20, tzinfo=UTC),
        "name",
    )
    assert kept.latitude is None and kept.position_source == "none"


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_photo_held_any_way_up_is_served_upright(turn: int) -> None:
    upright = Image.new("RGB", (120, 80), "white")
    upright.paste("red", (0, 0, 60, 40))
    inverse = {5: 5, 6: 8, 7: 7, 8: 6}.get(turn, turn)
    stored = upright
    for step in store_turns(inverse):
        stored = stored.transpose(step)
    data = drawn.saved(stored, quality=95, exif=drawn.exif(turn=turn))
    kept = store.keep(data, filename="a.jpg", purpose="before")
    assert kept.blob is not None and (kept.blob.width, kept.blob.height) == (120, 80)
    with Image.open(io.BytesIO(store.picture_bytes(kept))) as served:
        assert served.size == (120, 80)
        colours = [
            np.array(served.getpixel(at)) for at in ((15, 10), (100, 10), (15, 70), (100, 70))
        ]
    assert [bool(colour[1] < 100) for colour in colours] == [True, False, False, False]


def store_turns(turn: int) -> list[Any]:
    from weicheng.evidence.pictures import TURNS

    return TURNS.get(turn, [])


def test_a_drop_of_many_files_keeps_the_good_and_names_the_bad() -> None:
    drop = [Incoming(jpeg(seed=each), f"{each}.jpg", "before") for each in range(6)]
    drop.insert(3, Incoming(b"<svg/>", "画.svg", "before"))
    kept = store.keep_many(drop)
    assert [isinstance(each, Attachment) for each in kept] == [True] * 3 + [False] + [True] * 3
    refused = kept[3]
    assert isinstance(refused, EvidenceRefused) and refused.code == "unknown_type"
    assert refused.sentence_about("画.svg").startswith("画.svg：不支持")
    assert [each.filename for each in kept if isinstance(each, Attachment)][-1] == "5.jpg"
    assert Attachment.objects.count() == 6


def test_our_own_drawings_are_kept_without_a_decoder() -> None:
    drawings = [jpeg(640, 480, seed=seed) for seed in range(30)]
    own = [Own(prepare(each), "示意图.jpg", "before", created_at=NOW) for each in drawings[:15]]
    own += [Own(each, "示意图.jpg", "after", taken_at=NOW) for each in drawings[15:]]
    kept = store.keep_own(own)
    assert [store.open_original(each).read() for each in kept] == drawings
    assert all(len(store.picture_bytes(each, "thumb")) <= 25 * 1024 for each in kept)
    assert kept[0].created_at == NOW and kept[20].taken_at == NOW
    assert verify.verify_blobs() == []


@pytest.mark.parametrize(
    "strange",
    [lambda: jpeg(exif=drawn.exif()), lambda: jpeg(1600, 900), lambda: jpeg(comment=b"x")],
)
def test_a_strangers_picture_does_not_pass_as_our_own(strange: Any) -> None:
    with pytest.raises(ValueError, match="own picture"):
        store.keep_own([Own(strange(), "a.jpg", "before")])
    assert not Blob.objects.exists()


def test_the_same_decision_about_a_picture_is_made_by_both_ways() -> None:
    data = jpeg(640, 480)
    slow = store.keep(data, filename="a.jpg", purpose="before")
    found = prepare(data).finding
    assert slow.blob is not None and slow.blob.phash is not None and found.phash is not None
    assert (found.width, found.height) == (slow.blob.width, slow.blob.height)
    assert (slow.blob.phash ^ found.phash).bit_count() <= 4


def test_pictures_that_look_alike_are_found_nearest_first() -> None:
    image = drawn.scene(400, 300, seed=5)
    kept = store.keep(drawn.saved(image), filename="a.jpg", purpose="before")
    again = store.keep(drawn.saved(image.resize((200, 150)), quality=40), filename="b.jpg",
                       purpose="before")  # fmt: skip
    store.keep(jpeg(seed=77), filename="c.jpg", purpose="before")
    assert kept.blob is not None and kept.blob.phash is not None
    found = store.similar(kept.blob.phash)
    assert [each.pk for each in found] == [kept.blob_id, again.blob_id]
    assert found[0].distance == 0  # type: ignore[attr-defined]


def test_erasing_one_use_keeps_the_other_and_erasing_both_removes_the_bytes(
    evidence_root: Path,
) -> None:
    first, second = (
        store.keep(jpeg(exif=drawn.exif()), filename="张三.jpg", purpose="before") for _ in range(2)
    )
    store.erase(first)
    assert store.open_original(second).read()
    with pytest.raises(FileNotFoundError):
        store.open_original(first)
    store.erase(second)
    store.erase(second)
    row = Attachment.objects.get(pk=second.pk)
    assert (row.filename, row.taken_at, row.latitude, row.blob_id) == ("", None, None, None)
    assert row.erased_at is not None and not Blob.objects.exists()
    assert jobs.sweep(now=time.time() + DAYS_LATER) == 3
    assert originals(evidence_root) == []


def test_the_sweeper_takes_only_what_is_old_and_has_no_row(evidence_root: Path) -> None:
    kept = store.keep(jpeg(), filename="a.jpg", purpose="before")
    left = evidence_root / "original" / "ab" / ("ab" * 32)
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"left by a crash")
    (evidence_root / "incoming" / "half").write_bytes(b"half an upload")
    assert jobs.sweep() == 0
    assert jobs.sweep(now=time.time() + DAYS_LATER) == 2
    assert not left.exists() and store.open_original(kept).read() and store.picture_bytes(kept)


def test_a_lost_small_copy_is_made_again(evidence_root: Path) -> None:
    kept = store.keep(jpeg(), filename="a.jpg", purpose="before")
    before = store.picture_bytes(kept, "thumb")
    for path in (evidence_root / "derived").glob("*/*"):
        path.unlink()
    assert store.picture_bytes(kept, "thumb") == before


def test_checking_the_files_names_the_altered_and_the_missing(evidence_root: Path) -> None:
    kept = [store.keep(jpeg(seed=each), filename="a.jpg", purpose="before") for each in range(3)]
    steps: list[tuple[int, int]] = []
    assert verify.verify_blobs(lambda done, total: steps.append((done, total))) == []
    assert steps == [(3, 3)]
    altered, missing = (evidence_root / shelf.original_name(str(each.blob_id)) for each in kept[:2])
    altered.write_bytes(altered.read_bytes()[:-1] + b"\x00")
    missing.unlink()
    found = {each.sha256: each.what for each in verify.verify_blobs()}
    assert found == {kept[0].blob_id: "altered", kept[1].blob_id: "missing"}


def test_keeping_the_same_bytes_again_heals_an_altered_file(evidence_root: Path) -> None:
    kept = store.keep(jpeg(), filename="a.jpg", purpose="before")
    (evidence_root / shelf.original_name(str(kept.blob_id))).write_bytes(b"rotten")
    store.keep(jpeg(), filename="a.jpg", purpose="before")
    assert verify.verify_blobs() == []


def test_a_full_disk_is_a_refusal_with_507(evidence_root: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(shelf, "RESERVE", 1 << 60)
    with pytest.raises(EvidenceRefused) as refused:
        store.keep(jpeg(), filename="a.jpg", purpose="before")
    assert (refused.value.code, refused.value.http_status) == ("disk_full", 507)
    assert "存储已满" in refused.value.sentence()
    assert not Blob.objects.exists() and originals(evidence_root) == []


def test_a_disk_that_fills_while_writing_is_the_same_refusal() -> None:
    with pytest.raises(EvidenceRefused, match="disk_full"), shelf.refusing_when_full():
        Path("/dev/full").write_bytes(b"x")


def test_an_act_that_is_undone_leaves_no_row_and_the_sweeper_the_file(evidence_root: Path) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        store.keep(jpeg(), filename="a.jpg", purpose="before")
        raise RuntimeError("the act was refused")
    assert not Attachment.objects.exists() and not Blob.objects.exists()
    jobs.sweep(now=time.time() + DAYS_LATER)
    assert originals(evidence_root) == []


def test_a_row_without_its_file_cannot_be_written() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.create(purpose="before", filename="a.jpg", created_at=NOW)


def test_a_paper_has_no_small_copies_and_keeps_its_name() -> None:
    kept = store.keep(papers_made.excel(), filename="问题台账.XLSX", purpose="table")
    assert kept.filename == "问题台账.xlsx" and not kept.is_picture
    assert kept.created_at - datetime.now(UTC) < timedelta(seconds=5)

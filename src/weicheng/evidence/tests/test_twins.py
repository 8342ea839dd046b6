"""Pictures that were used before are known again; different pictures of one place are not taken
for copies. The floors here; the measured figures in docs/evidence_twins.md."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from weicheng.evidence import marks, shelf, store, twins
from weicheng.evidence.models import Attachment, Blob, Fingerprint

pytestmark = pytest.mark.django_db
Change = Callable[[Image.Image], Image.Image]


def scene(seed: int, size: tuple[int, int] = (480, 360)) -> Image.Image:
    """A picture with texture at all scales and things with corners in it."""
    dice = np.random.default_rng(seed)
    grey = np.zeros((size[1], size[0]))
    for cell in (4, 9, 20, 45, 90):
        rough = dice.normal(0, 1, (size[1] // cell + 2, size[0] // cell + 2))
        layer = Image.fromarray(rough.astype(np.float32)).resize(size, Image.Resampling.BICUBIC)
        grey += np.asarray(layer) * cell**0.7
    for _ in range(40):
        x, y = int(dice.integers(0, size[0])), int(dice.integers(0, size[1]))
        wide, high = int(dice.integers(8, 60)), int(dice.integers(8, 60))
        grey[y : y + high, x : x + wide] += dice.normal(0, 25)
    shade = np.clip((grey - grey.mean()) / grey.std() * 45 + 120, 0, 255).astype(np.uint8)
    return Image.merge("RGB", [Image.fromarray(shade)] * 3)


def cut(picture: Image.Image, share: float, right: float, down: float) -> Image.Image:
    """A part of the picture: its sides are ``share`` of the whole."""
    wide, high = int(picture.width * share), int(picture.height * share)
    x, y = int((picture.width - wide) * right), int((picture.height - high) * down)
    return picture.crop((x, y, x + wide, y + high))


def again(picture: Image.Image, quality: int) -> Image.Image:
    """Recompressed."""
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(BytesIO(buffer.getvalue())).convert("RGB")


CHANGES: dict[str, Change] = {
    "recompressed": lambda p: again(p, 35),
    "half the size": lambda p: p.resize((p.width // 2, p.height // 2)),
    "brighter": lambda p: ImageEnhance.Brightness(p).enhance(1.25),
    "darker": lambda p: ImageEnhance.Brightness(p).enhance(0.65),
    "turned 90": lambda p: p.transpose(Image.Transpose.ROTATE_90),
    "turned 180": lambda p: p.transpose(Image.Transpose.ROTATE_180),
    "turned 270": lambda p: p.transpose(Image.Transpose.ROTATE_270),
    "mirrored": ImageOps.mirror,
    "cut 10 %": lambda p: cut(p, 0.9, 0.0, 1.0),
    "cut 15 %": lambda p: cut(p, 0.85, 1.0, 0.3),
    "cut, turned, recompressed": lambda p: again(
        cut(p, 0.9, 0.3, 0.7).transpose(Image.Transpose.ROTATE_90), 50
    ),
}
PICTURES = 5


@pytest.mark.parametrize("name", CHANGES)
def test_a_copy_is_known(name: str) -> None:
    known = 0
    for seed in range(PICTURES):
        picture = scene(seed)
        asked = marks.askings_of(CHANGES[name](picture))
        known += marks.agreement(asked, marks.marks_of(picture)) >= marks.POINTS
    assert known >= PICTURES - 1


def seen_again(seed: int, visit: int) -> Image.Image:
    """One place at another visit: other standpoint, light and weather, other things about."""
    place, dice = scene(seed), np.random.default_rng(1000 * seed + visit)
    wide, high = place.size
    near = dice.uniform(-0.16, 0.16, 8) * np.tile([wide, high], 4)
    corners = np.array([0, 0, wide, 0, wide, high, 0, high]) + near
    moved = place.transform(
        place.size, Image.Transform.QUAD, tuple(corners[[0, 1, 6, 7, 4, 5, 2, 3]]),
        resample=Image.Resampling.BICUBIC,
    )  # fmt: skip
    light = Image.fromarray(dice.integers(60, 200, (3, 3)).astype(np.uint8))
    lit = Image.blend(moved.convert("L"), light.resize(place.size, Image.Resampling.BICUBIC), 0.35)
    for _ in range(6):
        thing = cut(scene(int(dice.integers(10_000))), 0.25, 0.5, 0.5).convert("L")
        lit.paste(thing, (int(dice.integers(0, wide - 90)), int(dice.integers(0, high - 80))))
    return lit.filter(ImageFilter.GaussianBlur(0.8)).convert("RGB")


def test_other_pictures_of_one_place_are_no_copies() -> None:
    wrong = 0
    for seed in range(PICTURES):
        first = marks.marks_of(seen_again(seed, 1))
        for visit in (2, 3):
            wrong += marks.agreement(marks.askings_of(seen_again(seed, visit)), first) > 0
    assert wrong == 0


def test_pictures_of_other_places_are_no_copies() -> None:
    kept = [marks.marks_of(scene(seed)) for seed in range(12)]
    asked = marks.askings_of(scene(99))
    assert [marks.agreement(asked, one) for one in kept] == [0] * 12


def keep(picture: Image.Image, name: str) -> Attachment:
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    own = store.Own(buffer.getvalue(), filename=f"{name}.jpg", purpose="after")
    return store.keep_own([own])[0]


def test_the_job_finds_who_used_a_picture_before() -> None:
    first = keep(scene(1), "first")
    keep(scene(2), "other")
    assert twins.read_new() == 2
    copy = keep(CHANGES["cut, turned, recompressed"](scene(1)), "copy")
    same = keep(scene(1), "the same bytes")
    assert twins.read_new() == 1 and twins.read_new() == 0
    assert same.blob_id == first.blob_id
    for one, other in ((first, copy), (copy, first)):
        blobs = Attachment.objects.filter(pk=one.pk).values("blob")
        uses = Attachment.objects.filter(blob__in=twins.alike(blobs))
        assert set(uses) == {first, same, copy}
        (row,) = Attachment.objects.filter(pk=one.pk).annotate(near=twins.alike_to("blob"))
        assert row.near == [other.blob_id]


def test_a_picture_without_its_copy_is_tried_once() -> None:
    kept = keep(scene(1), "lost")
    assert kept.blob
    shelf.current().delete(shelf.derived_name(kept.blob.sha256, "screen"))
    assert twins.read_new() == 0
    assert Fingerprint.objects.get().words == []
    assert not Blob.objects.filter(fingerprint=None).exists()


def test_a_picture_without_corners_has_no_words() -> None:
    plain = Image.new("RGB", (300, 200), "grey")
    assert len(marks.marks_of(plain).words) == 0
    assert marks.agreement(marks.askings_of(plain), marks.marks_of(plain)) == 0
    assert len(marks.marks_of(Image.new("RGB", (8, 300))).words) == 0

"""The watermark stands on a rendered copy alone, and names nobody."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image, ImageChops
from tests.district import District, sign_in

from weicheng.evidence import marking, store
from weicheng.evidence.models import Attachment


@pytest.fixture
def photo(district: District) -> Attachment:
    buffer = BytesIO()
    Image.new("RGB", (800, 600), (90, 140, 90)).save(buffer, "JPEG")
    return store.keep(
        buffer.getvalue(), filename="a.jpg", purpose="before", by=district.users["检查员"],
        position=store.Position(30.12345, 120.5, 8.0),
    )  # fmt: skip


def test_the_words_say_time_place_and_hash_and_no_name(photo: Attachment) -> None:
    words = marking.words_of(photo)
    assert "30.12345,120.50000 +-8m" in words and str(photo.blob_id)[:16] in words
    assert words.isascii()


def test_the_watermark_is_on_the_copy_and_not_on_what_is_kept(
    district: District, client: Client, photo: Attachment
) -> None:
    browser = sign_in(client, district.users["检查员"])
    shown = browser.get(f"/evidence/{photo.pk}/marked")
    assert shown.status_code == 200 and shown["Cache-Control"] == "no-store"
    plain = b"".join(browser.get(f"/evidence/{photo.pk}/screen").streaming_content)  # type: ignore[attr-defined]
    with Image.open(BytesIO(shown.content)) as one, Image.open(BytesIO(plain)) as other:
        differ = ImageChops.difference(one.convert("L"), other.convert("L"))
        strip = differ.point(lambda v: 255 if v > 40 else 0).getbbox()
    assert strip is not None and strip[1] > 500
    kept = store.open_original(photo).read()
    assert hashlib.sha256(kept).hexdigest() == photo.blob_id
    assert store.picture_bytes(photo) == plain


def test_who_may_not_see_the_photo_gets_no_marked_copy_either(
    district: District, client: Client, photo: Attachment
) -> None:
    other = sign_in(client, district.users["临江创卫办"])
    assert other.get(f"/evidence/{photo.pk}/marked").status_code == 404

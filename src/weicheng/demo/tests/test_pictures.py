"""The drawn pictures: repeatable, small, and never the same before and after."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from weicheng.demo.pictures import MOTIFS, draw, draw_many
from weicheng.demo.pictures.mark import plate


@pytest.mark.parametrize("motif", MOTIFS)
def test_a_place_put_right_looks_different_at_the_size_of_a_thumb(motif: str) -> None:
    before, after = (
        np.asarray(Image.open(BytesIO(draw(motif, 3, fixed))).resize((80, 50)), dtype=float)
        for fixed in (False, True)
    )
    assert np.abs(before - after).max(axis=2).mean() > 5


@pytest.mark.parametrize("motif", ["cables", "bin", "market"])
def test_the_same_seed_draws_the_same_bytes_and_another_seed_others(motif: str) -> None:
    assert draw(motif, 5, False) == draw(motif, 5, False)
    assert draw(motif, 5, False) != draw(motif, 6, False)


def test_many_pictures_drawn_on_all_cores_equal_those_drawn_one_by_one() -> None:
    orders = [(motif, 1, False) for motif in list(MOTIFS)[:9]]
    assert draw_many(orders, workers=2) == [draw(*order) for order in orders]


def test_a_picture_is_small_and_carries_no_metadata() -> None:
    data = draw("guards", 2, False)
    image = Image.open(BytesIO(data))
    assert image.size == (640, 400)
    assert len(data) < 90_000
    assert not image.getexif()


def test_every_picture_wears_the_mark_in_its_corner() -> None:
    image = Image.open(BytesIO(draw("river", 4, True)))
    mark = plate()
    left, top = image.width - mark.width - 10, image.height - mark.height - 10
    corner = np.asarray(image.crop((left, top, left + mark.width, top + mark.height)))
    assert (corner.min(axis=2) > 200).mean() > 0.06  # the white strokes
    assert (corner.max(axis=2) < 130).mean() > 0.4  # on the dark plate

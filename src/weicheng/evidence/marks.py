"""Words of a picture: what its corners look like, so that a copy is known after cutting, turning,
mirroring, shrinking and recompressing. NumPy only, no Django; figures in docs/evidence_twins.md.

A corner's word is 32 comparisons of grey patches around it, turned to the corner's own direction
(after ORB: Rublee et al., 2011). Two pictures are twins when many equal words agree on one shift,
turn and scale, and cover a good part of the picture: equal things at other places do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageOps

Array = np.ndarray[Any, Any]
SIDE = 256  # the longer side in pixels at which words are read
SCALES = (0.8, 0.86, 0.93, 1.0, 1.075, 1.16, 1.25)  # a cut of 15 % enlarges what is left by 1.18
MOST = 128  # words of a picture, the strongest corners first
REACH = 15  # pixels around a corner
BITS = 32
CLEAR, CLEAR_BITS = 3.0, 22  # grey levels, and comparisons that must differ by them
TOLERANCE = 0.015  # of the longer side
POINTS, COVER = 9, 0.12  # twins agree in so many corners, over so much of the square of the side
_PAIRS = np.random.default_rng(11).normal(0, 5.5, (BITS, 2, 2)).clip(-11, 11)
_POWERS = np.uint64(1) << np.arange(BITS, dtype=np.uint64)
_ROWS, _COLUMNS = np.mgrid[-REACH : REACH + 1, -REACH : REACH + 1]
_DISC = _ROWS**2 + _COLUMNS**2 <= REACH * REACH


@dataclass(frozen=True)
class Marks:
    """Words (signed 32-bit) and where their corners lie (n × 2, parts of the longer side)."""

    words: Array
    spots: Array

    def packed(self) -> bytes:
        """The places as two bytes each, for keeping."""
        data: bytes = np.rint(self.spots * 65535).astype("<u2").tobytes()
        return data


def unpacked(words: list[int], spots: bytes) -> Marks:
    """Marks as they were kept."""
    places = np.frombuffer(spots, "<u2").reshape(-1, 2) / 65535
    return Marks(np.asarray(words, dtype=np.int32), places)


def marks_of(picture: Image.Image) -> Marks:
    """The marks that are kept of a picture."""
    return _read(_sized(picture, SIDE))


def askings_of(picture: Image.Image) -> list[Marks]:
    """What to look for: the picture at several scales, as it is and mirrored."""
    found = []
    for face in (picture, ImageOps.mirror(picture)):
        read = [_read(_sized(face, round(SIDE * scale))) for scale in SCALES]
        words = np.concatenate([one.words for one in read])
        found.append(Marks(words, np.concatenate([one.spots for one in read])))
    return found


def agreement(asked: list[Marks], kept: Marks) -> int:
    """In how many corners two pictures agree, 0 when it is less than twins do."""
    return max(_agree(one, kept) for one in asked)


def _sized(picture: Image.Image, side: int) -> Image.Image:
    share = side / max(picture.size)
    how = Image.Resampling.BOX if share < 1 else Image.Resampling.BICUBIC
    size = max(1, round(picture.width * share)), max(1, round(picture.height * share))
    return picture.convert("L").resize(size, how)


def _blur(grey: Array, times: int) -> Array:
    for _ in range(times):
        for axis in (0, 1):
            edge = [(2, 2) if axis == a else (0, 0) for a in (0, 1)]
            wide, size = np.pad(grey, edge, "edge"), grey.shape[axis]
            parts = [np.take(wide, range(k, k + size), axis) for k in range(5)]
            grey = (parts[0] + 4 * parts[1] + 6 * parts[2] + 4 * parts[3] + parts[4]) / 16
    return grey


def _corners(grey: Array) -> tuple[Array, Array]:
    """Rows and columns of the strongest corners (Harris, harmonic mean), each alone within 7 px."""
    down, right = np.gradient(_blur(grey, 1))
    a, b, c = _blur(right * right, 2), _blur(right * down, 2), _blur(down * down, 2)
    strength = (a * c - b * b) / (a + c + 1e-6)
    rim = REACH + 2
    strength[:rim] = strength[-rim:] = 0
    strength[:, :rim] = strength[:, -rim:] = 0
    height, width = grey.shape
    best = strength
    for axis in (0, 1):
        wide = np.pad(best, [(3, 3) if axis == a else (0, 0) for a in (0, 1)])
        size = (height, width)[axis]
        best = np.max([np.take(wide, range(k, k + size), axis) for k in range(7)], axis=0)
    rows, columns = np.nonzero((strength == best) & (strength > 1.0))
    order = np.argsort(-strength[rows, columns], kind="stable")[: MOST * 2]
    return rows[order], columns[order]


def _read(picture: Image.Image) -> Marks:
    grey = np.asarray(picture, dtype=np.float32)
    none = Marks(np.zeros(0, np.int32), np.zeros((0, 2)))
    if min(grey.shape) < 2 * REACH + 10:
        return none
    rows, columns = _corners(grey)
    if not len(rows):
        return none
    smooth = _blur(grey, 2)
    around = smooth[rows[:, None, None] + _ROWS, columns[:, None, None] + _COLUMNS] * _DISC
    turn = np.arctan2((around * _ROWS).sum((1, 2)), (around * _COLUMNS).sum((1, 2)))
    cos, sin = np.cos(turn)[:, None, None], np.sin(turn)[:, None, None]
    down = np.rint(rows[:, None, None] + _PAIRS[..., 0] * cos + _PAIRS[..., 1] * sin)
    right = np.rint(columns[:, None, None] - _PAIRS[..., 0] * sin + _PAIRS[..., 1] * cos)
    height, width = grey.shape
    seen = smooth[down.astype(int).clip(0, height - 1), right.astype(int).clip(0, width - 1)]
    differ = seen[..., 0] - seen[..., 1]
    clear = (np.abs(differ) > CLEAR).sum(1) >= CLEAR_BITS
    words = ((differ > 0) @ _POWERS).astype(np.uint32).astype(np.int32)[clear][:MOST]
    spots = np.stack([columns, rows], 1)[clear][:MOST] / max(height, width)
    return Marks(words, spots)


def _agree(asked: Marks, kept: Marks) -> int:
    """Equal words that lie alike after one shift, turn and scale; each kept corner counts once."""
    which, to = np.nonzero(asked.words[:, None] == kept.words[None, :])
    which, to = which[:300], to[:300]
    if len(set(to.tolist())) < POINTS:
        return 0
    here = asked.spots[which] @ np.array([1, 1j])
    there = kept.spots[to] @ np.array([1, 1j])
    most = 0
    for i, j in _pairs(len(here)):
        apart = here[j] - here[i]
        if abs(apart) < 0.12:
            continue
        scale = (there[j] - there[i]) / apart
        if not 0.7 < abs(scale) < 1.43:
            continue
        fit = np.abs(scale * (here - here[i]) + there[i] - there) < TOLERANCE
        count = len(set(to[fit].tolist()))
        if count > max(most, POINTS - 1) and _cover(asked.spots[which][fit]) >= COVER:
            most = count
    return most


def _cover(spots: Array) -> float:
    sides = np.ptp(spots, axis=0)
    return float(sides[0] * sides[1])


def _pairs(n: int) -> list[tuple[int, int]]:
    """Up to 400 pairs, always the same ones."""
    every = [(i, j) for i in range(n) for j in range(i + 1, n)]
    if len(every) <= 400:
        return every
    chosen = np.random.default_rng(n).choice(len(every), 400, replace=False)
    return [every[k] for k in chosen]

"""Places beside each other: only in one group, with how many were seen and how sure that is.

Nothing here takes a person. A place with fewer than ``FLOOR`` sites seen has no rank; places whose
intervals overlap are tied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean, stdev

import numpy as np

from .refusals import NotComparable
from .scores import Score

FLOOR = 8
PLACES = ("region", "town", "community", "site_type", "unit", "site")

Interval = tuple[float, float]


@dataclass(frozen=True)
class Place:
    """A place and what was kept on each of its sites seen, 0..1 each. ``group``: only places of
    one group are comparable (same kind of area, same site type, same kind of visit)."""

    key: str
    group: str
    shares: tuple[float, ...]
    kind: str = "town"


@dataclass(frozen=True)
class Row:
    """One place: mean and intervals of 80 % and 95 %, None when ``too_few``. ``rank``: 1 + places
    that are surely better; ``tied``: places that it cannot be told from."""

    key: str
    n: int
    mean: float | None
    interval80: Interval | None
    interval95: Interval | None
    too_few: bool
    rank: int | None
    tied: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """A group; rows from the best mean down, those with too few at the end."""

    group: str
    floor: int
    rows: tuple[Row, ...]


def compare(places: Iterable[Place], *, floor: int = FLOOR) -> tuple[Comparison, ...]:
    """Comparisons by group, in order of the groups' names. Raises NotComparable."""
    groups: dict[str, list[Place]] = {}
    for place in places:
        if place.kind not in PLACES:
            raise NotComparable("persons")
        if not all(0 <= share <= 1 for share in place.shares):
            raise NotComparable("share_range", place=place.key)
        if any(held.key == place.key for held in groups.get(place.group, ())):
            raise NotComparable("place_twice", place=place.key)
        groups.setdefault(place.group, []).append(place)
    return tuple(_group(name, groups[name], max(floor, 2)) for name in sorted(groups))


def site_shares(score: Score) -> tuple[float | None, ...]:
    """Share of its counted weight that each visit of the score's snapshot kept, in its order;
    None where nothing was counted."""
    snap = score.snapshot
    size = len(snap.visits)
    weight = np.bincount(snap.slot_visit, score.slot_weight, size)
    lost = np.bincount(snap.slot_visit, score.slot_lost, size)
    return tuple(
        1 - gone / (10 * whole) if whole else None
        for gone, whole in zip(lost.tolist(), weight.tolist(), strict=True)
    )


def wilson(passed: float, n: int, level: float) -> Interval:
    """Wilson's score interval of a share (E. B. Wilson 1927)."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    p, zz = passed / n, z * z
    middle = (p + zz / (2 * n)) / (1 + zz / n)
    half = z * sqrt(p * (1 - p) / n + zz / (4 * n * n)) / (1 + zz / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def student(level: float, freedom: int) -> float:
    """Two-sided quantile of Student's t by the series of Cornish and Fisher; error < 0.002 from
    7 degrees of freedom."""
    z, v = NormalDist().inv_cdf((1 + level) / 2), freedom
    terms = (
        z,
        (z**3 + z) / (4 * v),
        (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2),
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3),
    )
    return sum(terms)


def interval(shares: Sequence[float], level: float) -> Interval:
    """Wilson's for yes and no and where nothing varies; else Student's, kept inside 0..1."""
    n, mean = len(shares), fmean(shares)
    spread = stdev(shares)
    if spread == 0 or all(share in (0, 1) for share in shares):
        return wilson(mean * n, n, level)
    half = student(level, n - 1) * spread / sqrt(n)
    return max(0.0, mean - half), min(1.0, mean + half)


def _group(name: str, places: list[Place], floor: int) -> Comparison:
    enough = [place for place in places if len(place.shares) >= floor]
    wide = {place.key: interval(place.shares, 0.95) for place in enough}
    rows = []
    for place in sorted(enough, key=lambda p: (-fmean(p.shares), p.key)):
        low, high = wide[place.key]
        others = {key: at for key, at in wide.items() if key != place.key}
        rank = 1 + sum(other_low > high for other_low, _ in others.values())
        tied = sorted(key for key, at in others.items() if at[0] <= high and low <= at[1])
        narrow = interval(place.shares, 0.8)
        mean, n = fmean(place.shares), len(place.shares)
        rows.append(Row(place.key, n, mean, narrow, (low, high), False, rank, tuple(tied)))
    few = sorted((p for p in places if len(p.shares) < floor), key=lambda p: p.key)
    rows += [Row(p.key, len(p.shares), None, None, None, True, None, ()) for p in few]
    return Comparison(name, floor, tuple(rows))

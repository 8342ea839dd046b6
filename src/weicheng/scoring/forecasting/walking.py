"""The other draw: assessors are set down somewhere and fill the quotas on foot.

Sites within a quarter of an hour's walk of the starting points are taken first, the rest of a
quota from everywhere else. A site whose position is unknown is met only in the rest.
"""

from __future__ import annotations

import itertools

import numpy as np

from .district import Bools, District, Floats, Ints
from .frames import Frame, Stratum
from .layout import Layout

METRES = 1_100.0  #: what is walked in 15 minutes
DETOUR = 1.3  #: streets over the straight line
EARTH = 6_371_000.0
MOST_FRAMES = 60


def distance(district: District, start: tuple[float, float]) -> Floats:
    """(N,) metres on foot from (latitude, longitude), nan where a site's position is unknown."""
    lat, lon = np.radians(district.site_latitude), np.radians(district.site_longitude)
    here = np.radians(np.asarray(start))
    half = np.sin((lat - here[0]) / 2) ** 2
    half = half + np.cos(lat) * np.cos(here[0]) * np.sin((lon - here[1]) / 2) ** 2
    return np.asarray(2 * EARTH * np.arcsin(np.sqrt(np.minimum(half, 1))) * DETOUR, np.float64)


def around(district: District, start: tuple[float, float], metres: float = METRES) -> Ints:
    """The pool's sites within a walk of a starting point, nearest first: 落脚点周边."""
    far = distance(district, start)
    near = np.flatnonzero(district.in_pool & (far <= metres))
    return near[np.argsort(far[near], kind="stable")]


def walk_frames(
    district: District, layout: Layout, starts: list[tuple[float, float]], groups: int = 2
) -> list[Frame]:
    """One frame per set of starting points that ``groups`` teams may be given, with its chance.

    Each team's start is equally likely; with many starts, 60 sets
    at even distances in the list stand for all.
    """
    zones = [distance(district, start)[layout.sites] <= METRES for start in starts]
    sets = list(itertools.combinations_with_replacement(range(len(starts)), groups))
    chance = np.array([_orders(chosen) for chosen in sets], float)
    if len(sets) > MOST_FRAMES:
        kept = np.linspace(0, len(sets) - 1, MOST_FRAMES).astype(int)
        sets, chance = [sets[i] for i in kept], chance[kept]
    chance /= chance.sum()
    return [
        _frame(layout, np.logical_or.reduce([zones[i] for i in chosen]), float(share))
        for chosen, share in zip(sets, chance, strict=True)
    ]


def _orders(chosen: tuple[int, ...]) -> int:
    return len(set(itertools.permutations(chosen)))


def _frame(layout: Layout, near: Bools, share: float) -> Frame:
    strata = []
    for kind, taken in enumerate(layout.taken):
        of_type = layout.site_type == kind
        first = np.flatnonzero(of_type & near)
        others = np.flatnonzero(of_type & ~near)
        here = min(int(taken), len(first))
        strata += [Stratum(first, here)] if here else []
        strata += [Stratum(others, int(taken) - here)] if taken > here else []
    return Frame(tuple(strata), share)

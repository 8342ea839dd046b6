"""A district as arrays: what the forecast is told, and nothing of the database."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: Who saw it: the district's own inspectors, an undercover round, an assessor from outside.
OWN, UNDERCOVER, OUTSIDE = 0, 1, 2


#: The columns of an answer.
SEEN = (
    "seen_site", "seen_check", "seen_failed", "seen_na", "seen_age", "seen_source",
    "seen_repaired", "seen_reported", "seen_since",
)  # fmt: skip


def summed(index: Ints, weights: npt.NDArray[Any], size: int) -> Floats:
    """(size,) sums of the weights by index."""
    return np.bincount(index, weights, size).astype(np.float64)


class Unfit(ValueError):
    """The arrays do not fit together; ``code`` says how, ``place`` where."""

    def __init__(self, code: str, place: str) -> None:
        super().__init__(f"{code}: {place}")
        self.code, self.place = code, place


@dataclass(frozen=True)
class District:
    """Sites, checks, items, visits and the lines of warning; points are milli (1/1000 point).

    N sites, C checks, I items, T types, V seen answers, K other sheets, L lines. Indices count
    from 0. ``areas`` and ``aspects`` are the numbers of towns and of aspects.
    """

    site_type: Ints  #: (N,) 0..T-1
    site_area: Ints  #: (N,) 0..areas-1
    site_cluster: Ints  #: (N,) property company or street, -1 none
    site_latitude: Floats  #: (N,) degrees, nan unknown
    site_longitude: Floats  #: (N,) degrees, nan unknown
    in_pool: Bools  #: (N,) may be drawn
    check_type: Ints  #: (C,)
    check_item: Ints  #: (C,)
    check_deduct: Ints  #: (C,) milli, > 0
    check_key: Bools  #: (C,) a failure makes a red point
    check_gate: Bools  #: (C,) a failure fails a gate
    item_points: Ints  #: (I,) milli on site
    item_aspect: Ints  #: (I,) 0..aspects-1
    quota: Ints  #: (T,) sites drawn of each type
    areas: int
    aspects: int
    seen_site: Ints  #: (V,)
    seen_check: Ints  #: (V,)
    seen_failed: Bools  #: (V,)
    seen_na: Bools  #: (V,) 不涉及
    seen_age: Floats  #: (V,) days from the look to the assessment, >= 0: what rates learn from
    seen_source: Ints  #: (V,) OWN, UNDERCOVER, OUTSIDE
    seen_repaired: Bools = field(default_factory=lambda: np.zeros(0, bool))
    """(V,) a failure whose closure was verified: a failure for the rate, a pass for the state.
    Empty: none."""
    seen_reported: Bools = field(default_factory=lambda: np.zeros(0, bool))
    """(V,) a failure told by a problem, open or (``seen_repaired``) closed: it counts for the state
    only, since nobody reports what is in order. Empty: none."""
    seen_since: Floats = field(default_factory=lambda: np.zeros(0))
    """(V,) days since the state was last sure: those of the look, of the verification after it, 0
    while a problem is open. Empty: as ``seen_age``."""
    check_ruled: Floats = field(default_factory=lambda: np.zeros(0))
    """(C,) logits that an outside assessor is stricter on a check than our looks, by a ruling that
    they do not know yet. Empty: none."""
    other_mean: Floats = field(default_factory=lambda: np.zeros(0))  #: (K,) milli
    other_sd: Floats = field(default_factory=lambda: np.zeros(0))  #: (K,) milli
    lines: Floats = field(default_factory=lambda: np.zeros(0))  #: (L,) milli of the total

    def __post_init__(self) -> None:
        if not len(self.seen_repaired):
            object.__setattr__(self, "seen_repaired", np.zeros(len(self.seen_site), bool))
        if not len(self.seen_reported):
            object.__setattr__(self, "seen_reported", np.zeros(len(self.seen_site), bool))
        if not len(self.seen_since):
            object.__setattr__(self, "seen_since", self.seen_age)
        if not len(self.check_ruled):
            object.__setattr__(self, "check_ruled", np.zeros(len(self.check_type)))
        _alike(self, "site_type", "site_area", "site_cluster", "site_latitude", "in_pool")
        _alike(self, "site_type", "site_longitude")
        _alike(self, "check_type", "check_item", "check_deduct", "check_key", "check_gate")
        _alike(self, "check_type", "check_ruled")
        _alike(self, "seen_site", "seen_check", "seen_failed", "seen_na", "seen_age")
        _alike(self, "seen_site", "seen_source", "seen_repaired", "seen_reported", "seen_since")
        _alike(self, "item_points", "item_aspect")
        _alike(self, "other_mean", "other_sd")
        _within(self, "site_type", len(self.quota))
        _within(self, "site_area", self.areas)
        _within(self, "check_type", len(self.quota))
        _within(self, "check_item", len(self.item_points))
        _within(self, "item_aspect", self.aspects)
        _within(self, "seen_site", len(self.site_type))
        _within(self, "seen_check", len(self.check_type))
        _within(self, "seen_source", 3)
        self._sane()

    def _sane(self) -> None:
        if (self.check_deduct <= 0).any():
            raise Unfit("not-positive", "check_deduct")
        if (self.quota < 0).any():
            raise Unfit("negative", "quota")
        for name in ("seen_age", "seen_since"):
            if not (getattr(self, name) >= 0).all():
                raise Unfit("negative", name)
        if (self.site_type[self.seen_site] != self.check_type[self.seen_check]).any():
            raise Unfit("foreign-check", "seen_check")
        if not self.in_pool.any():
            raise Unfit("empty", "in_pool")

    def looks(self) -> District:
        """The same without what was only reported: what rates and coverage are learnt from."""
        if not self.seen_reported.any():
            return self
        kept = ~self.seen_reported
        return replace(self, **{name: getattr(self, name)[kept] for name in SEEN})

    @property
    def types(self) -> int:
        """T."""
        return len(self.quota)


def _alike(district: District, first: str, *names: str) -> None:
    wanted = getattr(district, first).shape
    for name in names:
        if getattr(district, name).shape != wanted:
            raise Unfit("shape", name)


def _within(district: District, name: str, end: int) -> None:
    values = getattr(district, name)
    if len(values) and (values.min() < 0 or values.max() >= end):
        raise Unfit("out-of-range", name)

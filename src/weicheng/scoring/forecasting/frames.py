"""How the assessors choose: strata of sites, and how many are taken from each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .district import Floats, Ints
from .layout import Layout


@dataclass(frozen=True)
class Stratum:
    """``taken`` of ``members`` (positions in the layout's sites), each set equally likely."""

    members: Ints
    taken: int


@dataclass(frozen=True)
class Frame:
    """One way of choosing, used by ``share`` of the assessments (shares add up to 1)."""

    strata: tuple[Stratum, ...]
    share: float = 1.0

    def inclusion(self, layout: Layout) -> Floats:
        """(S,) chance that a site is drawn."""
        found = np.zeros(len(layout.sites))
        for stratum in self.strata:
            found[stratum.members] = stratum.taken / len(stratum.members)
        return found


def quota_frame(layout: Layout) -> Frame:
    """The draw by quota: a simple random sample of each type, without replacement."""
    return Frame(
        tuple(
            Stratum(np.flatnonzero(layout.site_type == kind), int(taken))
            for kind, taken in enumerate(layout.taken)
            if taken
        )
    )

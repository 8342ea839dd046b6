"""What mending is expected to bring back, per site and check, by the forecast's closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from weicheng.scoring.forecasting import regained
from weicheng.scoring.forecasting.closed import chances
from weicheng.scoring.forecasting.layout import lay_out

if TYPE_CHECKING:
    from weicheng.scoring.arrays import Ground
    from weicheng.scoring.forecasting import Belief

#: A check that the assessors find failed with at least this chance is worth a look.
LIKELY: Final = 0.35
#: Least that is kept, milli.
LEAST: Final = 0.0005

Pairs = dict[str, dict[str, float]]


def regains(ground: Ground, belief: Belief) -> Pairs:
    """Site id -> check key -> milli that come back when it is mended and verified today.

    Checks that failed when last looked at, or probably fail; everything else is left out.
    """
    layout = lay_out(ground.district)
    chance = chances(ground.district, belief, layout)
    weak = np.flatnonzero(chance.failure >= LIKELY)
    sites, checks = layout.sites[layout.pair_place[weak]], layout.pair_check[weak]
    gain = regained(ground.district, belief, sites, checks)
    found: Pairs = {}
    for site, check, milli in zip(sites, checks, gain, strict=True):
        if milli >= LEAST:
            row = found.setdefault(str(ground.sites[site].id), {})
            row[ground.checks[check].key] = round(float(milli), 4)
    return found

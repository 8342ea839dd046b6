"""One coin for every check of every drawn site: slow, and what the engine must agree with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from weicheng.scoring.forecasting import Belief, District
from weicheng.scoring.forecasting.beliefs import logistic
from weicheng.scoring.forecasting.closed import faded, strict_vector
from weicheng.scoring.forecasting.frames import Frame
from weicheng.scoring.forecasting.layout import FAILED, Layout

Array = npt.NDArray[np.float64]


def assess(
    district: District, belief: Belief, layout: Layout, frame: Frame, draws: int, seed: int
) -> tuple[Array, Array]:
    """(draws, aspects) losses in milli and (draws,) red points, one coin per check."""
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(belief.cov)
    strictness = strict_vector(belief.columns, district.aspects)
    aspect = district.item_aspect[district.check_item[layout.pair_check]]
    fade = faded(layout, belief)
    unit = layout.weight / np.maximum(layout.taken, 1)[layout.site_type][layout.pair_place]
    rows, worth = belief.rows[0][layout.pair_cell], belief.rows[1][layout.pair_cell]
    losses, reds = np.zeros((draws, district.aspects)), np.zeros(draws)
    for i in range(draws):
        theta = belief.mean + root @ rng.standard_normal(len(belief.mean))
        at = np.flatnonzero(_chosen(rng, layout, frame)[layout.pair_place])
        eta = (theta[rows[at]] * worth[at]).sum(1) + theta[belief.columns.shock]
        ruled = district.check_ruled[layout.pair_check[at]]
        q1 = logistic(eta + (strictness @ theta)[aspect[at]] + ruled)
        overlooked = 1 - (1 - q1) / (1 - logistic(eta))
        said = np.where(
            layout.state[at] == FAILED, 1.0, np.where(layout.by_own[at], overlooked, 0.0)
        )
        hold = logistic(theta[belief.columns.persistence])
        failed = rng.random(len(at)) < q1 + hold * fade[at] * (said - q1)
        losses[i] = np.bincount(aspect[at], unit[at] * failed, district.aspects)
        reds[i] = failed[district.check_key[layout.pair_check[at]]].sum()
    return losses, reds


def _chosen(rng: np.random.Generator, layout: Layout, frame: Frame) -> npt.NDArray[np.bool_]:
    chosen = np.zeros(len(layout.sites), bool)
    for stratum in frame.strata:
        chosen[rng.permutation(stratum.members)[: stratum.taken]] = True
    return chosen

"""What a forecast says: the curve, the chances, what sinks us, and the parts of the width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .closed import Expected
from .design import PARTS
from .district import District, Floats, Ints
from .layout import Layout

if TYPE_CHECKING:
    from .plan import Plan
    from .simulation import Block


@dataclass(frozen=True)
class Forecast:
    """All milli; n assessments. Points that rest on nothing are in no total."""

    totals: np.ndarray  #: (n,) int32
    losses: np.ndarray  #: (n, aspects) int32
    points: Floats  #: (aspects,) that can be reached on site
    unassessed: int
    expected: Expected  #: the closed form for the draw by quota; what sinks us most
    mean: float
    exact_mean: float  #: the closed form for this model of the draw, before clipping at 0
    reds: np.ndarray  #: (n,) number of red points
    gate_checks: Ints  #: (g,)
    gate_chance: Floats  #: (g,) of failing
    lines: Floats  #: (L,)
    line_chance: Floats  #: (L,) of reaching
    parts: dict[str, float]  #: variance by source; the sum is the variance of the totals

    def total(self, *quantiles: float) -> Floats:
        """Quantiles of the total, by default P10, P50, P90."""
        return np.asarray(np.quantile(self.totals, quantiles or (0.1, 0.5, 0.9)), np.float64)

    def aspect(self, *quantiles: float) -> Floats:
        """(q, aspects) quantiles of the points kept per aspect, by default P10, P50, P90."""
        lost = [1 - share for share in quantiles or (0.1, 0.5, 0.9)]
        return np.asarray(self.points - np.quantile(self.losses, lost, axis=0), np.float64)

    def interval(self, share: float) -> tuple[float, float]:
        """The middle ``share`` of the totals."""
        low, high = np.quantile(self.totals, [(1 - share) / 2, (1 + share) / 2])
        return float(low), float(high)


def summed_up(
    district: District,
    layout: Layout,
    closed: Expected,
    plans: Sequence[Plan],
    blocks: Sequence[tuple[int, Block]],
) -> Forecast:
    """The blocks in one."""
    losses = np.concatenate([block.losses for _, block in blocks])
    others = np.concatenate([block.others for _, block in blocks])
    totals = np.rint(layout.points.sum() - losses.sum(1) + others).astype(np.int32)
    shares = np.array([plan.share for plan in plans])
    centre = layout.points.sum() + district.other_mean.sum()
    checks, chance = _gates(plans, blocks, len(totals))
    return Forecast(
        totals,
        losses,
        layout.points,
        layout.unassessed,
        closed,
        float(totals.mean()),
        float(centre - shares @ [plan.mean.sum() for plan in plans]),
        np.concatenate([block.reds for _, block in blocks]),
        checks,
        chance,
        district.lines,
        np.array([(totals >= line).mean() for line in district.lines]),
        _parts(plans, blocks, float(totals.var())),
    )


def _gates(
    plans: Sequence[Plan], blocks: Sequence[tuple[int, Block]], draws: int
) -> tuple[Ints, Floats]:
    checks = np.unique(np.concatenate([plan.gate_checks for plan in plans]))
    chance = np.zeros(len(checks))
    for number, block in blocks:
        chance[np.searchsorted(checks, plans[number].gate_checks)] += block.gates
    return checks, chance / draws


def _parts(
    plans: Sequence[Plan], blocks: Sequence[tuple[int, Block]], total: float
) -> dict[str, float]:
    """Variances by source, scaled so that they add up to the variance of the totals."""
    shares = np.array([plan.share for plan in plans])
    shares = shares / shares.sum()
    linear = shares @ np.stack([plan.parts for plan in plans])
    number = np.array([n for n, block in blocks for _ in block.knowledge])
    knowledge = np.concatenate([block.knowledge for _, block in blocks])
    means = np.array([plan.mean.sum() for plan in plans])
    known = float((knowledge - means[number]).var())
    linear = linear * known / max(float(linear.sum()), 1e-9)
    found = dict(zip(PARTS, map(float, linear), strict=True))
    found["starts"] = float(shares @ (means - shares @ means) ** 2)
    found["lots"] = float(np.concatenate([block.lots for _, block in blocks]).var())
    found["outcomes"] = float(shares @ [plan.outcome for plan in plans])
    found["others"] = float(np.concatenate([block.others for _, block in blocks]).var())
    whole = sum(found.values())
    return {name: value * total / whole if whole else 0.0 for name, value in found.items()}

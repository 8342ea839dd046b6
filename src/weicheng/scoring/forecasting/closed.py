"""The mean in closed form: the chance of each failure, and what mending it is expected to regain.

A pair last seen ``age`` days ago fails with chance ``q1 + r f (o - q1)``, f = 2**(-age/half_life):
q1 the outside assessor's pooled rate, o what the last look says (1 after a failure, 0 after a pass
before an outside assessor, ``1 - (1 - q1)/(1 - q0)`` after a pass before our own people).
Means over the parameters are bivariate normal integrals by Gauss and Hermite.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from .beliefs import Belief, logistic
from .design import Columns
from .district import District, Floats, Ints, Unfit, summed
from .layout import FAILED, NOTHING, PASSED, Layout, lay_out, pair_of

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(7)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


@dataclass(frozen=True)
class Chances:
    """Per pair, in the order of the layout; probabilities for an outside assessor."""

    failure: Floats  #: (M,) mean
    spread: Floats  #: (M,) variance of the probability over the parameters
    fresh: Floats  #: (M,) share 1 - r f that the pooled rate still decides
    mended: Floats  #: (M,) mean once mended and verified today


@dataclass(frozen=True)
class Expected:
    """The closed form of the mean, milli. ``loss`` adds up over checks, items and aspects."""

    by_check: Floats  #: (C,)
    by_item: Floats  #: (I,)
    by_aspect: Floats  #: (aspects,)
    by_type: Floats  #: (T,)
    loss: float
    total: float  #: points on site that can be reached, less the loss, with the other sheets
    unassessed: int  #: points that rest on no site at all, in no total


def strict_vector(c: Columns, aspects: int) -> Floats:
    """(aspects, P) what an unknown outside team adds for each aspect."""
    found = np.zeros((aspects, c.size))
    found[:, [c.strict, c.source + 1, c.team]] = 1.0
    found[np.arange(aspects), c.aspect + np.arange(aspects)] = 1.0
    return found


def moments(belief: Belief, rows: tuple[Ints, Floats], aspect: Ints) -> tuple[Floats, ...]:
    """(n,) mean and variance of eta0 (own eyes) and delta (outside), and their covariance."""
    c = belief.columns
    strict = strict_vector(c, int(aspect.max(initial=0)) + 1)
    at, value = rows
    at = np.concatenate([at, np.full((len(at), 1), c.shock)], axis=1)
    value = np.concatenate([value, np.ones((len(value), 1))], axis=1)
    mean = (belief.mean[at] * value).sum(1)
    var = np.zeros(len(at))
    for i in range(at.shape[1]):
        for j in range(i, at.shape[1]):
            both = belief.cov[at[:, i], at[:, j]] * value[:, i] * value[:, j]
            var += both if i == j else 2 * both
    along = belief.cov @ strict.T
    shared = (along[at, aspect[:, None]] * value).sum(1)
    delta, wide = strict @ belief.mean, np.einsum("ap,pa->a", strict, along)
    return mean, var, delta[aspect], wide[aspect], shared


def integrals(
    mean: Floats, var: Floats, delta: Floats, wide: Floats, shared: Floats
) -> tuple[Floats, Floats, Floats]:
    """E q1, E q1**2 and E[(1 - q1)/(1 - q0)], each (n,)."""
    sd = np.sqrt(np.maximum(var, 1e-12))
    lean = shared / sd
    rest = np.sqrt(np.maximum(wide - lean**2, 0.0))
    first, second, ratio = (np.zeros(len(mean)) for _ in range(3))
    with np.errstate(over="ignore"):
        for x, wx in zip(NODES, WEIGHTS, strict=True):
            own = np.exp(mean + sd * x)
            lift = delta + lean * x
            for y, wy in zip(NODES[1:-1], WEIGHTS[1:-1], strict=True):
                passed = 1 / (1 + own * np.exp(lift + rest * y))
                first += (wx * wy) * passed
                second += (wx * wy) * passed * passed
                ratio += (wx * wy) * passed * (1 + own)
    whole = float(WEIGHTS[1:-1].sum())
    first, second = first / whole, second / whole
    return 1 - first, 1 - 2 * first + second, ratio / whole


def chances(district: District, belief: Belief, layout: Layout, strict: float = 0.0) -> Chances:
    """The chance of failing of every pair; ``strict`` logits are added to the assessor's shift."""
    if len(layout.cell_check) != len(belief.rows[0]):
        raise Unfit("other-sites", "belief")
    aspect = district.item_aspect[district.check_item[layout.cell_check]]
    mean, var, delta, wide, shared = moments(belief, belief.rows, aspect)
    delta = delta + strict + district.check_ruled[layout.cell_check]
    pooled, square, ratio = integrals(mean, var, delta, wide, shared)
    q1, o0 = pooled[layout.pair_cell], 1 - ratio[layout.pair_cell]
    spread = np.maximum(square - pooled**2, 0)[layout.pair_cell]
    hold = held(belief)
    info = hold * faded(layout, belief)
    said = np.where(layout.state == FAILED, 1.0, np.where(layout.by_own, o0, 0.0))
    rate = q1 + info * (said - q1)
    return Chances(rate, (1 - info) ** 2 * spread, 1 - info, q1 + hold * (o0 - q1))


def held(belief: Belief) -> float:
    """Mean persistence of a look of today."""
    at = belief.columns.persistence
    sd = float(np.sqrt(belief.cov[at, at]))
    return float(WEIGHTS @ logistic(belief.mean[at] + sd * NODES))


def faded(layout: Layout, belief: Belief) -> Floats:
    """(M,) 2**(-age/half_life), 0 where nothing was seen."""
    seen = layout.state != NOTHING
    age = np.where(seen, layout.age, 0.0)
    return np.asarray(np.where(seen, 2.0 ** (-age / belief.half_life), 0.0), np.float64)


def quota_share(layout: Layout) -> Floats:
    """(M,) milli that a failure of the pair costs on average over draws by quota."""
    pool = np.bincount(layout.site_type, minlength=len(layout.taken))
    return np.asarray(layout.weight / pool[layout.site_type][layout.pair_place], np.float64)


def expected(district: District, belief: Belief, *, strict: float = 0.0) -> Expected:
    """The mean loss per check, item, aspect and type, and the mean total; no simulation."""
    layout = lay_out(district)
    return added_up(district, layout, chances(district, belief, layout, strict))


def added_up(district: District, layout: Layout, chance: Chances) -> Expected:
    """The chances in points, for the draw by quota."""
    cost = quota_share(layout) * chance.failure
    by_check = summed(layout.pair_check, cost, len(district.check_type))
    by_item = summed(district.check_item, by_check, len(district.item_points))
    return Expected(
        by_check,
        by_item,
        summed(district.item_aspect, by_item, district.aspects),
        summed(district.check_type, by_check, district.types),
        float(cost.sum()),
        float(layout.points.sum() - cost.sum() + district.other_mean.sum()),
        layout.unassessed,
    )


def regained(
    district: District, belief: Belief, sites: Ints, checks: Ints, *, strict: float = 0.0
) -> Floats:
    """(n,) milli regained on average by mending each (site, check); adds up, never below 0.

    0 outside the pool. The sum equals the difference of ``expected`` before and after
    ``repaired``; a pair named twice is counted with its first mention only.
    """
    layout = lay_out(district)
    seen = chances(district, belief, layout, strict)
    gain = np.maximum(quota_share(layout) * (seen.failure - seen.mended), 0.0) * ~layout.absent
    pair = pair_of(district, layout, sites, checks)
    found = np.where(pair >= 0, gain[np.maximum(pair, 0)], 0.0)
    again = np.ones(len(pair), bool)
    again[np.unique(pair, return_index=True)[1]] = False
    return np.asarray(np.where(again, 0.0, found), np.float64)


def repaired(district: District, belief: Belief, sites: Ints, checks: Ints) -> District:
    """The district once these (site, check) pairs are mended and verified today: no look more.

    Pairs that have nothing to gain (不涉及, outside the pool, just passed) stay as they are.
    """
    gain = regained(district, belief, sites, checks) > 0
    sites, checks = np.asarray(sites)[gain], np.asarray(checks)[gain]
    n = len(sites)
    more: dict[str, tuple[Any, npt.DTypeLike]] = {
        "seen_site": (sites, np.int64),
        "seen_check": (checks, np.int64),
        "seen_failed": (np.ones(n), bool),
        "seen_na": (np.zeros(n), bool),
        "seen_age": (np.zeros(n), np.float64),
        "seen_source": (np.zeros(n), np.int64),
        "seen_repaired": (np.ones(n), bool),
        "seen_reported": (np.ones(n), bool),
        "seen_since": (np.zeros(n), np.float64),
    }
    joined: dict[str, Any] = {
        name: np.concatenate([getattr(district, name), np.asarray(values, dtype)])
        for name, (values, dtype) in more.items()
    }
    return replace(district, **joined)


__all__ = ["PASSED", "Expected", "chances", "expected", "regained", "repaired"]

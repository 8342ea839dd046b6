"""How much of the district was ever seen, and which sites to visit first to narrow the interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .beliefs import Belief, logistic
from .closed import chances, faded, held, moments, quota_share
from .district import Bools, District, Floats, Ints
from .layout import PASSED, Layout, lay_out

LATELY = 60.0  #: days


@dataclass(frozen=True)
class Coverage:
    """Per type, T; shares of the pool's sites, nan for a type without sites."""

    sites: Ints  #: (T,) in the pool
    ever: Floats  #: (T,) share ever visited
    lately: Floats  #: (T,) share visited within ``days``
    days: float
    first: Ints  #: (k,) sites of the district to visit first, best first
    narrows: Floats  #: (k,) variance of the mean total that each is expected to take away, milli²


def coverage(
    district: District, belief: Belief, first: int = 12, *, days: float = LATELY
) -> Coverage:
    """Shares per type, and the never-visited or stale sites that teach most about the total.

    Greedy: a visit is worth at least what the sum of its answers tells about the mean total
    (one pseudo-answer, a lower bound); after each choice the belief is narrowed as if it had been
    made. Sites of one group are alike: the one unseen for longest is named.
    """
    layout = lay_out(district)
    last = _last_visit(district.looks(), layout)
    pool = np.bincount(layout.site_type, minlength=district.types)
    whole = np.where(pool > 0, pool, np.nan)

    def share(mask: Bools) -> Floats:
        return np.asarray(np.bincount(layout.site_type, mask, district.types) / whole, np.float64)

    chosen, gains = _greedy(district, belief, layout, last, first, days)
    return Coverage(
        pool, share(np.isfinite(last)), share(last <= days), days, layout.sites[chosen], gains
    )


def _last_visit(district: District, layout: Layout) -> Floats:
    """(S,) days since the last answer at a site, inf without one."""
    found = np.full(len(layout.sites), np.inf)
    place = layout.place[district.seen_site]
    np.minimum.at(found, place[place >= 0], district.seen_age[place >= 0])
    return found


def gradient(district: District, belief: Belief, layout: Layout) -> Floats:
    """(P,) slope of the expected loss along each parameter, at the mean; milli per logit."""
    chance = chances(district, belief, layout)
    aspect = district.item_aspect[district.check_item[layout.cell_check]]
    mean, _, delta, _, _ = moments(belief, belief.rows, aspect)
    q0, q1 = logistic(mean), logistic(mean + delta)
    cost = quota_share(layout)
    trust = held(belief) * faded(layout, belief)
    own = trust * (layout.by_own & (layout.state == PASSED))
    cell = layout.pair_cell
    # d q1 = q1 (1 - q1); d ratio along both = ratio (q0 - q1), along delta = - ratio q1.
    ratio = ((1 - q1) / (1 - q0))[cell]
    both = cost * (chance.fresh * (q1 * (1 - q1))[cell] - own * ratio * (q0 - q1)[cell])
    delta_only = cost * (chance.fresh * (q1 * (1 - q1))[cell] + own * ratio * q1[cell])
    at, value = belief.rows
    size = belief.columns.size
    weight = np.bincount(cell, both, len(at))
    found = np.bincount(at.ravel(), (value * weight[:, None]).ravel(), size)
    aside = np.bincount(aspect[cell], delta_only, district.aspects)
    c = belief.columns
    found[c.aspect : c.source] += aside
    found[[c.strict, c.source + 1, c.team]] += aside.sum()
    found[c.shock] += both.sum()
    return np.asarray(found, np.float64)


def _greedy(  # noqa: PLR0917
    district: District, belief: Belief, layout: Layout, last: Floats, first: int, days: float
) -> tuple[Ints, Floats]:
    groups = len(layout.group_type)
    at, value = belief.rows
    rate = logistic((belief.mean[at] * value).sum(1))
    noise = rate * (1 - rate)
    size = belief.columns.size
    group = layout.cell_group[:, None] * size + at
    visit = np.bincount(group.ravel(), (value * noise[:, None]).ravel(), groups * size)
    visit = visit.reshape(groups, size)
    own = np.bincount(layout.cell_group, noise, groups) * belief.dispersion
    cov, slope = belief.cov.copy(), gradient(district, belief, layout)
    # Longest unseen first within a group; visited lately is not on the list.
    waiting = np.flatnonzero(last > days)
    waiting = waiting[np.lexsort((waiting, -last[waiting], layout.site_group[waiting]))]
    left = np.bincount(layout.site_group[waiting], minlength=groups)
    begin = np.cumsum(left) - left
    taken = np.zeros(groups, int)
    chosen, gains = [], []
    for _ in range(min(first, len(waiting))):
        spread = np.einsum("gp,gp->g", visit @ cov, visit)
        gain = (visit @ (cov @ slope)) ** 2 / np.maximum(own + spread, 1e-12)
        gain = np.where(taken < left, gain, -1.0)
        best = int(np.argmax(gain))
        chosen.append(waiting[begin[best] + taken[best]])
        gains.append(float(gain[best]))
        taken[best] += 1
        along = cov @ visit[best]
        cov -= np.outer(along, along) / max(own[best] + spread[best], 1e-12)
    return np.array(chosen, np.int64), np.array(gains)

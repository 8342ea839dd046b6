"""How long a look stays true: the chance that the next look repeats it, learnt from repeated looks.

A look's uniform mark persists with chance ``r * 2**(-age / half_life)``, else it is drawn anew from
the pooled rate: a two-state Markov chain that decays to the pooled rate. Strictness moves the
threshold over the same mark, so an outside assessor repeats every failure our own people saw.
"""

from __future__ import annotations

import numpy as np

from .design import Columns, Prior
from .district import OWN, District, Floats, Ints
from .layout import Layout

LIVES = np.array([0.5, 1.0, 2.0])
LOGITS = np.linspace(-2.0, 4.0, 25)
MOST = 20_000


def persist(  # noqa: PLR0917
    district: District,
    layout: Layout,
    c: Columns,
    rows: tuple[Ints, Floats],
    theta: Floats,
    cov: Floats,
    prior: Prior,
) -> tuple[Floats, Floats, float]:
    """The belief with the persistence learnt: mean, covariance and half-life in days."""
    chance = -0.5 * ((LOGITS - prior.persistence) / prior.persistence_sd) ** 2
    score = chance[None, :] - 0.5 * (np.log2(LIVES)[:, None] / 1.0) ** 2
    early, late = _repeated(district, layout)
    if len(early):
        score = score + _support(district, layout, c, rows, theta, prior, early, late)
    belief = np.exp(score - score.max())
    belief /= belief.sum()
    half_life = float(prior.half_life * 2.0 ** (belief.sum(1) @ np.log2(LIVES)))
    along = belief.sum(0)
    centre = float(along @ LOGITS)
    spread = float(along @ (LOGITS - centre) ** 2)
    theta, cov = theta.copy(), cov.copy()
    at = c.persistence
    cov[at], cov[:, at] = 0.0, 0.0
    theta[at], cov[at, at] = centre, max(spread, 0.05**2)
    return theta, cov, half_life


def _repeated(district: District, layout: Layout) -> tuple[Ints, Ints]:
    """Successive looks at the same pair, oldest look first; none over a verified repair."""
    good = np.flatnonzero(~district.seen_na & (layout.place[district.seen_site] >= 0))
    checks = len(district.check_type)
    key = district.seen_site[good] * checks + district.seen_check[good]
    order = good[np.lexsort((-district.seen_age[good], key))]
    key = district.seen_site[order] * checks + district.seen_check[order]
    same = np.flatnonzero(key[1:] == key[:-1])
    same = same[~district.seen_repaired[order[same]]]
    stride = max(1, len(same) // MOST)
    return order[same[::stride]], order[same[::stride] + 1]


def _support(  # noqa: PLR0917
    district: District,
    layout: Layout,
    c: Columns,
    rows: tuple[Ints, Floats],
    theta: Floats,
    prior: Prior,
    early: Ints,
    late: Ints,
) -> Floats:
    """(lives, logits) log likelihood of the later looks given the earlier ones."""
    check = district.seen_check[early]
    place = layout.place[district.seen_site[early]]
    cell = layout.group_first[layout.site_group[place]] + layout.rank[check]
    base = (theta[rows[0][cell]] * rows[1][cell]).sum(1)
    aspect = district.item_aspect[district.check_item[check]]
    strict = theta[c.strict] + theta[c.aspect + aspect]
    first = _rate(base + strict * (district.seen_source[early] != OWN))
    second = _rate(base + strict * (district.seen_source[late] != OWN))
    failed, again = district.seen_failed[early], district.seen_failed[late]
    kept = np.where(
        failed, np.minimum(1, second / first), np.maximum(0, (second - first) / (1 - first))
    )
    gap = district.seen_age[early] - district.seen_age[late]
    found = np.empty((len(LIVES), len(LOGITS)))
    for i, life in enumerate(LIVES):
        for j, hold in enumerate(_rate(LOGITS)):
            stay = hold * 2.0 ** (-gap / (life * prior.half_life))
            rate = np.clip(stay * kept + (1 - stay) * second, 1e-4, 1 - 1e-4)
            found[i, j] = np.log(np.where(again, rate, 1 - rate)).sum()
    return found


def _rate(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -12, 12))), np.float64)

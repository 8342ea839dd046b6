"""What the visits teach: penalised logistic regression with learnt spreads, normal on the logit.

Newton's method on the penalised likelihood (Laplace's approximation) alternates with the EM update
of the spreads (empirical Bayes). Binomial counts per cell, source and age class are enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .design import Columns, Prior, cell_rows, columns, look_rows, precision
from .district import District, Floats, Ints, summed
from .layout import Layout, lay_out
from .persistence import persist

AGE_EDGES = np.array([7.0, 21.0, 45.0, 90.0, 180.0])
OLDEST = 270.0
STEPS = 14


@dataclass(frozen=True)
class Belief:
    """The posterior: P parameters, normal on the logit scale, and what lies beside them."""

    mean: Floats  #: (P,)
    cov: Floats  #: (P, P)
    columns: Columns
    rows: tuple[Ints, Floats]  #: (E, 6) of the pooled rate of each cell
    layout: Layout  #: of the district that taught it
    half_life: float  #: days
    dispersion: float  #: variance of a site's number of failures over the binomial one, >= 1
    site_sd: float  #: logits, spread of sites about their cell
    cluster_sd: float  #: logits, of clusters without a parameter of their own
    looks: Ints  #: (C,) answers per check
    prior: Prior


@dataclass(frozen=True)
class _Looks:
    """Answers counted by cell, source and age class: n classes from V answers."""

    at: Ints
    value: Floats
    total: Floats
    failed: Floats
    of: Ints  #: (V,) class of each answer
    site: Ints  #: (V,)
    bad: Floats  #: (V,)
    worth: Floats  #: (V,)
    products: tuple[Ints, Floats, Ints]


def posterior(district: District, prior: Prior | None = None) -> Belief:
    """What is believed after the visits; deterministic. Time is linear in the answers."""
    held = prior or Prior()
    district = district.looks()
    layout = lay_out(district)
    counted = ~district.seen_na & (layout.place[district.seen_site] >= 0)
    looks = np.bincount(district.seen_check[counted], minlength=len(district.check_type))
    c = columns(district, layout, looks)
    rows = cell_rows(district, layout, c)
    seen = _count(district, layout, c, rows, held, np.flatnonzero(counted))
    mean, sd = precision(district, c, held)
    dispersion, site_sd = 1.0, 0.0
    theta, cov = mean.copy(), np.diag(sd**2)
    for step in range(STEPS):
        theta, cov = _newton(seen, theta, mean, sd, dispersion)
        if step >= 2:
            sd = _spreads(theta, cov, c, held, sd)
        if step in {3, 7}:
            dispersion, site_sd = _dispersion(seen, theta)
    theta, cov, half_life = persist(district, layout, c, rows, theta, cov, held)
    return Belief(
        theta,
        cov,
        c,
        rows,
        layout,
        half_life,
        dispersion,
        site_sd,
        float(sd[c.cluster]) if c.area > c.cluster else held.cluster_sd,
        looks,
        held,
    )


def _count(  # noqa: PLR0917
    district: District,
    layout: Layout,
    c: Columns,
    rows: tuple[Ints, Floats],
    prior: Prior,
    kept: Ints,
) -> _Looks:
    place = layout.place[district.seen_site[kept]]
    check, source = district.seen_check[kept], district.seen_source[kept]
    cell = layout.group_first[layout.site_group[place]] + layout.rank[check]
    age = np.minimum(district.seen_age[kept], OLDEST)
    kind = np.searchsorted(AGE_EDGES, age)
    keys, of = np.unique((cell * 3 + source) * 8 + kind, return_inverse=True)
    worth = 2.0 ** (-age / prior.rate_half_life)
    total = summed(of, worth, len(keys))
    bad = district.seen_failed[kept].astype(float)
    mean_age = np.bincount(of, worth * age, len(keys)) / total
    cell, who = keys // 24, keys // 8 % 3
    aspect = district.item_aspect[district.check_item[layout.cell_check[cell]]]
    at, value = look_rows((rows[0][cell], rows[1][cell]), c, aspect, who, mean_age)
    return _Looks(
        at,
        value,
        total,
        summed(of, worth * bad, len(keys)),
        of,
        place,
        bad,
        worth,
        _products(at, value, c.size),
    )


def logistic(x: Floats) -> Floats:
    """1 / (1 + exp(-x)) without overflow."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -40.0, 40.0))), np.float64)


def _newton(
    seen: _Looks, theta: Floats, mean: Floats, sd: Floats, dispersion: float
) -> tuple[Floats, Floats]:
    """One damped step to the mode; the covariance is the inverse of the curvature there."""
    size = len(theta)
    eta = (theta[seen.at] * seen.value).sum(1)
    rate = logistic(eta)
    gain = (seen.failed - seen.total * rate) / dispersion
    slope = -(theta - mean) / sd**2
    slope += np.bincount(seen.at.ravel(), (seen.value * gain[:, None]).ravel(), minlength=size)
    curve = _curvature(seen, seen.total * rate * (1 - rate) / dispersion, size)
    curve[np.diag_indices(size)] += 1 / sd**2
    cov = np.linalg.inv(curve)
    cov = (cov + cov.T) / 2
    step = cov @ slope
    return theta + step * min(1.0, 1.5 / max(float(np.abs(step).max()), 1e-9)), cov


def _curvature(seen: _Looks, weight: Floats, size: int) -> Floats:
    """(P, P) sum of weight x x' over the classes, x sparse."""
    where, worth, row = seen.products
    upper = np.bincount(where, worth * weight[row], size * size).reshape(size, size)
    whole = (upper + upper.T).astype(np.float64)
    whole[np.diag_indices(size)] /= 2
    return whole


def _products(at: Ints, value: Floats, size: int) -> tuple[Ints, Floats, Ints]:
    """Place in the (P, P) curvature, product and class of every pair of nonzero values."""
    width = at.shape[1]
    found = []
    for i in range(width):
        for j in range(i, width):
            row = np.flatnonzero(value[:, i] * value[:, j])
            both = value[row, i] * value[row, j]
            low, high = np.minimum(at[row, i], at[row, j]), np.maximum(at[row, i], at[row, j])
            found.append((low * size + high, both, row))
    where, worth, rows = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return where, worth, rows


def _spreads(theta: Floats, cov: Floats, c: Columns, prior: Prior, sd: Floats) -> Floats:
    """EM update of the spreads of exchangeable parameters, with a prior worth ``weight`` each."""
    new = sd.copy()
    for begin, end, scale in (
        (c.cluster, c.area, prior.cluster_sd),
        (c.area, c.base, prior.area_sd),
        (c.type, c.check, prior.type_sd),
        (c.check, c.size, prior.check_sd),
    ):
        square = theta[begin:end] ** 2 + np.diag(cov)[begin:end]
        held = prior.weight
        new[begin:end] = np.sqrt((square.sum() + held * scale**2) / (end - begin + held))
    return new


def _dispersion(seen: _Looks, theta: Floats) -> tuple[float, float]:
    """Sites differ beyond their cell: variance of a site's failures over the binomial one."""
    if not len(seen.of):
        return 1.0, 0.4
    rate = logistic((theta[seen.at] * seen.value).sum(1))[seen.of]
    noise = rate * (1 - rate)
    sites = int(seen.site.max()) + 1
    rest = np.bincount(seen.site, seen.bad - rate, sites) ** 2
    var = np.bincount(seen.site, noise, sites)
    square = var**2 - np.bincount(seen.site, noise**2, sites)
    excess = (rest - var).sum()
    ratio = float(np.clip(1 + excess / var.sum(), 1.0, 8.0))
    return ratio, float(np.sqrt(np.clip(excess / max(square.sum(), 1e-9), 0.0, 2.25)))

"""A frame made ready for the fast engine: small matrices instead of sites times checks.

Within a type the sites' logits differ by area and cluster. Their spread V narrows the slope of the
mean: mean of sigma(x + spread) ~ sigma(x / sqrt(1 + pi V / 8)) (MacKay 1992), so each check needs
one logit per assessment; what this misses in the mean is added exactly (closed form).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .beliefs import Belief
from .closed import Chances, faded, held, integrals, strict_vector
from .design import PARTS
from .district import District, Floats, Ints, summed
from .frames import Frame
from .layout import FAILED, NOTHING, PASSED, Layout

GRID = 4096.0  #: logits are multiples of 1/4096, so that sums are exact in any order
MARKS = 256.0  #: standard normal numbers are multiples of 1/256


@dataclass(frozen=True)
class Luck:
    """A stratum for the draw of lots: what each member's expected loss is beyond the mean."""

    taken: int
    deviation: np.ndarray  #: (members, aspects) float32 milli


@dataclass(frozen=True)
class Plan:
    """c checks in order of aspect, A aspects, P parameters; outputs are A losses, then reds."""

    share: float
    matrix: np.ndarray  #: (P, c + A) float32: eta0 per check, then delta per aspect
    centre: np.ndarray  #: (c + A,) float32
    slices: tuple[slice, ...]  #: the checks of each aspect
    scale: np.ndarray  #: (c,) float32, MacKay's
    ruled: np.ndarray  #: (c,) float32: what rulings add to the assessor's logit, scaled
    constant: Floats  #: (A + 1,)
    constant_held: Floats  #: (A + 1,) times persistence
    pooled: Floats  #: (c, 2 (A + 1)): of 1 - q1: plain, then times persistence
    ratio: Floats  #: (c, A + 1): of (1 - q1)/(1 - q0), times persistence
    gates: Ints  #: (g,) columns of gate checks
    gate_checks: Ints  #: (g,) their numbers in the district
    gate_count: Floats  #: (g,) sites drawn that have it
    gate_mix: Floats  #: (4, g) pooled, const, pooled held, ratio held: the mean chance
    keys: int  #: looks at key checks in one assessment
    lots: tuple[Luck, ...]
    noise: Floats  #: (A, A) square root of the outcomes' covariance
    mean: Floats  #: (A,) exact expected loss
    parts: Floats  #: (len(PARTS),) linear variance of the total by source
    outcome: float  #: variance of the total from the outcomes of the drawn sites


@dataclass(frozen=True)
class _Sums:
    """Per check, over the frame's sites: everything, looks, failures, passes of our own."""

    all: Floats
    seen: Floats
    failed: Floats
    passed: Floats


def make_plan(  # noqa: PLR0917
    district: District, belief: Belief, layout: Layout, chance: Chances, frame: Frame,
    strict: float = 0.0,
) -> Plan:  # fmt: skip
    """The matrices of one frame; linear in pairs."""
    inclusion = frame.inclusion(layout)[layout.pair_place]
    drawn = summed(layout.site_type, frame.inclusion(layout), district.types)
    cost = inclusion * layout.weight / np.maximum(drawn, 1)[layout.site_type][layout.pair_place]
    checks = len(district.check_type)
    aspect = district.item_aspect[district.check_item]
    order = np.argsort(aspect, kind="stable")
    order = order[summed(layout.pair_check, inclusion, checks)[order] > 0]
    fade = faded(layout, belief)
    money, heads = _sums(layout, fade, cost, checks), _sums(layout, fade, inclusion, checks)
    shaped = _shape(district, belief, layout, inclusion, order, strict)
    key = district.check_key[order]
    place = np.eye(district.aspects)[aspect[order]]
    pooled, ratio, constant, constant_held = _outputs(money, heads, order, place, key)
    exact = np.append(
        summed(aspect[layout.pair_check], cost * chance.failure, district.aspects),
        (inclusion * chance.failure)[district.check_key[layout.pair_check]].sum(),
    )
    constant = constant + exact - shaped.mean(pooled, ratio, constant, constant_held)
    gates = np.flatnonzero(district.check_gate[order])
    noise, lots = _luck(district, belief, layout, chance, frame, cost)
    return Plan(
        share=frame.share, matrix=_grid(np.ascontiguousarray(shaped.matrix.T)),
        centre=_grid(shaped.centre), slices=_slices(aspect[order], district.aspects),
        scale=shaped.scale.astype(np.float32), ruled=_grid(shaped.ruled * shaped.scale),
        constant=constant, constant_held=constant_held,
        pooled=pooled, ratio=ratio, gates=gates, gate_checks=order[gates],
        gate_count=heads.all[order[gates]], gate_mix=_gate_mix(heads, order[gates]),
        keys=round(float(heads.all[order[key]].sum())), lots=lots, noise=_root(noise),
        mean=exact[:-1], parts=shaped.parts(money, order), outcome=float(noise.sum()),
    )  # fmt: skip


def _shape(  # noqa: PLR0917
    district: District, belief: Belief, layout: Layout, inclusion: Floats, order: Ints,
    strict: float,
) -> _Shaped:  # fmt: skip
    """The logits of the checks in ``order``, and how they follow from independent normals."""
    rows, spread = _check_rows(district, belief, layout, inclusion)
    scale = 1 / np.sqrt(1 + np.pi * spread[order] / 8)
    scale = scale.astype(np.float32).astype(np.float64)
    strictness = strict_vector(belief.columns, district.aspects)
    rows = rows[order] * scale[:, None]
    both = np.concatenate([rows, strictness])
    centre = both @ belief.mean
    centre[len(order) :] += strict
    aspect = district.item_aspect[district.check_item[order]]
    matrix = both @ np.linalg.cholesky(belief.cov)
    ruled = district.check_ruled[order]
    return _Shaped(belief, rows, strictness, scale, aspect, matrix, centre, ruled + strict, ruled)


def _sums(layout: Layout, fade: Floats, share: Floats, checks: int) -> _Sums:
    def over(mask: Floats) -> Floats:
        return summed(layout.pair_check, mask, checks)

    kept = share * fade
    own = layout.by_own & (layout.state == PASSED)
    return _Sums(
        over(share),
        over(kept * (layout.state != NOTHING)),
        over(kept * (layout.state == FAILED)),
        over(kept * own),
    )


def _check_rows(
    district: District, belief: Belief, layout: Layout, share: Floats
) -> tuple[Floats, Floats]:
    """(C, P) mean row of the sites that may be drawn, and (C,) spread of their logits about it."""
    checks, size = len(district.check_type), belief.columns.size
    at, value = belief.rows
    weight = summed(layout.pair_cell, share, len(at))
    whole = summed(layout.cell_check, weight, checks)
    weight = weight / np.where(whole > 0, whole, 1)[layout.cell_check]
    flat = layout.cell_check[:, None] * size + at
    rows = summed(flat.ravel(), (value * weight[:, None]).ravel(), checks * size)
    rows = rows.reshape(checks, size)
    rows[:, belief.columns.shock] = 1.0
    # The common part cancels: only area and cluster differ within a type.
    local, worth = at[:, 4:6], value[:, 4:6]
    shift = (belief.mean[local] * worth).sum(1)
    own = sum(
        belief.cov[local[:, i], local[:, j]] * worth[:, i] * worth[:, j]
        for i in range(2)
        for j in range(2)
    )
    total = summed(layout.cell_check, weight * (shift**2 + own), checks)
    lanes = slice(belief.columns.cluster, belief.columns.base)
    middle = rows[:, lanes]
    common = (middle @ belief.mean[lanes]) ** 2
    common += np.einsum("cp,pq,cq->c", middle, belief.cov[lanes, lanes], middle, optimize=True)
    return rows, np.maximum(total - common, 0.0)


def _outputs(
    money: _Sums, heads: _Sums, order: Ints, place: Floats, key: np.ndarray
) -> tuple[Floats, Floats, Floats, Floats]:
    """The linear maps from (1 - q1) and the ratio to losses and reds."""

    def wide(name: str) -> Floats:
        losses = place * getattr(money, name)[order][:, None]
        return np.column_stack([losses, getattr(heads, name)[order] * key])

    every, seen, failed, passed = wide("all"), wide("seen"), wide("failed"), wide("passed")
    return (
        np.concatenate([-every, seen], axis=1),
        -passed,
        every.sum(0),
        (failed + passed - seen).sum(0),
    )


def _gate_mix(heads: _Sums, at: Ints) -> Floats:
    whole = np.maximum(heads.all[at], 1e-12)
    return np.stack(
        [
            np.ones(len(at)),
            (heads.failed[at] + heads.passed[at] - heads.seen[at]) / whole,
            heads.seen[at] / whole,
            heads.passed[at] / whole,
        ]
    )


@dataclass(frozen=True)
class _Shaped:
    """The logits that the engine will draw, as normal distributions: their exact means."""

    belief: Belief
    rows: Floats
    strictness: Floats
    scale: Floats
    aspect: Ints
    matrix: Floats
    centre: Floats
    strict: Floats  #: what the assessor's shift gets besides, per check
    ruled: Floats  #: the part of it that rulings make

    def _integrals(self, both: float = 0.0, delta: float = 0.0) -> tuple[Floats, Floats]:
        n, a = len(self.rows), self.aspect
        cov = self.matrix @ self.matrix.T
        mean = self.rows @ self.belief.mean + both * self.scale
        shift = (self.strictness @ self.belief.mean)[a] + self.strict + delta
        found = integrals(
            mean,
            np.diag(cov)[:n].copy(),
            shift * self.scale,
            np.diag(cov)[n:][a] * self.scale**2,
            cov[np.arange(n), n + a] * self.scale,
        )
        return 1 - found[0], found[2]

    def mean(self, pooled: Floats, ratio: Floats, constant: Floats, steady: Floats) -> Floats:
        """(A + 1,) what the engine's map gives on average without the correction."""
        hold, width = held(self.belief), len(constant)
        passed, grown = self._integrals()
        plain = passed @ pooled
        return constant + plain[:width] + hold * (steady + plain[width:] + grown @ ratio)

    def parts(self, money: _Sums, order: Ints) -> Floats:
        """Variance of the total along the independent directions of the parameters, per part."""
        hold, step = held(self.belief), 0.05
        every, seen, own = (getattr(money, n)[order] for n in ("all", "seen", "passed"))

        def loss(both: float, delta: float) -> Floats:
            passed, grown = self._integrals(both, delta)
            return np.asarray(-every * passed + hold * (seen * passed - own * grown), np.float64)

        along = (loss(step, 0) - loss(-step, 0)) / (2 * step)
        aside = (loss(0, step) - loss(0, -step)) / (2 * step)
        # The rows carry the scale already; the aspects' rows do not.
        n = len(order)
        slope: Floats = (along / self.scale) @ self.matrix[:n] + aside @ self.matrix[n:][
            self.aspect
        ]
        passed, grown = self._integrals()
        at, c = self.belief.columns.persistence, self.belief.columns
        lever = money.failed[order].sum() + (own - seen + seen * passed - own * grown).sum()
        slope[at] = lever * hold * (1 - hold) * np.sqrt(self.belief.cov[at, at])
        return summed(c.part, slope**2, len(PARTS))


def _luck(  # noqa: PLR0917
    district: District, belief: Belief, layout: Layout, chance: Chances, frame: Frame, cost: Floats
) -> tuple[Floats, tuple[Luck, ...]]:
    """(A, A) covariance of the outcomes at drawn sites, and the strata's deviations."""
    sites, many = len(layout.sites), district.aspects
    inclusion = frame.inclusion(layout)
    unit = cost / np.maximum(inclusion[layout.pair_place], 1e-12)
    slot = layout.pair_place * many
    slot = slot + district.item_aspect[district.check_item[layout.pair_check]]

    def per_site(values: Floats) -> Floats:
        return summed(slot, values, sites * many).reshape(sites, many)

    rate = np.clip(chance.failure, 0.0, 1.0)
    noise = np.maximum(rate * (1 - rate) - chance.spread, 0.0)
    own = per_site(unit**2 * noise)
    lean = per_site(unit * noise * chance.fresh)
    covariance = np.diag(inclusion @ own)
    covariance += belief.site_sd**2 * (lean * inclusion[:, None]).T @ lean
    covariance += belief.cluster_sd**2 * _unheld(layout, lean * inclusion[:, None])
    loss = per_site(unit * chance.failure)
    lots = []
    for stratum in frame.strata:
        if stratum.taken < len(stratum.members):
            part = loss[stratum.members]
            away = np.rint((part - part.mean(0)) * 16) / 16
            lots.append(Luck(stratum.taken, away.astype(np.float32)))
    return covariance, tuple(lots)


def _unheld(layout: Layout, lean: Floats) -> Floats:
    """(A, A) from clusters without a parameter of their own, each moving as one."""
    cluster = layout.site_cluster
    loose = np.flatnonzero((cluster >= 0) & (layout.cluster_place[cluster] < 0))
    if not len(loose):
        return np.zeros((lean.shape[1], lean.shape[1]))
    names, of = np.unique(cluster[loose], return_inverse=True)
    sums = np.stack([summed(of, column, len(names)) for column in lean[loose].T], axis=1)
    return np.asarray(sums.T @ sums, np.float64)


def _grid(values: Floats) -> np.ndarray:
    return (np.rint(values * GRID) / GRID).astype(np.float32)


def _slices(aspect: Ints, many: int) -> tuple[slice, ...]:
    edges = np.searchsorted(aspect, np.arange(many + 1))
    return tuple(slice(int(a), int(b)) for a, b in pairwise(edges))


def _root(covariance: Floats) -> Floats:
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T, np.float64)

"""The fast engine: 100,000 assessments, each with parameters, lots and outcomes of its own.

Draws are made in blocks of 1024, each from a child of the seed: the result does not depend on the
number of threads. Normal numbers and matrices lie on grids on which float32 sums are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .beliefs import Belief, logistic
from .closed import Chances, added_up, chances
from .district import District, Floats, Unfit
from .frames import Frame, quota_frame
from .layout import Layout, lay_out
from .plan import MARKS, Luck, Plan, make_plan
from .result import Forecast, summed_up
from .walking import walk_frames

BLOCK = 1024
STEP, HALF = 128.0, 2048
_LEVELS = (np.arange(2 * HALF) - HALF) / STEP
PASS = logistic(-_LEVELS)  #: 1 - sigma on the table's grid
GROWN = 1 / PASS

DrawModel = Literal["quota", "walk"]


@dataclass(frozen=True)
class Block:
    """What one block of b assessments gave, milli."""

    losses: np.ndarray  #: (b, A) int32
    knowledge: Floats  #: (b,) expected loss given the parameters
    lots: Floats  #: (b,) the luck of the draw
    others: Floats  #: (b,) points of the other sheets
    reds: np.ndarray  #: (b,) int32
    gates: Floats  #: (g,) sum of the chances of failing


def simulate(
    district: District,
    belief: Belief,
    *,
    draws: int = 100_000,
    seed: int,
    draw_model: DrawModel = "quota",
    starts: Sequence[tuple[float, float]] = (),
    groups: int = 2,
    strict: float = 0.0,
    threads: int = 2,
) -> Forecast:
    """The forecast of an assessment; same seed, same result, whatever the number of threads.

    ``starts``: (latitude, longitude) where assessors may be set down (``draw_model="walk"``);
    ``strict``: logits added to the assessor's shift. Time is linear in draws. Raises ``Unfit``.
    """
    if draws < 1 or (draw_model == "walk" and not starts):
        raise Unfit("nothing-to-draw", "draws" if draws < 1 else "starts")
    layout = lay_out(district)
    chance = chances(district, belief, layout, strict)
    frames = (
        [quota_frame(layout)]
        if draw_model == "quota"
        else walk_frames(district, layout, list(starts), groups)
    )
    plans, jobs = _jobs(district, belief, layout, chance, frames, draws, strict)
    seeds = np.random.SeedSequence(seed).spawn(len(jobs))
    ready = [plan.matrix / np.float32(MARKS) for plan in plans]

    def work(i: int) -> Block:
        number, size = jobs[i]
        return _block(district, belief, plans[number], ready[number], size, seeds[i], layout.points)

    with ThreadPoolExecutor(threads) as pool:
        blocks = list(pool.map(work, range(len(jobs))))
    told = [(number, block) for (number, _), block in zip(jobs, blocks, strict=True)]
    return summed_up(district, layout, added_up(district, layout, chance), plans, told)


def _jobs(  # noqa: PLR0917
    district: District,
    belief: Belief,
    layout: Layout,
    chance: Chances,
    frames: list[Frame],
    draws: int,
    strict: float,
) -> tuple[list[Plan], list[tuple[int, int]]]:
    """The frames' plans, and blocks of draws shared out among them by their chances."""
    edges = np.rint(np.cumsum([0.0, *(f.share for f in frames)]) * draws).astype(int)
    plans, jobs = [], []
    for frame, begin, end in zip(frames, edges[:-1], edges[1:], strict=True):
        if end > begin:
            plan = make_plan(district, belief, layout, chance, frame, strict)
            plans.append(plan)
            number = len(plans) - 1
            jobs += [(number, min(BLOCK, end - at)) for at in range(begin, end, BLOCK)]
    return plans, jobs


def _block(  # noqa: PLR0917
    district: District,
    belief: Belief,
    plan: Plan,
    matrix: np.ndarray,
    size: int,
    seed: np.random.SeedSequence,
    points: Floats,
) -> Block:
    rng = np.random.Generator(np.random.SFC64(seed))
    z = rng.standard_normal((size, len(matrix)), np.float32)
    z *= np.float32(MARKS)
    np.rint(z, out=z)
    passed, grown = _rates(plan, z @ matrix + plan.centre)
    at = belief.columns.persistence
    wide = np.sqrt(belief.cov[at, at]) / MARKS
    hold = logistic(belief.mean[at] + wide * z[:, at])
    means = _means(plan, passed, grown, hold)
    lots = np.zeros((size, district.aspects))
    for stratum in plan.lots:
        lots += _lots(rng, stratum, size)
    knowledge, reds = means[:, :-1], means[:, -1]
    noise = _noise(rng, plan, knowledge, points)
    others = rng.standard_normal((size, len(district.other_mean)))
    others = (others * district.other_sd + district.other_mean).sum(1)
    losses = np.clip(np.rint(knowledge + lots + noise), 0, points).astype(np.int32)
    return Block(
        losses,
        knowledge.sum(1),
        lots.sum(1),
        others,
        _reds(rng, plan, reds),
        _gates(plan, passed, grown, hold),
    )


def _reds(rng: np.random.Generator, plan: Plan, mean: Floats) -> np.ndarray:
    """(b,) red points of the key checks that are looked at."""
    rate = np.clip(mean / max(plan.keys, 1), 0.0, 1.0)
    return rng.binomial(plan.keys, rate).astype(np.int32)


def _rates(plan: Plan, logits: np.ndarray) -> tuple[Floats, Floats]:
    """(b, c) of 1 - q1 and of (1 - q1)/(1 - q0), by a table of 1/128 logit."""
    checks = len(plan.scale)
    own, delta = logits[:, :checks], logits[:, checks:]
    grown = GROWN.take(_index(own), mode="clip")
    for aspect, part in enumerate(plan.slices):
        own[:, part] += delta[:, aspect, None] * plan.scale[part]
    if plan.ruled.any():
        own += plan.ruled
    passed = PASS.take(_index(own), mode="clip")
    grown *= passed
    return passed, grown


def _index(logits: np.ndarray) -> np.ndarray:
    found = logits * np.float32(STEP)
    found += np.float32(HALF + 0.5)
    return found.astype(np.intp)


def _means(plan: Plan, passed: Floats, grown: Floats, hold: Floats) -> Floats:
    """(b, A + 1) expected losses and reds given the parameters."""
    width = len(plan.constant)
    plain = passed @ plan.pooled
    steady = plan.constant_held + plain[:, width:] + grown @ plan.ratio
    return np.asarray(plan.constant + plain[:, :width] + hold[:, None] * steady, np.float64)


def _lots(rng: np.random.Generator, stratum: Luck, size: int) -> np.ndarray:
    """(b, A) sums over a sample without replacement; a shuffle is cut into whole samples."""
    members, many = stratum.deviation.shape
    cuts = members // stratum.taken
    turns = -(-size // cuts)
    order = np.empty((turns, cuts * stratum.taken), np.int32)
    deck = np.arange(members, dtype=np.int32)
    for turn in range(turns):
        rng.shuffle(deck)
        order[turn] = deck[: order.shape[1]]
    # The k-th site of every sample at once.
    drawn = order.reshape(-1, stratum.taken)[:size].T.astype(np.intp)
    found = np.zeros((size, many), np.float32)
    for one in drawn:
        found += stratum.deviation.take(one, axis=0, mode="clip")
    return found


def _noise(rng: np.random.Generator, plan: Plan, knowledge: Floats, points: Floats) -> Floats:
    """(b, A) what the outcomes add, with a binomial variance at the drawn parameters."""
    whole = np.maximum(points, 1)
    share = np.clip(knowledge / whole, 1e-6, 1 - 1e-6)
    usual = np.clip(plan.mean / whole, 1e-6, 1 - 1e-6)
    size = np.sqrt(share * (1 - share) / (usual * (1 - usual)))
    return np.asarray((rng.standard_normal(knowledge.shape) @ plan.noise) * size, np.float64)


def _gates(plan: Plan, passed: Floats, grown: Floats, hold: Floats) -> Floats:
    """(g,) sum over the block of the chance that at least one drawn site fails the gate."""
    q1 = 1 - passed[:, plan.gates]
    _, const, seen, own = plan.gate_mix
    info = const + seen * (1 - q1) - own * grown[:, plan.gates]
    rate = np.clip(q1 + hold[:, None] * info, 0, 1)
    return np.asarray((1 - (1 - rate) ** plan.gate_count).sum(0), np.float64)

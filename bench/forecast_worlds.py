"""Districts whose truth is known, made by a process that is not the forecast's own.

Nothing here is logistic or normal by the model's rules: base rates are a mixture of two Beta laws,
places differ with heavy tails on the probit scale, a few property companies are plainly bad, site
faults are skewed, rates drift, states are renewed at random times, our own inspectors overlook
failures with a chance of their own, an assessor marks what passes as a failure, closures are
sometimes faked, and inspectors visit bad places first.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erf
from typing import Any

import numpy as np
import numpy.typing as npt

from weicheng.scoring.forecasting import OUTSIDE, OWN, UNDERCOVER, District

Array = npt.NDArray[Any]
_X = np.linspace(-6, 6, 2401)
_PHI = np.array([0.5 * (1 + erf(x / 2**0.5)) for x in _X])


@dataclass
class World:
    """A district, what an assessor then found, and what its own last score was; milli."""

    district: District
    realised: float
    last: float


@dataclass
class _Truth:
    """Sites x checks of their type (n, k): failure rates are probit, states are renewed."""

    site: Array
    level: Array  #: (N,) probit
    check: Array  #: (C,) probit
    drift: Array  #: (areas,) probit per 90 days, backwards in time
    life: Array  #: (C,) days
    lenient: Array  #: (aspects,) chance that own people see a failure
    harsh: Array  #: (aspects,) chance that an assessor marks a pass as failed
    sharp: float  #: chance that an assessor sees a failure


def world(seed: int) -> World:
    """One district with its truth; the same seed gives the same world."""
    rng = np.random.default_rng(seed)
    frame = _frame(rng)
    truth = _truth(rng, frame)
    seen = _visits(rng, frame, truth)
    kinds = frame["site_type"]
    pair_site, pair_check = _pairs(kinds, frame["check_type"])
    state = seen.pop("_state")
    absent = frame.pop("_absent")
    found = _judge(rng, frame, truth, state, pair_check, OUTSIDE, rng.normal(0, 0.1))
    district = District(
        **frame,
        areas=int(frame["site_area"].max()) + 1,
        aspects=int(frame["item_aspect"].max()) + 1,
        **seen,
    )
    drawn = _drawn(rng, kinds, district.quota)
    inside = drawn[pair_site]
    realised = score(district, pair_site[inside], pair_check[inside], found[inside], absent[inside])
    return World(district, realised, _last(district))


def score(district: District, site: Array, check: Array, failed: Array, absent: Array) -> float:
    """The roll-up of looks as the rules say it, milli kept; items never looked at count as the
    average of the others."""
    kept = ~absent
    items, types = len(district.item_points), len(district.quota)
    n = len(district.site_type)
    deduct = district.check_deduct[check[kept]].astype(float)
    slot = site[kept] * items + district.check_item[check[kept]]
    whole = np.bincount(slot, deduct, n * items)
    bad = np.bincount(slot, deduct * failed[kept], n * items)
    share = np.divide(bad, whole, out=np.zeros_like(bad), where=whole > 0)
    kind = np.repeat(district.site_type, items) * items + np.tile(np.arange(items), n)
    looked = np.bincount(kind, whole > 0, types * items).reshape(types, items)
    mean = np.bincount(kind, share, types * items).reshape(types, items) / np.maximum(looked, 1)
    weight = district.quota[:, None] * (looked > 0)
    rests = weight.sum(0)
    loss = (weight * mean).sum(0) / np.maximum(rests, 1)
    loss[rests == 0] = loss[rests > 0].mean() if (rests > 0).any() else 0.0
    return float((district.item_points * (1 - loss)).sum())


def _last(district: District) -> float:
    own = (district.seen_source == OWN) & ~district.seen_repaired
    return score(
        district,
        district.seen_site[own],
        district.seen_check[own],
        district.seen_failed[own],
        district.seen_na[own],
    )


def _pairs(kinds: Array, check_type: Array) -> tuple[Array, Array]:
    site, check = np.nonzero(kinds[:, None] == check_type[None, :])
    return site, check


def _frame(rng: np.random.Generator) -> dict[str, Array]:
    types, per, aspects = int(rng.integers(5, 10)), int(rng.integers(4, 8)), 4
    sites, areas = int(rng.integers(350, 900)), int(rng.integers(3, 8))
    clusters = int(rng.integers(5, 20))
    checks, items = types * per, int(rng.integers(8, 16))
    shares = rng.dirichlet(np.full(types, 3.0))
    kind = np.concatenate([np.repeat(np.arange(types), 8), rng.choice(types, sites, p=shares)])
    n = len(kind)
    quota = np.maximum(2, np.rint(shares * rng.integers(60, 120))).astype(int)
    points = rng.dirichlet(np.full(items, 4.0)) * 600_000
    item = rng.integers(0, items, checks)
    item[:items] = np.arange(items)[:checks]
    town = rng.choice(areas, n, p=rng.dirichlet(np.full(areas, 4.0)))
    town[:areas] = np.arange(areas)
    pair_site, _ = _pairs(kind, np.repeat(np.arange(types), per))
    nowhere = np.full(n, np.nan)
    return {
        "site_type": kind,
        "site_area": town,
        "site_cluster": np.where(rng.random(n) < 0.5, rng.integers(0, clusters, n), -1),
        "site_latitude": nowhere,
        "site_longitude": nowhere,
        "in_pool": np.ones(n, bool),
        "check_type": np.repeat(np.arange(types), per),
        "check_item": item,
        "check_deduct": rng.choice([500, 1000, 2000, 3000], checks),
        "check_key": rng.random(checks) < 0.1,
        "check_gate": rng.random(checks) < 0.03,
        "item_points": np.rint(points).astype(int),
        "item_aspect": np.concatenate([np.arange(aspects), rng.integers(0, aspects, items - 4)]),
        "quota": quota,
        "_absent": rng.random(len(pair_site)) < 0.04,
    }


def _truth(rng: np.random.Generator, frame: dict[str, Array]) -> _Truth:
    checks, n = len(frame["check_type"]), len(frame["site_type"])
    areas, types = int(frame["site_area"].max()) + 1, int(frame["site_type"].max()) + 1
    rates = np.where(rng.random(checks) < 0.8, rng.beta(1.3, 11, checks), rng.beta(2, 5, checks))
    base = (
        np.interp(rates, _PHI, _X)
        + rng.normal(0, 0.2)
        + rng.normal(0, 0.2, types)[frame["check_type"]]
    )
    area = 0.15 * rng.standard_t(4, areas)
    clusters = int(frame["site_cluster"].max()) + 1
    company = np.where(
        rng.random(clusters) < 0.15, rng.gamma(4, 0.2, clusters), rng.normal(0, 0.1, clusters)
    )
    fault = rng.gamma(2, 0.15, n) - 0.3
    both = rng.normal(0, 0.12, (types, areas))[frame["site_type"], frame["site_area"]]
    owned = np.where(frame["site_cluster"] >= 0, company[frame["site_cluster"]], 0.0)
    aspects = int(frame["item_aspect"].max()) + 1
    return _Truth(
        np.arange(n),
        area[frame["site_area"]] + owned + fault + both,
        base,
        rng.normal(0, 0.12) + rng.normal(0, 0.06, areas),
        np.exp(rng.normal(4.2, 0.5, checks)),
        np.clip(rng.beta(8, 3) + rng.normal(0, 0.05, aspects), 0.3, 1.0),
        np.clip(rng.beta(1.5, 45) + rng.normal(0, 0.005, aspects), 0.0, 0.2),
        float(rng.beta(20, 1.5)),
    )


def _rate(frame: dict[str, Array], truth: _Truth, site: Array, check: Array, age: Array) -> Array:
    slope = truth.drift[frame["site_area"][site]] * np.minimum(age, 180) / 90
    return np.asarray(np.interp(truth.level[site] + truth.check[check] + slope, _X, _PHI))


def _judge(  # noqa: PLR0917
    rng: np.random.Generator,
    frame: dict[str, Array],
    truth: _Truth,
    state: Array,
    check: Array,
    source: int,
    team: float = 0.0,
) -> Array:
    """What is marked as failed: (n,) from the true states."""
    aspect = frame["item_aspect"][frame["check_item"][check]]
    if source == OWN:
        return (state & (rng.random(len(check)) < truth.lenient[aspect])) | (
            ~state & (rng.random(len(check)) < 0.004)
        )
    sees = np.where(state, truth.sharp, truth.harsh[aspect] * np.exp(2 * team))
    return rng.random(len(check)) < sees


def _visits(rng: np.random.Generator, frame: dict[str, Array], truth: _Truth) -> dict[str, Array]:
    """The looks of half a year, oldest campaign first; the true states go along with them."""
    pair_site, pair_check = _pairs(frame["site_type"], frame["check_type"])
    now = 200.0
    state = rng.random(len(pair_site)) < _rate(
        frame, truth, pair_site, pair_check, np.full(len(pair_site), now)
    )
    looks: list[dict[str, Array]] = []
    skipped = rng.random(int(frame["site_type"].max()) + 1) < 0.08
    for age, source in _calendar(rng):
        state = _renewed(rng, frame, truth, state, now, age)
        now = age
        sites = _chosen(rng, frame, truth, source, skipped)
        at = np.flatnonzero(sites[pair_site])
        failed = _judge(rng, frame, truth, state[at], pair_check[at], source, rng.normal(0, 0.1))
        failed &= ~frame["_absent"][at]
        mended = failed & (source == OWN) & (rng.random(len(at)) < 0.35)
        state[at] &= ~(mended & (rng.random(len(at)) < 0.9))
        looks.append(
            {
                "seen_site": pair_site[at],
                "seen_check": pair_check[at],
                "seen_failed": failed,
                "seen_na": frame["_absent"][at],
                "seen_age": np.full(len(at), age),
                "seen_source": np.full(len(at), source),
                "seen_repaired": mended,
            }
        )
    state = _renewed(rng, frame, truth, state, now, 0.0)
    joined = {name: np.concatenate([look[name] for look in looks]) for name in looks[0]}
    return {"_state": state, **joined}


def _calendar(rng: np.random.Generator) -> list[tuple[float, int]]:
    days = [(float(age), OWN) for age in rng.uniform(3, 160, int(rng.integers(3, 7)))]
    days += [(float(age), UNDERCOVER) for age in rng.uniform(5, 100, int(rng.integers(0, 4)))]
    days += [(float(rng.uniform(60, 190)), OUTSIDE)] if rng.random() < 0.5 else []
    return sorted(days, reverse=True)


def _chosen(
    rng: np.random.Generator, frame: dict[str, Array], truth: _Truth, source: int, skipped: Array
) -> Array:
    n = len(frame["site_type"])
    if source == OWN:
        wish = np.exp(0.4 * truth.level + rng.gumbel(0, 1, n))
        wish[skipped[frame["site_type"]]] = 0.0
        share = rng.uniform(0.1, 0.35)
        return np.asarray((wish > np.quantile(wish, 1 - share)) & (wish > 0))
    many = rng.uniform(15, 50) if source == UNDERCOVER else 80
    return np.asarray(rng.random(n) < many / n)


def _renewed(  # noqa: PLR0917
    rng: np.random.Generator,
    frame: dict[str, Array],
    truth: _Truth,
    state: Array,
    since: float,
    until: float,
) -> Array:
    pair_site, pair_check = _pairs(frame["site_type"], frame["check_type"])
    again = rng.random(len(state)) < 1 - np.exp(-(since - until) / truth.life[pair_check])
    rate = _rate(frame, truth, pair_site, pair_check, np.full(len(state), until))
    return np.where(again, rng.random(len(state)) < rate, state)


def _drawn(rng: np.random.Generator, kinds: Array, quota: Array) -> Array:
    chosen = np.zeros(len(kinds), bool)
    for kind, many in enumerate(quota):
        sites = np.flatnonzero(kinds == kind)
        chosen[rng.permutation(sites)[:many]] = True
    return chosen

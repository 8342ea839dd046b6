"""Districts whose truth is known, made by a process that is not the forecast's own.

Nothing here is logistic or normal by the model's rules: base rates are a mixture of two Beta laws,
places differ with heavy tails on the probit scale, a few property companies are plainly bad, site
faults are skewed, rates drift, states are renewed at random times, our own inspectors overlook
failures with a chance of their own, an assessor marks what passes as a failure, and inspectors
visit bad places first and leave checks out. What is found becomes a problem that somebody closes
days or months later, sometimes falsely, sometimes never; residents report a little.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import erf
from typing import Any

import numpy as np
import numpy.typing as npt

from weicheng.scoring.forecasting import OUTSIDE, OWN, UNDERCOVER, District
from weicheng.scoring.forecasting.answers import Answers, Cases, told
from weicheng.scoring.forecasting.layout import FAILED, NOTHING, lay_out

Array = npt.NDArray[Any]
_X = np.linspace(-6, 6, 2401)
BEGAN = 200.0
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
    absent = frame.pop("_absent")
    past = _Past(rng, frame, _truth(rng, frame), absent)
    past.live()
    checks = len(frame["check_type"])
    district = District(
        **frame,
        areas=int(frame["site_area"].max()) + 1,
        aspects=int(frame["item_aspect"].max()) + 1,
        **told(past.answers(), past.cases(), checks),
    )
    found = past.judged(np.arange(len(past.site)), OUTSIDE, rng.normal(0, 0.1))
    drawn = _drawn(rng, frame["site_type"], district.quota)[past.site]
    realised = score(district, past.site[drawn], past.check[drawn], found[drawn], absent[drawn])
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
    """What the district's own score says: the last that is known of each site and check."""
    known = lay_out(district)
    seen = np.flatnonzero((known.state != NOTHING) | known.absent)
    site = known.sites[known.pair_place[seen]]
    failed = known.state[seen] == FAILED
    return score(district, site, known.pair_check[seen], failed, known.absent[seen])


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


@dataclass
class _Past:
    """Half a year of a district, oldest day first: n pairs with their true states, the looks at
    them, and the problems that were filed and closed. Times are ages in days."""

    rng: np.random.Generator
    frame: dict[str, Array]
    truth: _Truth
    absent: Array
    looks: list[dict[str, Array]] = field(default_factory=list)
    done: list[dict[str, Array]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.site, self.check = _pairs(self.frame["site_type"], self.frame["check_type"])
        n = len(self.site)
        self.at = np.full(n, BEGAN)  # until when the state is known
        self.state = self.rng.random(n) < self._rate(np.arange(n), self.at)
        self.opened, self.closes = np.full(n, np.nan), np.full(n, np.nan)
        self.sole, self.stays = np.ones(n, bool), np.zeros(n, bool)
        self.slow = 12 * np.exp(self.rng.normal(0, 0.5) + self.rng.normal(0, 0.4, 16))
        self.given_up = self.rng.uniform(0.02, 0.2)
        self.left_out = self.rng.uniform(0, 0.06)
        self.reported = self.rng.uniform(0, 0.06)

    def live(self) -> None:
        """All days until today."""
        skipped = self.rng.random(int(self.frame["site_type"].max()) + 1) < 0.08
        for age, source in _calendar(self.rng):
            self._until(age)
            if source is None:
                self._residents(age)
                continue
            sites = _chosen(self.rng, self.frame, self.truth, source, skipped)
            self._look(np.flatnonzero(sites[self.site]), age, source)
        self._until(0.0)

    def answers(self) -> Answers:
        """Every answer of every look."""
        joined = {name: np.concatenate([x[name] for x in self.looks]) for name in self.looks[0]}
        return Answers(**joined)

    def cases(self) -> Cases:
        """Every problem: what was closed, then what is open."""
        is_open = np.flatnonzero(~np.isnan(self.opened))
        self._close(is_open, np.full(len(is_open), np.nan))
        return Cases(
            **{name: np.concatenate([x[name] for x in self.done]) for name in self.done[0]}
        )

    def judged(self, at: Array, source: int, team: float) -> Array:
        """What is marked as failed at these pairs, from their true states."""
        aspect = self.frame["item_aspect"][self.frame["check_item"][self.check[at]]]
        state, lot = self.state[at], self.rng.random(len(at))
        if source == OWN:
            return np.asarray(lot < np.where(state, self.truth.lenient[aspect], 0.004))
        harsh = self.truth.harsh[aspect] * np.exp(2 * team)
        return np.asarray(lot < np.where(state, self.truth.sharp, harsh))

    def _rate(self, at: Array, age: Array) -> Array:
        site, check = self.site[at], self.check[at]
        drift = self.truth.drift[self.frame["site_area"][site]]
        slope = drift * np.minimum(age, 180) / 90
        return np.asarray(
            np.interp(self.truth.level[site] + self.truth.check[check] + slope, _X, _PHI)
        )

    def _until(self, age: float) -> None:
        """Days pass: problems are closed when their day comes, states are drawn anew by chance."""
        due = np.flatnonzero(self.closes >= age)
        self._renew(due, self.closes[due])
        real = self.rng.random(len(due)) < 0.9
        self.state[due] &= ~real
        self.stays[due] = False
        self._close(due, self.closes[due])
        everything = np.arange(len(self.site))
        self._renew(everything, np.full(len(everything), age))

    def _renew(self, at: Array, until: Array) -> None:
        gap = self.at[at] - until
        again = self.rng.random(len(at)) < 1 - np.exp(-gap / self.truth.life[self.check[at]])
        new = self.rng.random(len(at)) < self._rate(at, until)
        self.state[at] = np.where(again & ~self.stays[at], new, self.state[at])
        self.at[at] = until

    def _look(self, at: Array, age: float, source: int) -> None:
        failed = self.judged(at, source, self.rng.normal(0, 0.1)) & ~self.absent[at]
        seen = self.rng.random(len(at)) >= (self.left_out if source == OWN else 0.0)
        n = int(seen.sum())
        self.looks.append({
            "site": self.site[at[seen]], "check": self.check[at[seen]], "failed": failed[seen],
            "na": self.absent[at[seen]], "age": np.full(n, age), "source": np.full(n, source),
        })  # fmt: skip
        filed = at[failed & seen & (self.rng.random(len(at)) < 0.9)]
        self._file(filed, age, 1.0)

    def _residents(self, age: float) -> None:
        seen = self.state & ~self.absent & (self.rng.random(len(self.site)) < self.reported)
        self._file(np.flatnonzero(seen), age, 0.8)

    def _file(self, at: Array, age: float, sole: float) -> None:
        """Problems where none is open; a failure may stay as it is until somebody mends it."""
        new = at[np.isnan(self.opened[at])]
        rng, n = self.rng, len(new)
        self.opened[new], self.sole[new] = age, rng.random(n) < sole
        self.stays[new] = self.state[new] & (rng.random(n) < 0.5)
        slow = self.slow[self.frame["site_area"][self.site[new]]] * np.exp(rng.normal(0, 0.9, n))
        closes = np.where(rng.random(n) < self.given_up, -1.0, age - slow)
        self.closes[new] = np.where(closes > 0, closes, np.nan)

    def _close(self, at: Array, fixed: Array) -> None:
        self.done.append({
            "site": self.site[at], "check": self.check[at], "found": self.opened[at].copy(),
            "fixed": fixed.copy(), "sole": self.sole[at].copy(),
        })  # fmt: skip
        self.opened[at], self.closes[at] = np.nan, np.nan


def _calendar(rng: np.random.Generator) -> list[tuple[float, int | None]]:
    """(age, who looks) oldest first; nobody looks on the days on which residents report."""
    days: list[tuple[float, int | None]] = [(float(age), None) for age in range(10, 190, 20)]
    days += [(float(age), OWN) for age in rng.uniform(3, 160, int(rng.integers(3, 7)))]
    days += [(float(age), UNDERCOVER) for age in rng.uniform(5, 100, int(rng.integers(0, 4)))]
    days += [(float(rng.uniform(60, 190)), OUTSIDE)] if rng.random() < 0.5 else []
    return sorted(days, key=lambda day: -day[0])


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


def _drawn(rng: np.random.Generator, kinds: Array, quota: Array) -> Array:
    chosen = np.zeros(len(kinds), bool)
    for kind, many in enumerate(quota):
        sites = np.flatnonzero(kinds == kind)
        chosen[rng.permutation(sites)[:many]] = True
    return chosen

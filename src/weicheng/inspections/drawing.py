"""The draw of sites for a check: by quota, from a sealed seed, the same on every machine.

Every type is drawn by its own numbers, so that a change of one type leaves the others as they are.
The odds of each site are designed first (`odds.py`), then rounded at random to whole numbers per
area and deadline (`rounding.py`); within these every site is equally likely.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from weicheng.inspections.odds import (
    Candidate,
    Design,
    Gap,
    History,
    Quota,
    designs,
    halved,
    odds,
    rounds_needed,
)
from weicheng.inspections.rounding import UNIT, rounded
from weicheng.inspections.seeds import Numbers, new_seed, opens, printed, read, seal

__all__ = [
    "Candidate",
    "Draw",
    "Gap",
    "Pick",
    "Quota",
    "Shortfall",
    "TypeOdds",
    "draw",
    "fingerprint",
    "halved",
    "new_seed",
    "odds",
    "opens",
    "printed",
    "read",
    "rounds_needed",
    "seal",
]

Because = Literal["chance", "coverage"]


@dataclass(frozen=True)
class Pick:
    """A drawn site; `order` counts from 1 through the whole draw.

    `because`: 'coverage' when waiting had raised its odds above the plain share of its type
    (places over sites), otherwise 'chance'.
    """

    key: str
    site_type: str
    area: str
    order: int
    because: Because


@dataclass(frozen=True)
class Shortfall:
    """A type with fewer sites than its quota: all were taken, no other type fills the place."""

    site_type: str
    wanted: int
    found: int
    took: int


@dataclass(frozen=True)
class TypeOdds:
    """The odds of one type, as they are published: numbers of sites and chances from 0 to 1."""

    site_type: str
    sites: int
    quota: int
    rounds: int  # every site comes within so many rounds
    bound: int  # places of a round that deadlines may bind, at most
    plain: float  # places over sites: the odds if nothing were known of the past
    least: float
    greatest: float
    certain: int  # sites in their last round


@dataclass(frozen=True)
class Draw:
    """What was drawn, what was missing, which promises of coverage fail, and the odds."""

    picks: tuple[Pick, ...]
    shortfalls: tuple[Shortfall, ...]
    gaps: tuple[Gap, ...]
    odds_summary: tuple[TypeOdds, ...]


def draw(
    seed: bytes,
    candidates: Iterable[Candidate],
    quotas: Quota,
    *,
    history: History = (),
    rounds: int | None = None,
    half: bool = False,
    spread: bool = False,
) -> Draw:
    """Draw sites by the quota of each type.

    `history`: the keys drawn in the earlier rounds of the same series, oldest first, by type or for
    all types alike; every site is drawn within `rounds` rounds of its type. A series keeps its
    number; without one it is `rounds_needed` of each type as it is now, and moves when sites open
    or close. Without history all sites of a type are equally likely. `half` draws half of each
    quota, rounded up. `spread` gives each area its share of the sites of the type, rounded up or
    down at random, unless deadlines ask for more.
    ValueError: a key twice, a quota below 0, rounds below 1.
    """
    found = list(candidates)
    area_of = {one.key: one.area for one in found}
    wanted = halved(quotas) if half else dict(quotas)
    plans = designs(found, wanted, history=history, rounds=rounds, spread=spread)
    picks: list[Pick] = []
    for plan in plans:
        for key, because in _drawn(seed, plan):
            picks.append(Pick(key, plan.site_type, area_of[key], len(picks) + 1, because))
    sizes = {plan.site_type: sum(map(len, plan.cells.values())) for plan in plans}
    return Draw(
        tuple(picks),
        tuple(
            Shortfall(plan.site_type, plan.quota, size, size)
            for plan in plans
            if (size := sizes[plan.site_type]) < plan.quota
        ),
        tuple(plan.gap for plan in plans if plan.gap),
        tuple(_summary(plan) for plan in plans),
    )


def _drawn(seed: bytes, plan: Design) -> list[tuple[str, Because]]:
    """The keys of one type in random order, each with the reason."""
    sites = sum(map(len, plan.cells.values()))
    places = min(plan.quota, sites)
    numbers = Numbers(seed, plan.site_type)
    whole = rounded(plan.expected, numbers)
    found: list[tuple[str, Because]] = []
    for cell in sorted(plan.cells):
        keys = plan.cells[cell]
        raised = plan.expected[cell] * sites > places * len(keys) * UNIT + sites * len(keys)
        because: Because = "coverage" if raised else "chance"
        found += [(key, because) for key in numbers.some(keys, whole[cell])]
    return numbers.some(found, len(found))


def _summary(plan: Design) -> TypeOdds:
    chances = list(plan.odds().values())
    sites = len(chances)
    return TypeOdds(
        site_type=plan.site_type,
        sites=sites,
        quota=plan.quota,
        rounds=plan.rounds,
        bound=min(plan.pace, plan.quota, sites),
        plain=min(plan.quota, sites) / sites if sites else 0.0,
        least=min(chances, default=0.0),
        greatest=max(chances, default=0.0),
        certain=sum(chance >= 1 for chance in chances),
    )


def fingerprint(
    candidates: Iterable[Candidate],
    quotas: Quota,
    *,
    history: History = (),
    rounds: int | None = None,
    half: bool = False,
    spread: bool = False,
) -> str:
    """64 hex digits that change with anything a draw depends on except its seed.

    Kept beside the seal: with both, nobody can change the list of sites after seeing the seed.
    """
    told = {
        "candidates": sorted([c.key, c.site_type, c.area, c.since] for c in candidates),
        "quotas": sorted(quotas.items()),
        "history": _told(history),
        "rounds": rounds,
        "half": half,
        "spread": spread,
    }
    text = json.dumps(told, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _told(history: History) -> object:
    if not isinstance(history, Mapping):
        return [sorted(keys) for keys in history]
    return [[kind, [sorted(keys) for keys in held]] for kind, held in sorted(history.items())]

"""From the facts of a region to a stored forecast: quantiles, curve, chances, parts, coverage.

The stored result is JSON with points in milli and keys of items, aspects, types and checks; names
are looked up when it is read. No sentence is made here (see ``sentences``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from weicheng.places.models import RegionLevel
from weicheng.scoring.arrays import Ground, ground_of
from weicheng.scoring.beside import Beside, beside
from weicheng.scoring.facts import Facts, gather
from weicheng.scoring.figures import Figures, figures
from weicheng.scoring.forecasting import (
    Belief,
    Coverage,
    Expected,
    Forecast,
    Unfit,
    coverage,
    posterior,
    simulate,
)
from weicheng.scoring.forecasting.answers import LOOKS
from weicheng.scoring.gates import Gate, chance_of, gates_of
from weicheng.scoring.models import WarningLine
from weicheng.scoring.reckoning import sure
from weicheng.scoring.reckoning.snapshot import DEFAULT
from weicheng.scoring.reckoning.thousand import ONSITE
from weicheng.scoring.regains import regains
from weicheng.standards.models import Whose

if TYPE_CHECKING:
    from datetime import datetime

    from weicheng.places.models import Region

DRAWS: Final = 100_000
WALK_DRAWS: Final = 6_000
#: Where assessors are set down.
START_TYPES: Final = ("station", "hotel", "market")
MOST_STARTS: Final = 6
MOST_SINKS: Final = 15
FIRST: Final = 12
BINS: Final = 30

Result = dict[str, Any]
Progress = Callable[[str], object]


@dataclass(frozen=True)
class Foretold:
    """What a run is made of: what it was told, what came out, and what mending is worth."""

    parameters: Result
    result: Result
    pairs: Mapping[str, Mapping[str, float]]


def foretell(
    region: Region, as_of: datetime, *, seed: int, draws: int = DRAWS,
    walk: bool = True, worth: bool = True, tell: Progress = lambda _words: None,
) -> Foretold:  # fmt: skip
    """The forecast of a region from what was known at a moment. Raises Unfit where nothing can be
    drawn. Seconds of work; deterministic for a seed."""
    tell("facts")
    facts = gather(region, as_of, looks=LOOKS)
    if not facts.places or not facts.checks:
        raise Unfit("nothing-to-draw", "sites")
    sheets = beside(stated := figures(region, as_of))
    lines = list(WarningLine.objects.filter(region=region, active=True))
    ground = ground_of(
        facts, others=[(sheet.mean, sheet.sd) for sheet in sheets],
        lines=[line.milli for line in lines if not line.aspect],
    )  # fmt: skip
    tell("belief")
    belief = posterior(ground.district)
    tell("draws")
    plain = simulate(ground.district, belief, draws=draws, seed=seed)
    result = {
        "quota": told(ground, plain, gates_of(facts), lines), "walk": None,
        "sheets": [_sheet(sheet) for sheet in sheets],
        **_whole(facts, ground, belief, plain), **_defaults(facts, stated),
    }  # fmt: skip
    if walk and (starts := starts_of(ground)):
        tell("walk")
        many = min(draws, WALK_DRAWS)
        walked = simulate(
            ground.district, belief, draws=many, seed=seed, draw_model="walk",
            starts=[point for point, _site in starts],
        )  # fmt: skip
        named = [site for _point, site in starts]
        result["walk"] = {
            **told(ground, walked, gates_of(facts), lines), "draws": many, "starts": named,
        }  # fmt: skip
    if worth:
        tell("worth")
    pairs = regains(ground, belief) if worth else {}
    return Foretold(_parameters(facts, ground, belief, lines), result, pairs)


def _parameters(
    facts: Facts, ground: Ground, belief: Belief, lines: Iterable[WarningLine]
) -> Result:
    at = belief.columns.strict
    return {
        **_drawn(ground),
        "quota": sum(facts.quotas.values()),
        "lines": [
            {"name": line.name, "milli": line.milli} for line in lines if not line.aspect
        ],
        "strict": float(belief.mean[at]), "strict_sd": float(np.sqrt(belief.cov[at, at])),
        "half_life": belief.half_life, "parameters": belief.columns.size,
    }  # fmt: skip


def _drawn(ground: Ground) -> Result:
    """How many sites are drawn, which types have too few, and how many sites were graded in bands,
    which the forecast takes as passed or failed."""
    district = ground.district
    pool = np.bincount(district.site_type[district.in_pool], minlength=district.types)
    short = np.flatnonzero(pool < district.quota).tolist()
    return {
        "drawn": int(np.minimum(pool, district.quota).sum()),
        "short": [
            {"key": ground.site_types[n], "quota": int(district.quota[n]), "pool": int(pool[n])}
            for n in short
        ],
        "banded": ground.banded,
    }  # fmt: skip


def _defaults(facts: Facts, stated: Figures) -> Result:
    """How many milli of each sheet rest on default points, as the score page counts them."""
    known = sure(
        [(item.onsite_milli, item.points_certainty) for item in facts.items],
        [line.judged for line in stated.indicators], [line.mark for line in stated.documents],
        stated.satisfaction,
    )  # fmt: skip
    default = {sheet: part.get(DEFAULT, 0) for sheet, part in known.items()}
    of = sum(sum(part.values()) for part in known.values())
    return {"default": default[ONSITE], "sure": {"default": default, "of": of}}


def told(
    ground: Ground, forecast: Forecast, gates: Iterable[Gate], lines: Iterable[WarningLine]
) -> Result:
    """One way of drawing as JSON: the chance of reaching every line, and of failing at a gate where
    checks tell of it."""
    low, high = forecast.interval(0.9)
    p10, p50, p90 = forecast.total()
    aspects = forecast.aspect()
    return {
        "p5": round(low), "p10": round(p10), "p50": round(p50), "p90": round(p90),
        "p95": round(high), "mean": round(forecast.mean), "sd": round(float(forecast.totals.std())),
        "bins": bins_of(forecast.totals),
        "chances": [float(chance) for chance in forecast.line_chance],
        "aspects": [
            {"key": key, "of": round(forecast.points[n]),
             **{name: round(aspects[q][n]) for q, name in enumerate(("p10", "p50", "p90"))}}
            for n, key in enumerate(ground.aspect_keys)
        ],
        "reds": {"mean": float(forecast.reds.mean()), "none": float((forecast.reds == 0).mean()),
                 "p90": float(np.quantile(forecast.reds, 0.9))},
        "aspect_lines": _aspect_lines(ground, forecast, lines),
        "gates": _gates(ground, forecast, gates), "parts": forecast.parts,
    }  # fmt: skip


def _aspect_lines(ground: Ground, forecast: Forecast, lines: Iterable[WarningLine]) -> list[Result]:
    """The lines over an aspect, with the chance of keeping so many of its points on site."""
    at = {key: n for n, key in enumerate(ground.aspect_keys)}
    kept = forecast.points - forecast.losses
    return [
        {"aspect": line.aspect, "name": line.name, "milli": line.milli,
         "chance": float((kept[:, at[line.aspect]] >= line.milli).mean())}
        for line in lines if line.aspect in at
    ]  # fmt: skip


def _gates(ground: Ground, forecast: Forecast, gates: Iterable[Gate]) -> list[Result]:
    """The chance that an assessment finds a gate broken; None where no drawn check tells."""
    chances = {
        ground.checks[n].key: float(p)
        for n, p in zip(forecast.gate_checks, forecast.gate_chance, strict=True)
    }
    return [{"key": gate.key, "chance": chance_of(gate, chances)} for gate in gates]


def bins_of(totals: np.ndarray, most: int = BINS) -> Result:
    """A histogram on whole steps: {low, step, counts}, milli; the rare ends are in the end bins."""
    low, high = np.quantile(totals, [0.001, 0.999])
    step = next(
        (s for s in (500, 1000, 2000, 4000, 5000, 10_000, 20_000) if (high - low) / s <= most),
        50_000,
    )
    begin = math.floor(low / step) * step
    count = max(1, math.ceil((high - begin) / step))
    place = np.clip((totals - begin) // step, 0, count - 1).astype(int)
    counts = np.bincount(place, minlength=count)
    return {"low": int(begin), "step": step, "counts": [int(n) for n in counts]}


def _whole(facts: Facts, ground: Ground, belief: Belief, plain: Forecast) -> Result:
    """What does not depend on the way of drawing."""
    expected = plain.expected
    district = ground.district
    points = {item.key: item.onsite_milli for item in facts.items}
    whose = {item.key: item.whose for item in facts.items}
    ours = _ours(facts, ground)
    seen = len(np.unique(district.looks().seen_site))
    return {
        "items": _worst(ground.item_keys, np.where(ours, expected.by_item, 0), points),
        "city_items": _worst(ground.item_keys, np.where(ours, 0, expected.by_item), points),
        "types": _worst(ground.site_types, expected.by_type - _citys(ground, expected, ours), {}),
        "checks": _worst(
            [c.key for c in ground.checks],
            np.where(ours[district.check_item], expected.by_check, 0), {},
        ),
        "whose": _whose(ground, expected, points, whose),
        "expected": round(expected.total), "unassessed": expected.unassessed,
        "onsite": sum(points.values()),
        "sites": len(ground.sites), "seen": seen, "undecided": facts.undecided,
        "coverage": covered(ground, coverage(district, belief, FIRST)),
    }  # fmt: skip


def _ours(facts: Facts, ground: Ground) -> np.ndarray:
    """(I,) whether an item is ours to answer for; a city's own items are a city's."""
    items = {item.key: item for item in facts.items}
    is_city = facts.region.level == RegionLevel.PREFECTURE
    return np.array([is_city or items[key].whose != Whose.CITY for key in ground.item_keys], bool)


def _citys(ground: Ground, expected: Expected, ours: np.ndarray) -> np.ndarray:
    """(T,) the part of each type's loss that only the city can mend."""
    theirs = np.where(ours[ground.district.check_item], 0, expected.by_check)
    return np.bincount(ground.district.check_type, theirs, len(ground.site_types))


def _whose(
    ground: Ground, expected: Expected, points: Mapping[str, int], whose: Mapping[str, str]
) -> Result:
    """district, shared, city -> expected loss of the items that it answers for, of so many."""
    found: Result = {}
    for key, loss in zip(ground.item_keys, expected.by_item, strict=True):
        row = found.setdefault(whose[key], {"loss": 0.0, "of": 0})
        row["loss"] += float(loss)
        row["of"] += points[key]
    return {key: {"loss": round(row["loss"]), "of": row["of"]} for key, row in found.items()}


def _worst(keys: Iterable[str], loss: np.ndarray, points: Mapping[str, int]) -> list[Result]:
    rows: list[Result] = [
        {"key": key, "loss": round(float(n)), "of": points.get(key, 0)}
        for key, n in zip(keys, loss, strict=True)
        if n >= 1
    ]
    return sorted(rows, key=lambda row: (-row["loss"], row["key"]))[:MOST_SINKS]


def covered(ground: Ground, found: Coverage) -> Result:
    """Coverage per type, and the sites to visit first with the variance each takes away."""
    types = [
        {"key": key, "sites": int(found.sites[n]), "ever": float(found.ever[n]),
         "lately": float(found.lately[n])}
        for n, key in enumerate(ground.site_types)
        if found.sites[n]
    ]  # fmt: skip
    return {
        "days": found.days, "types": types,
        "first": [
            {"site": str(ground.sites[n].id), "type": ground.sites[n].site_type,
             "narrows": float(gain)}
            for n, gain in zip(found.first, found.narrows, strict=True)
            if gain > 0
        ],
    }  # fmt: skip


def _sheet(sheet: Beside) -> Result:
    return {
        "key": sheet.key, "of": sheet.of, "mean": round(sheet.mean), "sd": round(sheet.sd),
        "known": sheet.known,
    }  # fmt: skip


def starts_of(ground: Ground) -> list[tuple[tuple[float, float], str]]:
    """Places where assessors may be set down, spread over the district: ((lat, lon), site id).

    From stations, hotels and markets with a position, the one farthest from all chosen next.
    """
    found = [
        (place.latitude, place.longitude, str(place.id), START_TYPES.index(place.site_type))
        for place in ground.sites
        if place.site_type in START_TYPES
        and place.latitude is not None and place.longitude is not None
    ]  # fmt: skip
    if not found:
        return []
    found.sort(key=lambda row: (row[3], row[2]))
    points = np.array([[row[0], row[1] * math.cos(math.radians(row[0]))] for row in found])
    chosen = [0]
    gap = np.hypot(*(points - points[0]).T)
    while len(chosen) < min(MOST_STARTS, len(found)):
        best = int(np.argmax(gap))
        if gap[best] <= 0:
            break
        chosen.append(best)
        gap = np.minimum(gap, np.hypot(*(points - points[best]).T))
    return [((found[n][0], found[n][1]), found[n][2]) for n in chosen]

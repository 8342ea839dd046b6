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

from weicheng.scoring.arrays import Ground, ground_of
from weicheng.scoring.beside import Beside, beside
from weicheng.scoring.facts import Facts, gather
from weicheng.scoring.figures import Figures, figures
from weicheng.scoring.forecasting import (
    Belief,
    Coverage,
    Forecast,
    Unfit,
    coverage,
    posterior,
    simulate,
)
from weicheng.scoring.forecasting.answers import LOOKS
from weicheng.scoring.models import WarningLine
from weicheng.scoring.reckoning import sure
from weicheng.scoring.reckoning.snapshot import DEFAULT
from weicheng.scoring.reckoning.thousand import ONSITE
from weicheng.scoring.regains import regains

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
    lines = list(WarningLine.objects.filter(region=region, active=True, aspect=""))
    ground = ground_of(
        facts, others=[(sheet.mean, sheet.sd) for sheet in sheets],
        lines=[line.milli for line in lines],
    )  # fmt: skip
    tell("belief")
    belief = posterior(ground.district)
    tell("draws")
    plain = simulate(ground.district, belief, draws=draws, seed=seed)
    result = {
        "quota": told(ground, plain), "walk": None,
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
        result["walk"] = {**told(ground, walked), "draws": many, "starts": named}
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
        "lines": [{"name": line.name, "milli": line.milli} for line in lines],
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


def told(ground: Ground, forecast: Forecast) -> Result:
    """One way of drawing as JSON."""
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
        "gates": [
            {"check": ground.checks[n].key, "item": ground.checks[n].item.key, "chance": float(p)}
            for n, p in zip(forecast.gate_checks, forecast.gate_chance, strict=True)
        ],
        "parts": forecast.parts,
    }  # fmt: skip


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
    seen = len(np.unique(district.seen_site)) if len(district.seen_site) else 0
    return {
        "items": _worst(ground.item_keys, expected.by_item, points),
        "types": _worst(ground.site_types, expected.by_type, {}),
        "checks": _worst([c.key for c in ground.checks], expected.by_check, {}),
        "expected": round(expected.total), "unassessed": expected.unassessed,
        "onsite": sum(points.values()),
        "sites": len(ground.sites), "seen": seen, "undecided": facts.undecided,
        "coverage": covered(ground, coverage(district, belief, FIRST)),
    }  # fmt: skip


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

"""The facts of a region as the arrays that the forecast is told, and back from index to key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
from django.utils import timezone

from weicheng.scoring.forecasting.answers import Answers, Cases, told
from weicheng.scoring.forecasting.district import OUTSIDE, OWN, UNDERCOVER, District
from weicheng.scoring.gates import is_gate_check

if TYPE_CHECKING:
    from datetime import datetime

    from weicheng.scoring.facts import Facts, Place
    from weicheng.scoring.site_states import Seen
    from weicheng.standards.models import Check

DAY = 86_400.0
#: Logits that a ruling moves an assessor on its check against who does not know it; own default.
RULED = 0.5


@dataclass(frozen=True)
class Ground:
    """A district as arrays, with what each index stands for."""

    district: District
    sites: Sequence[Place]
    site_types: Sequence[str]
    towns: Sequence[UUID]
    checks: Sequence[Check]
    item_keys: Sequence[str]
    aspect_keys: Sequence[str]
    banded: int  #: sites whose last look graded in bands


def ground_of(
    facts: Facts,
    *,
    others: Sequence[tuple[float, float]] = (),
    lines: Sequence[float] = (),
) -> Ground:
    """Arrays of the facts. ``others``: (mean, sd) in milli of each other sheet; ``lines`` milli."""
    types = list(facts.site_types)
    sites = [place for place in facts.places.values() if place.site_type in facts.site_types]
    towns = sorted({place.town for place in sites}, key=str)
    clusters = sorted({place.cluster for place in sites}, key=str)
    checks = [check for check in facts.checks if check.site_type_id in facts.site_types]
    items = [item.key for item in facts.items]
    aspects = [aspect.key for aspect in facts.aspects]
    at = {
        "type": _index(types), "town": _index(towns), "cluster": _index(clusters),
        "item": _index(items), "aspect": _index(aspects),
    }  # fmt: skip
    district = District(
        site_type=_ints(at["type"][p.site_type] for p in sites),
        site_area=_ints(at["town"][p.town] for p in sites),
        site_cluster=_ints(at["cluster"][p.cluster] for p in sites),
        site_latitude=_degrees(p.latitude for p in sites),
        site_longitude=_degrees(p.longitude for p in sites),
        in_pool=np.ones(len(sites), bool),
        **_check_arrays(facts, checks, at),
        item_points=_ints(item.onsite_milli for item in facts.items),
        item_aspect=_ints(at["aspect"][item.aspect.key] for item in facts.items),
        quota=_ints(facts.quotas.get(key, 0) for key in types),
        areas=len(towns), aspects=len(aspects),
        **_told(facts, sites, checks),
        other_mean=np.array([mean for mean, _sd in others], float),
        other_sd=np.array([sd for _mean, sd in others], float),
        lines=np.array(lines, float),
    )  # fmt: skip
    banded = sum(bool(looks[0].bands) for looks in facts.looks.values())
    return Ground(district, sites, types, towns, checks, items, aspects, banded)


def _check_arrays(
    facts: Facts, checks: Sequence[Check], at: Mapping[str, Mapping[object, int]]
) -> dict[str, Any]:
    """The columns of the checks, by the names that the forecast gives them."""
    return {
        "check_type": _ints(at["type"][c.site_type_id] for c in checks),
        "check_item": _ints(at["item"][c.item.key] for c in checks),
        "check_deduct": _ints(c.deduct_milli for c in checks),
        "check_key": np.array([c.severity == "key" for c in checks], bool),
        "check_gate": np.array([is_gate_check(c) for c in checks], bool),
        "check_ruled": _ruled(facts, checks),
    }


def _ruled(
    facts: Facts, checks: Sequence[Check]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """(C,) logits: a ruling counts as far as our own last looks at the check are older than it."""
    found = np.zeros(len(checks))
    if not facts.rulings:
        return found
    own = {site: timezone.localdate(looks[0].at) for site, looks in facts.of_own().looks.items()}
    for n, check in enumerate(checks):
        ruling = facts.rulings.get(check.key)
        if ruling is None:
            continue
        days = [
            day for site, day in own.items()
            if facts.places[site].site_type == check.site_type_id
        ]  # fmt: skip
        stale = sum(day < ruling.on for day in days) / len(days) if days else 1.0
        found[n] = ruling.strictness * RULED * stale
    return found


def _degrees(values: Iterator[float | None]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([float("nan") if value is None else value for value in values], float)


def _index(keys: Sequence[object]) -> Mapping[object, int]:
    return {key: n for n, key in enumerate(keys)}


def _ints(values: Iterator[int]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.fromiter(values, np.int64)


def _told(facts: Facts, sites: Sequence[Place], checks: Sequence[Check]) -> dict[str, Any]:
    """The columns of the answers, by the names that the forecast gives them."""
    spots: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for n, check in enumerate(checks):
        spots[check.site_type_id][check.key] = n
    looks = [
        (n, look) for n, place in enumerate(sites) if spots[place.site_type]
        for look in reversed(facts.looks.get(place.id, ()))
    ]  # fmt: skip
    sheets = {kind: np.array(list(spot.values()), np.int64) for kind, spot in spots.items()}
    return told(
        _answers(facts, sites, looks, spots, sheets), _cases(facts, sites, spots), len(checks)
    )


def _answers(
    facts: Facts,
    sites: Sequence[Place],
    looks: Sequence[tuple[int, Seen]],
    spots: Mapping[str, Mapping[str, int]],
    sheets: Mapping[str, np.ndarray[tuple[int, ...], np.dtype[np.int64]]],
) -> Answers:
    """Every answer of these looks (site's place, look), the oldest first at each site."""
    kinds = [sites[n].site_type for n, _look in looks]
    size = _ints(len(sheets[kind]) for kind in kinds)
    begin = np.cumsum(size) - size
    check = np.concatenate([sheets[kind] for kind in kinds] or [np.zeros(0, np.int64)])
    marks = np.zeros((3, len(check)), bool)
    place = {kind: {key: at for at, key in enumerate(spot)} for kind, spot in spots.items()}
    for first, kind, (_n, look) in zip(begin.tolist(), kinds, looks, strict=True):
        for row, keys in enumerate((look.failed, look.not_applicable, look.unseen)):
            for key in keys:
                if key in place[kind]:
                    marks[row, first + place[kind][key]] = True
    kept = ~marks[2]
    days = np.array([_days(facts, look.at) for _n, look in looks], float)
    return Answers(
        np.repeat(_ints(n for n, _look in looks), size)[kept], check[kept], marks[0][kept],
        marks[1][kept], np.repeat(days, size)[kept],
        np.repeat(_ints(_source(look) for _n, look in looks), size)[kept],
    )  # fmt: skip


def _cases(facts: Facts, sites: Sequence[Place], spots: Mapping[str, Mapping[str, int]]) -> Cases:
    rows = [
        (
            n, spots[place.site_type][key], _days(facts, case.found),
            float("nan") if case.fixed is None else _days(facts, case.fixed), case.is_sole,
        )
        for n, place in enumerate(sites)
        for case in facts.cases.get(place.id, ())
        for key in sorted(case.checks) if key in spots[place.site_type]
    ]  # fmt: skip
    return Cases(
        _ints(row[0] for row in rows), _ints(row[1] for row in rows),
        np.array([row[2] for row in rows], float), np.array([row[3] for row in rows], float),
        np.array([row[4] for row in rows], bool),
    )  # fmt: skip


def _source(look: Seen) -> int:
    return OUTSIDE if look.outside else UNDERCOVER if look.undercover else OWN


def _days(facts: Facts, at: datetime) -> float:
    return max(0.0, (facts.as_of - at).total_seconds() / DAY)

"""The facts of a region as the arrays that the forecast is told, and back from index to key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
from django.utils import timezone

from weicheng.scoring.forecasting.district import OUTSIDE, OWN, UNDERCOVER, District
from weicheng.scoring.gates import is_gate_check

if TYPE_CHECKING:
    from datetime import datetime

    from weicheng.scoring.facts import Facts, Place, Seen
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
        **_answer_arrays(list(_seen(facts, sites, checks))),
        other_mean=np.array([mean for mean, _sd in others], float),
        other_sd=np.array([sd for _mean, sd in others], float),
        lines=np.array(lines, float),
    )  # fmt: skip
    return Ground(district, sites, types, towns, checks, items, aspects)


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
    for n, check in enumerate(checks):
        ruling = facts.rulings.get(check.key)
        if ruling is None:
            continue
        days = [
            timezone.localdate(seen.at) for seen in facts.own.values()
            if facts.places[seen.site].site_type == check.site_type_id
        ]  # fmt: skip
        stale = sum(day < ruling.on for day in days) / len(days) if days else 1.0
        found[n] = ruling.strictness * RULED * stale
    return found


def _degrees(values: Iterator[float | None]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([float("nan") if value is None else value for value in values], float)


def _answer_arrays(seen: Sequence[_Answer]) -> dict[str, Any]:
    """The columns of the answers, by the names that the forecast gives them."""
    return {
        "seen_site": _ints(row[0] for row in seen),
        "seen_check": _ints(row[1] for row in seen),
        "seen_failed": np.array([row[2] for row in seen], bool),
        "seen_na": np.array([row[3] for row in seen], bool),
        "seen_age": np.array([row[4] for row in seen], float),
        "seen_source": _ints(row[5] for row in seen),
        "seen_repaired": np.array([row[6] for row in seen], bool),
        "seen_reported": np.array([row[7] for row in seen], bool),
    }


def _index(keys: Sequence[object]) -> Mapping[object, int]:
    return {key: n for n, key in enumerate(keys)}


def _ints(values: Iterator[int]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.fromiter(values, np.int64)


_Answer = tuple[int, int, bool, bool, float, int, bool, bool]


def _seen(facts: Facts, sites: Sequence[Place], checks: Sequence[Check]) -> Iterator[_Answer]:
    """(site, check, failed, na, age in days, source, repaired, reported) of both latest looks, then
    of what open problems say."""
    sheet: dict[str, list[tuple[int, str]]] = {}
    for n, check in enumerate(checks):
        sheet.setdefault(check.site_type_id, []).append((n, check.key))
    for looks in (facts.own, facts.others):
        for n, place in enumerate(sites):
            seen = looks.get(place.id)
            if seen is not None:
                yield from _answers(facts, n, seen, sheet.get(place.site_type, []))
    yield from _reports(facts, sites, sheet)


def _reports(
    facts: Facts, sites: Sequence[Place], sheet: Mapping[str, Sequence[tuple[int, str]]]
) -> Iterator[_Answer]:
    for site, place in enumerate(sites):
        said = facts.reported.get(place.id, {})
        looks = [seen for row in (facts.own, facts.others) if (seen := row.get(place.id))]
        for n, key in sheet.get(place.site_type, []) if said else ():
            if key in said and not any(_denies(seen, key, said[key].at) for seen in looks):
                yield site, n, True, False, 0.0, OWN, False, True  # open today: it does not fade


def _denies(seen: Seen, key: str, since: datetime) -> bool:
    """Whether a look after a report found the check in order or 不涉及."""
    return seen.at > since and key not in seen.failed and key not in seen.unseen


def _answers(
    facts: Facts, site: int, seen: Seen, sheet: Sequence[tuple[int, str]]
) -> Iterator[_Answer]:
    source = OUTSIDE if seen.outside else UNDERCOVER if seen.undercover else OWN
    failed, unseen = set(seen.failed), set(seen.unseen)
    inapplicable = set(seen.not_applicable)
    for n, key in sheet:
        if key in unseen:
            continue
        mended = seen.mended.get(key)
        since = mended.at if mended is not None else seen.at
        age = max(0.0, (facts.as_of - since).total_seconds() / DAY)
        na, repaired = key in inapplicable, mended is not None
        yield site, n, key in failed, na, age, source, repaired, False

"""落脚点周边: what lies within a quarter of an hour's walk of where assessors may be set down."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.db.models import Max, Q

from weicheng.inspections.models import Visit
from weicheng.places.models import BuiltUp, Region, Site
from weicheng.problems.models import Problem
from weicheng.problems.words import OPEN_STATUSES
from weicheng.scoring.forecasting.walking import DETOUR, EARTH, METRES
from weicheng.scoring.foretelling import START_TYPES

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

MOST: Final = 120
WALK_PER_MINUTE: Final = METRES / 15


@dataclass(frozen=True)
class Near:
    """A site on foot: minutes away, when it was last looked at, what is open there."""

    site: Site
    metres: int
    minutes: int
    looked: datetime | None
    problems: list[Problem]


def starts(region: Region) -> list[Site]:
    """Stations, hotels and markets with a position, by name."""
    rows = Site.objects.filter(
        region__ancestors__contains=[region.pk], active=True, site_type__in=START_TYPES,
        latitude__isnull=False, longitude__isnull=False,
    )  # fmt: skip
    return sorted(
        rows.select_related("site_type", "region"),
        key=lambda site: (START_TYPES.index(site.site_type_id), site.pinyin, str(site.pk)),
    )


def around(region: Region, start: Site, user: Any) -> tuple[list[Near], int]:
    """Sites within the walk, nearest first, at most ``MOST``, and how many there are in all; looks
    and problems as this user may see them."""
    if start.latitude is None or start.longitude is None:
        return [], 0
    rows = Site.objects.filter(
        _box(start), region__ancestors__contains=[region.pk], active=True,
        built_up=BuiltUp.INSIDE,
    ).select_related("site_type", "region")  # fmt: skip
    near = sorted(
        ((_metres(start, site), site) for site in rows), key=lambda pair: (pair[0], str(pair[1].pk))
    )
    within = [(far, site) for far, site in near if far <= METRES]
    kept = within[:MOST]
    keys = [site.pk for _far, site in kept]
    looked = _looked(user, keys)
    problems = _problems(user, keys)
    return [
        Near(site, round(far), max(1, round(far / WALK_PER_MINUTE)), looked.get(site.pk),
             problems[site.pk])
        for far, site in kept
    ], len(within)  # fmt: skip


def _box(start: Site) -> Q:
    """A square that holds the circle, so that a district's other sites are not even read."""
    north = METRES / DETOUR / 111_000
    east = north / max(0.1, float(np.cos(np.radians(start.latitude or 0))))
    return Q(
        latitude__range=((start.latitude or 0) - north, (start.latitude or 0) + north),
        longitude__range=((start.longitude or 0) - east, (start.longitude or 0) + east),
    )


def _metres(a: Site, b: Site) -> float:
    """Metres on foot between two sites with a position."""
    lat1, lon1, lat2, lon2 = np.radians(
        [a.latitude or 0, a.longitude or 0, b.latitude or 0, b.longitude or 0]
    )
    half = np.sin((lat2 - lat1) / 2) ** 2
    half += np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return float(2 * EARTH * np.arcsin(np.sqrt(min(half, 1))) * DETOUR)


def _looked(user: Any, sites: list[UUID]) -> dict[UUID, datetime]:
    rows = Visit.objects.visible_to(user).filter(site__in=sites).exclude(outcome="closed")
    return dict(rows.order_by().values_list("site").annotate(at=Max("occurred_at")))


def _problems(user: Any, sites: list[UUID]) -> defaultdict[UUID, list[Problem]]:
    rows = Problem.objects.visible_to(user).filter(
        site__in=sites, status__in=OPEN_STATUSES, voided=False
    )
    found: defaultdict[UUID, list[Problem]] = defaultdict(list)
    for row in rows.select_related("kind", "lead_unit").defer("search").order_by("filed_at"):
        if row.site_id is not None:
            found[row.site_id].append(row)
    return found

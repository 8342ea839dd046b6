"""Whether a finding is likely the same matter as an open problem near by."""

from __future__ import annotations

from datetime import timedelta
from math import cos, radians
from typing import TYPE_CHECKING

from weicheng.problems.models import Problem
from weicheng.problems.words import OPEN_STATUSES

if TYPE_CHECKING:
    from weicheng.inspections.models import Found

METRES = 30
WINDOW = timedelta(hours=2)
_METRES_PER_DEGREE = 111_195


def same_matter(found: Found, where: tuple[float | None, float | None]) -> Problem | None:
    """An open problem of the same kind within 30 m found within 2 hours, or None.

    Without positions nothing is near: equal sites alone do not make the same matter.
    """
    latitude, longitude = where
    if latitude is None or longitude is None:
        return None
    reach = METRES / _METRES_PER_DEGREE
    width = reach / max(cos(radians(latitude)), 0.1)
    candidates = Problem.objects.filter(
        kind=found.kind, region=found.region, status__in=OPEN_STATUSES, voided=False,
        found_at__range=(found.occurred_at - WINDOW, found.occurred_at + WINDOW),
        latitude__range=(latitude - reach, latitude + reach),
        longitude__range=(longitude - width, longitude + width),
    ).order_by("found_at", "id")  # fmt: skip
    for problem in candidates[:20]:
        if problem.latitude is None or problem.longitude is None:
            continue
        north = (problem.latitude - latitude) * _METRES_PER_DEGREE
        east = (problem.longitude - longitude) * _METRES_PER_DEGREE * cos(radians(latitude))
        if north * north + east * east <= METRES * METRES:
            return problem
    return None

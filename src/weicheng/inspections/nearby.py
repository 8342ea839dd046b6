"""Whether a finding is likely the same matter as an open problem near by."""

from __future__ import annotations

from datetime import timedelta
from math import cos, floor, radians
from typing import TYPE_CHECKING

from django.db.models import F
from django.db.models.functions import Floor

from weicheng.problems.duplicates import CELLS
from weicheng.problems.models import Problem
from weicheng.problems.words import OPEN_STATUSES

if TYPE_CHECKING:
    from weicheng.inspections.models import Found

METRES = 30
WINDOW = timedelta(hours=2)
_METRES_PER_DEGREE = 111_195


def same_matter(found: Found, where: tuple[float | None, float | None]) -> Problem | None:
    """An open problem of the same kind within 30 m found within 2 hours, or None.

    Without positions nothing is near: equal sites alone do not make the same matter. Communities
    do not count: thirty metres may lead over a border.
    """
    latitude, longitude = where
    if latitude is None or longitude is None:
        return None
    reach = METRES / _METRES_PER_DEGREE
    width = reach / max(cos(radians(latitude)), 0.1)
    cells = Problem.objects.alias(
        row=Floor(F("latitude") * CELLS), column=Floor(F("longitude") * CELLS)
    ).filter(
        latitude__isnull=False, row__in=_cells(latitude, reach),
        column__in=_cells(longitude, width),
    )  # fmt: skip
    candidates = cells.filter(
        kind=found.kind, region__ancestors__overlap=found.region.ancestors,
        status__in=OPEN_STATUSES, voided=False,
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


def _cells(degrees: float, reach: float) -> list[int]:
    """The thousandths of a degree within reach, as the index of problems counts them."""
    return list(range(floor((degrees - reach) * CELLS), floor((degrees + reach) * CELLS) + 1))

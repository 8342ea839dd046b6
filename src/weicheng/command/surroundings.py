"""Where a problem or site lies: a drawn sketch when its position is known, else names nearby."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import F

from weicheng.command.locator import HALF_VIEW, METRES_A_DEGREE, Sketch, around
from weicheng.places.models import Site

if TYPE_CHECKING:
    from weicheng.places.models import Region

MOST_DOTS = 40
MOST_NAMES = 8


@dataclass(frozen=True)
class Surroundings:
    """A sketch, or the names of sites in the same region; one of the two."""

    sketch: Sketch | None
    names: list[Site]


def surroundings(
    user: Any, *, region: Region, site: UUID | None, latitude: float | None, longitude: float | None
) -> Surroundings:
    """What lies around, in one query."""
    others = Site.objects.visible_to(user).filter(active=True)
    if site is not None:
        others = others.exclude(pk=site)
    if latitude is None or longitude is None:
        return Surroundings(None, list(others.filter(region=region).only("name")[:MOST_NAMES]))
    reach = HALF_VIEW / METRES_A_DEGREE
    near = others.filter(
        latitude__range=(latitude - reach, latitude + reach),
        longitude__range=(longitude - reach * 1.3, longitude + reach * 1.3),
    ).order_by(
        (F("latitude") - latitude) * (F("latitude") - latitude)
        + (F("longitude") - longitude) * (F("longitude") - longitude)
    )
    rows = near.values_list("latitude", "longitude", "name")[:MOST_DOTS]
    dots = [(lat, lng, name) for lat, lng, name in rows if lat is not None and lng is not None]
    return Surroundings(around(latitude, longitude, region, dots), [])

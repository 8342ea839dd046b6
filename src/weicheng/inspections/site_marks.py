"""The mock score of single sites, which a room above reckons and says here how."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from weicheng.places.models import Region

#: (region, sites in it, moment) -> site -> 0..100 points with one decimal; unseen sites have none.
Marker = Callable[["Region", Sequence[UUID], datetime], Mapping[UUID, Decimal]]
_markers: list[Marker] = []


def register(marker: Marker) -> None:
    """Let a room above say what sites score; call it from AppConfig.ready()."""
    if marker not in _markers:
        _markers.append(marker)


def marks_of(region: Region, sites: Sequence[UUID], now: datetime) -> Mapping[UUID, Decimal]:
    """The mock scores of these sites as they were known at a moment."""
    found: dict[UUID, Decimal] = {}
    for marker in _markers if sites else ():
        found.update(marker(region, sites, now))
    return found

"""Where a site lies: WGS84 degrees and the H3 cell, learnt once and correctable by hand."""

from __future__ import annotations

import h3

from weicheng.places.models import Site

#: H3 resolution of a site's cell: about 0.015 km², the size of a block.
CELL = 10


def cell(latitude: float, longitude: float) -> str:
    """The H3 cell of a WGS84 position."""
    return str(h3.latlng_to_cell(latitude, longitude, CELL))


def learn_position(site: Site, latitude: float, longitude: float) -> None:
    """Give a site its first position; one that somebody has set is left alone."""
    if Site.objects.filter(pk=site.pk, latitude=None).update(
        latitude=latitude, longitude=longitude, h3=cell(latitude, longitude)
    ):
        site.latitude, site.longitude = latitude, longitude

"""Changing places: sites, the campaign and its gates. ``by`` is who asks; others are refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from weicheng.places.models import BuiltUp, Campaign, Gate, Region, Site
from weicheng.places.permissions import may_edit_campaign, may_edit_in
from weicheng.places.pinyin import key

if TYPE_CHECKING:
    from weicheng.standards.models import SiteType

#: Edge of an H3 cell of this resolution: about 75 m.
RESOLUTION = 10


def cell_of(latitude: float | None, longitude: float | None) -> str:
    """The H3 cell of a WGS84 position; empty without one."""
    if latitude is None or longitude is None:
        return ""
    import h3

    return str(h3.latlng_to_cell(latitude, longitude, RESOLUTION))


@transaction.atomic
def save_site(
    *,
    by: Any,
    site: Site | None = None,
    name: str,
    site_type: SiteType,
    region: Region,
    address: str = "",
    built_up: str = BuiltUp.UNDECIDED,
    latitude: float | None = None,
    longitude: float | None = None,
    tag: str = "",
    active: bool = True,
) -> Site:
    """Add or change a site. Raises PermissionDenied outside the asker's own region."""
    if not may_edit_in(by, region) or (site is not None and not may_edit_in(by, site.region)):
        raise PermissionDenied
    row = site or Site()
    if site is not None and site.site_type_id != site_type.pk:
        row.drawable_since = None  # among the sites of another type it is new
    row.name, row.site_type, row.region, row.address = name.strip(), site_type, region, address
    row.built_up, row.tag, row.active = built_up, tag, active
    row.latitude, row.longitude = latitude, longitude
    row.h3, row.pinyin = cell_of(latitude, longitude), key(name)[:250]
    row.save()
    return row


@dataclass(frozen=True)
class GateRow:
    """A gate as the form gives it; one without an id is new."""

    name: str
    on: date
    certain: bool = True
    id: Any = None


@transaction.atomic
def save_campaign(
    *, by: Any, campaign: Campaign, name: str, size_class: str, gates: Sequence[GateRow]
) -> Campaign:
    """Change the name, the size class and the gates; gates not given are taken away."""
    if not may_edit_campaign(by, campaign):
        raise PermissionDenied
    campaign.name, campaign.size_class = name.strip(), size_class
    campaign.save(update_fields=["name", "size_class"])
    kept = [g.id for g in gates if g.id]
    campaign.gates.exclude(pk__in=kept).delete()
    for row in gates:
        values = {"name": row.name.strip(), "on": row.on, "certain": row.certain}
        if row.id:
            campaign.gates.filter(pk=row.id).update(**values)
        else:
            Gate.objects.create(campaign=campaign, **values)
    return campaign

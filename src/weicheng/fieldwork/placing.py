"""Where a finding lies when the phone had no time to say more than a position."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from weicheng.fieldwork.reading import position_in, text_in, uuid_in
from weicheng.fieldwork.refusals import Wait
from weicheng.inspections.permissions import sites_to_check
from weicheng.places.models import Region, Site

if TYPE_CHECKING:
    from weicheng.inspections.models import Plan
    from weicheng.people.models import User
    from weicheng.places.models import SiteQuerySet

#: The nearest site tells the region as far as this (degrees of latitude, about 2 km).
REACH = 0.018
MOST = 200


@dataclass(frozen=True)
class Spot:
    """A site or none, the smallest region known, and words for the place."""

    site: Site | None
    region: Region
    place: str


def spot_of(body: Mapping[str, Any], *, by: User, plan: Plan | None = None) -> Spot:
    """As said; else by the nearest known site; else the region of the person's own unit, or of the
    plan. A guest knows the sites and the region of the plan alone.

    Raises Wait when a named site or region is not (any more) among the person's."""
    place, known = text_in(body, "place", 200), sites_to_check(by, plan).select_related("region")
    site = _site(body, known)
    region = _region(body, by, plan)
    at = position_in(body, "corrected_lat", "corrected_lon") or position_in(body)
    if site is None and region is None:
        region = _nearest(at, known) or _own(by) or (plan.region if plan else None)
    if site is None and not place:
        place = _words(at)
    if site is not None:
        return Spot(site, region or site.region, place)
    if region is None:
        raise Wait("site_unknown")
    return Spot(None, region, place)


def _site(body: Mapping[str, Any], known: SiteQuerySet) -> Site | None:
    given = uuid_in(body, "site")
    if given is None:
        return None
    site = known.filter(pk=given).first()
    if site is None:
        raise Wait("site_unknown")
    return site


def _region(body: Mapping[str, Any], by: User, plan: Plan | None) -> Region | None:
    given = uuid_in(body, "region")
    if given is None:
        return None
    seen = Region.objects.visible_to(by).filter(pk=given).first()
    if seen is None and plan is not None:
        seen = Region.objects.filter(pk=given, ancestors__contains=[plan.region_id]).first()
    if seen is None:
        raise Wait("site_unknown")
    return seen


def _nearest(at: tuple[float, float] | None, known: SiteQuerySet) -> Region | None:
    if at is None:
        return None
    width = REACH / max(cos(radians(at[0])), 0.1)
    near = known.filter(
        latitude__range=(at[0] - REACH, at[0] + REACH),
        longitude__range=(at[1] - width, at[1] + width),
    )[:MOST]  # fmt: skip
    shrink = cos(radians(at[0]))

    def far(site: Site) -> float:
        north, east = (site.latitude or 0) - at[0], ((site.longitude or 0) - at[1]) * shrink
        return north * north + east * east

    best = min(near, key=far, default=None)
    return best.region if best is not None else None


def _own(by: User) -> Region | None:
    return next((u.region for u in by.working_units() if u.region is not None), None)


def _words(at: tuple[float, float] | None) -> str:
    if at is None:
        return gettext("地点待补")
    return gettext("现场定位 %(north)s，%(east)s") % {
        "north": f"{at[0]:.5f}", "east": f"{at[1]:.5f}",
    }  # fmt: skip

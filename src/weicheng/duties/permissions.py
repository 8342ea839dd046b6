"""Who may write duties: the office, in its own regions; the whole campaign's, by its applicant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from weicheng.places.models import Campaign
from weicheng.places.permissions import may_edit_campaign, may_edit_in

if TYPE_CHECKING:
    from weicheng.places.models import Region, Site

#: Who reads duties: everybody with a part in the campaign.
READERS = (
    "leader", "area", "office", "unit", "town", "community", "sponsor", "inspector", "auditor",
)  # fmt: skip
#: Who sees where nobody answers and whose post is empty.
WATCHERS = ("leader", "area", "office", "auditor")


def may_write(user: Any, region: Region | None, site: Site | None = None) -> bool:
    """Whether this user keeps the duties of a place."""
    if site is not None:
        return may_edit_in(user, site.region)
    if region is not None:
        return may_edit_in(user, region)
    campaign = Campaign.objects.select_related("applicant").first()
    return user.role == "office" and campaign is not None and may_edit_campaign(user, campaign)


def may_settle(user: Any, region: Region | None, site: Site | None = None) -> bool:
    """Whether this user decides between units that two rows name: the office or the leader."""
    if user.role != "leader":
        return may_write(user, region, site)
    place = site.region if site is not None else region
    roots = user.region_roots()
    return place is None or roots is None or bool(set(roots) & set(place.ancestors))

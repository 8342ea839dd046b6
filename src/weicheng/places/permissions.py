"""Who may change places: the office inside its own region; the campaign, by those it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weicheng.places.models import Campaign, Region


def may_edit_in(user: Any, region: Region) -> bool:
    """Whether this user keeps the sites of a region."""
    if user.role != "office":
        return False
    roots = user.region_roots()
    return roots is None or bool(set(roots) & set(region.ancestors))


def may_edit_campaign(user: Any, campaign: Campaign) -> bool:
    """The administrator, the applicant's office, and the office of the only district."""
    if user.role == "admin":
        return True
    if user.role != "office":
        return False
    if may_edit_in(user, campaign.applicant):
        return True
    parts = list(campaign.participations.select_related("region")[:2])
    return len(parts) == 1 and may_edit_in(user, parts[0].region)

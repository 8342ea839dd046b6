"""Who an undercover check concerns, and is therefore hidden from until it is released.

A check concerns whoever could be on it, not only whoever is: a person who sees every other
undercover plan but not this one would know from its absence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from weicheng.people.models import SiteParty, Unit, UnitKind
from weicheng.places.models import Site

from .stakes import stakes_of

if TYPE_CHECKING:
    from uuid import UUID

    from weicheng.people.models import Post
    from weicheng.places.models import SiteQuerySet

#: Units that answer for every site in their region.
TERRITORIAL = frozenset({UnitKind.TOWN, UnitKind.COMMUNITY})


def concerned_units(user: Any) -> list[UUID]:
    """Every unit this person belongs to, by 原单位 or 工作单位, with the units above them."""
    return units_of(user.posts_on(timezone.localdate()))


def units_of(posts: Iterable[Post]) -> list[UUID]:
    """The units of these posts with the units above them."""
    found: list[UUID] = []
    for post in posts:
        found.append(post.unit_id)
        if post.unit.parent_id is not None:
            found.append(post.unit.parent_id)
    return list(dict.fromkeys(found))


def answered_by(posts: Iterable[Post]) -> SiteQuerySet:
    """Sites for which a unit of these posts answers: by name, through a unit below it, because they
    lie in its town or community, or by the duty table (see ``stakes``). The office's own unit is
    no party to a site."""
    held = list(posts)
    units = units_of(held)
    below = Unit.objects.filter(parent__in=units).values("pk")
    parties = SiteParty.objects.filter(site=OuterRef("pk")).filter(
        Q(unit__in=units) | Q(unit__in=below)
    )
    own = [p.unit.region_id for p in held if p.unit.kind in TERRITORIAL and p.unit.region_id]
    by_duty = stakes_of(units, timezone.localdate()).as_q()
    return Site.objects.filter(Q(Exists(parties)) | Q(region__ancestors__overlap=own) | by_duty)


def concerned_sites(user: Any) -> SiteQuerySet:
    """Sites for which a unit of this person answers."""
    return answered_by(user.posts_on(timezone.localdate()))


def could_concern(user: Any) -> Q:
    """Plans whose places and site types include a site of this person's units."""
    regions: defaultdict[str, set[UUID]] = defaultdict(set)
    rows = concerned_sites(user).order_by().values_list("site_type", "region__ancestors")
    for site_type, ancestors in rows.distinct():
        regions[site_type].update(ancestors)
    found = Q(pk__in=[])
    for site_type, above in regions.items():
        asked = Q(site_types=[]) | Q(site_types__contains=[site_type])
        found |= Q(region__in=above) & asked
    return found

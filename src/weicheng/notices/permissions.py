"""Who keeps which channels: the office those of its regions, the administrator all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from weicheng.notices.models import Channel, PrivateHost
from weicheng.people.models import Unit
from weicheng.people.roles import Role
from weicheng.places.models import Participation, Region

if TYPE_CHECKING:
    from django.db.models import QuerySet


def regions_of(user: Any) -> QuerySet[Region]:
    """The districts whose channels this user keeps."""
    if user.role == Role.ADMIN:
        taking_part = Participation.objects.values("region")
        return Region.objects.filter(pk__in=taking_part).order_by("code")
    return Region.objects.filter(pk__in=user.region_roots() or []).order_by("code")


def channels_of(user: Any) -> QuerySet[Channel]:
    """The channels this user keeps; personal mail is its owner's alone."""
    return Channel.objects.filter(region__in=regions_of(user), person=None)


def units_of(user: Any) -> QuerySet[Unit]:
    """Units whose group this user may connect."""
    roots = list(regions_of(user).values_list("pk", flat=True))
    return Unit.objects.filter(region__ancestors__overlap=roots, active=True)


def may_approve(user: Any, entry: PrivateHost) -> bool:
    """A second person: neither the same account nor the same person as the one who proposed."""
    same = user.pk == entry.proposed_by_id
    same = same or (user.person_id and user.person_id == entry.proposed_by.person_id)
    return entry.approved_by_id is None and not same

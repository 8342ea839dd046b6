"""Who may plan, carry out and release checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from weicheng.inspections.models import Guest, Member, Plan, Stop, concerned_sites
from weicheng.people.roles import Role
from weicheng.places.models import Site

if TYPE_CHECKING:
    from uuid import UUID

    from weicheng.places.models import Region, SiteQuerySet

#: Roles that may carry out checks of sites.
CHECKERS = frozenset({Role.OFFICE, Role.INSPECTOR, Role.AREA, Role.TOWN, Role.COMMUNITY})


def may_check_in(user: Any, region: Region, plan: Plan | None = None) -> bool:
    """Whether this person may record a visit in a region: checkers, inside their own scopes; on a
    plan also who was put on one of its teams (another town's people, guests) in its places."""
    if user.role not in CHECKERS or not user.is_active or user.has_ended:
        return False
    if set(user.scopes()) & set(region.ancestors):
        return True
    if plan is None or plan.region_id not in region.ancestors:
        return False
    return Member.objects.filter(team__plan=plan, person=user.person_id).exists()


def sites_to_check(user: Any, plan: Plan | None) -> SiteQuerySet:
    """The sites that this person may name on a check: those of the own places, and the plan's
    stops that this person may see by now, which are all that a guest knows."""
    own = Site.objects.visible_to(user)
    if plan is None:
        return own
    stops = Stop.objects.visible_to(user).filter(plan=plan)
    return Site.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=stops.values("site")))


def plan_of_guest(person: Any) -> UUID | None:
    """The one plan that somebody from elsewhere was asked to, whom nothing else brings here."""
    guest = Guest.objects.filter(user__person=person).order_by("-until").first()
    return guest.plan_id if guest is not None else None


def may_plan_in(user: Any, region: Region) -> bool:
    """Whether this person may plan checks of a region: its own office."""
    if user.role != Role.OFFICE or not user.is_active:
        return False
    return bool(set(user.scopes()) & set(region.ancestors))


def may_hide(user: Any, region: Region, site_types: list[str]) -> bool:
    """Whether this person may arrange an undercover check: none of the own units is concerned."""
    rows = concerned_sites(user).filter(region__ancestors__contains=[region.pk])
    if site_types:
        rows = rows.filter(site_type__in=site_types)
    return not rows.exists()


def may_release(user: Any, plan: Plan) -> bool:
    """Whether this person may release a plan's results: an office person that may see it."""
    return (
        may_plan_in(user, plan.region) and Plan.objects.visible_to(user).filter(pk=plan.pk).exists()
    )

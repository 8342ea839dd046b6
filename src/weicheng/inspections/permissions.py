"""Who may plan, carry out and release checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from weicheng.inspections.models import Guest, Plan, concerned_sites
from weicheng.people.roles import Role

if TYPE_CHECKING:
    from weicheng.places.models import Region

#: Roles that may carry out checks of sites.
CHECKERS = frozenset({Role.OFFICE, Role.INSPECTOR, Role.AREA, Role.TOWN, Role.COMMUNITY})


def may_check_in(user: Any, region: Region, plan: Plan | None = None) -> bool:
    """Whether this person may record a visit in a region: checkers, inside their own scopes; a
    guest (外来人员) only for the plan that they were invited to."""
    if user.role not in CHECKERS or not user.is_active:
        return False
    if set(user.scopes()) & set(region.ancestors):
        return True
    invited = plan is not None and plan.region_id in region.ancestors
    return invited and plan is not None and is_guest(user, plan)


def is_guest(user: Any, plan: Plan) -> bool:
    """Whether this account was made for this plan and has not ended."""
    guests = Guest.objects.filter(plan=plan, user=user.pk, ended_at=None)
    return guests.filter(until__gt=timezone.now()).exists()


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

"""Who may plan, carry out and release checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from weicheng.inspections.models import Plan
from weicheng.people.roles import Role

if TYPE_CHECKING:
    from weicheng.places.models import Region

#: Roles that may carry out checks of sites.
CHECKERS = frozenset({Role.OFFICE, Role.INSPECTOR, Role.AREA, Role.TOWN, Role.COMMUNITY})


def may_check_in(user: Any, region: Region) -> bool:
    """Whether this person may record a visit in a region: checkers, inside their own scopes."""
    if user.role not in CHECKERS or not user.is_active:
        return False
    return bool(set(user.scopes()) & set(region.ancestors))


def may_plan_in(user: Any, region: Region) -> bool:
    """Whether this person may plan checks of a region: its own office."""
    if user.role != Role.OFFICE or not user.is_active:
        return False
    return bool(set(user.scopes()) & set(region.ancestors))


def may_release(user: Any, plan: Plan) -> bool:
    """Whether this person may release a plan's results: an office person that may see it."""
    return (
        may_plan_in(user, plan.region) and Plan.objects.visible_to(user).filter(pk=plan.pk).exists()
    )

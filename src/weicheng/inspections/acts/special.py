"""专项督查 over chosen sites: a plan without a draw, ready to be carried out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from weicheng.inspections.acts.planning import Wish, make_plan
from weicheng.inspections.models import Plan, Stop
from weicheng.inspections.refusals import Refused
from weicheng.inspections.routing import walk_order
from weicheng.inspections.words import Because, PlanKind, PlanState

if TYPE_CHECKING:
    from weicheng.people.models import User
    from weicheng.places.models import Region, Site


@transaction.atomic
def plan_special(
    *, by: User, region: Region, title: str, starts_on: date, ends_on: date,
    sites: Sequence[Site], op_id: UUID, basis: str = "", now: datetime | None = None,
) -> Plan:  # fmt: skip
    """A special check of these sites, open and locked, in a walkable order. Beyond the year's
    count it needs ``basis``. Raises Refused."""
    if not sites:
        raise Refused("need_stops")
    for site in sites:
        if not site.active:
            raise Refused("site_gone", site=site.name)
        if region.pk not in site.region.ancestors:
            raise Refused("other_place", site=site.name)
    wish = Wish(
        PlanKind.SPECIAL, title, region, starts_on, ends_on, regular=False, open=True,
        sampled=False, site_types=tuple(sorted({site.site_type_id for site in sites})),
        basis=basis,
    )  # fmt: skip
    plan = make_plan(by=by, wish=wish, op_id=op_id, now=now)
    if plan.state != PlanState.DRAFT:
        return plan
    moment = now or timezone.now()
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.LOCKED, locked_at=moment)
    plan.state, plan.locked_at = PlanState.LOCKED, moment
    unique = list({site.pk: site for site in sites}.values())
    points = [
        (s.latitude, s.longitude) if s.latitude is not None and s.longitude is not None else None
        for s in unique
    ]
    Stop.objects.bulk_create(
        Stop(plan=plan, site=unique[i], site_type=unique[i].site_type_id,
             because=Because.CHOSEN, order=n)
        for n, i in enumerate(walk_order(points), 1)
    )  # fmt: skip
    return plan

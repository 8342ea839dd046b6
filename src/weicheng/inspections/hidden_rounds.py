"""Which hidden round a person is on: what is found then beside the route belongs to it as well."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from weicheng.inspections.models import Plan, Team
from weicheng.inspections.words import UNDER_WAY

if TYPE_CHECKING:
    from weicheng.people.models import Person
    from weicheng.places.models import Region


def hidden_round(
    person: Person | None, region: Region, happened: datetime | None = None
) -> Plan | None:
    """The hidden plan over this region whose seal this person's team has broken by the day of
    ``happened``, the last one opened; without a moment any that is not released yet."""
    teams = Team.objects.filter(
        members__person=person, opened_at__isnull=False, plan__open=False,
        plan__state__in=UNDER_WAY, plan__region__in=region.ancestors,
    )  # fmt: skip
    if happened is not None:
        day = timezone.localdate(happened)
        teams = teams.filter(
            opened_at__date__lte=day, plan__starts_on__lte=day, plan__ends_on__gte=day
        )
    team = teams.select_related("plan").order_by("-opened_at").first() if person else None
    return team.plan if team is not None else None

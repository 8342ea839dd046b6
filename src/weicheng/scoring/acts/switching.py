"""Turning the chance of passing on or off, for the two who may see it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from weicheng.scoring.acts.once import claim
from weicheng.scoring.models import ForecastSwitch
from weicheng.scoring.permissions import holds_the_switch
from weicheng.scoring.refusals import Refused

if TYPE_CHECKING:
    from weicheng.people.models import User
    from weicheng.places.models import Region


@transaction.atomic
def switch(
    *, by: User, region: Region, on: bool, op_id: UUID, now: datetime | None = None
) -> ForecastSwitch:
    """Show or hide the chance of passing in a region. Raises Refused."""
    if not holds_the_switch(by, region) or by.person is None:
        raise Refused("not_your_switch")
    body = {"region": region.pk, "on": on}
    if not claim(by=by, act="switch_forecast", body=body, op_id=op_id, now=now):
        return ForecastSwitch.objects.get(operation=op_id)
    return ForecastSwitch.objects.create(
        region=region, on=on, by=by.person, at=now or timezone.now(), operation=op_id
    )

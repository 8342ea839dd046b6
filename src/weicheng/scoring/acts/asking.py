"""Asking for a fresh forecast, and saying how strong a unit is and what a work takes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from weicheng.people.models import Unit
from weicheng.people.roles import Role
from weicheng.scoring.acts.once import claim
from weicheng.scoring.models import ForecastRun, Outlay, Strength
from weicheng.scoring.permissions import may_see_scores, may_write_values
from weicheng.scoring.refusals import Refused

if TYPE_CHECKING:
    from weicheng.people.models import User
    from weicheng.places.models import Region

#: A run that waits longer than this was lost with its worker.
PATIENCE = timedelta(minutes=20)
MOST_CREWS, MOST_DAYS = 99, 999
MOST_YUAN = 10**10


@transaction.atomic
def ask_run(
    *, by: User, region: Region, seed: int, draws: int, op_id: UUID, now: datetime | None = None
) -> ForecastRun:
    """Ask for a forecast of now (重新推算); while one waits, that one is the answer.

    A worker makes it. Raises Refused.
    """
    from weicheng.scoring.jobs import foretell_now

    if by.role not in {Role.OFFICE, Role.LEADER} or not may_see_scores(by, region):
        raise Refused("not_yours")
    moment = now or timezone.now()
    if not claim(by=by, act="ask_forecast", body={"region": region.pk}, op_id=op_id, now=now):
        run = ForecastRun.objects.filter(operation=op_id).first()
        return run or ForecastRun.objects.filter(region=region).latest("as_of")
    waiting = ForecastRun.objects.filter(
        region=region, state=ForecastRun.State.WAITING, as_of__gt=moment - PATIENCE
    ).first()
    if waiting is not None:
        return waiting
    run = ForecastRun.objects.create(
        region=region, as_of=moment, seed=seed, draws=draws, operation=op_id
    )
    foretell_now.defer(run=str(run.pk))
    return run


@transaction.atomic
def set_strength(
    *, by: User, region: Region, crews: dict[UUID, int], op_id: UUID, now: datetime | None = None
) -> None:
    """How many crews units put on mending, in tenths; unit id -> tenths. Raises Refused."""
    if not may_write_values(by, region):
        raise Refused("not_yours")
    if any(not 0 <= tenths <= MOST_CREWS * 10 for tenths in crews.values()):
        raise Refused("crews_range", most=MOST_CREWS)
    if Unit.objects.visible_to(by).filter(pk__in=list(crews)).count() < len(crews):
        raise Refused("unknown_unit")
    body = {"region": region.pk, "crews": {str(unit): n for unit, n in crews.items()}}
    if not claim(by=by, act="set_strength", body=body, op_id=op_id, now=now):
        return
    for unit, tenths in crews.items():
        Strength.objects.update_or_create(
            region=region, unit_id=unit,
            defaults={
                "crews_tenths": tenths, "written_by": by.person,
                "written_at": now or timezone.now(), "operation": op_id,
            },
        )  # fmt: skip


@transaction.atomic
def state_outlay(
    *, by: User, region: Region, work: str, days_tenths: int | None, yuan: int | None,
    op_id: UUID, now: datetime | None = None,
) -> None:  # fmt: skip
    """What one work takes, in tenths of a working day and yuan; both None: the usual again.

    Raises Refused.
    """
    if not may_write_values(by, region):
        raise Refused("not_yours")
    if days_tenths is not None and not 0 <= days_tenths <= MOST_DAYS * 10:
        raise Refused("days_range", most=MOST_DAYS)
    if yuan is not None and not 0 <= yuan <= MOST_YUAN:
        raise Refused("yuan_range")
    body = {"region": region.pk, "work": work, "days": days_tenths, "yuan": yuan}
    if not claim(by=by, act="state_outlay", body=body, op_id=op_id, now=now):
        return
    if days_tenths is None and yuan is None:
        Outlay.objects.filter(region=region, work=work).delete()
        return
    Outlay.objects.update_or_create(
        region=region, work=work,
        defaults={
            "days_tenths": days_tenths, "yuan": yuan, "written_by": by.person,
            "written_at": now or timezone.now(), "operation": op_id,
        },
    )  # fmt: skip

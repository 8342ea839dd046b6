"""上车启封, stops that are gone, and the release: sealed findings become problems, all at once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from weicheng.inspections.acts.once import claim
from weicheng.inspections.acts.planning import guard
from weicheng.inspections.acts.teams import concerns
from weicheng.inspections.acts.visiting import file_found
from weicheng.inspections.models import Found, Member, Plan, Stop, Team, Visit
from weicheng.inspections.permissions import may_plan_in
from weicheng.inspections.refusals import Refused
from weicheng.inspections.seeds import Numbers, new_seed
from weicheng.inspections.words import UNDER_WAY, PlanState

if TYPE_CHECKING:
    from weicheng.people.models import Person, User


@transaction.atomic
def break_seal(
    *,
    by: User,
    plan: Plan,
    op_id: UUID,
    on_paper: bool = False,
    team: Team | None = None,
    now: datetime | None = None,
) -> list[Team]:
    """上车启封: open the routes that are this person's to open; answers the opened teams.

    A leader opens the own team's. ``on_paper``: the office opens ``team`` (or all) to print the
    route at departure. Not before the first day of the plan. Raises Refused.
    """
    moment = now or timezone.now()
    row = _opening(by, plan)
    body = {"plan": plan.pk, "on_paper": on_paper, "team": team.pk if team else None}
    fresh = claim(by=by, act="break_seal", body=body, op_id=op_id, now=moment)
    mine = _mine(by, row, team, on_paper=on_paper)
    if not fresh:
        return [one for one in mine if one.opened_at is not None]
    if row.state not in UNDER_WAY:
        raise Refused("wrong_state", state=row.get_state_display())
    if timezone.localdate(moment) < row.starts_on:
        raise Refused("route_not_yet", day=f"{row.starts_on:%Y-%m-%d}")
    for one in mine:
        if one.opened_at is None:
            one.opened_at, one.on_paper, one.operation = moment, on_paper, op_id
            one.save(update_fields=["opened_at", "on_paper", "operation"])
    return mine


def _opening(by: User, plan: Plan) -> Plan:
    if not by.is_active or not Plan.objects.visible_to(by).filter(pk=plan.pk).exists():
        raise Refused("not_yours")
    return Plan.objects.select_for_update(of=("self",)).select_related("region").get(pk=plan.pk)


def _mine(by: User, plan: Plan, team: Team | None, *, on_paper: bool) -> list[Team]:
    """The teams whose route this person may open. Raises Refused when there is none."""
    teams = plan.teams.all()
    if on_paper:
        if not may_plan_in(by, plan.region):
            raise Refused("not_your_route")
        found = list(teams.filter(pk=team.pk) if team is not None else teams)
    else:
        found = list(teams.filter(leader=by.person_id)) if by.person_id else []
    if not found:
        raise Refused("no_such_team" if on_paper else "not_your_route")
    person = by.person
    if plan.hidden and person is not None and concerns(plan, person):
        raise Refused("not_your_route")
    return found


@transaction.atomic
def mark_gone(
    *, by: User, stop: Stop, reason: str, op_id: UUID, now: datetime | None = None
) -> Stop:
    """A site that was closed or moved after the draw: its stop stays, with the reason.

    By the office or somebody of the stop's team. Raises Refused.
    """
    plan = stop.plan
    teams = [key for key in (stop.team_id, stop.second_team_id) if key is not None]
    own = Member.objects.filter(team__in=teams, person=by.person_id).exists()
    seen = Stop.objects.visible_to(by).filter(pk=stop.pk).exists()
    if not seen or not (own or may_plan_in(by, plan.region)):
        raise Refused("not_yours")
    if not reason.strip():
        raise Refused("need_reason")
    body = {"stop": stop.pk, "reason": reason}
    if claim(by=by, act="mark_gone", body=body, op_id=op_id, now=now):
        if plan.state not in UNDER_WAY:
            raise Refused("wrong_state", state=plan.get_state_display())
        stop.gone = reason.strip()[:200]
        stop.save(update_fields=["gone"])
    return stop


@transaction.atomic
def release(*, by: User, plan: Plan, op_id: UUID, now: datetime | None = None) -> Plan:
    """发布: every sealed finding becomes a problem and every visit is open, in one step.

    Numbers are taken now, in an order drawn from the plan's seed, so that they tell nothing of the
    route; the moment of finding is kept. The inspector counts as the finder, the office as who
    typed. Raises Refused, and then nothing is released.
    """
    moment = now or timezone.now()
    row = guard(by, plan)
    if not claim(by=by, act="release", body={"plan": row.pk}, op_id=op_id, now=moment):
        return row
    if row.state not in UNDER_WAY:
        raise Refused("wrong_state", state=row.get_state_display())
    if not row.visits.exists() and not row.found.exists():
        raise Refused("nothing_released")
    for found in _shuffled(row):
        file_found(found, photos=list(found.photos.all()), now=moment, by=by)
    Visit.objects.filter(plan=row, sealed=True).update(sealed=False)
    row.state, row.released_at = PlanState.RELEASED, moment
    row.save(update_fields=["state", "released_at"])
    return row


def _shuffled(plan: Plan) -> list[Found]:
    rows = list(
        Found.objects.filter(plan=plan, problem=None).order_by("pk")
        .select_related("kind", "region", "site__region", "plan", "inspector", "by__person")
        .prefetch_related("photos__blob")
    )  # fmt: skip
    seed = bytes(plan.seed) if plan.seed else new_seed()
    return Numbers(seed, "release").some(rows, len(rows))


def leads(plan: Plan, person: Person | None) -> Team | None:
    """The team of a plan that this person leads."""
    if person is None:
        return None
    return plan.teams.filter(leader=person).first()

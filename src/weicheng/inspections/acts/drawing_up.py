"""锁定并抽取: the seed is made and sealed first, then the sites are drawn from it and shared out.

Two transactions: the seal is committed before the draw. If the second fails, the next try uses the
seed that is sealed already, so that nobody can draw again until it suits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from weicheng.inspections.acts.once import claim
from weicheng.inspections.acts.planning import guard
from weicheng.inspections.acts.sharing_out import Shares, shares_of
from weicheng.inspections.acts.teams import refuse_unfit
from weicheng.inspections.drawing import Draw, new_seed, seal
from weicheng.inspections.models import DrawnFrom, Stop
from weicheng.inspections.pool import Pool, Scope, drawn, fingerprint_of, pool_of
from weicheng.inspections.refusals import Refused
from weicheng.inspections.seeds import Numbers
from weicheng.inspections.words import Because, PlanState
from weicheng.inspections.workload import minutes_of
from weicheng.journal.ids import derived
from weicheng.journal.models import Operation
from weicheng.places.models import Site
from weicheng.standards.models import Standard

if TYPE_CHECKING:
    from weicheng.inspections.models import Plan, Team
    from weicheng.people.models import User


def lock_and_draw(
    *, by: User, plan: Plan, op_id: UUID, seed: bytes | None = None, now: datetime | None = None
) -> Plan:
    """Seal a seed, draw the sites, share them among the teams. Raises Refused.

    ``seed`` is for rehearsals and tests; otherwise it comes from the operating system.
    """
    moment = now or timezone.now()
    _seal(by, plan, op_id, seed, moment)
    return _draw(by, plan, op_id, moment)


@transaction.atomic
def _seal(by: User, plan: Plan, op_id: UUID, seed: bytes | None, now: datetime) -> None:
    row = guard(by, plan)
    if Operation.objects.filter(pk=op_id).exists():
        return
    if row.state != PlanState.DRAFT:
        raise Refused("wrong_state", state=row.get_state_display())
    _ready(row, now)
    if row.sealed:
        return
    pool = pool_of(Scope.of(row), before=now)
    if not pool.total:
        raise Refused("nothing_to_draw")
    given = pool.given()
    print_ = fingerprint_of(given)
    row.seed = seed or new_seed()
    row.sealed = seal(bytes(row.seed), str(row.pk))
    row.save(update_fields=["seed", "sealed"])
    DrawnFrom.objects.create(plan=row, fingerprint=print_, given=given)
    body = {"plan": row.pk, "sealed": row.sealed, "fingerprint": print_}
    claim(by=by, act="seal_draw", body=body, op_id=derived(op_id, "seal"), now=now)


def _ready(plan: Plan, now: datetime) -> None:
    teams = list(plan.teams.prefetch_related("members__person"))
    if not teams:
        raise Refused("need_teams")
    if plan.doubled and len(teams) < 2:
        raise Refused("double_needs_two")
    if plan.ends_on < timezone.localdate(now):
        raise Refused("plan_days_past")
    refuse_unfit(plan, [member.person for team in teams for member in team.members.all()])


@transaction.atomic
def _draw(by: User, plan: Plan, op_id: UUID, now: datetime) -> Plan:
    row = guard(by, plan)
    if not claim(by=by, act="lock_plan", body={"plan": row.pk}, op_id=op_id, now=now):
        return row
    if row.state != PlanState.DRAFT:  # somebody else locked or dropped it since the seal
        raise Refused("wrong_state", state=row.get_state_display())
    kept, seed = DrawnFrom.objects.get(plan=row), bytes(row.seed or b"")
    found = _picks(kept, seed, sampled=row.sampled)
    stops = _shared(row, found, seed)
    Stop.objects.bulk_create(stops, batch_size=2000)
    standard = Standard.objects.order_by("-issued", "edition").first()
    row.quota = kept.given["quotas"]
    row.edition = standard.edition if standard else ""
    row.person_minutes = minutes_of(row)
    row.state, row.locked_at = PlanState.LOCKED, now
    row.shortfalls = _missing(drawn(kept.given, seed)) if row.sampled else []
    row.save()
    return row


def _picks(kept: DrawnFrom, seed: bytes, *, sampled: bool) -> dict[str, str]:
    """Why each taken site is on the plan, by its id."""
    if not sampled:
        return {key: Because.ALL for key, *_rest in kept.given["candidates"]}
    return {pick.key: Because(pick.because) for pick in drawn(kept.given, seed).picks}


def _missing(made: Draw) -> list[dict[str, object]]:
    return [
        {"site_type": s.site_type, "wanted": s.wanted, "found": s.found, "took": s.took}
        for s in made.shortfalls
    ]


def _shared(plan: Plan, because: Mapping[str, str], seed: bytes) -> list[Stop]:
    """The stops with team and order; a share of them, by the seed, for a second team as well."""
    sites = {str(row.pk): row for row in Site.objects.filter(pk__in=list(because))}
    shares = shares_of(plan, sites)
    twice = _twice(sorted(sites), plan.doubled, seed)
    found: list[Stop] = []
    for own, part in enumerate(shares.parts):
        for order, key in enumerate(part, 1):
            other = _other(own, key, shares) if key in twice else None
            found.append(
                Stop(plan=plan, site=sites[key], site_type=sites[key].site_type_id, order=order,
                     because=because[key], team=shares.teams[own], second_team=other)
            )  # fmt: skip
    return found


def _twice(keys: list[str], percent: int, seed: bytes) -> set[str]:
    """The stops of a blind double visit, drawn from the same seed."""
    wanted = -(-len(keys) * percent // 100)
    return set(Numbers(seed, "doubled").some(keys, min(wanted, len(keys))))


def _other(own: int, key: str, shares: Shares) -> Team | None:
    """The next team that may see the stop a second time."""
    for step in range(1, len(shares.teams)):
        n = (own + step) % len(shares.teams)
        if key not in shares.barred[n]:
            return shares.teams[n]
    return None


def pool_for(plan: Plan) -> Pool:
    """What a draft would draw from now."""
    return pool_of(Scope.of(plan))

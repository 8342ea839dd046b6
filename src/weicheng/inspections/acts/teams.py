"""Who goes: teams before the lock, others instead after it, never whom the check concerns.

On a 交叉检查 another town's people go, whom a check over the district concerns as well: they are
kept from the stops of their own town or unit instead.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from weicheng.inspections.acts.once import claim
from weicheng.inspections.acts.planning import guard
from weicheng.inspections.acts.sharing_out import posts_of, share_out
from weicheng.inspections.models import Guest, Member, Stop, Team, answered_by
from weicheng.inspections.models.concealment import TERRITORIAL, units_of
from weicheng.inspections.models.stakes import stakes_of
from weicheng.inspections.permissions import CHECKERS, may_check_in
from weicheng.inspections.refusals import Refused
from weicheng.inspections.words import PlanKind, PlanState
from weicheng.people.models import Person, Post, SiteParty, User
from weicheng.people.roles import Role
from weicheng.places.models import RegionLevel, Site

if TYPE_CHECKING:
    from weicheng.inspections.models import Plan
    from weicheng.places.models import SiteQuerySet

BEFORE_END = (PlanState.DRAFT, PlanState.LOCKED, PlanState.RUNNING)


@dataclass(frozen=True)
class Crew:
    """A team as it is put together; the leader is one of the members."""

    name: str
    leader: Person
    members: Sequence[Person]


@transaction.atomic
def set_teams(
    *, by: User, plan: Plan, crews: Sequence[Crew], op_id: UUID, now: datetime | None = None
) -> list[Team]:
    """The teams of a draft, or of a 专项 over chosen sites, instead of those it had; the stops of
    the latter are shared out among them. Raises Refused."""
    row = guard(by, plan)
    body = {
        "plan": plan.pk,
        "crews": [[c.name, c.leader.pk, sorted(str(m.pk) for m in c.members)] for c in crews],
    }  # fmt: skip
    if claim(by=by, act="set_teams", body=body, op_id=op_id, now=now):
        if not may_regroup(row):
            raise Refused("wrong_state", state=row.get_state_display())
        _check(row, crews)
        row.teams.all().delete()
        for crew in crews:
            team = Team.objects.create(
                plan=row, name=crew.name, leader=crew.leader, operation=op_id
            )
            Member.objects.bulk_create(Member(team=team, person=one) for one in crew.members)
        if row.state != PlanState.DRAFT:
            share_out(row)
    return list(row.teams.all())


def may_regroup(plan: Plan) -> bool:
    """Whether the teams may be put together (anew): those of a draft, and those of a 专项 over
    chosen sites, which has no draw to keep to, until somebody of a team has looked."""
    if plan.state == PlanState.DRAFT:
        return True
    if plan.kind != PlanKind.SPECIAL or plan.sealed or plan.state not in BEFORE_END:
        return False
    return not plan.teams.exists() or not (plan.visits.exists() or plan.found.exists())


@transaction.atomic
def replace_member(
    *, by: User, team: Team, old: Person, new: Person, op_id: UUID, now: datetime | None = None
) -> Team:
    """换人: somebody else goes instead, as leader too. Raises Refused."""
    row = guard(by, team.plan)
    body = {"team": team.pk, "old": old.pk, "new": new.pk}
    if not claim(by=by, act="replace_member", body=body, op_id=op_id, now=now):
        return Team.objects.get(pk=team.pk)
    if row.state not in BEFORE_END:
        raise Refused("wrong_state", state=row.get_state_display())
    if not team.members.filter(person=old).exists():
        raise Refused("no_such_team")
    if Member.objects.filter(team__plan=row, person=new).exists():
        raise Refused("team_twice", person=new.name)
    refuse_unfit(row, [new])
    if row.kind == PlanKind.CROSS and (n := _own_stops(team, new)):
        raise Refused("own_stops", person=new.name, n=n)
    team.members.filter(person=old).update(person=new)
    if team.leader_id == old.pk:
        team.leader = new
        team.save(update_fields=["leader"])
    return team


def _check(plan: Plan, crews: Sequence[Crew]) -> None:
    if not crews:
        raise Refused("need_teams")
    for crew in crews:
        if crew.leader not in crew.members:
            raise Refused("team_leader", team=crew.name)
    times = Counter(person for crew in crews for person in crew.members)
    for person, n in times.items():
        if n > 1:
            raise Refused("team_twice", person=person.name)
    refuse_unfit(plan, list(times))


def refuse_unfit(plan: Plan, persons: Sequence[Person]) -> None:
    """Refuse whoever may not check there, and whoever the check concerns."""
    fit = set(able(plan))
    barred = barred_among(plan, persons)
    for person in persons:
        if person not in fit:
            raise Refused("team_stranger", person=person.name)
        if person.pk in barred:
            raise Refused("team_concerned", person=person.name)


def able(plan: Plan) -> list[Person]:
    """Who could go: persons with an account that may check in the plan's region or a part of it,
    on a 交叉检查 anybody who checks in the district, and the plan's guests."""
    users = list(
        User.objects.filter(
            is_active=True, role__in=CHECKERS,
            person__posts__unit__region__ancestors__overlap=plan.region.ancestors,
        ).select_related("person").distinct()
    )  # fmt: skip
    _with_posts(users)
    fit = {user.person for user in users if user.person and _reaches(user, plan)}
    invited = Guest.objects.filter(plan=plan, ended_at=None, until__gt=timezone.now())
    fit |= {g.user.person for g in invited.select_related("user__person") if g.user.person}
    return sorted(fit, key=lambda person: (person.pinyin, person.name, str(person.pk)))


def _with_posts(users: list[User]) -> None:
    """Read the posts of all at once; ``User.posts_on`` finds them there."""
    held: defaultdict[Any, list[Post]] = defaultdict(list)
    persons = [user.person_id for user in users]
    for post in Post.objects.filter(person__in=persons).select_related("unit__region", "person"):
        held[post.person_id].append(post)
    for user in users:
        user.__dict__["_posts"] = held[user.person_id]


def _reaches(user: User, plan: Plan) -> bool:
    """Whether this checker may check in the plan's region, or in a part of it; on a 交叉检查, or
    anywhere else in its district."""
    if may_check_in(user, plan.region):
        return True
    whole = _district(plan) if plan.kind == PlanKind.CROSS else plan.region_id
    return any(
        whole in unit.region.ancestors and may_check_in(user, unit.region)
        for unit in user.working_units()
        if unit.region is not None
    )


def _district(plan: Plan) -> UUID:
    """The district that the plan's region is or lies in; a prefecture is its own."""
    above = {RegionLevel.COMMUNITY: 2, RegionLevel.TOWN: 1}.get(RegionLevel(plan.region.level), 0)
    chain: list[UUID] = plan.region.ancestors
    return chain[min(above, len(chain) - 1)]


def concerns(plan: Plan, person: Person) -> bool:
    """Whether the plan may not be known to this person because of a unit that it concerns."""
    return bool(barred_among(plan, [person]))


def barred_among(plan: Plan, persons: Sequence[Person]) -> set[UUID]:
    """The ids of those who may not go: on a hidden plan whom it concerns; on a 交叉检查 those whose
    own town holds all of it, and on a hidden one whom it concerns through more than a town, or who
    would see more of it than the own team's stops (the office, leaders)."""
    if plan.kind != PlanKind.CROSS:
        return concerned_among(plan, persons) if plan.hidden else set()
    held = posts_of([person.pk for person in persons])
    above = set(plan.region.ancestors)
    own = {p.person_id for p in held if _of_town(p) and p.unit.region_id in above}
    if not plan.hidden:
        return own
    wide = User.objects.filter(role__in=(Role.OFFICE, Role.LEADER), person__in=persons)
    seeing = set(wide.values_list("person", flat=True))
    line = _concerned_by_duty(plan, [post for post in held if not _of_town(post)])
    return own | line | concerned_among(plan, [p for p in persons if p.pk in seeing])


def _of_town(post: Post) -> bool:
    return post.unit.kind in TERRITORIAL


def concerned_among(plan: Plan, persons: Sequence[Person]) -> set[UUID]:
    """The ids of those persons whom the plan concerns (see ``models.answered_by``). Seven queries
    at most for any number of persons."""
    held = posts_of([person.pk for person in persons])
    chains = _candidates(plan).values_list("region__ancestors").distinct()
    places = {place for (chain,) in chains for place in chain}
    towns = {p.person_id for p in held if _of_town(p) and p.unit.region_id in places}
    return towns | _concerned_by_duty(plan, held)


def _candidates(plan: Plan) -> SiteQuerySet:
    in_scope = Q(region__ancestors__contains=[plan.region_id])
    if plan.site_types:
        in_scope &= Q(site_type__in=plan.site_types)
    on_it = Stop.objects.filter(plan=plan).values("site")
    return Site.objects.filter(in_scope | Q(pk__in=on_it)).order_by()


def _concerned_by_duty(plan: Plan, held: Sequence[Post]) -> set[UUID]:
    """Whose unit is a party to a site of the plan, or answers for one by the duty table."""
    rows, today = _candidates(plan), timezone.localdate()
    theirs = {unit for post in held for unit in units_of([post])}
    parties = SiteParty.objects.filter(Q(unit__in=theirs) | Q(unit__parent__in=theirs))
    parties = parties.filter(site__in=rows.values("pk"))
    answering_units: set[UUID] = set()
    for unit, above in parties.values_list("unit", "unit__parent").distinct():
        answering_units |= {unit, above} if above else {unit}
    met = list(rows.values_list("site_type", "region__ancestors").distinct())
    stakes = {post.pk: stakes_of(units_of([post]), today) for post in held}
    named = {site for stake in stakes.values() for site in stake.sites}
    there = set(rows.filter(pk__in=named).values_list("pk", flat=True)) if named else set()
    return {
        post.person_id for post in held
        if answering_units & set(units_of([post])) or stakes[post.pk].meets(met, there)
    }  # fmt: skip


def answers_on(team: Team) -> list[tuple[Person, int]]:
    """Members whose unit answers for stops of their own team, and for how many: whom to replace."""
    members = [member.person for member in team.members.select_related("person")]
    return [(person, n) for person in members if (n := _own_stops(team, person))]


def _own_stops(team: Team, person: Person) -> int:
    of_team = Q(stops__team=team) | Q(stops__second_team=team)
    return answered_by(posts_of([person.pk])).filter(of_team).distinct().count()


def is_own_stop(plan: Plan | None, site: Site, person: Person) -> bool:
    """Whether this is a 交叉检查 and the person's own unit or town answers for the site."""
    if plan is None or plan.kind != PlanKind.CROSS:
        return False
    return answered_by(posts_of([person.pk])).filter(pk=site.pk).exists()

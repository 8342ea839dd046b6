"""Who goes: teams before the lock, others instead after it, never whom the check concerns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from weicheng.inspections.acts.once import claim
from weicheng.inspections.acts.planning import guard
from weicheng.inspections.models import Guest, Member, Stop, Team, answered_by
from weicheng.inspections.models.concealment import TERRITORIAL, units_of
from weicheng.inspections.models.stakes import stakes_of
from weicheng.inspections.permissions import CHECKERS, may_check_in
from weicheng.inspections.refusals import Refused
from weicheng.inspections.words import PlanState
from weicheng.people.models import Person, Post, SiteParty, User
from weicheng.places.models import Site

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
    """The teams of a draft, instead of those it had. Raises Refused."""
    row = guard(by, plan)
    body = {
        "plan": plan.pk,
        "crews": [[c.name, c.leader.pk, sorted(str(m.pk) for m in c.members)] for c in crews],
    }  # fmt: skip
    if claim(by=by, act="set_teams", body=body, op_id=op_id, now=now):
        if row.state != PlanState.DRAFT:
            raise Refused("wrong_state", state=row.get_state_display())
        _check(row, crews)
        row.teams.all().delete()
        for crew in crews:
            team = Team.objects.create(
                plan=row, name=crew.name, leader=crew.leader, operation=op_id
            )
            Member.objects.bulk_create(Member(team=team, person=one) for one in crew.members)
    return list(row.teams.all())


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
    """Refuse whoever may not check there, and on a hidden plan whoever it may concern."""
    fit = set(able(plan))
    barred = concerned_among(plan, persons) if plan.hidden else set()
    for person in persons:
        if person not in fit:
            raise Refused("team_stranger", person=person.name)
        if person.pk in barred:
            raise Refused("team_concerned", person=person.name)


def able(plan: Plan) -> list[Person]:
    """Who could go: persons with an account that may check in the plan's region or a part of it,
    and its guests."""
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
    """Whether this checker may check in the plan's region, or in a part of it."""
    if may_check_in(user, plan.region):
        return True
    return any(
        plan.region_id in unit.region.ancestors and may_check_in(user, unit.region)
        for unit in user.working_units()
        if unit.region is not None
    )


def concerns(plan: Plan, person: Person) -> bool:
    """Whether a unit of this person answers for a site that is, or may come, on the plan."""
    return bool(concerned_among(plan, [person]))


def concerned_among(plan: Plan, persons: Sequence[Person]) -> set[UUID]:
    """The ids of those persons whom the plan concerns (see ``models.answered_by``). Five
    queries at most for any number of persons."""
    in_scope = Q(region__ancestors__contains=[plan.region_id])
    if plan.site_types:
        in_scope &= Q(site_type__in=plan.site_types)
    on_it = Stop.objects.filter(plan=plan).values("site")
    rows = Site.objects.filter(in_scope | Q(pk__in=on_it)).order_by()
    held = _posts([person.pk for person in persons])
    theirs = {unit for post in held for unit in units_of([post])}
    parties = SiteParty.objects.filter(Q(unit__in=theirs) | Q(unit__parent__in=theirs))
    parties = parties.filter(site__in=rows.values("pk"))
    answering_units: set[UUID] = set()
    for unit, above in parties.values_list("unit", "unit__parent").distinct():
        answering_units |= {unit, above} if above else {unit}
    met = list(rows.values_list("site_type", "region__ancestors").distinct())
    places = {place for _kind, chain in met for place in chain}
    today = timezone.localdate()
    stakes = {post.pk: stakes_of(units_of([post]), today) for post in held}
    named = {site for stake in stakes.values() for site in stake.sites}
    there = set(rows.filter(pk__in=named).values_list("pk", flat=True)) if named else set()
    return {
        post.person_id for post in held
        if answering_units & set(units_of([post]))
        or (post.unit.kind in TERRITORIAL and post.unit.region_id in places)
        or stakes[post.pk].meets(met, there)
    }  # fmt: skip


def answering(team: Team, sites: Mapping[str, Site]) -> list[str]:
    """Keys of the sites for which a unit of a member answers."""
    posts = list(_posts(team.members.values_list("person", flat=True)))
    rows = answered_by(posts).filter(pk__in=[site.pk for site in sites.values()])
    mine = set(rows.values_list("pk", flat=True))
    return [key for key, site in sites.items() if site.pk in mine]


def answers_on(team: Team) -> list[tuple[Person, int]]:
    """Members whose unit answers for stops of their own team, and for how many: whom to replace."""
    found: list[tuple[Person, int]] = []
    for member in team.members.select_related("person"):
        n = _sites_of(member.person).filter(stops__team=team).distinct().count()
        if n:
            found.append((member.person, n))
    return found


def _sites_of(person: Person) -> SiteQuerySet:
    return answered_by(_posts([person.pk]))


def _posts(persons: Iterable[Any]) -> list[Post]:
    today = timezone.localdate()
    rows = Post.objects.filter(person__in=list(persons)).select_related("unit")
    return [post for post in rows if post.in_force(today)]

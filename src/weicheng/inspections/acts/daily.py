"""排日检查: a balanced day for chosen inspectors, from what was looked at longest ago and worst."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext

from weicheng.inspections import day_routes, history, seeds
from weicheng.inspections.acts.once import claim
from weicheng.inspections.effort import person_hours
from weicheng.inspections.models import Member, Plan, Stop, Team, Visit
from weicheng.inspections.permissions import CHECKERS, may_plan_in
from weicheng.inspections.refusals import Refused
from weicheng.inspections.routing import length_m, minutes_on_foot, walk_order
from weicheng.inspections.words import Because, PlanKind, PlanState
from weicheng.journal.ids import uuid7
from weicheng.people.models import Person, User
from weicheng.people.roles import Role
from weicheng.places.models import BuiltUp, Region, Site
from weicheng.standards.models import Check

if TYPE_CHECKING:
    from django.db.models import QuerySet


MOST_A_PERSON = 60
#: Weeks since the last look count one each, up to a quarter of a year; each check that failed in
#: the last look counts two weeks, up to three checks. Own defaults.
MOST_WEEKS = 13
WEEKS_A_FAILURE = 2
MOST_FAILURES = 3


@dataclass(frozen=True)
class _Asked:
    region: Region
    day: date
    people: list[Person]
    each: int
    by: User
    op_id: UUID
    now: datetime

    def body(self) -> dict[str, Any]:
        """What makes a request the same request."""
        people = sorted(str(person.pk) for person in self.people)
        return {
            "region": self.region.pk, "day": self.day.isoformat(), "people": people,
            "per_person": self.each,
        }  # fmt: skip


@dataclass(frozen=True)
class _Choice:
    site: Site
    because: str


@transaction.atomic
def make_daily(
    *,
    region: Region,
    day: date,
    people: Sequence[Person],
    per_person: int,
    op_id: UUID,
    by: User,
    now: datetime | None = None,
) -> Plan:
    """An open daily plan of one day with a team of one and a walkable route for each inspector.

    First what each left unfinished, then the sites of the region by need; chance decides among
    equals, by a seed that is sealed with the plan. Raises Refused, journal.once.ForeignOperation.
    """
    asked = _Asked(
        region, day, list(dict.fromkeys(people)), per_person, by, op_id, now or timezone.now()
    )
    _allow(asked)
    if not claim(by=by, act="make_daily", body=asked.body(), op_id=op_id, now=asked.now):
        return Plan.objects.get(operation=op_id)
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)  # one at a time
    key, seed = uuid7(), seeds.new_seed()
    left = _left_over(asked.people, day)
    routes = {person.pk: left.get(person.pk, [])[:per_person] for person in asked.people}
    room = {person: per_person - len(kept) for person, kept in routes.items()}
    taken = {one.site.pk for kept in routes.values() for one in kept}
    chosen = _neediest(region, day, taken, sum(room.values()), seed)
    if not chosen and not taken:
        raise Refused("no_sites_left")
    for person, run in _shared_out(chosen, room).items():
        routes[person] = [*routes[person], *run]
    plan = _plan(asked, key, seed)
    plan.note = _short(len(routes) * per_person, len(taken) + len(chosen))
    checks = Counter(Check.objects.order_by().values_list("site_type_id", flat=True))
    minutes = sum(_send(plan, person, routes[person.pk], checks) for person in asked.people)
    plan.person_minutes = minutes
    plan.save(update_fields=["note", "person_minutes"])
    return plan


def _short(wanted: int, found: int) -> str:
    """A sentence when fewer sites were found than wanted, else nothing."""
    if found >= wanted:
        return ""
    return gettext("要排%(wanted)s个点位，可排的只有%(found)s个，已全部排上。") % {
        "wanted": wanted, "found": found,
    }  # fmt: skip


def _allow(asked: _Asked) -> None:
    if not may_plan_in(asked.by, asked.region):
        raise Refused("not_yours")
    if asked.day < timezone.localdate(asked.now):
        raise Refused("day_past")
    known = inspectors_for(asked.by).filter(pk__in=[person.pk for person in asked.people])
    if not asked.people or known.count() != len(asked.people):
        raise Refused("need_inspectors")
    if not 1 <= asked.each <= MOST_A_PERSON:
        raise Refused("per_person_range", n=MOST_A_PERSON)


def inspectors_for(user: Any) -> QuerySet[Person]:
    """The persons this user may send on a round: active, with an account that may check; those
    whose work it is come first."""
    accounts = User.objects.filter(person=OuterRef("pk"), is_active=True)
    return (
        Person.objects.visible_to(user)
        .filter(Exists(accounts.filter(role__in=CHECKERS)), active=True)
        .annotate(inspects=Exists(accounts.filter(role=Role.INSPECTOR)))
        .order_by("-inspects", "pinyin", "name", "pk")
    )


def _left_over(people: Sequence[Person], day: date) -> dict[UUID, list[_Choice]]:
    """What each of these left unfinished on earlier days; a site only once."""
    open_stops = Stop.objects.filter(plan__open=True, second_team=None)
    stops = day_routes.stops_of(open_stops, [person.pk for person in people], day)
    stops = [stop for stop in stops if stop.plan.ends_on < day]
    planned = _planned(day)
    looks = day_routes.looks_at(stops)
    teams = Member.objects.filter(team__in={stop.team_id for stop in stops})
    walkers: dict[UUID | None, list[UUID]] = {}
    for team, person in teams.values_list("team_id", "person_id"):
        walkers.setdefault(team, []).append(person)
    wanted = {person.pk for person in people}
    left: dict[UUID, list[_Choice]] = {}
    for stop in stops:
        walker = next((p for p in walkers.get(stop.team_id, []) if p in wanted), None)
        done = walker is None or day_routes.finished_on(stop, looks, walker, second=False)
        if walker is None or done or stop.site_id in planned:
            continue
        planned.add(stop.site_id)
        left.setdefault(walker, []).append(_Choice(stop.site, Because.CARRIED))
    return left


def _planned(day: date) -> set[UUID]:
    """Sites that an open daily plan has on that day already; what is hidden tells nothing here."""
    stops = Stop.objects.filter(
        plan__kind=PlanKind.DAILY, plan__open=True, plan__starts_on__lte=day,
        plan__ends_on__gte=day, gone="",
    )  # fmt: skip
    states = [PlanState.LOCKED, PlanState.RUNNING]
    return set(stops.filter(plan__state__in=states).values_list("site_id", flat=True))


def _neediest(
    region: Region, day: date, taken: set[UUID], count: int, seed: bytes
) -> list[_Choice]:
    """So many sites of the region in most need of a look; equals in an order of chance."""
    looks = history.told(Visit.objects.filter(sealed=False, site=OuterRef("pk")))
    newest = looks.order_by("-occurred_at", "-pk")
    rows = (
        Site.objects.filter(region__ancestors__contains=[region.pk], active=True)
        .exclude(built_up=BuiltUp.OUTSIDE)
        .exclude(pk__in=taken | _planned(day))
        .annotate(
            last=Subquery(newest.values("occurred_at")[:1]),
            bad=Coalesce(
                Subquery(newest.values("failed__len")[:1]), 0, output_field=IntegerField()
            ),
        )
    )

    def need(site: Any) -> int:
        weeks = MOST_WEEKS
        if site.last is not None:
            weeks = min((day - timezone.localdate(site.last)).days // 7, MOST_WEEKS)
        return weeks + WEEKS_A_FAILURE * min(int(site.bad), MOST_FAILURES)

    ranked = [(-need(site), _chance(seed, site.pk), site) for site in rows]
    ranked.sort(key=lambda row: row[:2])
    return [_Choice(site, Because.COVERAGE) for _need, _number, site in ranked[:count]]


def _chance(seed: bytes, site: UUID) -> int:
    return seeds.Numbers(seed, "daily", str(site)).below(1 << 62)


def _shared_out(chosen: list[_Choice], room: dict[UUID, int]) -> dict[UUID, list[_Choice]]:
    """The chosen sites in neighbourly runs, as even as the room of each allows."""
    order = walk_order([day_routes.position(one.site) for one in chosen])
    ordered = [chosen[n] for n in order]
    sizes = dict.fromkeys(room, 0)
    for _one in ordered:
        open_ones = [person for person in room if sizes[person] < room[person]]
        sizes[min(open_ones, key=lambda person: sizes[person] - room[person])] += 1
    shares, at = {}, 0
    for person, size in sizes.items():
        shares[person] = ordered[at : at + size]
        at += size
    return shares


def _plan(asked: _Asked, key: UUID, seed: bytes) -> Plan:
    day, region, now = asked.day, asked.region, asked.now
    title = gettext("%(month)s月%(day)s日 %(region)s日检查") % {
        "month": day.month, "day": day.day, "region": region.name,
    }  # fmt: skip
    return Plan.objects.create(
        id=key, kind=PlanKind.DAILY, title=title[:80], region=region, starts_on=day, ends_on=day,
        state=PlanState.LOCKED, sealed=seeds.seal(seed, str(key)), seed=seed,
        created_by=asked.by.person, created_at=now, locked_at=now, operation=asked.op_id,
    )  # fmt: skip


def _send(plan: Plan, person: Person, sites: list[_Choice], checks: Counter[str]) -> int:
    """A team of one with its route; the minutes it will take."""
    if not sites:
        return 0
    taken = plan.teams.filter(name=person.name).exists()
    name = f"{person.name} {str(person.pk)[-4:]}" if taken else person.name
    team = Team.objects.create(plan=plan, name=name[:40], leader=person)
    Member.objects.create(team=team, person=person)
    points = [day_routes.position(one.site) for one in sites]
    order = walk_order(points)
    Stop.objects.bulk_create(
        [
            Stop(
                plan=plan, site=sites[n].site, site_type=sites[n].site.site_type_id,
                because=sites[n].because, order=place, team=team,
            )
            for place, n in enumerate(order, 1)
        ]
    )  # fmt: skip
    stops = [(one.site.site_type_id, checks[one.site.site_type_id]) for one in sites]
    hours = person_hours(stops, minutes_on_foot(length_m(points, order)), 1).person_hours
    return round(hours * 60)

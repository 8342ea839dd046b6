"""What a phone takes along: routes, sheets, what waits to be verified, kinds and sites nearby.

The number of queries does not grow with what there is; a sealed route shows no stops.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from weicheng.fieldwork import sheets
from weicheng.inspections import history
from weicheng.inspections.acts.looking_back import waiting_for, why_not
from weicheng.inspections.day_routes import RouteStop, daily_route
from weicheng.inspections.models import Member, Plan, Stop, Team, Visit
from weicheng.inspections.words import Because, PlanKind, PlanState
from weicheng.people.roles import Role
from weicheng.places.models import Site
from weicheng.problems.doubts import Doubt, doubts_of
from weicheng.problems.models import Problem
from weicheng.problems.rules import refusal
from weicheng.problems.who import Acting, acting
from weicheng.problems.words import Status

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment
    from weicheng.people.models import User

MOST_SITES = 500
MOST_ACCEPT = 60
MOST_LOOK_BACKS = 60
VERIFIERS = frozenset({Role.OFFICE, Role.INSPECTOR})


@dataclass
class Ahead:
    """What earlier looks say of the sites on the routes."""

    done: set[UUID] = field(default_factory=set)
    carried: set[UUID] = field(default_factory=set)
    last: dict[UUID, Visit] = field(default_factory=dict)
    owed: dict[UUID, list[Problem]] = field(default_factory=dict)
    worst: dict[UUID, list[str]] = field(default_factory=dict)
    chips: dict[UUID, list[str]] = field(default_factory=dict)


def pack(user: User, *, now: datetime | None = None) -> dict[str, Any]:
    """Everything that the phone shows without signal, as JSON-ready values."""
    moment = now or timezone.now()
    today = timezone.localdate(moment)
    routes, stops = routes_of(user, moment)
    sites = _sites(user, stops)
    one = acting(user, None, today)
    return {
        "server_now": moment.isoformat(),
        "user": {"id": str(user.pk), "name": str(user.person or user.username)},
        "routes": routes,
        "accept": _accept(user, one, stops, moment),
        "look_backs": _look_backs(user, today),
        "sheets": sheets.of_types({site.site_type_id for site in sites}),
        "kinds": sheets.kinds(),
        "sites": [_site(site) for site in sites],
    }


def route(user: User, plan: UUID, *, now: datetime | None = None) -> dict[str, Any] | None:
    """One route of today as in the pack, None when it is none of this person's."""
    routes, _stops = routes_of(user, now or timezone.now())
    return next((one for one in routes if one["plan"] == str(plan)), None)


def site(user: User, *, pk: UUID | None = None, number: str = "") -> dict[str, Any] | None:
    """One site where this person may check, by its plate, with the sheet of its type."""
    mine = Site.objects.filter(active=True, region__ancestors__overlap=user.scopes())
    wanted = mine.filter(pk=pk) if pk else mine.filter(external_id__iexact=number)
    found = wanted.order_by("id").first() if pk or number else None
    if found is None:
        return None
    return {"site": _site(found), "sheets": sheets.of_types({found.site_type_id})}


def routes_of(user: User, now: datetime) -> tuple[list[dict[str, Any]], list[Stop]]:
    """The daily route with what was left of earlier days, then every other plan of today by
    itself; and the stops of all of them."""
    today = timezone.localdate(now)
    teams = teams_of(user, today)
    apart = [team for team in teams if not _is_daily(team.plan)]
    stops = stops_of(user, apart)
    walk = [one for one in daily_route(user, today) if _is_daily(one.stop.plan)]
    every = [*(one.stop for one in walk), *stops]
    ahead = _ahead(user, apart, stops, now)
    ahead.chips = history.chips({stop.site.region_id for stop in every}, now=now) if every else {}
    daily = _daily(user, [team for team in teams if _is_daily(team.plan)], walk, ahead.chips, today)
    return [*daily, *(_route(user, team, _of_team(team, stops), ahead) for team in apart)], every


def _is_daily(plan: Plan) -> bool:
    """Whether the plan is walked as part of the day's one route; a hidden one goes by itself."""
    return plan.kind == PlanKind.DAILY and not plan.hidden


def teams_of(user: User, today: date) -> list[Team]:
    """The teams in which this person goes today."""
    if user.person_id is None:
        return []
    return list(
        Team.objects.filter(
            members__person=user.person_id, plan__starts_on__lte=today, plan__ends_on__gte=today,
            plan__state__in=[PlanState.LOCKED, PlanState.RUNNING],
        ).select_related("plan").order_by("plan__starts_on", "plan__id", "name").distinct()
    )  # fmt: skip


def stops_of(user: User, teams: list[Team]) -> list[Stop]:
    """The stops of these teams that this person may see by now, in walking order."""
    ids = [team.pk for team in teams]
    if not ids:
        return []
    return list(
        Stop.objects.visible_to(user).filter(Q(team__in=ids) | Q(second_team__in=ids))
        .filter(site__active=True).select_related("site__region")
        .order_by("plan", "order", "id").distinct()
    )  # fmt: skip


def _of_team(team: Team, stops: list[Stop]) -> list[Stop]:
    return [s for s in stops if team.pk in {s.team_id, s.second_team_id}]


def _ahead(user: User, teams: list[Team], stops: list[Stop], now: datetime) -> Ahead:
    if not stops:
        return Ahead()
    mates = Member.objects.filter(team__in=[t.pk for t in teams]).values("person")
    done = Visit.objects.filter(stop__in=[s.pk for s in stops], inspector__in=mates)
    ids = [stop.site_id for stop in stops]
    return Ahead(
        done={pk for pk in done.values_list("stop", flat=True) if pk is not None},
        carried={stop.pk for stop in stops if stop.because == Because.CARRIED},
        last=history.last_visits(ids, user),
        owed=history.open_problems(ids, user),
        worst=history.worst_first(ids, user, now=now),
    )


def _daily(
    user: User, teams: list[Team], walk: list[RouteStop], chips: dict[UUID, list[str]], today: date
) -> list[dict[str, Any]]:
    """The day's route of all daily plans together, if there is one."""
    if not teams and not walk:
        return []
    ahead = Ahead(
        done={one.stop.pk for one in walk if one.done},
        carried={one.stop.pk for one in walk if one.carried or one.stop.because == Because.CARRIED},
        last={one.site.pk: one.last for one in walk if one.last is not None},
        owed={one.site.pk: one.open for one in walk},
        worst={one.site.pk: one.worst for one in walk},
        chips=chips,
    )
    plans = list(dict.fromkeys(team.plan for team in teams))
    first = plans[0] if plans else walk[0].stop.plan
    return [{
        "plan": str(first.pk), "title": first.title if len(plans) == 1 else gettext("今日路线"),
        "kind": PlanKind.DAILY.value, "hidden": False, "sealed": False,
        "team": teams[0].name if teams else "",
        "leads": any(team.leader_id == user.person_id for team in teams),
        "until": max([today, *(plan.ends_on for plan in plans)]).isoformat(),
        "stops": [_stop(one.stop, ahead) for one in walk],
    }]  # fmt: skip


def _route(user: User, team: Team, stops: list[Stop], ahead: Ahead) -> dict[str, Any]:
    plan = team.plan
    return {
        "plan": str(plan.pk), "title": plan.title, "kind": plan.kind, "hidden": plan.hidden,
        "sealed": plan.hidden and team.opened_at is None, "team": team.name,
        "leads": team.leader_id == user.person_id, "until": plan.ends_on.isoformat(),
        "stops": [_stop(stop, ahead) for stop in stops],
    }  # fmt: skip


def _stop(stop: Stop, ahead: Ahead) -> dict[str, Any]:
    site, last = stop.site, ahead.last.get(stop.site_id)
    return {
        "stop": str(stop.pk), "plan": str(stop.plan_id), "site": str(site.pk), "order": stop.order,
        "name": site.name, "type": site.site_type_id, "address": site.address,
        "lat": site.latitude, "lon": site.longitude, "region": str(site.region_id),
        "plate": site.external_id, "last": _last(last) if last else None,
        "done": stop.pk in ahead.done, "carried": stop.pk in ahead.carried,
        "open": [_owed(problem) for problem in ahead.owed.get(site.pk, [])],
        "worst": ahead.worst.get(site.pk, []), "chips": ahead.chips.get(site.region_id, []),
    }  # fmt: skip


def _last(visit: Visit) -> dict[str, str]:
    return {
        "outcome": visit.outcome, "on": timezone.localdate(visit.occurred_at).isoformat(),
    }  # fmt: skip


def _owed(problem: Problem) -> dict[str, Any]:
    return {
        "problem": str(problem.pk), "title": problem.title(), "due": _iso(problem.due_at),
        "photo": _photo(problem.before_photo, "thumb"),
    }  # fmt: skip


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _photo(attachment: Attachment | None, size: str = "screen") -> str | None:
    if attachment is None or not attachment.blob_id:
        return None
    return reverse("evidence:serve", args=[attachment.pk, size])


def _accept(user: User, one: Acting, stops: list[Stop], now: datetime) -> list[dict[str, Any]]:
    """What waits for a look on the spot and may be verified by this person: on the route first,
    then in its communities, then what must be verified soonest."""
    if user.role not in VERIFIERS:
        return []
    way = _nearness(stops, "site", "region")
    rows = (
        Problem.objects.visible_to(user).filter(status=Status.CHECK, voided=False)
        .for_rows().defer("search").prefetch_related("obligations__unit")
        .order_by(way, F("verify_due_at").asc(nulls_last=True), "handed_in_at", "id")
    )  # fmt: skip
    fit = [row for row in rows[: MOST_ACCEPT * 2] if refusal("pass_fix", one, row, now=now) is None]
    shown = fit[:MOST_ACCEPT]
    doubts = doubts_of(shown, user)
    return [_waiting(row, doubts[row.pk]) for row in shown]


def _nearness(stops: list[Stop], site: str, region: str) -> Case:
    """0 for what is at a stop, 1 for what is in a stop's community, 2 for all else."""
    near = [] if not stops else [
        When(**{f"{site}__in": {stop.site_id for stop in stops}}, then=Value(0)),
        When(**{f"{region}__in": {stop.site.region_id for stop in stops}}, then=Value(1)),
    ]  # fmt: skip
    # without stops this would be a bare 2, which in ORDER BY means the second column
    return Case(*near, default=Cast(Value(2), IntegerField()), output_field=IntegerField())


def _waiting(row: Problem, doubts: list[Doubt]) -> dict[str, Any]:
    return {
        "problem": str(row.pk), "number": row.number, "title": row.title(),
        "site": str(row.site_id) if row.site_id else None, **_where(row),
        "photo": _photo(row.before_photo), "due": _iso(row.verify_due_at),
        "version": row.version,
        "doubts": [
            {"words": doubt.words, "photo": _photo(doubt.photo, "thumb"),
             "twin": _photo(doubt.twin, "thumb")}
            for doubt in doubts
        ],
    }  # fmt: skip


def _where(row: Problem) -> dict[str, float | None]:
    site = row.site
    north = row.latitude if row.latitude is not None or site is None else site.latitude
    east = row.longitude if row.longitude is not None or site is None else site.longitude
    return {"lat": north, "lon": east}


def _look_backs(user: User, today: date) -> list[dict[str, Any]]:
    if user.role not in VERIFIERS:
        return []
    fit = [row for row in waiting_for(user, today)[:200] if why_not(row, user) is None]
    return [
        {
            "look_back": str(row.pk), "problem": str(row.problem_id), "title": row.problem.title(),
            "site": str(row.problem.site_id) if row.problem.site_id else None,
            **_where(row.problem), "photo": _photo(row.problem.before_photo), "day": row.day,
        }
        for row in fit[:MOST_LOOK_BACKS]
    ]  # fmt: skip


def _sites(user: User, stops: list[Stop]) -> list[Site]:
    """The sites of the routes, and others where this person may check, those of the same
    communities first."""
    own = {stop.site_id: stop.site for stop in stops}
    others = Site.objects.filter(active=True, region__ancestors__overlap=user.scopes())
    way = _nearness(stops, "pk", "region")
    for site in others.order_by(way, "region", "pinyin", "id")[:MOST_SITES]:
        own.setdefault(site.pk, site)
    return list(own.values())


def _site(site: Site) -> dict[str, Any]:
    return {
        "site": str(site.pk), "name": site.name, "type": site.site_type_id,
        "lat": site.latitude, "lon": site.longitude, "region": str(site.region_id),
        "plate": site.external_id,
    }  # fmt: skip

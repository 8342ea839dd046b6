"""What a phone takes along: routes, sheets, what waits to be verified, kinds and sites nearby.

The number of queries does not grow with what there is; a sealed route shows no stops.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from weicheng.fieldwork import sheets
from weicheng.inspections import history
from weicheng.inspections.acts.looking_back import waiting_for, why_not
from weicheng.inspections.models import Member, Stop, Team, Visit
from weicheng.inspections.words import Because, PlanState
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
    last: dict[UUID, Visit] = field(default_factory=dict)
    owed: dict[UUID, list[Problem]] = field(default_factory=dict)
    worst: dict[UUID, list[str]] = field(default_factory=dict)
    chips: dict[UUID, list[str]] = field(default_factory=dict)


def pack(user: User, *, now: datetime | None = None) -> dict[str, Any]:
    """Everything that the phone shows without signal, as JSON-ready values."""
    moment = now or timezone.now()
    today = timezone.localdate(moment)
    teams = teams_of(user, today)
    stops = stops_of(user, teams)
    sites = _sites(user, stops)
    one = acting(user, None, today)
    return {
        "server_now": moment.isoformat(),
        "user": {"id": str(user.pk), "name": str(user.person or user.username)},
        "routes": _routes(user, teams, stops, moment),
        "accept": _accept(user, one, moment),
        "look_backs": _look_backs(user, today),
        "sheets": sheets.of_types({site.site_type_id for site in sites}),
        "kinds": sheets.kinds(),
        "sites": [_site(site) for site in sites],
    }


def route(user: User, plan: UUID, *, now: datetime | None = None) -> dict[str, Any] | None:
    """One route of today as in the pack, None when it is none of this person's."""
    moment = now or timezone.now()
    teams = [t for t in teams_of(user, timezone.localdate(moment)) if t.plan_id == plan]
    found = _routes(user, teams, stops_of(user, teams), moment)
    return found[0] if found else None


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


def _routes(
    user: User, teams: list[Team], stops: list[Stop], now: datetime
) -> list[dict[str, Any]]:
    ahead = _ahead(user, teams, stops, now)
    return [_route(user, team, _of_team(team, stops), ahead) for team in teams]


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
        last=history.last_visits(ids, user),
        owed=history.open_problems(ids, user),
        worst=history.worst_first(ids, user, now=now),
        chips=history.chips({stop.site.region_id for stop in stops}, now=now),
    )


def _route(user: User, team: Team, stops: list[Stop], ahead: Ahead) -> dict[str, Any]:
    plan = team.plan
    return {
        "plan": str(plan.pk), "title": plan.title, "kind": plan.kind, "hidden": plan.hidden,
        "sealed": plan.hidden and team.opened_at is None, "team": team.name,
        "leads": team.leader_id == user.person_id,
        "stops": [_stop(stop, ahead) for stop in stops],
    }  # fmt: skip


def _stop(stop: Stop, ahead: Ahead) -> dict[str, Any]:
    site, last = stop.site, ahead.last.get(stop.site_id)
    return {
        "stop": str(stop.pk), "site": str(site.pk), "order": stop.order, "name": site.name,
        "type": site.site_type_id, "address": site.address, "lat": site.latitude,
        "lon": site.longitude, "region": str(site.region_id), "plate": site.external_id,
        "last": _last(last) if last else None, "done": stop.pk in ahead.done,
        "carried": stop.because == Because.CARRIED,
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


def _accept(user: User, one: Acting, now: datetime) -> list[dict[str, Any]]:
    """What waits for a look on the spot and may be verified by this person, the oldest first."""
    if user.role not in VERIFIERS:
        return []
    rows = (
        Problem.objects.visible_to(user).filter(status=Status.CHECK, voided=False)
        .for_rows().defer("search").prefetch_related("obligations__unit")
        .order_by("handed_in_at", "id")[: MOST_ACCEPT * 2]
    )  # fmt: skip
    fit = [row for row in rows if refusal("pass_fix", one, row, now=now) is None]
    shown = fit[:MOST_ACCEPT]
    doubts = doubts_of(shown, user)
    return [_waiting(row, doubts[row.pk]) for row in shown]


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
    """The sites of the routes, and others where this person may check."""
    own = {stop.site_id: stop.site for stop in stops}
    others = Site.objects.filter(active=True, region__ancestors__overlap=user.scopes())
    for site in others.order_by("region", "pinyin", "id")[:MOST_SITES]:
        own.setdefault(site.pk, site)
    return list(own.values())


def _site(site: Site) -> dict[str, Any]:
    return {
        "site": str(site.pk), "name": site.name, "type": site.site_type_id,
        "lat": site.latitude, "lon": site.longitude, "region": str(site.region_id),
        "plate": site.external_id,
    }  # fmt: skip

"""Which team gets which stops: near each other, in walking order, none of its own units'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from weicheng.inspections.day_routes import position
from weicheng.inspections.models import Guest, Stop, answered_by
from weicheng.inspections.refusals import Refused
from weicheng.inspections.sharing import share
from weicheng.inspections.words import PlanKind
from weicheng.people.models import Post
from weicheng.places.models import Region, Site

if TYPE_CHECKING:
    from weicheng.inspections.models import Plan, Team
    from weicheng.inspections.routing import Point


@dataclass(frozen=True)
class Shares:
    """The teams of a plan with the keys of their sites in walking order, and, by team, the keys
    that a unit of a member answers for."""

    teams: list[Team]
    parts: list[list[str]]
    barred: list[frozenset[str]]


def shares_of(plan: Plan, sites: Mapping[str, Site]) -> Shares:
    """Share the sites among the teams. Raises Refused when a 交叉检查 has stops that no team may
    check; elsewhere such a stop stays with a team, and its page says whom to replace."""
    teams = list(plan.teams.order_by("name", "pk"))
    points = {key: point for key, row in sites.items() if (point := position(row)) is not None}
    barred = [answering(team, sites) for team in teams]
    parts = share(sorted(sites), points, len(teams), barred, start_of(plan))
    left = sum(len(own.intersection(part)) for own, part in zip(barred, parts, strict=True))
    if left and plan.kind == PlanKind.CROSS:
        raise Refused("stops_barred", n=left)
    return Shares(teams, parts, barred)


def start_of(plan: Plan) -> Point | None:
    """Where the teams set out: the site or region of the plan that bears the name written there."""
    name = plan.starting_point.strip()
    if not name:
        return None
    inside = {"name": name, "latitude__isnull": False, "longitude__isnull": False}
    site = Site.objects.filter(region__ancestors__contains=[plan.region_id], **inside).first()
    place = site or Region.objects.filter(
        ancestors__contains=[plan.region_id], **inside
    ).first()  # fmt: skip
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return (place.latitude, place.longitude)


def share_out(plan: Plan) -> None:
    """Give each stop of a plan without a draw its team and its place on the way."""
    stops = {str(stop.site_id): stop for stop in plan.stops.select_related("site")}
    if not stops:
        return
    shares = shares_of(plan, {key: stop.site for key, stop in stops.items()})
    for team, part in zip(shares.teams, shares.parts, strict=True):
        for order, key in enumerate(part, 1):
            stops[key].team, stops[key].order = team, order
    Stop.objects.bulk_update(stops.values(), ["team", "order"])


def answering(team: Team, sites: Mapping[str, Site]) -> frozenset[str]:
    """Keys of the sites for which a unit of a member answers."""
    posts = posts_of(team.members.values_list("person", flat=True))
    rows = answered_by(posts).filter(pk__in=[site.pk for site in sites.values()])
    mine = set(rows.values_list("pk", flat=True))
    return frozenset(key for key, site in sites.items() if site.pk in mine)


def posts_of(persons: Iterable[Any]) -> list[Post]:
    """The posts in force of these persons (ids); the 原单位 of a guest is like one."""
    today, keys = timezone.localdate(), list(persons)
    rows = Post.objects.filter(person__in=keys).select_related("unit")
    homes = Guest.objects.filter(user__person__in=keys, home__isnull=False)
    return [post for post in rows if post.in_force(today)] + [
        Post(person_id=guest.user.person_id, unit=guest.home, sort=Post.Sort.HOME)
        for guest in homes.select_related("user", "home")
        if guest.user.person_id is not None
    ]  # fmt: skip

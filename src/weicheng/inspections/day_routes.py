"""今日路线: the sites an inspector walks on a day, in order, with what is left of earlier days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from weicheng.inspections import history
from weicheng.inspections.models import Member, Stop, Visit
from weicheng.inspections.routing import Point, length_m, minutes_on_foot, walk_order
from weicheng.inspections.words import UNDER_WAY, PlanKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from weicheng.people.models import Person
    from weicheng.places.models import Site
    from weicheng.problems.models import Problem

#: Unfinished stops are carried on for so many days; what is older is drawn anew by its age.
CARRIED_FOR = timedelta(days=14)


@dataclass(frozen=True)
class RouteStop:
    """One site of a day's route. ``last`` and ``open`` are only what this reader may see;
    ``worst``: keys of the site's checks, the worst history first."""

    stop: Stop
    second: bool
    done: bool
    carried: bool
    last: Visit | None
    open: list[Problem]
    worst: list[str]

    @property
    def site(self) -> Site:
        """The site of the stop."""
        return self.stop.site


def daily_route(user: Any, day: date, *, person: Person | None = None) -> list[RouteStop]:
    """The sites of the daily plans in which this person is of a team on a day: first those to do,
    in walkable order, then those done. Unfinished stops of earlier daily plans are carried on, a
    site never twice. The number of queries does not grow with the stops.

    ``person``: whose route, when the reader prints it for somebody else.
    """
    walker = person or user.person
    if walker is None:
        return []
    stops = stops_of(Stop.objects.visible_to(user), [walker.pk], day)
    second = _seconds(stops, walker.pk)
    looks = looks_at(stops, walker.pk if walker.pk == user.person_id else None)
    chosen: dict[UUID, tuple[Stop, bool, bool]] = {}
    for stop in sorted(stops, key=lambda s: (s.plan.ends_on < day, s.plan.starts_on, s.order)):
        ended = finished_on(stop, looks, walker.pk, second=stop.pk in second)
        carried = stop.plan.ends_on < day
        if stop.site_id in chosen or (ended is not None and carried and ended < day):
            continue
        chosen[stop.site_id] = (stop, ended is not None, carried)
    last = history.last_visits(chosen, user)
    owed = history.open_problems(chosen, user)
    worst = history.worst_first(chosen, user)
    found = [
        RouteStop(
            stop, stop.pk in second, done, carried, last.get(site), owed.get(site, []), worst[site]
        )
        for site, (stop, done, carried) in chosen.items()
    ]
    todo = [one for one in found if not one.done]
    order = walk_order([position(one.site) for one in todo])
    return [todo[n] for n in order] + [one for one in found if one.done]


def stops_of(
    stops: QuerySet[Stop], people: Iterable[UUID], day: date, *, before: bool = True
) -> list[Stop]:
    """Stops of daily plans of these persons that run on the day or, with ``before``, ended in the
    last fortnight. One query."""
    mine = Member.objects.filter(person__in=list(people))
    since = day - CARRIED_FOR if before else day
    return list(
        stops.filter(
            Exists(mine.filter(team=OuterRef("team")))
            | Exists(mine.filter(team=OuterRef("second_team"))),
            plan__kind=PlanKind.DAILY, plan__state__in=UNDER_WAY, plan__starts_on__lte=day,
            plan__ends_on__gte=since, gone="", site__active=True,
        )
        .select_related("plan", "site__site_type", "site__region", "team")
        .order_by("plan__starts_on", "order", "pk")
    )  # fmt: skip


def first_on_the_way(user: Any, day: date) -> Person | None:
    """Somebody with a daily route on this day that the reader may see."""
    stops = Stop.objects.visible_to(user).filter(
        plan__kind=PlanKind.DAILY, plan__state__in=UNDER_WAY,
        plan__starts_on__lte=day, plan__ends_on__gte=day,
    )  # fmt: skip
    rows = Member.objects.filter(team__in=stops.values("team")).select_related("person")
    first = rows.order_by("team__plan__starts_on", "team", "pk").last()
    return first.person if first is not None else None


def _seconds(stops: list[Stop], person: UUID) -> set[UUID]:
    """The stops on which this person makes the second visit of a blind pair. One query."""
    teams = set(Member.objects.filter(person=person).values_list("team_id", flat=True))
    return {s.pk for s in stops if s.second_team_id in teams and s.team_id not in teams}


def looks_at(stops: list[Stop], person: UUID | None = None) -> list[Visit]:
    """The visits that may have finished one of the stops, sealed ones left out unless they belong
    to the stop itself or are the reader's own (``person``). One query."""
    since = min((stop.plan.starts_on for stop in stops), default=timezone.localdate())
    own = Q(stop__in=[stop.pk for stop in stops]) | Q(inspector=person)
    return list(
        Visit.objects.filter(
            own | Q(sealed=False), site__in={stop.site_id for stop in stops},
            occurred_at__date__gte=since,
        )
        .only("site", "stop", "blind", "inspector", "occurred_at", "sealed")
        .order_by("occurred_at")
    )  # fmt: skip


def finished_on(stop: Stop, looks: list[Visit], person: UUID, *, second: bool) -> date | None:
    """The first day on which this half of the stop was looked at, or None.

    Any later look at the site by anybody also ends a stop that was left over, blind pairs apart.
    """
    for look in looks:
        if look.site_id != stop.site_id:
            continue
        at = timezone.localdate(look.occurred_at)
        half = look.stop_id == stop.pk and look.blind == second
        own = look.inspector_id == person
        late = stop.second_team_id is None and at > stop.plan.ends_on and not look.sealed
        if at >= stop.plan.starts_on and (half or own or late):
            return at
    return None


def position(site: Site) -> Point | None:
    """Where a site is, if that is known."""
    if site.latitude is None or site.longitude is None:
        return None
    return site.latitude, site.longitude


def way(route: list[RouteStop]) -> tuple[int, int]:
    """Metres and minutes on foot over what is still to do."""
    points = [position(one.site) for one in route if not one.done]
    metres = length_m(points, range(len(points)))
    return metres, minutes_on_foot(metres)

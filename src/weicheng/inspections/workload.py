"""Person-hours of a plan: guessed before the draw, counted from its stops and ways after it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import cos, radians
from typing import TYPE_CHECKING

from django.db.models import Q

from weicheng.inspections.effort import person_hours
from weicheng.inspections.models import Plan, Stop
from weicheng.inspections.routing import length_m, minutes_by_car, typical_m
from weicheng.standards.models import Check

if TYPE_CHECKING:
    from collections.abc import Iterable

    from weicheng.inspections.pool import Pool

#: Persons of a team before anybody is named (own default): nobody checks alone.
USUAL_TEAM = 2


@dataclass(frozen=True)
class Load:
    """Stops, persons and hours: ``days`` is how many days each team will be out."""

    stops: int
    teams: int
    persons: int
    hours: float
    days: float


def checks_by_type() -> dict[str, int]:
    """How many checks the sheet of each site type has."""
    return dict(Counter(Check.objects.values_list("site_type_id", flat=True)))


def guess(pool: Pool, sizes: Iterable[int] = (), doubled: int = 0) -> Load:
    """The load before the draw: stops by type, the way as it is usual over such an area.

    ``sizes``: persons by team (none named: one team of two); ``doubled``: percent seen twice.
    """
    crews = [size for size in sizes if size] or [USUAL_TEAM]
    sheets = checks_by_type()
    stops = [(line.key, sheets.get(line.key, 0)) for line in pool.lines for _ in range(line.takes)]
    more = len(stops) * doubled // 100
    stops += stops[:more]
    share, area = -(-len(stops) // len(crews)), _square_km(pool)
    minutes = days = 0.0
    for n, size in enumerate(crews):
        part = stops[n :: len(crews)]
        way = minutes_by_car(typical_m(share, area / len(crews)), len(part)) if part else 0
        effort = person_hours(part, way, size)
        minutes += effort.person_hours * 60
        days = max(days, effort.team_days)
    return Load(len(stops), len(crews), sum(crews), round(minutes / 60, 1), days)


def counted(plan: Plan) -> Load:
    """The load of a drawn plan, from its stops in their order."""
    sheets = checks_by_type()
    hours = days = 0.0
    stops = persons = teams = 0
    for team in plan.teams.prefetch_related("members"):
        rows = list(
            Stop.objects.filter(Q(team=team) | Q(second_team=team), gone="")
            .select_related("site").order_by("order", "pk")
        )  # fmt: skip
        size = max(len(team.members.all()), 1)
        points = [
            (s.site.latitude, s.site.longitude)
            if s.site.latitude is not None and s.site.longitude is not None else None
            for s in rows
        ]  # fmt: skip
        way = minutes_by_car(length_m(points, range(len(points))), len(rows))
        effort = person_hours([(s.site_type, sheets.get(s.site_type, 0)) for s in rows], way, size)
        hours, days = hours + effort.person_hours, max(days, effort.team_days)
        stops, persons, teams = stops + len(rows), persons + size, teams + 1
    return Load(stops, teams, persons, round(hours, 1), days)


def minutes_of(plan: Plan) -> int:
    """Person-minutes of a drawn plan, as they are kept with it."""
    return round(counted(plan).hours * 60)


def _square_km(pool: Pool) -> float:
    """The area that the candidates lie in, at least 1 km²."""
    if not pool.points:
        return 1.0
    lats = [lat for lat, _lon in pool.points.values()]
    lons = [lon for _lat, lon in pool.points.values()]
    high = (max(lats) - min(lats)) * 111.2
    wide = (max(lons) - min(lons)) * 111.3 * cos(radians(sum(lats) / len(lats)))
    return max(high * wide, 1.0)

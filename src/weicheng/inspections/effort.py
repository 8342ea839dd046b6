"""How many person-hours a plan will take, from its stops, its way and the size of a team.

The minutes are our own defaults (no rule gives any): 1.5 minutes a check, 10 minutes a stop to
find the door, say who one is and sign, and a working day of 6 hours outside. A district that
measures its own rounds passes its own `Pace`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Pace:
    """Minutes per check and per stop; `at_site` overrides the minutes per stop by site type."""

    a_check: float = 1.5
    a_stop: float = 10
    a_day: float = 360
    at_site: Mapping[str, float] = field(default_factory=dict)


DEFAULT = Pace()


@dataclass(frozen=True)
class Effort:
    """Minutes that one team would need for everything, and what that makes of people's time."""

    stops: int
    checks: int
    site_minutes: float
    travel_minutes: float
    persons_per_team: int
    person_hours: float  # to one decimal
    team_days: float  # to one decimal: days of one team, or teams for one day


def person_hours(
    stops: Sequence[tuple[str, int]],
    travel_minutes: float,
    persons_per_team: int,
    pace: Pace = DEFAULT,
) -> Effort:
    """The effort for `stops` (site type, number of checks) with `travel_minutes` between them.

    A team goes together: every minute costs each of its persons one. ValueError for a team of
    nobody, negative checks or negative travel.
    """
    if persons_per_team < 1:
        raise ValueError("a team has at least one person")
    if travel_minutes < 0 or any(checks < 0 for _, checks in stops):
        raise ValueError("neither travel nor checks can be below 0")
    checks = sum(number for _, number in stops)
    on_site = checks * pace.a_check + sum(pace.at_site.get(kind, pace.a_stop) for kind, _ in stops)
    minutes = on_site + travel_minutes
    return Effort(
        stops=len(stops),
        checks=checks,
        site_minutes=on_site,
        travel_minutes=travel_minutes,
        persons_per_team=persons_per_team,
        person_hours=round(minutes * persons_per_team / 60, 1),
        team_days=round(minutes / pace.a_day, 1),
    )

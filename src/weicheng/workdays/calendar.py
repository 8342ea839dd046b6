"""A working calendar as a value: which days are worked, and in which hours. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

#: The one time zone of the house; it has had no summer time since 1991.
SHANGHAI = ZoneInfo("Asia/Shanghai")

SATURDAY = 5

Session = tuple[time, time]

USUAL: tuple[Session, ...] = ((time(8, 30), time(12)), (time(14, 30), time(18)))


@dataclass(frozen=True)
class Season:
    """Working hours in force from a day on, until the next season begins."""

    since: date
    sessions: tuple[Session, ...] = USUAL


@dataclass(frozen=True)
class Calendar:
    """Exceptions to Monday-to-Friday, their names, the years known, and the hours by season.

    ``exceptions``: day -> whether it is worked. ``seasons`` are sorted by ``since``.
    """

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    names: Mapping[date, str] = field(default_factory=dict)
    published: frozenset[int] = frozenset()
    seasons: tuple[Season, ...] = (Season(date.min),)

    def is_working(self, day: date) -> bool:
        """Whether the day is worked; a year without a list is Monday to Friday."""
        known = self.exceptions.get(day)
        return day.weekday() < SATURDAY if known is None else known

    def sessions(self, day: date) -> tuple[Session, ...]:
        """The hours worked on a day, in order; none on a day of rest."""
        return self.hours(day) if self.is_working(day) else ()

    def hours(self, day: date) -> tuple[Session, ...]:
        """The hours of the season, whether or not this day is worked."""
        found = self.seasons[0]
        for season in self.seasons:
            if season.since > day:
                break
            found = season
        return found.sessions

    def closing(self, day: date) -> datetime:
        """The close of work of the season on this day, also when the day is one of rest."""
        return at(day, self.hours(day)[-1][1])

    def year_is_published(self, year: int) -> bool:
        """Whether the list of holidays of this year is known."""
        return year in self.published

    def why(self, day: date) -> str:
        """``work`` or ``weekend`` by the week; ``makeup`` or ``holiday`` by the list."""
        weekday = day.weekday() < SATURDAY
        if self.is_working(day):
            return "work" if weekday else "makeup"
        return "holiday" if weekday or day in self.names else "weekend"


def at(day: date, clock: time) -> datetime:
    """A moment of the local day, aware."""
    return datetime.combine(day, clock, tzinfo=SHANGHAI)

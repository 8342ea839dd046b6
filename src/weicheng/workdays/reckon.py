"""How far an amount of time reaches on a working calendar. Pure; the clock is an argument.

The four kinds, exact to the minute (and below it, if the start is):

- ``urgent`` 紧急工作时: hours of the clock, through nights, weekends and holidays.
- ``hours`` 工作时: hours spent inside working sessions. The end is the first moment at which the
  amount has been worked: an amount used up at noon ends at noon, not after the break. A start
  outside working time begins to count at the next opening.
- ``days`` 工作日: the nth working day *after* the day of the start, at its close of work. A start
  outside working time (after closing, on a day of rest) belongs to the next working day, so
  that something sent on Saturday with one working day is due on Tuesday evening.
- ``natural`` 自然日: the nth day of the calendar after the day of the start, at the close of work
  of the season, whether or not that day is worked.

Days of a year whose list of holidays is not published are taken as Monday to Friday, and the
year is named in ``Reached.unpublished``: it is said, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from weicheng.workdays.calendar import SHANGHAI, Calendar, at
from weicheng.workdays.kinds import TimeKind

ONE_DAY = timedelta(days=1)
HOUR = 3600
#: A calendar on which nobody works for so long is a mistake, not a calendar.
MOST_DAYS = 366 * 200


class NeverReached(ValueError):
    """The calendar has no working time to hold the amount."""


@dataclass(frozen=True)
class Day:
    """One day of the way: whether it counted, and why or why not.

    ``why``: work, makeup (调休上班), weekend, holiday, start (the day of the start), closed (the
    start came after the close of work) or natural. ``minutes`` are those worked, for hours.
    """

    day: date
    counts: bool
    why: str
    name: str = ""
    minutes: int = 0


@dataclass(frozen=True)
class Reached:
    """Where an amount ends, the days on the way, and years whose holidays are not known."""

    at: datetime
    days: tuple[Day, ...] = ()
    unpublished: tuple[int, ...] = ()


def add(calendar: Calendar, start: datetime, amount: int, kind: TimeKind | str) -> Reached:
    """The moment that ``amount`` hours or days of this kind after ``start`` reach."""
    if amount < 0:
        raise ValueError(amount)
    local = start.astimezone(SHANGHAI)
    if kind == TimeKind.URGENT:
        return Reached(local + timedelta(hours=amount))
    if kind == TimeKind.HOURS:
        return add_worked(calendar, local, amount * HOUR)
    if kind == TimeKind.DAYS:
        return _add_days(calendar, local, amount)
    return _add_natural(calendar, local, amount)


def add_worked(calendar: Calendar, start: datetime, seconds: float) -> Reached:
    """The first moment by which so many seconds were worked since ``start``."""
    local = start.astimezone(SHANGHAI)
    days: list[Day] = []
    left = timedelta(seconds=seconds)
    for day in _days_from(local.date()):
        worked = timedelta()
        for opens, closes in calendar.sessions(day):
            begins, ends = max(local, at(day, opens)), at(day, closes)
            if begins >= ends:
                continue
            if left <= ends - begins:
                days.append(_worked_day(calendar, day, local, worked + left))
                return Reached(begins + left, tuple(days), unpublished(calendar, days))
            left -= ends - begins
            worked += ends - begins
        days.append(_worked_day(calendar, day, local, worked))
    raise NeverReached


def between(calendar: Calendar, start: datetime, end: datetime, kind: TimeKind | str) -> int:
    """How much time of this kind lies from ``start`` to ``end``; 0 when it is not after.

    Seconds for the two kinds in hours. For those in days: the number of (working) days whose
    close of work lies after ``start`` and not after ``end``.
    """
    begins, ends = start.astimezone(SHANGHAI), end.astimezone(SHANGHAI)
    if ends <= begins:
        return 0
    if kind == TimeKind.URGENT:
        return int((ends - begins).total_seconds())
    found = 0
    for n in range((ends.date() - begins.date()).days + 1):
        day = begins.date() + n * ONE_DAY
        if kind == TimeKind.HOURS:
            found += _worked_between(calendar, day, begins, ends)
        elif kind == TimeKind.NATURAL or calendar.is_working(day):
            found += begins < calendar.closing(day) <= ends
    return found


def nth_day(calendar: Calendar, day: date, amount: int, kind: TimeKind | str) -> date:
    """The nth (working) day after ``day``."""
    if kind == TimeKind.NATURAL:
        return day + amount * ONE_DAY
    for later in _days_from(day + ONE_DAY):
        if amount <= 0:
            break
        amount -= calendar.is_working(later)
        day = later
    return day


def unpublished(calendar: Calendar, days: list[Day]) -> tuple[int, ...]:
    """The years of these days whose holidays are not known."""
    years = {found.day.year for found in days}
    return tuple(sorted(year for year in years if not calendar.year_is_published(year)))


def _days_from(day: date) -> Iterator[date]:
    """The days from one on; ends loudly where no sensible calendar reaches."""
    for n in range(MOST_DAYS):
        yield day + n * ONE_DAY
    raise NeverReached


def _worked_day(calendar: Calendar, day: date, local: datetime, worked: timedelta) -> Day:
    why = calendar.why(day)
    if not worked and day == local.date() and calendar.is_working(day):
        why = "closed"
    minutes = round(worked.total_seconds() / 60)
    return Day(day, bool(worked), why, calendar.names.get(day, ""), minutes)


def _worked_between(calendar: Calendar, day: date, begins: datetime, ends: datetime) -> int:
    found = timedelta()
    for opens, closes in calendar.sessions(day):
        span = min(ends, at(day, closes)) - max(begins, at(day, opens))
        found += max(span, timedelta())
    return int(found.total_seconds())


def _add_days(calendar: Calendar, local: datetime, amount: int) -> Reached:
    days: list[Day] = []
    started, left = False, amount
    for day in _days_from(local.date()):
        name, why = calendar.names.get(day, ""), calendar.why(day)
        if not calendar.is_working(day):
            days.append(Day(day, counts=False, why=why, name=name))
        elif started:
            left -= 1
            days.append(Day(day, counts=True, why=why, name=name))
        elif local < calendar.closing(day):
            started = True
            days.append(Day(day, counts=False, why="start", name=name))
        else:
            days.append(Day(day, counts=False, why="closed", name=name))
        if started and left == 0 and calendar.is_working(day):
            return Reached(calendar.closing(day), tuple(days), unpublished(calendar, days))
    raise NeverReached


def _add_natural(calendar: Calendar, local: datetime, amount: int) -> Reached:
    first = local.date()
    days = [Day(first, counts=False, why="start")]
    days += [Day(first + n * ONE_DAY, counts=True, why="natural") for n in range(1, amount + 1)]
    return Reached(calendar.closing(first + amount * ONE_DAY), tuple(days))

"""A year laid out for the page: twelve months of weeks, what is special in each, the hours."""

from __future__ import annotations

from calendar import Calendar as Weeks
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.workdays.calendar import SATURDAY, Calendar, Session
from weicheng.workdays.models import Hours
from weicheng.workdays.shipped import sessions as sessions_of

KINDS: dict[str, Promise] = {
    "work": _("工作日"),
    "makeup": _("调休上班"),
    "weekend": _("周末休息"),
    "holiday": _("放假"),
    "off": _("休息"),
}


class Cell(NamedTuple):
    """A day of the grid: how it is drawn, its sign and its words; None of another month."""

    day: date
    kind: str
    sign: str
    words: str
    is_today: bool


@dataclass(frozen=True)
class Month:
    """A month: its weeks from Monday on, and its special days in words."""

    number: int
    weeks: list[list[Cell | None]]
    notes: list[str]


class SeasonRow(NamedTuple):
    """Hours in words, from which day on; ``own`` ones were put in by the office."""

    since: date
    words: str


def months(calendar: Calendar, year: int, today: date) -> list[Month]:
    """The twelve months of a year."""
    weeks = Weeks(firstweekday=0)
    found = []
    for number in range(1, 13):
        rows = [
            [_cell(calendar, day, today) if day.month == number else None for day in week]
            for week in weeks.monthdatescalendar(year, number)
        ]
        found.append(Month(number, rows, _notes(calendar, year, number)))
    return found


def _cell(calendar: Calendar, day: date, today: date) -> Cell:
    kind, sign = calendar.why(day), ""
    if kind == "makeup":
        sign = gettext("班")
    elif kind == "holiday":
        sign = gettext("休")
    elif day in calendar.names:
        sign = gettext("班") if kind == "work" else gettext("休")
    return Cell(day, kind, sign, said(calendar, day), day == today)


def said(calendar: Calendar, day: date) -> str:
    """“放假（春节）”, “调休上班（春节）”, “工作日”."""
    kind, name = calendar.why(day), calendar.names.get(day, "")
    if kind == "holiday" and not name:
        return str(KINDS["off"])
    if name:
        return gettext("%(kind)s（%(name)s）") % {"kind": KINDS[kind], "name": name}
    return str(KINDS[kind])


def _notes(calendar: Calendar, year: int, month: int) -> list[str]:
    days = sorted(d for d in calendar.exceptions if (d.year, d.month) == (year, month))
    special = [day for day in days if calendar.why(day) != "work" or day in calendar.names]
    found = []
    for words, group in groupby(special, key=lambda day: said(calendar, day)):
        row = list(group)
        for first, last in _spans(row):
            pattern = (
                gettext("%(first)s日") if first == last else gettext("%(first)s日至%(last)s日")
            )
            found.append(pattern % {"first": first.day, "last": last.day} + f" {words}")
    return found


def _spans(days: list[date]) -> list[tuple[date, date]]:
    found: list[tuple[date, date]] = []
    for day in days:
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def listed(calendar: Calendar, year: int) -> dict[date, tuple[bool, str]]:
    """The exceptional days of a year as they stand."""
    return {
        day: (working, calendar.names.get(day, ""))
        for day, working in calendar.exceptions.items()
        if day.year == year and not (working and day.weekday() < SATURDAY)
    }


def working_days(calendar: Calendar, year: int) -> int:
    """How many days of the year are worked."""
    first = date(year, 1, 1)
    span = (date(year + 1, 1, 1) - first).days
    return sum(calendar.is_working(first + timedelta(days=n)) for n in range(span))


def seasons(calendar: Calendar, year: int) -> list[SeasonRow]:
    """The hours in force in a year, each from its day on."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    began = [season for season in calendar.seasons if season.since <= first][-1:]
    began += [season for season in calendar.seasons if first < season.since <= last]
    return [SeasonRow(max(season.since, first), hours_words(season.sessions)) for season in began]


def own_seasons() -> list[SeasonRow]:
    """The hours put in by the office."""
    return [
        SeasonRow(
            row.since, hours_words(sessions_of(row.opens, row.noon_from, row.noon_to, row.closes))
        )
        for row in Hours.objects.order_by("-since")
    ]


def hours_words(sessions: tuple[Session, ...]) -> str:
    """“08:30—12:00，14:30—18:00”."""
    return gettext("，").join(f"{opens:%H:%M}—{closes:%H:%M}" for opens, closes in sessions)

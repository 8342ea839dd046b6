"""The calendar in process memory: the shipped lists, and over them what the office says.

Whoever changes the tables calls ``changed`` in the same transaction; other processes notice
within ``LOOK_SECONDS``.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import date

from django.db import connection

from weicheng.workdays import shipped
from weicheng.workdays.calendar import Calendar, Season
from weicheng.workdays.models import Day, Hours, Year

LOOK_SECONDS = 0.5
#: From this day of a year on, the next year's list should be out (it comes in autumn).
EXPECTED = (11, 1)


@dataclass
class _Copy:
    """A copy of the calendar: at which stamp it was read, and when the stamp was last seen."""

    calendar: Calendar
    stamp: int
    seen_at: float


_lock = threading.Lock()
_kept: dict[str, _Copy] = {}

_STAMP = "SELECT n FROM workdays_calendarstamp WHERE id = 1"
_BUMP = (
    "INSERT INTO workdays_calendarstamp (id, n) "
    "VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) "
    "ON CONFLICT (id) DO UPDATE SET n = EXCLUDED.n"
)


def calendar() -> Calendar:
    """The calendar, read again when another process changed it (noticed in ``LOOK_SECONDS``)."""
    name, now = str(connection.settings_dict["NAME"]), time.monotonic()
    kept = _kept.get(name)
    if kept is not None and now - kept.seen_at < LOOK_SECONDS:
        return kept.calendar
    stamp = _stamp()
    if kept is not None and kept.stamp == stamp:
        kept.seen_at = now
        return kept.calendar
    fresh = read()
    with _lock:
        _kept[name] = _Copy(fresh, stamp, now)
    return fresh


def _stamp() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def forget() -> None:
    """Read the tables again at the next look-up of this process."""
    with _lock:
        _kept.clear()


def changed() -> None:
    """The calendar was changed: this process and, once committed, every other reads again."""
    with connection.cursor() as cursor:
        cursor.execute(_BUMP)
    forget()


def read() -> Calendar:
    """The calendar as the file and the tables say now."""
    own_years = set(Year.objects.values_list("year", flat=True))
    exceptions: dict[date, bool] = {}
    names: dict[date, str] = {}
    for year, listed in shipped.years().items():
        if year not in own_years:
            for day, (working, name) in listed.days.items():
                exceptions[day], names[day] = working, name
    for row in Day.objects.all():
        exceptions[row.day] = row.working
        names.pop(row.day, None)
        if row.name:
            names[row.day] = row.name
    own_hours = [
        Season(h.since, shipped.sessions(h.opens, h.noon_from, h.noon_to, h.closes))
        for h in Hours.objects.all()
    ]
    seasons = {season.since: season for season in (*shipped.seasons(), *own_hours)}
    return Calendar(
        exceptions,
        names,
        frozenset(shipped.years()) | own_years,
        tuple(seasons[since] for since in sorted(seasons)),
    )


def missing_next_year(today: date) -> int | None:
    """The next year when its list is still missing although it should be out, else None."""
    following = today.year + 1
    if (today.month, today.day) < EXPECTED or calendar().year_is_published(following):
        return None
    return following

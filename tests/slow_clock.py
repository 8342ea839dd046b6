"""A second, slow reckoning of time limits, minute by minute, that shares no code with the first.

It knows a year as a row of minutes: worked or not, and where work closes. It is an oracle for
tests; it asks the calendar only whether a day is worked and which hours hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from weicheng.workdays.calendar import SHANGHAI, Calendar

MINUTE = timedelta(minutes=1)
Span = tuple[datetime, datetime | None]


@dataclass
class Tape:
    """Minutes from the first of January on, as bytes: worked; closes of days and working days."""

    first: datetime
    worked: bytearray
    closes: bytearray  # 1: a day of rest closes, 2: a working day closes

    @classmethod
    def of(cls, calendar: Calendar, year: int, days: int = 366 * 3) -> Tape:
        first = datetime(year, 1, 1, tzinfo=SHANGHAI)
        tape = cls(first, bytearray(days * 1440), bytearray(days * 1440))
        for n in range(days):
            day = (first + timedelta(days=n)).date()
            working = _is_worked(calendar, day)
            hours = calendar.hours(day)
            for opens, ends in hours:
                a, b = (n * 1440 + t.hour * 60 + t.minute for t in (opens, ends))
                if working:
                    tape.worked[a:b] = b"\x01" * (b - a)
            last = hours[-1][1]
            tape.closes[n * 1440 + last.hour * 60 + last.minute] = 2 if working else 1
        return tape

    def index(self, moment: datetime) -> int:
        """The minute that begins at this moment."""
        return int((moment - self.first) / MINUTE)

    def moment(self, index: int) -> datetime:
        """The moment at which this minute begins."""
        return self.first + index * MINUTE


def _is_worked(calendar: Calendar, day: date) -> bool:
    if day in calendar.exceptions:
        return calendar.exceptions[day]
    return day.weekday() not in (5, 6)


@dataclass
class Story:
    """What happened to one problem: its rule, its pauses, and moments set by people."""

    start: datetime
    kind: str
    amount: int
    pauses: list[Span] = field(default_factory=list)
    grave: bool = False
    limit: datetime | None = None
    given: datetime | None = None  # typed or granted …
    given_after: int = 0  # … when so many pauses were over
    whole: tuple[int, str, datetime] | None = None


def due(tape: Tape, story: Story) -> datetime:
    """When the fix is due, found by walking."""
    pauses = [(a, b) for a, b in story.pauses if b is not None]
    if story.given is None:
        found = walk(tape, story.start, story.kind, story.amount, pauses)
        if story.kind == "urgent" and not story.grave:
            found = by_daylight(found)
    else:
        later = [(a, b) for a, b in story.pauses[story.given_after :] if b is not None]
        found = pushed(tape, story.given, story.kind, later)
    ends = [found]
    if story.whole is not None:
        n, kind, start = story.whole
        ends.append(walk(tape, start, kind, n, pauses))
    if story.limit is not None:
        ends.append(story.limit)
    return min(ends)


def walk(
    tape: Tape, start: datetime, kind: str, amount: int, pauses: list[tuple[datetime, datetime]]
) -> datetime:
    """Minute by minute from the start until the amount is used up; pauses do not count."""
    stops = [(tape.index(a), tape.index(b)) for a, b in pauses]
    here = tape.index(start)
    if kind in {"urgent", "hours"}:
        left = amount * 60
        while left:
            counts = kind == "urgent" or tape.worked[here]
            if counts and not any(a <= here < b for a, b in stops):
                left -= 1
            here += 1
        return tape.moment(here)
    wanted = (2,) if kind == "days" else (1, 2)
    if kind == "natural":  # whatever the hour, the day of the start is that day
        here = tape.index(start.replace(hour=0, minute=0))
    closes_left = amount + 1  # the day of the start closes too, but does not count
    while closes_left:
        here += 1
        if tape.closes[here] in wanted and not any(a < here <= b for a, b in stops):
            closes_left -= 1
    return tape.moment(here)


def pushed(
    tape: Tape, given: datetime, kind: str, pauses: list[tuple[datetime, datetime]]
) -> datetime:
    """A given moment moved on by each pause that began before it."""
    for begins, ends in pauses:
        if begins >= given:
            return given
        a, b = tape.index(begins), tape.index(ends)
        if kind == "urgent":
            given += ends - begins
        elif kind == "hours":
            lost = sum(tape.worked[a:b])
            here = tape.index(given)
            while lost:
                lost -= tape.worked[here]
                here += 1
            given = max(given, tape.moment(here))
        else:
            wanted = (2,) if kind == "days" else (1, 2)
            lost = sum(tape.closes[i] in wanted for i in range(a + 1, b + 1))
            while lost:
                given += timedelta(days=1)
                day = tape.index(given.replace(hour=0, minute=0))
                lost -= any(c in wanted for c in tape.closes[day : day + 1440])
    return given


def by_daylight(moment: datetime) -> datetime:
    """Step to the next nine o'clock when the clock shows night."""
    if "08:00" <= moment.strftime("%H:%M") <= "20:00":
        return moment
    while moment.strftime("%H:%M") != "09:00":
        moment += MINUTE
    return moment

"""A full year of problems: every due time equals that of a second, slow reckoning."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest

from tests.slow_clock import Story, Tape, due
from weicheng.problems import reckoning
from weicheng.problems.reckoning import Amount, Terms
from weicheng.workdays import shipped
from weicheng.workdays.calendar import SHANGHAI, Calendar, Season

PROBLEMS = 400
FIRST = datetime(2026, 1, 1, tzinfo=SHANGHAI)
MOST = {"urgent": 72, "hours": 60, "days": 25, "natural": 90}


def official() -> Calendar:
    """2026 as announced, with summer hours from May to September."""
    days = shipped.years()[2026].days
    usual = shipped.seasons()[0].sessions
    summer = ((time(8), time(12)), (time(15), time(18, 30)))
    seasons = (Season(date.min, usual), Season(date(2026, 5, 1), summer))
    return Calendar(
        {day: working for day, (working, _) in days.items()},
        {day: name for day, (_, name) in days.items()},
        frozenset({2026}),
        (*seasons, Season(date(2026, 10, 1), usual)),
    )


def invented(chance: Random) -> Calendar:
    """A year with holidays of random length, make-up days, and hours without a noon break."""
    exceptions: dict[date, bool] = {}
    for _ in range(14):
        day = date(2026, 1, 1) + timedelta(days=chance.randrange(365))
        for n in range(chance.randint(1, 10)):
            exceptions[day + timedelta(days=n)] = False
    for _ in range(12):
        exceptions[date(2026, 1, 1) + timedelta(days=chance.randrange(365))] = True
    through = ((time(9, 10), time(17, 25)),)
    seasons = (Season(date.min), Season(date(2026, 6, 15), through))
    return Calendar(exceptions, {}, frozenset({2026}), seasons)


def story(chance: Random) -> tuple[Story, dict[str, Any]]:
    """One problem's year, told twice: to the oracle, and as the clock that the acts would keep."""
    start = FIRST + timedelta(minutes=chance.randrange(365 * 1440))
    kind = chance.choice(list(MOST))
    grave = chance.random() < 0.3
    told = Story(start, kind, chance.randint(1, MOST[kind]), grave=grave)
    whole = None
    if chance.random() < 0.2:
        filed = start - timedelta(minutes=chance.randrange(3000))
        other = chance.choice(list(MOST))
        whole = Amount(chance.randint(1, MOST[other]), other)
        told.whole = (*whole, filed)
    if chance.random() < 0.3:
        told.limit = start + timedelta(minutes=chance.randrange(1, 40 * 1440))
    terms = Terms("r", Amount(told.amount, kind), whole=whole)
    clock = reckoning.started(
        terms,
        start,
        severity="key" if grave else "minor",
        limit=told.limit,
        filed_at=told.whole[2] if told.whole else None,
    )
    return told, _lived(chance, told, clock)


def _lived(chance: Random, told: Story, clock: dict[str, Any]) -> dict[str, Any]:
    """Pauses one after another, and between them perhaps a moment typed or granted."""
    now = told.start
    for _ in range(chance.choice((0, 0, 1, 2, 3))):
        now += timedelta(minutes=chance.randrange(6 * 1440))
        until = now + timedelta(minutes=chance.randrange(8 * 1440))
        if chance.random() < 0.3:
            given = now + timedelta(minutes=chance.randrange(20 * 1440))
            told.given, told.given_after = given, len(told.pauses)
            act = reckoning.extended if chance.random() < 0.6 else reckoning.by_hand
            clock = act(clock, given)
        clock = reckoning.paused(clock, now)
        if chance.random() < 0.1:
            told.pauses.append((now, None))
            return clock
        told.pauses.append((now, until))
        clock, now = reckoning.resumed(clock, until), until
    return clock


@pytest.mark.parametrize("calendar", [official(), *(invented(Random(n)) for n in range(3))])
def test_every_due_time_of_a_year_is_the_slow_one(calendar: Calendar) -> None:
    chance = Random(20260101)
    tape = Tape.of(calendar, 2025, 365 + 366 * 2)
    kinds = set()
    for n in range(PROBLEMS):
        told, clock = story(chance)
        found = reckoning.due_of(clock, calendar)
        assert found.at == due(tape, told), f"problem {n}: {told} {clock}"
        codes = {step.code for step in found.steps}
        assert not told.limit or found.at <= told.limit
        assert found.at == told.limit or "limit_reached" not in codes
        kinds |= codes
    assert kinds >= {"pause", "paused", "extended", "manual", "limit_reached", "whole_reached"}


def test_a_due_time_of_the_next_year_says_that_its_holidays_are_not_known() -> None:
    calendar = official()
    terms = Terms("r", Amount(10, "days"))
    late = datetime(2026, 12, 24, 10, tzinfo=SHANGHAI)
    early = late - timedelta(days=14)
    for start, years in ((early, ()), (late, (2027,))):
        clock = reckoning.started(terms, start, severity="normal")
        assert reckoning.due_of(clock, calendar).unpublished == years

"""Amounts of time across weekends, noon and the two long holidays, against a slow oracle."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.slow_clock import Tape, walk

from weicheng.workdays import shipped
from weicheng.workdays.calendar import SHANGHAI, Calendar
from weicheng.workdays.reckon import NeverReached, add, add_worked, between


def shipped_calendar() -> Calendar:
    days = {d: v for listed in shipped.years().values() for d, v in listed.days.items()}
    return Calendar(
        {day: working for day, (working, _) in days.items()},
        {day: name for day, (_, name) in days.items()},
        frozenset(shipped.years()),
        shipped.seasons(),
    )


CALENDAR = shipped_calendar()
TAPE = Tape.of(CALENDAR, 2025)


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "amount", "kind", "end"),
    [
        ("2026-11-27 17:00", 4, "urgent", "2026-11-27 21:00"),
        ("2026-11-27 17:00", 4, "hours", "2026-11-30 11:30"),
        ("2026-11-27 11:00", 1, "hours", "2026-11-27 12:00"),  # at noon, not after the break
        ("2026-11-27 12:30", 1, "hours", "2026-11-27 15:30"),
        ("2026-11-27 11:01", 1, "hours", "2026-11-27 14:31"),
        ("2026-11-27 17:00", 1, "days", "2026-11-30 18:00"),
        ("2026-11-28 10:00", 1, "days", "2026-12-01 18:00"),  # Saturday belongs to Monday
        ("2026-11-27 18:00", 1, "days", "2026-12-01 18:00"),  # after the close of work
        ("2026-11-27 07:00", 1, "days", "2026-11-30 18:00"),  # before opening it is that day
        ("2026-11-28 23:50", 3, "natural", "2026-12-01 18:00"),
        ("2026-02-13 17:00", 2, "days", "2026-02-24 18:00"),  # 14 February makes up for 春节
        ("2026-02-13 17:00", 8, "hours", "2026-02-14 18:00"),
        ("2026-02-14 17:30", 1, "hours", "2026-02-24 09:00"),
        ("2026-09-30 17:00", 3, "days", "2026-10-10 18:00"),  # and 10 October for 国庆
        ("2026-09-19 12:00", 1, "days", "2026-09-21 18:00"),  # the make-up Sunday is the start's
    ],
)
def test_where_an_amount_of_time_ends(start: str, amount: int, kind: str, end: str) -> None:
    assert add(CALENDAR, at(start), amount, kind).at == at(end)


#: Around 春节 and 国庆 of both years, to the minute.
AROUND = st.sampled_from(["2025-01-20", "2025-09-22", "2026-02-06", "2026-09-17"]).flatmap(
    lambda day: st.integers(0, 26 * 1440).map(lambda n: at(f"{day} 00:00") + timedelta(minutes=n))
)
KINDS = st.sampled_from(["urgent", "hours", "days", "natural"])


@settings(max_examples=300, deadline=None)
@given(start=AROUND, amount=st.integers(1, 30), kind=KINDS)
def test_the_fast_and_the_slow_reckoning_agree(start: datetime, amount: int, kind: str) -> None:
    assert add(CALENDAR, start, amount, kind).at == walk(TAPE, start, kind, amount, [])


@settings(max_examples=200, deadline=None)
@given(start=AROUND, minutes=st.integers(1, 3000))
def test_what_was_added_lies_between(start: datetime, minutes: int) -> None:
    end = add_worked(CALENDAR, start, minutes * 60).at
    assert between(CALENDAR, start, end, "hours") == minutes * 60
    if end - timedelta(minutes=1) > start:
        assert between(CALENDAR, start, end - timedelta(minutes=1), "hours") < minutes * 60


@settings(max_examples=200, deadline=None)
@given(start=AROUND, amount=st.integers(0, 30), kind=st.sampled_from(["days", "natural"]))
def test_days_are_explained_one_by_one(start: datetime, amount: int, kind: str) -> None:
    found = add(CALENDAR, start, amount, kind)
    assert sum(day.counts for day in found.days) == amount
    days = [day.day for day in found.days]
    assert days[0] == start.date()
    assert days[-1] == found.at.date()
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    if kind == "days":
        assert between(CALENDAR, start, found.at, kind) == amount + 1  # the start's day closes


@settings(max_examples=200, deadline=None)
@given(start=AROUND, later=st.integers(0, 5000), amount=st.integers(1, 20), kind=KINDS)
def test_a_later_start_is_never_due_earlier(
    start: datetime, later: int, amount: int, kind: str
) -> None:
    second = start + timedelta(minutes=later)
    assert add(CALENDAR, start, amount, kind).at <= add(CALENDAR, second, amount, kind).at
    assert add(CALENDAR, start, amount, kind).at < add(CALENDAR, start, amount + 1, kind).at


def test_a_year_without_a_list_is_named_and_only_when_it_is_touched() -> None:
    start = at("2026-12-30 10:00")
    assert add(CALENDAR, start, 1, "days").unpublished == ()
    assert add(CALENDAR, start, 2, "days").unpublished == (2027,)
    assert add(CALENDAR, start, 2, "days").at == at("2027-01-01 18:00")  # Monday to Friday
    assert add(CALENDAR, start, 60, "natural").unpublished == ()
    assert add(CALENDAR, start, 60, "urgent").unpublished == ()


def test_a_calendar_on_which_nobody_works_is_refused() -> None:
    nobody = Calendar({date(2026, 1, 1) + timedelta(days=n): False for n in range(366 * 201)})
    with pytest.raises(NeverReached):
        add(nobody, at("2026-01-05 09:00"), 1, "hours")


def test_the_clock_of_another_zone_means_the_same_moment() -> None:
    from datetime import UTC

    start = at("2026-11-27 17:00")
    assert add(CALENDAR, start.astimezone(UTC), 4, "hours") == add(CALENDAR, start, 4, "hours")

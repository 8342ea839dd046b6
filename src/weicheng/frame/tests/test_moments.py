"""Times are said in the field's words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from weicheng.frame.moments import left, moment, span_words

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 3, 10, 0, tzinfo=SHANGHAI)


def at(day: int, hour: int, minute: int = 0, month: int = 12, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (at(3, 16), "今天 16:00"),
        (at(10, 16), "12月10日 周四 16:00"),
        (at(3, 16, year=2025), "2025年12月3日 周三 16:00"),
        (date(2026, 12, 3), "今天"),
        (date(2026, 12, 6), "12月6日 周日"),
        (None, ""),
    ],
)
def test_a_moment_in_words(when: date | datetime | None, words: str) -> None:
    assert moment(when, NOW) == words


def test_the_day_is_that_of_shanghai() -> None:
    late_evening_in_utc = datetime(2026, 12, 2, 17, 30, tzinfo=ZoneInfo("UTC"))
    assert moment(late_evening_in_utc, NOW) == "今天 01:30"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(days=3, hours=5), "3天"),
        (timedelta(days=1, hours=5), "1天5小时"),
        (timedelta(days=2), "2天"),
        (timedelta(hours=6, minutes=10), "6小时"),
        (timedelta(minutes=40), "40分钟"),
        (timedelta(seconds=5), "1分钟"),
    ],
)
def test_a_span_in_words(span: timedelta, words: str) -> None:
    assert span_words(span) == words


def test_six_hours_left_is_soon() -> None:
    found = left(at(3, 16), NOW, since=at(2, 16))
    assert (found.kind, found.words, found.exact) == ("soon", "剩 6小时", "今天 16:00前")
    assert found.used == 75


def test_three_days_left_is_calm() -> None:
    found = left(at(6, 17), NOW)
    assert (found.kind, found.words, found.exact) == ("", "剩 3天", "12月6日 周日 17:00前")


def test_two_days_over_is_late() -> None:
    found = left(at(1, 10), NOW)
    assert (found.kind, found.words, found.used) == ("late", "超期 2天", 100)
    assert found.exact == "应于12月1日 周二 10:00前"


def test_the_last_minute_is_not_late() -> None:
    assert left(NOW, NOW).kind == "soon"

"""Moments and deadlines as written; what is not certain is not guessed."""
# ruff: noqa: DTZ001  (a sheet's own datetimes are naive)

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weicheng.sheets.dates import read_moment
from weicheng.sheets.deadlines import read_deadline
from weicheng.sheets.numerals import chinese_number

from .makers import TODAY, TZ

D, T = dt.date, dt.timedelta


def moment(value: object) -> object:
    found = read_moment(value, today=TODAY, tz=TZ)  # type: ignore[arg-type]
    return found.value if found else None


def at(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=TZ)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    "text",
    [
        "11月2日",
        "2026.11.02",
        "2026-11-2",
        "2026/11/02",
        "2026年11月2日",
        "11-2日",
        "11.2",
        "11/2",
        "26.11.2",
        "20261102",
        "２０２６年１１月２日",
        "二〇二六年十一月二日",
        "十一月二日",
        "11月2号",
        "2026-11-02（周一）",
        "2026年 11月 2日",
        "2026.11.2.",
        "11月2日前",
        "46328",
        dt.date(2026, 11, 2),
        46328.0,
        dt.datetime(2026, 11, 2),
        20261102.0,
        "2026-11-02 星期一",
        "11月2日上午",
    ],
)
def test_one_day_in_many_spellings(text: object) -> None:
    assert moment(text) == D(2026, 11, 2)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026/11/03 20:09", at(2026, 11, 3, 20, 9)),
        ("2019/2/28 11:25:05", at(2019, 2, 28, 11, 25, 5)),
        ("2026年11月20日 早上7:50", at(2026, 11, 20, 7, 50)),
        ("2026年11月20日下午3点半", at(2026, 11, 20, 15, 30)),
        ("11月20日 晚上8点", at(2026, 11, 20, 20, 0)),
        ("2026-11-02T08:00:00Z", at(2026, 11, 2, 16, 0)),
        ("2026-11-02T08:00:00+08:00", at(2026, 11, 2, 8, 0)),
        ("20261102083033", at(2026, 11, 2, 8, 30, 33)),
        ("昨天 7:50", at(2026, 11, 22, 7, 50)),
        ("2026-11-20 24:00", at(2026, 11, 21, 0, 0)),
        ("2026-11-02 08:30:15.123", at(2026, 11, 2, 8, 30, 15)),
        (46328.75, at(2026, 11, 2, 18, 0)),
        (dt.datetime(2026, 11, 3, 7, 11), at(2026, 11, 3, 7, 11)),
        ("1605834633123", dt.datetime.fromtimestamp(1605834633.123, TZ)),
    ],
)
def test_moments_with_time_are_aware(text: object, wanted: dt.datetime) -> None:
    found = read_moment(text, today=TODAY, tz=TZ)  # type: ignore[arg-type]
    assert found and found.value == wanted and found.had_time


@pytest.mark.parametrize(
    "text",
    [
        "",
        "待定",
        "13月2日",
        "11月31日",
        "2026-02-30",
        "11月2日至5日",
        "1/2/2026",
        "2026年11月",
        "第3处",
        "13800000000",
        3,
        188006.0,
        True,
        None,
        "12",
        "25:00",
        "11月2日、3日",
        "2026-11-02 25:00",
        dt.time(8, 0),
        "3天",
        "10.5米",
    ],
)
def test_what_is_no_certain_moment_is_none(text: object) -> None:
    assert moment(text) is None


def test_days_without_year_are_the_latest_past_ones() -> None:
    assert moment("12月24日") == D(2025, 12, 24)
    assert moment("11月24日") == D(2026, 11, 24)
    assert moment("2月29日") == D(2024, 2, 29)
    found = read_moment("1月5日前", today=D(2026, 12, 30), tz=TZ, ahead=True)
    assert found and found.value == D(2027, 1, 5) and not found.had_year


def test_a_number_that_lost_its_zero_is_doubtful() -> None:
    found = read_moment(11.2, today=TODAY, tz=TZ)
    assert found and found.doubtful and found.value == D(2026, 11, 2)
    sure = read_moment("11.20", today=TODAY, tz=TZ)
    assert sure and not sure.doubtful and sure.value == D(2026, 11, 20)


def test_turned_dates_are_read_only_where_one_reading_is_possible() -> None:
    assert moment("11/23/2026") == D(2026, 11, 23)
    assert moment("23/11/2026") == D(2026, 11, 23)
    assert moment("11/2/2026") is None


SHAPES = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%m/%d/%Y"]


@given(st.dates(D(1990, 1, 1), D(2090, 1, 1)), st.sampled_from(SHAPES))
def test_every_day_with_a_year_is_read_right_or_not_at_all(day: dt.date, shape: str) -> None:
    found = read_moment(day.strftime(shape), today=TODAY, tz=TZ)
    assert found is None if found is None else found.value == day
    assert found is not None or shape == "%m/%d/%Y"


@given(st.dates(D(2020, 1, 1), D(2035, 1, 1)), st.integers(0, 300))
def test_a_past_day_without_year_comes_back(today: dt.date, back: int) -> None:
    day = today - T(days=back)
    found = read_moment(f"{day.month}月{day.day}日", today=today, tz=TZ)
    assert found and found.value == day


@given(st.dates(D(2020, 1, 1), D(2035, 1, 1)), st.integers(-59, 300))
def test_a_deadline_without_year_follows_its_finding(found_on: dt.date, ahead: int) -> None:
    day = found_on + T(days=ahead)
    read = read_deadline(f"{day.month}月{day.day}日前", today=TODAY, tz=TZ, found=found_on)
    assert read and read.moment and read.moment.value == day


@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1)))
def test_excel_serials_and_texts_give_the_same_moment(when: dt.datetime) -> None:
    when = when.replace(microsecond=0)
    serial = (when - dt.datetime(1899, 12, 30)) / T(days=1)
    first = read_moment(serial, today=TODAY, tz=TZ)
    second = read_moment(when.strftime("%Y-%m-%d %H:%M:%S"), today=TODAY, tz=TZ)
    assert first and second and first.at(TZ) == second.at(TZ)


@given(st.text(max_size=20) | st.floats() | st.integers())
def test_no_cell_breaks_the_reader(value: str | float) -> None:
    moment = read_moment(value, today=TODAY, tz=TZ)
    assert moment is None or 1900 <= moment.value.year <= 2199
    limit = read_deadline(value, today=TODAY, tz=TZ)
    assert limit is None or limit.word or limit.span or limit.moment


def deadline(text: object) -> object:
    found = read_deadline(text, today=TODAY, tz=TZ, found=D(2026, 11, 5))  # type: ignore[arg-type]
    if found is None:
        return None
    return found.word or found.span or (found.moment and found.moment.value)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("11月20日前", D(2026, 11, 20)),
        ("2026.11.20", D(2026, 11, 20)),
        (dt.date(2026, 11, 20), D(2026, 11, 20)),
        ("11月2日-11月5日", D(2026, 11, 5)),
        ("11月2日至5日", D(2026, 11, 5)),
        ("请于11月25日前完成整改", D(2026, 11, 25)),
        ("12月底前", D(2026, 12, 31)),
        ("2027年2月底", D(2027, 2, 28)),
        ("月底", D(2026, 11, 30)),
        ("年底前", D(2026, 12, 31)),
        ("12月上旬", D(2026, 12, 10)),
        ("1月5日", D(2027, 1, 5)),
        ("11月25日18时前", at(2026, 11, 25, 18, 0)),
        ("3天", T(days=3)),
        ("三天内", T(days=3)),
        ("限3日内", T(days=3)),
        ("2小时内", T(hours=2)),
        ("24h", T(hours=24)),
        ("一周内", T(days=7)),
        ("半个月", T(days=15)),
        ("1个月", T(days=30)),
        ("一个半月", T(days=45)),
        ("3个工作日", T(days=3)),
        ("72小时内整改到位", T(hours=72)),
        ("30分钟", T(minutes=30)),
        (3.0, T(days=3)),
        ("两天", T(days=2)),
        ("立即", "at_once"),
        ("立行立改", "at_once"),
        ("立即整改", "at_once"),
        ("即知即改", "at_once"),
        ("当天", "today"),
        ("长期坚持", "long"),
        ("持续推进", "long"),
        ("常态化", "long"),
        ("长期", "long"),
        ("", None),
        ("待定", None),
        ("按要求", None),
        ("整改中", None),
        (500, None),
        ("13月5日前", None),
    ],
)
def test_deadlines(text: object, wanted: object) -> None:
    assert deadline(text) == wanted


def test_what_a_deadline_does_not_say_plainly_is_doubtful() -> None:
    for text, doubtful in (
        ("3天", False),
        (3, True),
        ("尽快", True),
        ("12月", True),
        ("12月底", False),
    ):
        found = read_deadline(text, today=TODAY, tz=TZ)
        assert found and found.doubtful is doubtful, text
    found = read_deadline("5个工作日内", today=TODAY, tz=TZ)
    assert found and found.workdays


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三", 3),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("两百三十", 230),
        ("一千零五", 1005),
        ("三万二", 30002),
        ("二〇二六", 2026),
        ("半", 0.5),
        ("甲", None),
        ("", None),
    ],
)
def test_chinese_numerals(text: str, number: float | None) -> None:
    found = chinese_number(text)
    assert found == number if number is not None else found is None

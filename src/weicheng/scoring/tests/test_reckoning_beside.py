"""Indicators, documents and satisfaction; places beside each other; two looks at one site."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weicheng.scoring.reckoning import (
    FAILED,
    DocumentMark,
    IndicatorRow,
    NotComparable,
    Place,
    Satisfaction,
    compare,
    documents_of,
    interval,
    judge,
    score,
    thousand,
    trend_of,
)
from weicheng.scoring.reckoning.comparing import student, wilson

from .test_reckoning_worlds import SMALL, look

D = Decimal
YEARS = [(2022, D(9)), (2023, D(8)), (2024, D(7)), (2025, D(6))]


@pytest.mark.parametrize(
    ("operator", "value", "state"),
    [
        (">=", "90", "met"), (">=", "89.99", "unmet"), (">", "90", "unmet"), (">", "90.1", "met"),
        ("<=", "90", "met"), ("<=", "90.1", "unmet"), ("<", "90", "unmet"), ("<", "89", "met"),
        ("=", "90.0", "met"), ("=", "91", "unmet"), (">=", None, "unknown"),
    ],
)  # fmt: skip
def test_a_threshold_is_met_or_not_or_not_known(
    operator: str, value: str | None, state: str
) -> None:
    row = IndicatorRow("K", operator, 3_000, D(90))
    got = judge(row, None if value is None else D(value))
    assert got.state == state
    assert got.milli == {"met": 3_000, "unmet": 0, "unknown": None}[state]


def test_or_keeps_improving_needs_three_years_each_better() -> None:
    row = IndicatorRow("K", "<=", 1_000, D(5), or_else=trend_of("或持续降低"))
    assert judge(row, D("5.5"), YEARS).state == "met"
    assert judge(row, D("5.5"), YEARS).by == "or_else"
    assert judge(row, D("5.5"), YEARS[:-1][::-1]).state == "met"
    assert judge(row, D("6"), YEARS).state == "unmet"
    assert judge(row, D("5.5"), YEARS[-1:]).state == "unknown"
    assert judge(row, D("4"), []).by == "threshold"
    better = IndicatorRow("K", ">=", 1_000, D(320), or_else=trend_of("或持续改善"))
    assert judge(better, D(310), [(2024, D(290)), (2025, D(300))]).state == "met"


def test_trends_are_judged_by_the_years() -> None:
    each = IndicatorRow("K", "trend", 1_000, trend=trend_of("逐年下降"))
    assert [judge(each, v, YEARS).state for v in (D(5), D(6), None)] == ["met", "unmet", "unknown"]
    lower = IndicatorRow("K", "trend", 1_000, trend=trend_of("下降"))
    assert judge(lower, D(5), YEARS[-1:]).state == "met"
    assert judge(lower, D(5)).state == "unknown"
    mean = IndicatorRow("K", "trend", 1_000, trend=trend_of("不高于近5年平均"))
    assert judge(mean, D("7.5"), YEARS).state == "met"
    assert judge(mean, D("7.6"), YEARS).state == "unmet"
    assert judge(mean, D(1), YEARS[:2]).state == "unknown"
    assert judge(mean, D(1), YEARS[:2], met=True).by == "said"


def test_a_wording_is_met_when_somebody_says_so() -> None:
    row = IndicatorRow("K", "level", 1_000)
    assert [judge(row, None, met=m).state for m in (True, False, None)] == [
        "met", "unmet", "unknown",
    ]  # fmt: skip
    assert trend_of("没有这种说法") == ""


def test_documents_earn_their_percent() -> None:
    assert [m.milli for m in documents_of([("a", 333, 50, "default"), ("b", 9, None, "x")])] == [
        167, None,
    ]  # fmt: skip


@settings(deadline=None)
@given(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2))
def test_more_satisfied_people_never_earn_less(a: Decimal, b: Decimal) -> None:
    low, high = (Satisfaction(p).milli for p in sorted((a, b)))
    assert low is not None
    assert high is not None
    assert 0 <= low <= high <= 114_000


def test_satisfaction_at_the_knots() -> None:
    got = [Satisfaction(D(p)).milli for p in (0, 60, 75, 90, 100)]
    assert got == [0, 0, 51_300, 102_600, 114_000]
    assert Satisfaction(None).milli is None


def test_the_thousand_keeps_what_is_unknown_apart() -> None:
    onsite = score(SMALL.snapshot([look("v", "s", "lane", {"lane-1": FAILED})]))
    row = IndicatorRow("K1", ">=", 5_000, D(9), certainty="confirmed")
    judged = [judge(row, D(9)), judge(replace(row, key="K2"), D(8)), judge(row, None)]
    marks = [DocumentMark("a", 2_000, 50), DocumentMark("b", 1_000, None)]
    got = thousand(onsite, judged, marks, Satisfaction(None))
    assert [(p.earned, p.lost, p.unknown) for p in got.parts] == [
        (10_500, 31_500, 30_004), (5_000, 5_000, 5_000), (1_000, 1_000, 1_000), (0, 0, 114_000),
    ]  # fmt: skip
    assert all(p.of == p.earned + p.lost + p.unknown == sum(p.certainty.values())
               for p in got.parts)  # fmt: skip
    assert (got.low_milli, got.high_milli) == (16_500, 16_500 + 150_004)
    assert got.of_milli == got.high_milli + sum(p.lost for p in got.parts)
    assert sum(got.certainty.values()) == 1
    assert got.certainty["confirmed"] == Fraction(42_000 + 15_000, got.of_milli)
    assert got.part("satisfaction").estimate


def test_places_are_compared_only_inside_their_group() -> None:
    good, poor = (0.95, 0.97, 0.96, 0.98) * 3, (0.5, 0.55, 0.6, 0.52) * 3
    got = compare(
        [Place("东", "老城", good), Place("西", "老城", poor), Place("南", "老城", poor),
         Place("北", "新区", poor), Place("中", "老城", good[:7])]
    )  # fmt: skip
    assert [c.group for c in got] == ["新区", "老城"]
    rows = {row.key: row for row in got[1].rows}
    assert (rows["东"].rank, rows["东"].tied) == (1, ())
    assert (rows["西"].rank, rows["西"].tied) == (2, ("南",))
    assert rows["南"].rank == 2
    assert rows["中"].too_few
    assert (rows["中"].rank, rows["中"].mean, rows["中"].interval95) == (None, None, None)
    narrow, wide = rows["西"].interval80, rows["西"].interval95
    assert narrow is not None
    assert wide is not None
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


@pytest.mark.parametrize(
    ("places", "code"),
    [
        ([Place("张三", "a", (1.0,), kind="person")], "persons"),
        ([Place("东", "a", (1.5,))], "share_range"),
        ([Place("东", "a", (float("nan"),))], "share_range"),
        ([Place("东", "a", (1.0,)), Place("东", "a", (1.0,))], "place_twice"),
    ],
)
def test_what_may_not_be_compared_is_refused(places: list[Place], code: str) -> None:
    with pytest.raises(NotComparable) as wrong:
        compare(places)
    assert wrong.value.code == code
    assert wrong.value.sentence()


def test_intervals_agree_with_the_tables() -> None:
    assert student(0.95, 7) == pytest.approx(2.3646, abs=2e-3)
    assert student(0.80, 7) == pytest.approx(1.4149, abs=2e-3)
    assert student(0.95, 30) == pytest.approx(2.0423, abs=1e-4)
    assert wilson(8, 10, 0.95) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert interval([1.0] * 10, 0.95) == pytest.approx(wilson(10, 10, 0.95))


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=8, max_size=30))
def test_an_interval_holds_its_mean_and_stays_between_nothing_and_all(shares: list[float]) -> None:
    low, high = interval(shares, 0.95)
    assert 0 <= low <= sum(shares) / len(shares) + 1e-9
    assert sum(shares) / len(shares) - 1e-9 <= high <= 1

"""The panel's papers: highest and lowest dropped, ties share a place, wrong marks are refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weicheng.inspections import panel


def test_the_highest_and_the_lowest_of_five_papers_do_not_count() -> None:
    sheets = [{"a": 100}, {"a": 800}, {"a": 820}, {"a": 840}, {"a": 1000}]
    (result,) = panel.count(sheets, ["a"])
    assert (result.n, result.dropped, result.mean) == (5, 2, Decimal("82.00"))
    assert (result.low, result.high) == (Decimal("80.00"), Decimal("84.00"))


def test_with_two_papers_both_count() -> None:
    (result,) = panel.count([{"a": 0}, {"a": 1000}], ["a"])
    assert (result.n, result.dropped, result.mean) == (2, 0, Decimal("50.00"))


def test_of_three_papers_the_middle_one_counts() -> None:
    (result,) = panel.count([{"a": 100}, {"a": 800}, {"a": 820}], ["a"])
    assert (result.n, result.dropped, result.mean) == (3, 2, Decimal("80.00"))


def test_equal_means_share_a_place_and_a_place_without_marks_has_none() -> None:
    results = panel.count([{"a": 900, "b": 900, "c": 800}], ["c", "b", "a", "d"])
    assert [(r.key, r.place) for r in results] == [("a", 1), ("b", 1), ("c", 3), ("d", None)]


def test_places_whose_spreads_overlap_are_called_close() -> None:
    results = panel.count([{"a": 900, "b": 850}, {"a": 800, "b": 810}], ["a", "b"])
    assert [r.close for r in results] == [True, False]


@pytest.mark.parametrize(
    ("said", "mark"),
    [("88", 880), ("88.5", 885), ("８８．５", 885), (" 100 ", 1000), ("", None), ("0", 0)],
)
def test_a_mark_is_read_as_it_is_written(said: str, mark: int | None) -> None:
    assert panel.tenths(said) == mark


@pytest.mark.parametrize("said", ["101", "100.1", "-1", "8.55", "良", "8,5", "1e2", "²"])
def test_what_is_no_mark_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        panel.tenths(said)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30), st.randoms())
def test_the_order_of_the_papers_changes_nothing_and_the_mean_lies_within(
    marks: list[int], chance: object
) -> None:
    shuffled = list(marks)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one = panel.count([{"a": m} for m in marks], ["a"])
    assert one == panel.count([{"a": m} for m in shuffled], ["a"])
    assert one[0].low is not None
    assert one[0].mean is not None
    assert one[0].high is not None
    assert one[0].low <= one[0].mean <= one[0].high


def test_groups_are_means_of_their_places() -> None:
    results = panel.count([{"a": 900, "b": 800, "c": 700}], ["a", "b", "c"])
    rows = panel.grouped(results, {"a": "红叶镇", "b": "红叶镇", "c": "石桥镇"})
    assert [(r.name, r.mean, r.low, r.high, r.n) for r in rows] == [
        ("红叶镇", Decimal("85.00"), Decimal("80.00"), Decimal("90.00"), 2),
        ("石桥镇", Decimal("70.00"), Decimal("70.00"), Decimal("70.00"), 1),
    ]

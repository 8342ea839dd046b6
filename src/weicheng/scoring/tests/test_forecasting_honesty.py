"""Intervals hold over districts made by another process; script/bench forecast runs thousands."""

from __future__ import annotations

import numpy as np
import pytest
from bench.forecast import Tried, covered, tried

MANY = 150


@pytest.fixture(scope="module")
def all_of() -> list[Tried]:
    return [tried(seed, draws=1_000) for seed in range(MANY)]


def test_intervals_hold_the_truth_about_as_often_as_they_say(all_of: list[Tried]) -> None:
    # 2.6 standard errors of 150 districts; ± 2 % of thousands is the bench's matter.
    assert covered(all_of, 0.8) == pytest.approx(0.8, abs=0.085)
    assert covered(all_of, 0.9) == pytest.approx(0.9, abs=0.065)


def test_the_truth_is_not_on_one_side(all_of: list[Tried]) -> None:
    assert abs(np.mean([one.off for one in all_of])) < 0.3


def test_the_chance_is_a_better_guess_than_the_last_score(all_of: list[Tried]) -> None:
    assert np.mean([o.brier for o in all_of]) < 0.7 * np.mean([o.brier_last for o in all_of])

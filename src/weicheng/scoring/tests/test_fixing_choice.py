"""The choice of what to fix first: against exhaustive search, and its laws on any input."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weicheng.scoring.fixing import NANO_PER_MILLI, Choice, Pair, Work, choose
from weicheng.scoring.fixing.ledger import ledger_of

GATE = date(2026, 12, 10)
UNITS = ("城管局", "住建局", "市监局")
SITES = ("张家沟小区", "东门菜市场")
CHECKS = ("垃圾清运", "路面平整", "公示齐全")
Case = tuple[list[Work], dict[Pair, float], dict[str, float], int | None, int | None]

pairs = st.tuples(st.sampled_from(SITES), st.sampled_from(CHECKS))
days = st.integers(0, 12).map(lambda halves: halves / 2)
worth = st.integers(0, 40_000).map(lambda n: n / 1000)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Up to ten works of three units, with shared pairs, late works, free works, bounds."""
    works = [
        Work(
            key=f"w{n}",
            unit=draw(st.sampled_from(UNITS)),
            kind="problem",
            pays=tuple(draw(st.lists(pairs, max_size=3))),
            working_days=draw(days),
            earliest_done=draw(
                st.one_of(st.none(), st.integers(-5, 1).map(lambda n: GATE + timedelta(n)))
            ),
            yuan=draw(st.one_of(st.none(), st.integers(0, 900))),
        )
        for n in range(draw(st.integers(0, 10)))
    ]
    gains = draw(st.dictionaries(pairs, worth))
    capacity = draw(st.dictionaries(st.sampled_from(UNITS), days))
    budget = draw(st.one_of(st.none(), st.integers(0, 2500)))
    limit = draw(st.one_of(st.none(), st.integers(0, 6)))
    return works, gains, capacity, budget, limit


def chosen(case: Case, **more: Any) -> Choice:
    works, gains, capacity, budget, limit = case
    return choose(works, gains, capacity, GATE, budget_yuan=budget, limit=limit, **more)


def regained(works: list[Work], gains: dict[Pair, float], done: set[str]) -> int:
    """The rule in its plainest form, in nano."""
    total = 0
    for pair in {pair for work in works for pair in work.pays}:
        if all(work.key in done for work in works if pair in work.pays):
            total += round(gains.get(pair, 0) * NANO_PER_MILLI)
    return total


def allowed(case: Case, subset: tuple[Work, ...]) -> bool:
    _works, _gains, capacity, budget, limit = case
    used: defaultdict[str, float] = defaultdict(float)
    for work in subset:
        used[work.unit] += work.working_days
    return (
        all(work.earliest_done and work.earliest_done < GATE for work in subset)
        and all(need <= capacity.get(unit, 0) for unit, need in used.items())
        and (budget is None or sum(work.yuan or 0 for work in subset) <= budget)
        and (limit is None or len(subset) <= limit)
    )


def best(case: Case) -> int:
    works, gains = case[0], case[1]
    subsets = chain.from_iterable(combinations(works, size) for size in range(len(works) + 1))
    return max(
        regained(works, gains, {work.key for work in subset})
        for subset in subsets
        if allowed(case, subset)
    )


@settings(max_examples=150, deadline=None)
@given(cases())
def test_the_choice_equals_exhaustive_search(case: Case) -> None:
    choice = chosen(case)
    assert choice.nano == best(case)
    assert (choice.proved, choice.gap, choice.method) == (True, 0.0, "highs")


@settings(max_examples=150, deadline=None)
@given(cases(), st.sampled_from(["highs", "greedy"]))
def test_a_choice_keeps_every_bound_and_its_parts_add_up(case: Case, method: str) -> None:
    choice = chosen(case, method=method)
    keys = {part.key for part in choice.parts}
    subset = tuple(work for work in case[0] if work.key in keys)
    assert allowed(case, subset)
    assert choice.nano == regained(case[0], case[1], keys)
    assert sum(part.nano for part in choice.parts) == choice.nano
    assert sum(part.milli for part in choice.parts) == choice.milli
    assert abs(choice.milli * NANO_PER_MILLI - choice.nano) <= NANO_PER_MILLI // 2
    assert choice.yuan == sum(work.yuan or 0 for work in subset)
    for part in choice.parts:
        assert part.nano > 0
        without = regained(case[0], case[1], keys - {part.key})
        assert part.lost_without == choice.nano - without


@settings(max_examples=100, deadline=None)
@given(cases(), st.sampled_from(["highs", "greedy"]))
def test_every_work_is_chosen_or_left_out_with_a_true_reason(case: Case, method: str) -> None:
    works, gains, capacity, _budget, _limit = case
    choice = chosen(case, method=method)
    keys = {part.key for part in choice.parts}
    named = [*keys, *(entry.key for entry in choice.left_out)]
    assert sorted(named) == sorted(work.key for work in works)
    by_key = {work.key: work for work in works}
    for entry in choice.left_out:
        work = by_key[entry.key]
        late = work.earliest_done is None or work.earliest_done >= GATE
        assert (entry.reason == "late") == late
        if entry.reason == "nothing":
            assert not any(gains.get(pair) for pair in work.pays)
        if entry.reason == "partner":
            assert entry.partners
            assert not keys.intersection(entry.partners)
        if entry.reason in {"capacity", "budget", "limit"}:
            assert entry.needs is not None and entry.left is not None
            assert entry.needs > entry.left
        if entry.reason == "capacity":
            assert entry.left == choice.units[work.unit].left if work.unit in choice.units else True
    for unit, use in choice.units.items():
        assert use.used + use.left == pytest.approx(capacity.get(unit, 0))
        assert use.left >= 0


@settings(max_examples=100, deadline=None)
@given(cases())
def test_greedy_never_beats_its_bound_and_says_how_far_it_may_be(case: Case) -> None:
    choice, most = chosen(case, method="greedy"), best(case)
    assert choice.method == "greedy"
    assert choice.nano <= most
    if choice.proved:
        assert choice.nano == most
    elif choice.nano:
        assert most <= choice.nano * (1 + choice.gap) * (1 + 1e-9)


@settings(max_examples=100, deadline=None)
@given(cases(), st.sets(st.integers(0, 9)), st.integers(0, 9))
def test_fixing_anything_never_lowers_the_expected_total(
    case: Case, done: set[int], one: int
) -> None:
    ledger = ledger_of(case[0], case[1], GATE)
    done = {n for n in done if n < len(ledger.works)}
    assert ledger.value(done | {one}) >= ledger.value(done) >= 0


@settings(max_examples=60, deadline=None)
@given(cases(), st.sampled_from(UNITS), st.integers(1, 4))
def test_more_capacity_never_gives_a_worse_choice(case: Case, unit: str, more: int) -> None:
    works, gains, capacity, budget, limit = case
    wider = {**capacity, unit: capacity.get(unit, 0) + more}
    assert chosen((works, gains, wider, budget, limit)).nano >= chosen(case).nano


@settings(max_examples=60, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(case: Case, random: Any) -> None:
    works = list(case[0])
    random.shuffle(works)
    assert chosen((works, *case[1:])) == chosen(case)

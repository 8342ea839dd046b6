"""Coverage and chance: every site comes within N rounds, and the past gives nobody an advantage.

The statistics have fixed seeds. Sums of (hit - odds) over rounds are martingales: divided by the
root of the sum of their squares they are near normal, and 4 is one in fifteen thousand.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weicheng.inspections.drawing import Candidate, draw, odds, rounds_needed
from weicheng.inspections.rounding import UNIT, rounded
from weicheng.inspections.seeds import Numbers

KIND = "market"
Past = list[set[str]]
Attack = Callable[[dict[str, float], Past, int], list[str]]


def made(number: int, areas: int = 1) -> list[Candidate]:
    return [Candidate(f"s{i:03}", KIND, f"a{i % areas}") for i in range(number)]


def seed(*words: object) -> bytes:
    return "/".join(map(str, words)).encode().ljust(32)


def test_rounds_needed_are_three_times_the_least_number() -> None:
    assert rounds_needed(40, 8) == 15
    assert rounds_needed(41, 8) == 18
    assert rounds_needed(8, 8) == rounds_needed(0, 8) == 1
    with pytest.raises(ValueError, match="quota"):
        rounds_needed(4, 0)


@st.composite
def series(drawn: st.DrawFn) -> tuple[int, int, int, list[tuple[int, int]]]:
    """Sites, quota, rounds that are possible, and by round: sites that open and that close."""
    quota = drawn(st.integers(1, 6))
    sites = drawn(st.integers(1, 30))
    least = -(-sites // quota)
    rounds = drawn(st.integers(least, 4 * least))
    change = st.tuples(st.integers(0, 2), st.integers(0, 2))
    return sites, quota, rounds, drawn(st.lists(change, min_size=rounds, max_size=3 * rounds))


@given(series(), st.integers(0, 10**6), st.booleans())
@settings(max_examples=40, deadline=None)
def test_every_site_comes_within_n_rounds_though_sites_open_and_close(
    plan: tuple[int, int, int, list[tuple[int, int]]], dice: int, spread: bool
) -> None:
    number, quota, rounds, changes = plan
    chance = random.Random(dice)
    sites = made(number, areas=3)
    last = {one.key: 0 for one in sites}
    past: Past = []
    for turn, (opened, closed) in enumerate(changes):
        for _ in range(closed):
            if sites:
                sites.remove(chance.choice(sites))
        for _ in range(opened):
            if len(sites) < quota * rounds:
                sites.append(Candidate(f"n{len(last)}", KIND, f"a{len(last) % 3}", since=turn))
                last[sites[-1].key] = turn
        result = draw(
            seed(dice, turn), sites, {KIND: quota}, history=past, rounds=rounds, spread=spread
        )
        assert result.gaps == ()
        past.append({pick.key for pick in result.picks})
        last.update(dict.fromkeys(past[-1], turn + 1))
        assert all(turn + 1 - last[one.key] < rounds for one in sites)


@pytest.mark.parametrize(("number", "quota", "rounds"), [(40, 8, 5), (10, 3, 4), (23, 4, 7)])
def test_the_least_possible_number_of_rounds_is_kept_too(
    number: int, quota: int, rounds: int
) -> None:
    sites, past = made(number, areas=3), list[set[str]]()
    for turn in range(6 * rounds):
        result = draw(seed(turn), sites, {KIND: quota}, history=past, rounds=rounds, spread=True)
        past.append({pick.key for pick in result.picks})
        if turn + 1 >= rounds:
            assert len(set[str]().union(*past[-rounds:])) == number


@given(series(), st.integers(0, 10**6), st.booleans())
@settings(max_examples=40, deadline=None)
def test_no_site_is_certain_before_its_last_round_and_none_is_ever_safe(
    plan: tuple[int, int, int, list[tuple[int, int]]], dice: int, spread: bool
) -> None:
    number, quota, rounds, changes = plan
    sites = made(number, areas=3)
    last = {one.key: 0 for one in sites}
    past: Past = []
    for turn in range(len(changes)):
        chance = odds(sites, {KIND: quota}, history=past, rounds=rounds, spread=spread)
        result = draw(
            seed(dice, turn), sites, {KIND: quota}, history=past, rounds=rounds, spread=spread
        )
        if number > quota:
            in_last_round = {key for key in chance if turn - last[key] == rounds - 1}
            assert {key for key, value in chance.items() if value >= 1} <= in_last_round
            if result.odds_summary[0].bound < quota:  # slack: deadlines leave places to chance
                assert min(chance.values()) > 0
        past.append({pick.key for pick in result.picks})
        last.update(dict.fromkeys(past[-1], turn + 1))


@pytest.mark.parametrize(("number", "quota"), [(40, 8), (41, 3), (12, 2), (9, 8), (200, 8)])
def test_with_the_recommended_rounds_two_thirds_of_the_places_stay_free(
    number: int, quota: int
) -> None:
    sites, past = made(number), list[set[str]]()
    for turn in range(3 * rounds_needed(number, quota)):
        result = draw(seed(turn), sites, {KIND: quota}, history=past)
        told = result.odds_summary[0]
        assert told.bound <= (quota + 2) // 3
        assert told.certain <= told.bound < quota
        assert 0 < told.least <= told.plain <= told.greatest
        past.append({pick.key for pick in result.picks})


def test_a_promise_that_cannot_be_kept_is_told_with_its_numbers() -> None:
    result = draw(seed(1), made(40), {KIND: 8}, rounds=4)
    gap = result.gaps[0]
    assert (gap.site_type, gap.sites, gap.quota, gap.rounds) == (KIND, 40, 8, 4)
    assert (gap.needed, gap.kept, gap.late) == (5, 15, 0)
    assert len(result.picks) == 8
    assert draw(seed(1), made(40), {KIND: 8}, rounds=5).gaps == ()


def test_sites_that_come_too_late_are_counted_and_those_that_waited_longest_come_first() -> None:
    sites = made(40)
    past = [{f"s{i:03}" for i in range(20, 40)}, *([set[str]()] * 8)]  # eight rounds drew nothing
    result = draw(seed(1), sites, {KIND: 8}, history=past, rounds=10)
    assert result.gaps[0].late == 24  # 20 must come now and 20 in the next, 16 can
    assert {pick.key for pick in result.picks} <= {f"s{i:03}" for i in range(20)}


def test_without_a_past_all_sites_of_a_type_are_equally_likely() -> None:
    chance = odds(made(40), {KIND: 8})
    assert set(chance.values()) == {0.2}
    assert {pick.because for pick in draw(seed(1), made(40), {KIND: 8}).picks} == {"chance"}


def test_waiting_raises_the_odds_and_the_pick_says_so() -> None:
    past = [{f"s{i:03}" for i in range(8)}]
    chance = odds(made(40), {KIND: 8}, history=past)
    assert 0.1 < chance["s000"] < 0.2 < chance["s039"] < 0.3
    picks = draw(seed(3), made(40), {KIND: 8}, history=past).picks
    for pick in picks:
        assert pick.because == ("chance" if pick.key < "s008" else "coverage")


def test_before_its_last_round_a_site_gets_at_most_half_of_the_way_to_certainty() -> None:
    past = [{"s001"}] * 97 + [{f"s{i:03}" for i in range(1, 10)}]  # s000 has two rounds left
    chance = odds(made(10), {KIND: 2}, history=past, rounds=100)
    assert chance["s000"] == pytest.approx((2 / 10 + 1) / 2)


def test_spread_evens_out_what_waiting_gives_to_one_area() -> None:
    sites = made(40, areas=4)
    past = [{one.key for one in sites if one.area == "a0"}] * 3

    def of_areas(spread: bool) -> list[float]:
        chance = odds(sites, {KIND: 8}, history=past, spread=spread)
        return [sum(chance[c.key] for c in sites if c.area == f"a{i}") for i in range(4)]

    assert of_areas(spread=True) == pytest.approx([2, 2, 2, 2])
    assert of_areas(spread=False)[0] < 1.9


@pytest.mark.parametrize("spread", [False, True])
def test_the_stated_odds_are_the_true_frequencies(spread: bool) -> None:
    sites, quotas, past = made(30, areas=4), {KIND: 6}, list[set[str]]()
    for turn in range(8):
        past.append({p.key for p in draw(seed(turn), sites, quotas, history=past).picks})
    stated = odds(sites, quotas, history=past, spread=spread)
    assert len(set(stated.values())) > 4
    times, rounds = Counter[str](), 1500
    for turn in range(rounds):
        result = draw(seed("again", turn), sites, quotas, history=past, spread=spread)
        times.update(pick.key for pick in result.picks)
    for key, value in stated.items():
        assert abs(times[key] - rounds * value) <= 4 * sqrt(rounds * value * (1 - value))


def likeliest(chance: dict[str, float], _: Past, k: int) -> list[str]:
    return sorted(chance, key=lambda key: -chance[key])[:k]


def most_often(chance: dict[str, float], past: Past, k: int) -> list[str]:
    times = Counter(key for keys in past for key in keys)
    return sorted(chance, key=lambda key: -times[key])[:k]


def longest_away(chance: dict[str, float], past: Past, k: int) -> list[str]:
    last = {key: turn for turn, keys in enumerate(past) for key in keys}
    return sorted(chance, key=lambda key: last.get(key, -1))[:k]


def not_just_visited(chance: dict[str, float], past: Past, k: int) -> list[str]:
    recent = past[-1] if past else set()
    others = sorted(chance.keys() - recent)
    return random.Random(len(past)).sample(others, k)


def just_visited(chance: dict[str, float], past: Past, k: int) -> list[str]:
    return sorted(past[-1] if past else chance)[:k]


def follows_the_gaps(chance: dict[str, float], past: Past, k: int) -> list[str]:
    """Whoever learns the usual gap between two visits names the sites that reach it now."""
    seen: dict[str, int] = {}
    gaps = Counter[int]()
    for turn, keys in enumerate(past):
        gaps.update(turn - seen[key] for key in keys if key in seen)
        seen.update(dict.fromkeys(keys, turn))
    return sorted(chance, key=lambda key: -gaps[len(past) - seen.get(key, 0)])[:k]


ATTACKS: Sequence[Attack] = (
    likeliest,
    most_often,
    longest_away,
    not_just_visited,
    just_visited,
    follows_the_gaps,
)
SERIES = [(40, 8, 10, False), (40, 8, 15, True), (20, 2, 20, False), (11, 8, 4, True)]


def tried(
    number: int, quota: int, rounds: int, spread: bool, turns: int
) -> dict[str, list[tuple[int, float, float]]]:
    """By attack and round: hits, the odds of the named sites, the best odds of any as many."""
    sites, past = made(number, areas=3), list[set[str]]()
    found: dict[str, list[tuple[int, float, float]]] = {one.__name__: [] for one in ATTACKS}
    k = min(quota, 3)
    for turn in range(turns):
        chance = odds(sites, {KIND: quota}, history=past, rounds=rounds, spread=spread)
        best = sum(sorted(chance.values())[-k:])
        named = {one.__name__: one(chance, past, k) for one in ATTACKS}
        result = draw(
            seed(number, turn), sites, {KIND: quota}, history=past, rounds=rounds, spread=spread
        )
        keys = {pick.key for pick in result.picks}
        for name, guess in named.items():
            hits = sum(key in keys for key in guess)
            found[name].append((hits, sum(chance[key] for key in guess), best))
        past.append(keys)
    return found


@pytest.mark.parametrize(("number", "quota", "rounds", "spread"), SERIES)
def test_who_knows_the_whole_past_guesses_no_better_than_the_design_odds(
    number: int, quota: int, rounds: int, spread: bool
) -> None:
    for name, rows in tried(number, quota, rounds, spread, turns=400).items():
        off = [hits - own for hits, own, _ in rows]
        scale = sqrt(sum(value * value for value in off)) or 1
        assert abs(sum(off)) <= 4 * scale, name  # hits are what the published odds say
        over = sum(hits - best for hits, _, best in rows)
        assert over <= 4 * scale, name  # and never more than the likeliest sites' odds
        if name == "just_visited":  # whoever was visited yesterday is not safe today
            assert sum(hits for hits, _, _ in rows) > 0.4 * sum(
                min(quota, 3) * quota / number for _ in rows
            )


def test_rounding_a_table_keeps_floors_ceilings_and_the_mean() -> None:
    dice = random.Random(7)
    table = {(f"r{i}", j): dice.randrange(3 * UNIT) for i in range(4) for j in range(5)}
    table["r0", 0] += -sum(table.values()) % UNIT
    groups = [[cell] for cell in table]
    groups += [[cell for cell in table if cell[0] == f"r{i}"] for i in range(4)]
    groups += [[cell for cell in table if cell[1] <= upto] for upto in range(5)]
    times, rounds = Counter[tuple[str, int]](), 800
    for turn in range(rounds):
        whole = rounded(table, Numbers(seed("rounding", turn)))
        for group in groups:
            exact = sum(table[cell] for cell in group)
            assert exact // UNIT <= sum(whole[cell] for cell in group) <= -(-exact // UNIT)
        times.update(whole)
    for cell, units in table.items():
        part = units / UNIT % 1
        room = 4 * sqrt(rounds * part * (1 - part)) + 1
        assert abs(times[cell] - rounds * units / UNIT) <= room

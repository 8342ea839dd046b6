"""Draws: quotas met or the shortfall told, nothing twice, the same seed the same sites anywhere."""

from __future__ import annotations

import hashlib
import hmac
import random
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weicheng.inspections import drawing
from weicheng.inspections.drawing import Candidate, draw, odds
from weicheng.inspections.seeds import Numbers

SEED = hashlib.sha256(b"a seed for tests").digest()
TYPES = ("market", "toilet", "school")
AREAS = ("东", "南", "西")

quotas_ = st.dictionaries(st.sampled_from(TYPES), st.integers(0, 6))
seeds_ = st.binary(min_size=32, max_size=32)


@st.composite
def districts(drawn: st.DrawFn) -> list[Candidate]:
    """Up to 40 sites of three types in three areas."""
    sites = drawn(st.lists(st.tuples(st.sampled_from(TYPES), st.sampled_from(AREAS)), max_size=40))
    return [Candidate(f"s{i}", kind, area) for i, (kind, area) in enumerate(sites)]


@st.composite
def pasts(drawn: st.DrawFn) -> list[set[str]]:
    """Up to six earlier rounds that somebody may have drawn by another rule."""
    keys = st.sets(st.integers(0, 45).map(lambda i: f"s{i}"), max_size=12)
    return drawn(st.lists(keys, max_size=6))


@given(seeds_, districts(), quotas_, pasts(), st.none() | st.integers(1, 9), st.booleans())
@settings(max_examples=60, deadline=None)
def test_every_quota_is_met_or_the_shortfall_told(
    seed: bytes,
    sites: list[Candidate],
    quotas: dict[str, int],
    past: list[set[str]],
    rounds: int | None,
    spread: bool,
) -> None:
    result = draw(seed, sites, quotas, history=past, rounds=rounds, spread=spread)
    there = Counter(one.site_type for one in sites)
    took = Counter(pick.site_type for pick in result.picks)
    short = {one.site_type: one for one in result.shortfalls}
    for kind, quota in quotas.items():
        assert took[kind] == min(quota, there[kind])
        assert (kind in short) == (there[kind] < quota)
        if kind in short:
            told = short[kind]
            assert (told.wanted, told.found, told.took) == (quota, there[kind], there[kind])
    assert set(took) <= set(quotas)
    assert len({pick.key for pick in result.picks}) == len(result.picks)
    assert [pick.order for pick in result.picks] == list(range(1, len(result.picks) + 1))
    known = {one.key: (one.site_type, one.area) for one in sites}
    assert all(known[pick.key] == (pick.site_type, pick.area) for pick in result.picks)


@given(seeds_, districts(), quotas_, pasts(), st.randoms(use_true_random=False), st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_order_in_which_sites_are_listed_changes_nothing(
    seed: bytes,
    sites: list[Candidate],
    quotas: dict[str, int],
    past: list[set[str]],
    chance: random.Random,
    spread: bool,
) -> None:
    shuffled = chance.sample(sites, len(sites))
    turned = dict(reversed(list(quotas.items())))
    first = draw(seed, sites, quotas, history=past, spread=spread)
    assert draw(seed, shuffled, turned, history=past, spread=spread) == first
    mark = drawing.fingerprint(sites, quotas, history=past)
    assert drawing.fingerprint(shuffled, turned, history=past) == mark


@given(seeds_, districts(), quotas_, pasts(), st.none() | st.integers(1, 9), st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_odds_of_a_type_add_up_to_its_places(
    seed: bytes,
    sites: list[Candidate],
    quotas: dict[str, int],
    past: list[set[str]],
    rounds: int | None,
    spread: bool,
) -> None:
    chance = odds(sites, quotas, history=past, rounds=rounds, spread=spread)
    for kind in TYPES:
        own = [chance[one.key] for one in sites if one.site_type == kind]
        assert all(0 <= value <= 1 for value in own)
        assert sum(own) == pytest.approx(min(quotas.get(kind, 0), len(own)))
    result = draw(seed, sites, quotas, history=past, rounds=rounds, spread=spread)
    assert all(chance[pick.key] > 0 for pick in result.picks)
    certain = {key for key, value in chance.items() if value >= 1}
    assert certain <= {pick.key for pick in result.picks}


@given(seeds_, districts(), quotas_)
def test_a_half_draw_takes_half_of_every_quota_rounded_up(
    seed: bytes, sites: list[Candidate], quotas: dict[str, int]
) -> None:
    full = Counter(pick.site_type for pick in draw(seed, sites, quotas).picks)
    half = Counter(pick.site_type for pick in draw(seed, sites, quotas, half=True).picks)
    there = Counter(one.site_type for one in sites)
    for kind, quota in quotas.items():
        assert half[kind] == min((quota + 1) // 2, there[kind]) <= full[kind]
    assert drawing.halved({"a": 1, "b": 5, "c": 0}) == {"a": 1, "b": 3, "c": 0}


@given(seeds_, districts(), quotas_)
@settings(max_examples=60, deadline=None)
def test_spread_gives_every_area_its_share_to_less_than_one_site(
    seed: bytes, sites: list[Candidate], quotas: dict[str, int]
) -> None:
    picks = draw(seed, sites, quotas, spread=True).picks
    took = Counter((pick.site_type, pick.area) for pick in picks)
    cells = Counter((one.site_type, one.area) for one in sites)
    there = Counter(one.site_type for one in sites)
    for (kind, area), number in cells.items():
        share = min(quotas.get(kind, 0), there[kind]) * number / there[kind]
        assert abs(took[kind, area] - share) < 1


def test_spread_holds_over_many_rounds_with_coverage() -> None:
    sites = [Candidate(f"s{i:02}", "market", "东南西北中"[i * i % 7 % 5]) for i in range(60)]
    size = Counter(one.area for one in sites)
    past: list[set[str]] = []
    for turn in range(60):
        seed = turn.to_bytes(32, "big")
        result = draw(seed, sites, {"market": 9}, history=past, rounds=21, spread=True)
        took = Counter(pick.area for pick in result.picks)
        assert all(abs(took[area] - 9 * size[area] / 60) < 1 for area in size)
        past.append({pick.key for pick in result.picks})


def test_an_empty_type_and_an_empty_district_are_told_and_nothing_else_fills_them() -> None:
    sites = [Candidate("a", "school", "东"), Candidate("b", "school", "西")]
    result = draw(SEED, sites, {"market": 3, "school": 1})
    assert [(pick.site_type) for pick in result.picks] == ["school"]
    assert [(s.site_type, s.wanted, s.found, s.took) for s in result.shortfalls] == [
        ("market", 3, 0, 0)
    ]
    empty = draw(SEED, [], {})
    assert (empty.picks, empty.shortfalls, empty.gaps) == ((), (), ())
    assert odds([], {"market": 3}) == {}


def test_sites_without_a_quota_are_not_drawn() -> None:
    sites = [Candidate("a", "school"), Candidate("b", "market"), Candidate("c", "toilet")]
    assert odds(sites, {"school": 1, "market": 0}) == {"a": 1.0, "b": 0.0, "c": 0.0}


def test_wrong_input_is_refused() -> None:
    twice = [Candidate("a", "school"), Candidate("a", "market")]
    with pytest.raises(ValueError, match="named twice: a"):
        draw(SEED, twice, {"school": 1})
    with pytest.raises(ValueError, match="quotas below 0: school"):
        draw(SEED, [], {"school": -1})
    with pytest.raises(ValueError, match="rounds"):
        draw(SEED, [], {"school": 1}, rounds=0)


def golden() -> drawing.Draw:
    """A draw that every machine must repeat."""
    sites = [
        Candidate(f"点位{i:03}", ("market", "toilet")[i % 2], AREAS[i // 2 % 3]) for i in range(60)
    ]
    past = [{f"点位{i:03}" for i in range(0, 20)}, {f"点位{i:03}" for i in range(10, 26)}]
    quotas = {"market": 4, "toilet": 3, "school": 1}
    return draw(SEED, sites, quotas, history=past, rounds=16, spread=True)


def test_the_same_seed_gives_these_sites_on_every_machine() -> None:
    picks = golden().picks
    assert [(pick.key, pick.because) for pick in picks] == [
        ("点位054", "coverage"),
        ("点位038", "coverage"),
        ("点位058", "coverage"),
        ("点位020", "chance"),
        ("点位057", "coverage"),
        ("点位017", "chance"),
        ("点位049", "coverage"),
    ]
    assert golden().shortfalls == (drawing.Shortfall("school", 1, 0, 0),)


def test_the_first_numbers_of_a_seed_are_these() -> None:
    numbers = Numbers(bytes(32), "market")
    assert [numbers.below(1000) for _ in range(6)] == [774, 447, 216, 873, 725, 543]


def test_any_program_can_make_the_numbers_of_a_seed() -> None:
    """Written out with the standard library alone: what a third party would do to check a draw."""

    def framed(part: bytes) -> bytes:
        return len(part).to_bytes(8, "big") + part

    label = framed(b"weicheng numbers 1") + framed("市场".encode())
    key = hmac.new(SEED, label, hashlib.sha256).digest()
    blocks = [hmac.new(key, n.to_bytes(8, "big"), hashlib.sha256).digest() for n in range(20)]
    pairs = b"".join(blocks)
    ten_bits = [int.from_bytes(pairs[i : i + 2], "big") >> 6 for i in range(0, len(pairs), 2)]
    numbers = Numbers(SEED, "市场")
    expected = [one for one in ten_bits if one < 700][:150]
    assert [numbers.below(700) for _ in range(150)] == expected


def test_a_change_in_one_type_leaves_the_draw_of_the_others() -> None:
    sites = [Candidate(f"s{i}", TYPES[i % 3]) for i in range(60)]
    more = [*sites, Candidate("new", "market")]
    quotas = dict.fromkeys(TYPES, 4)

    def schools(found: list[Candidate]) -> list[str]:
        return [pick.key for pick in draw(SEED, found, quotas).picks if pick.site_type == "school"]

    assert schools(sites) == schools(more)


def test_a_seal_opens_only_with_its_seed_and_its_plan() -> None:
    sealed = drawing.seal(SEED, "plan-1")
    assert len(sealed) == 64
    assert drawing.opens(SEED, sealed, "plan-1")
    assert drawing.opens(SEED, f" {sealed.upper()} ", "plan-1")
    assert not drawing.opens(SEED, sealed, "plan-2")
    assert not drawing.opens(bytes(32), sealed, "plan-1")
    assert not drawing.opens(SEED, "封", "plan-1")


def test_a_seed_is_secret_long_and_can_be_read_aloud() -> None:
    seed = drawing.new_seed()
    assert len(seed) == 32
    assert seed != drawing.new_seed()
    text = drawing.printed(seed)
    assert len(text.split()) == 16
    assert drawing.read(text.upper()) == seed
    for wrong in ("12 34", "zz", ""):
        with pytest.raises(ValueError, match=r"seed|hexadecimal"):
            drawing.read(wrong)


def test_the_fingerprint_changes_with_whatever_the_draw_depends_on() -> None:
    sites = [Candidate("a", "school", "东"), Candidate("b", "school", "西")]
    marks = [
        drawing.fingerprint(sites, {"school": 1}),
        drawing.fingerprint(sites[:1], {"school": 1}),
        drawing.fingerprint(sites, {"school": 2}),
        drawing.fingerprint(sites, {"school": 1}, history=[{"a"}]),
        drawing.fingerprint(sites, {"school": 1}, rounds=4),
        drawing.fingerprint(sites, {"school": 1}, half=True),
        drawing.fingerprint(sites, {"school": 1}, spread=True),
        drawing.fingerprint([Candidate("a", "school", "东", 1), sites[1]], {"school": 1}),
    ]
    assert len(set(marks)) == len(marks)


@pytest.mark.parametrize("held", [0, 12])
def test_twenty_thousand_sites_are_drawn_in_half_a_second(held: int) -> None:
    sites = [Candidate(f"{i:05}", f"t{i % 40}", f"a{i // 40 % 20}") for i in range(20_000)]
    quotas = {f"t{i}": 10 for i in range(40)}
    past = [{f"{(i * 40 + turn * 7) % 20_000:05}" for i in range(400)} for turn in range(held)]
    spent = []
    for _ in range(2):
        began = time.process_time()
        result = draw(SEED, sites, quotas, history=past, spread=True)
        spent.append(time.process_time() - began)
    assert len(result.picks) == 400
    assert min(spent) < 0.5

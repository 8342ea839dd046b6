"""The score: what the roll-up says, and what can never happen to it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from time import process_time

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from weicheng.scoring.reckoning import (
    FAILED,
    NOT_APPLICABLE,
    PASSED,
    UNSEEN,
    Portion,
    Visit,
    score,
    shipped,
    site_shares,
)

from .test_reckoning_worlds import CHECKS, SMALL, World, look, worlds

BAND = shipped()["band"]
UNHURRIED = settings(deadline=None, max_examples=25)


def test_types_weigh_by_quota_and_sites_of_a_type_alike() -> None:
    got = score(
        SMALL.snapshot(
            [
                look("v1", "s1", "lane", {"lane-1": FAILED}),
                look("v2", "s2", "lane", {}),
                look("v3", "s3", "market", {"market-1": FAILED}),
            ]
        )
    )
    # lane: mean of 3/4 and 0, weight 3/4; market: 1, weight 1/4
    assert got.item("streets").exact_lost == 42_000 * (
        Fraction(3, 4) * Fraction(3, 8) + Fraction(1, 4)
    )
    assert got.item("streets").portion == Portion(42_000, 19_687, 22_313, 0)
    assert got.item("air").portion == Portion(7_003, 0, 0, 7_003)
    assert got.total == Portion(72_004, 19_687 + 18_001, 22_313, 12_003)
    assert got.aspects["A3"].lost == 22_313


def test_a_key_failure_is_a_red_point_and_counts_in_the_key_rate() -> None:
    got = score(
        SMALL.snapshot(
            [look("v1", "s1", "market", {"market-1": FAILED}), look("v2", "s2", "market", {})]
        )
    )
    assert [(p.check, p.site, p.visit) for p in got.red] == [("market-1", "s1", "v1")]
    assert got.key_rate == Fraction(1, 2)
    assert score(SMALL.snapshot([])).key_rate is None


def test_what_does_not_apply_leaves_the_denominator() -> None:
    got = score(
        SMALL.snapshot([look("v", "s", "lane", {"lane-1": FAILED, "lane-2": NOT_APPLICABLE})])
    )
    assert got.item("streets").portion.lost == 42_000


def test_unseen_is_counted_apart() -> None:
    got = score(SMALL.snapshot([look("v", "s", "lane", {"lane-1": UNSEEN, "lane-2": UNSEEN})]))
    assert (got.unseen, got.item("streets").portion.not_inspected) == (2, 42_000)


def test_our_points_and_those_of_the_city_stand_apart() -> None:
    world = replace(SMALL, checks=(*CHECKS, replace(CHECKS[0], key="lane-3", item="air")))
    got = score(world.snapshot([look("v", "s", "lane", {"lane-3": FAILED})]))
    assert got.only_city_milli == 7_003
    assert got.ours.lost == 0
    assert got.ours.of + got.whose["city"].of == got.of_milli


def test_the_share_on_defaults_is_exact() -> None:
    got = score(SMALL.snapshot([]))
    assert got.certainty["confirmed"] == Fraction(42_000, 72_004)
    assert sum(got.certainty.values()) == 1
    assert got.on_defaults == Fraction(30_004, 72_004)


def test_a_band_keeps_tenths_of_the_weight_and_a_weak_key_check_fails_the_visit() -> None:
    fair = look("v1", "s1", "market", {}, bands={"market-1": 7, "toilets": 4})
    got = score(SMALL.snapshot([fair]), BAND)
    assert got.item("streets").exact_lost == Fraction(42_000 * 3, 10)
    assert got.item("toilets").exact_lost == Fraction(18_001 * 6, 10)
    assert got.failed_visits == ()
    weak = replace(fair, bands={"market-1": 6, "toilets": 10})
    got = score(SMALL.snapshot([weak]), BAND)
    assert got.failed_visits == ("v1",)
    assert got.item("toilets").portion.earned == 0
    assert [p.check for p in got.red] == ["market-1"]
    marked = score(SMALL.snapshot([weak]), replace(BAND, failed_visit="marked"))
    assert marked.item("toilets").portion.earned == 18_001


def test_a_band_of_the_item_does_not_cover_a_failed_key_check() -> None:
    visit = look("v1", "s1", "market", {"market-1": FAILED}, bands={"streets": 9})
    got = score(SMALL.snapshot([visit]), BAND)
    assert [p.check for p in got.red] == ["market-1"]
    assert got.failed_visits == ("v1",)


def test_what_a_site_kept_is_the_share_of_its_weight() -> None:
    snap = SMALL.snapshot(
        [look("v1", "s1", "lane", {"lane-1": FAILED}),
         look("v2", "s2", "lane", {"lane-1": NOT_APPLICABLE, "lane-2": UNSEEN})]
    )  # fmt: skip
    assert site_shares(score(snap)) == (0.25, None)


@UNHURRIED
@given(worlds(), st.sampled_from([*shipped().values()]))
def test_the_score_lies_between_nothing_and_all_and_adds_up(world: World, sheet: object) -> None:
    got = score(world.snapshot(), sheet)  # type: ignore[arg-type]
    for part in (got.total, *got.aspects.values(), *(i.portion for i in got.items)):
        assert min(part.earned, part.lost, part.not_inspected) >= 0
        assert part.of == part.earned + part.lost + part.not_inspected
    assert sum(got.aspects.values(), Portion()) == got.total
    assert sum(got.whose.values(), Portion()) == got.total
    assert got.of_milli == 72_004


@UNHURRIED
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_visits_and_checks_does_not_matter(world: World, dice: object) -> None:
    mixed, lines = list(world.visits), list(world.checks)
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    dice.shuffle(lines)  # type: ignore[attr-defined]
    a, b = score(world.snapshot()), score(replace(world, checks=tuple(lines)).snapshot(mixed))
    assert [i.exact_lost for i in a.items] == [i.exact_lost for i in b.items]
    assert (a.total, a.red) == (b.total, b.red)


@UNHURRIED
@given(worlds(), st.data())
def test_one_more_failed_check_never_raises_any_item(world: World, data: st.DataObject) -> None:
    visit, key = _some_check(world, data)
    assume(key not in visit.failed | visit.not_applicable | visit.unseen)
    worse = replace(visit, failed=visit.failed | {key})
    _none_higher(world, visit, worse)


@UNHURRIED
@given(worlds(), st.data())
def test_a_lower_band_never_raises_any_item(world: World, data: st.DataObject) -> None:
    visit, key = _some_check(world, data)
    high = data.draw(st.integers(0, 10))
    better = replace(visit, bands={**visit.bands, key: high})
    worse = replace(visit, bands={**visit.bands, key: data.draw(st.integers(0, high))})
    _none_higher(world, better, worse)


@UNHURRIED
@given(worlds(), st.data())
def test_not_applicable_counts_like_a_check_that_was_never_on_the_sheet(
    world: World, data: st.DataObject
) -> None:
    visit, key = _some_check(world, data)
    mine = _said(world, visit.visit, key, NOT_APPLICABLE)
    unseen = _said(world, visit.visit, key, UNSEEN)
    assert score(mine.snapshot()).items == score(unseen.snapshot()).items
    row = next(c for c in world.checks if c.key == key)
    alone = replace(
        mine,
        checks=tuple(c for c in world.checks if c.key != key),
        visits=tuple(v for v in mine.visits if v.site_type != row.site_type or v == visit),
    )
    with_it = replace(
        mine, visits=tuple(v for v in mine.visits if v.site_type != row.site_type or v == visit)
    )
    if visit in mine.visits:
        assert [i.exact_lost for i in score(alone.snapshot()).items] == [
            i.exact_lost for i in score(with_it.snapshot()).items
        ]


@UNHURRIED
@given(worlds(), st.data())
def test_a_pass_is_never_worse_than_not_applicable(world: World, data: st.DataObject) -> None:
    """Where something was counted anyhow, passing helps or does nothing; leaving out does not."""
    visit, key = _some_check(world, data)
    left_out = score(_said(world, visit.visit, key, NOT_APPLICABLE).snapshot())
    passed = score(_said(world, visit.visit, key, PASSED).snapshot())
    for a, b in zip(left_out.items, passed.items, strict=True):
        if a.exact_lost is not None:
            assert b.exact_lost is not None
            assert b.exact_lost <= a.exact_lost or a.sites < b.sites


@UNHURRIED
@given(worlds(), st.sampled_from(["lane", "market", "toilet"]))
def test_one_more_clean_site_never_lowers_what_is_earned(world: World, kind: str) -> None:
    clean = look("new", "s-new", kind, {})
    before, after = score(world.snapshot()), score(world.snapshot([*world.visits, clean]))
    for a, b in zip(before.items, after.items, strict=True):
        assert b.portion.earned >= a.portion.earned


def _some_check(world: World, data: st.DataObject) -> tuple[Visit, str]:
    pairs = [(v, key) for v in world.visits for key in world.keys(v.site_type)]
    assume(pairs)
    return data.draw(st.sampled_from(pairs))


def _said(world: World, visit: str, key: str, code: int) -> World:
    """The world with this outcome there."""
    changed = []
    for v in world.visits:
        new = v
        if v.visit == visit:
            bare = {n: getattr(v, n) - {key} for n in ("failed", "not_applicable", "unseen")}
            name = {FAILED: "failed", NOT_APPLICABLE: "not_applicable", UNSEEN: "unseen"}.get(code)
            if name:
                bare[name] |= {key}
            new = replace(v, **bare)
        changed.append(new)
    return replace(world, visits=tuple(changed))


def _none_higher(world: World, better: Visit, worse: Visit) -> None:
    for sheet in (shipped()["deduction"], BAND):
        a, b = (
            score(world.snapshot([*(v for v in world.visits if v.site != w.site), w]), sheet)
            for w in (better, worse)
        )
        for high, low in zip(a.items, b.items, strict=True):
            assert low.portion.earned <= high.portion.earned


def test_twenty_thousand_sites_are_scored_at_once() -> None:
    said: tuple[dict[str, int], ...] = (
        {"lane-1": FAILED},
        {"lane-2": NOT_APPLICABLE},
        {},
        {"lane-1": UNSEEN},
    )
    snap = SMALL.snapshot(
        look(f"v{n}", f"s{n}", "lane" if n % 3 else "market", said[n % 4] if n % 3 else {})
        for n in range(20_000)
    )
    score(snap)
    begin = process_time()
    got = score(snap)
    assert process_time() - begin < 0.15
    assert got.total.of == got.total.earned + got.total.lost + got.total.not_inspected

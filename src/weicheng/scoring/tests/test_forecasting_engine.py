"""The fast engine is the slow assessment, only faster; the same seed gives the same forecast."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bench.forecast_worlds import world

from weicheng.scoring.forecasting import (
    Belief,
    District,
    Unfit,
    around,
    coverage,
    expected,
    posterior,
    regained,
    repaired,
    simulate,
)
from weicheng.scoring.forecasting.district import SEEN
from weicheng.scoring.forecasting.frames import quota_frame
from weicheng.scoring.forecasting.layout import lay_out
from weicheng.scoring.forecasting.walking import walk_frames
from weicheng.scoring.tests.slow_assessment import assess

HERE, THERE = (26.30, 112.00), (26.34, 112.05)


def _town(seed: int = 2) -> District:
    """A generated district with a place for all but a tenth of its sites."""
    made = world(seed).district
    rng = np.random.default_rng(seed)
    n = len(made.site_type)
    lat, lon = 26.32 + rng.normal(0, 0.015, n), 112.02 + rng.normal(0, 0.015, n)
    lost = rng.random(n) < 0.1
    return replace(
        made,
        site_latitude=np.where(lost, np.nan, lat),
        site_longitude=np.where(lost, np.nan, lon),
        other_mean=np.array([150_000.0, 80_000.0]),
        other_sd=np.array([4_000.0, 6_000.0]),
        lines=np.array([700_000.0, 740_000.0]),
    )


@pytest.fixture(scope="module")
def town() -> District:
    return _town()


@pytest.fixture(scope="module")
def belief(town: District) -> Belief:
    return posterior(town)


def test_the_fast_engine_agrees_with_one_coin_per_check(town: District, belief: Belief) -> None:
    bare = replace(town, other_mean=np.zeros(0), other_sd=np.zeros(0))
    plain = replace(belief, site_sd=0.0, cluster_sd=0.0)
    draws = 1500
    losses, reds = assess(bare, plain, lay_out(bare), quota_frame(plain.layout), draws, 5)
    quick = simulate(bare, plain, draws=30_000, seed=6)
    slow = losses.sum(1)
    error = slow.std() * np.sqrt(1 / draws + 1 / 30_000)
    assert abs(slow.mean() - quick.losses.sum(1).mean()) < 3.5 * error
    assert quick.losses.sum(1).std() == pytest.approx(slow.std(), rel=0.06)
    np.testing.assert_allclose(quick.losses.std(0), losses.std(0), rtol=0.09)
    for share in (0.05, 0.5, 0.95):
        near = abs(np.quantile(slow, share) - np.quantile(quick.losses.sum(1), share))
        assert near < 8 * error
    assert quick.reds.mean() == pytest.approx(reds.mean(), rel=0.06)
    assert quick.reds.std() == pytest.approx(reds.std(), rel=0.09)


def test_the_mean_is_the_closed_form(town: District, belief: Belief) -> None:
    known = expected(town, belief)
    made = simulate(town, belief, draws=20_000, seed=1)
    error = made.totals.std() / np.sqrt(20_000)
    assert abs(made.mean - known.total) < 4 * error + 0.004 * made.totals.std()
    assert made.exact_mean == pytest.approx(known.total, abs=1e-3)
    assert known.by_item.sum() == pytest.approx(known.loss)
    assert known.by_type.sum() == pytest.approx(known.by_aspect.sum())


def test_the_same_seed_gives_the_same_forecast_on_any_number_of_threads(
    town: District, belief: Belief
) -> None:
    one = simulate(town, belief, draws=5_000, seed=9, threads=1)
    two = simulate(town, belief, draws=5_000, seed=9, threads=2)
    other = simulate(town, belief, draws=5_000, seed=10)
    assert (one.totals == two.totals).all() and (one.losses == two.losses).all()
    assert (one.gate_chance == two.gate_chance).all() and one.parts == two.parts
    assert (one.totals != other.totals).any()


def test_the_parts_of_the_width_add_up_to_the_variance(town: District, belief: Belief) -> None:
    made = simulate(town, belief, draws=20_000, seed=3)
    assert sum(made.parts.values()) == pytest.approx(made.totals.var(), rel=1e-9)
    assert min(made.parts.values()) >= 0
    assert made.parts["strictness"] > made.parts["lots"]
    assert made.parts["others"] == pytest.approx(4_000**2 + 6_000**2, rel=0.1)


def test_chances_and_quantiles_are_those_of_the_totals(town: District, belief: Belief) -> None:
    made = simulate(town, belief, draws=5_000, seed=3)
    low, middle, high = made.total()
    assert low < middle < high and made.interval(0.8) == pytest.approx((low, high))
    assert made.line_chance[0] >= made.line_chance[1]
    worst, usual, best = made.aspect()
    assert (worst <= usual).all() and (usual <= best).all() and (best <= made.points).all()
    assert ((made.gate_chance >= 0) & (made.gate_chance <= 1)).all()


def test_a_stricter_assessor_never_raises_the_forecast(town: District, belief: Belief) -> None:
    means = [simulate(town, belief, draws=3_000, seed=4, strict=s).mean for s in (-0.3, 0.0, 0.5)]
    assert means[0] > means[1] > means[2]


def test_mending_never_lowers_the_forecast_and_adds_up(town: District, belief: Belief) -> None:
    rng = np.random.default_rng(0)
    pick = rng.choice(len(belief.layout.pair_place), 60, replace=False)
    sites = belief.layout.sites[belief.layout.pair_place[pick]]
    checks = belief.layout.pair_check[pick]
    gain = regained(town, belief, sites, checks)
    assert (gain >= 0).all() and gain.sum() > 0
    after = repaired(town, belief, sites, checks)
    assert expected(after, belief).total - expected(town, belief).total == pytest.approx(
        gain.sum(), rel=1e-6
    )
    before, then = (simulate(d, belief, draws=20_000, seed=2).mean for d in (town, after))
    # The lots differ with the sites' expectations; all other random numbers are common.
    assert then - before == pytest.approx(gain.sum(), abs=50)
    assert regained(town, belief, np.r_[sites, sites], np.r_[checks, checks]).sum() == (
        pytest.approx(gain.sum())
    )


def test_a_site_outside_the_pool_regains_nothing(town: District, belief: Belief) -> None:
    pool = town.in_pool.copy()
    pool[5] = False
    closed = replace(town, in_pool=pool)
    check = np.flatnonzero(town.check_type == town.site_type[5])[:1]
    assert regained(closed, posterior(closed), np.array([5]), check).tolist() == [0.0]


def test_walking_adds_the_choice_of_starts_and_unknown_places_are_met_only_in_the_rest(
    town: District, belief: Belief
) -> None:
    near = around(town, HERE)
    assert len(near) and not np.isnan(town.site_latitude[near]).any()
    frames = walk_frames(town, belief.layout, [HERE, THERE])
    assert sum(f.share for f in frames) == pytest.approx(1)
    for frame in frames:
        drawn = frame.inclusion(belief.layout).sum()
        assert drawn == pytest.approx(belief.layout.taken.sum())
    walked = simulate(town, belief, draws=20_000, seed=1, draw_model="walk", starts=[HERE, THERE])
    quota = simulate(town, belief, draws=20_000, seed=1)
    assert walked.parts["starts"] > 0 == quota.parts["starts"]
    assert walked.mean == pytest.approx(walked.exact_mean, abs=0.05 * walked.totals.std())


def test_a_ruling_moves_the_mean_of_its_check_alone_and_the_draws_agree(
    town: District, belief: Belief
) -> None:
    ruled = replace(town, check_ruled=np.where(np.arange(len(town.check_type)) % 3 == 0, 0.5, 0.0))
    before, after = expected(town, belief).by_check, expected(ruled, belief).by_check
    touched = ruled.check_ruled > 0
    assert (after[touched] >= before[touched]).all() and after.sum() > before.sum()
    np.testing.assert_allclose(after[~touched], before[~touched])
    made = simulate(ruled, belief, draws=30_000, seed=3)
    assert made.mean == pytest.approx(made.exact_mean, abs=0.05 * made.totals.std())
    bare = replace(ruled, other_mean=np.zeros(0), other_sd=np.zeros(0))
    plain = replace(belief, site_sd=0.0, cluster_sd=0.0)
    losses, _reds = assess(bare, plain, lay_out(bare), quota_frame(plain.layout), 800, 5)
    quick = simulate(bare, plain, draws=20_000, seed=6).losses.sum(1)
    error = losses.sum(1).std() * np.sqrt(1 / 800 + 1 / 20_000)
    assert abs(losses.sum(1).mean() - quick.mean()) < 3.5 * error


def test_where_quality_depends_on_the_place_walking_widens_the_spread(town: District) -> None:
    near = np.isin(np.arange(len(town.site_type)), around(town, HERE, 2_500.0))
    rng = np.random.default_rng(4)
    bad = rng.random(len(town.seen_site)) < np.where(near[town.seen_site], 0.55, 0.03)
    split = replace(
        town, site_area=near.astype(int), areas=2, seen_failed=bad & ~town.seen_na,
        seen_repaired=np.zeros(len(bad), bool),
    )  # fmt: skip
    belief = posterior(split)
    quota = simulate(split, belief, draws=20_000, seed=1)
    walked = simulate(split, belief, draws=20_000, seed=1, draw_model="walk", starts=[HERE, THERE])
    assert walked.totals.std() > 1.1 * quota.totals.std()
    assert walked.parts["starts"] > 0.1 * sum(walked.parts.values())


def test_walked_draws_agree_with_one_coin_per_check(town: District, belief: Belief) -> None:
    bare = replace(town, other_mean=np.zeros(0), other_sd=np.zeros(0))
    plain = replace(belief, site_sd=0.0, cluster_sd=0.0)
    frame = walk_frames(bare, plain.layout, [HERE], groups=1)[0]
    losses, _ = assess(bare, plain, lay_out(bare), frame, 1500, 5)
    quick = simulate(bare, plain, draws=15_000, seed=6, draw_model="walk", starts=[HERE], groups=1)
    error = losses.sum(1).std() * np.sqrt(1 / 1500 + 1 / 15_000)
    assert abs(losses.sum(1).mean() - quick.losses.sum(1).mean()) < 3.5 * error
    assert quick.losses.sum(1).std() == pytest.approx(losses.sum(1).std(), rel=0.08)


def test_coverage_names_unvisited_sites_that_narrow_the_interval(
    town: District, belief: Belief
) -> None:
    seen = coverage(town, belief, 12)
    assert len(seen.first) == len(set(seen.first.tolist())) == 12
    ages = [town.seen_age[town.seen_site == site].min(initial=np.inf) for site in seen.first]
    assert min(ages) > seen.days
    assert (seen.narrows > 0).all()
    assert ((seen.ever >= seen.lately) | np.isnan(seen.ever)).all()


def test_arrays_that_do_not_fit_are_refused_by_name(town: District, belief: Belief) -> None:
    with pytest.raises(Unfit, match="out-of-range: seen_site"):
        replace(town, seen_site=town.seen_site + 10**6)
    with pytest.raises(Unfit, match="shape: item_aspect"):
        replace(town, item_aspect=town.item_aspect[1:])
    with pytest.raises(Unfit, match="empty: in_pool"):
        replace(town, in_pool=np.zeros(len(town.site_type), bool))
    with pytest.raises(Unfit, match="nothing-to-draw"):
        simulate(town, belief, draws=0, seed=1)
    with pytest.raises(Unfit, match="other-sites"):
        expected(world(3).district, belief)


def test_a_district_without_any_visit_and_a_type_without_sites_still_has_a_forecast(
    town: District,
) -> None:
    nothing = {name: getattr(town, name)[:0] for name in SEEN}
    blank = replace(town, in_pool=town.site_type != 0, **nothing)
    known = posterior(blank)
    made = simulate(blank, known, draws=2_000, seed=1)
    assert made.totals.std() > simulate(town, posterior(town), draws=2_000, seed=1).totals.std()
    assert made.points.sum() + made.unassessed == pytest.approx(town.item_points.sum())
    assert np.isnan(coverage(blank, known).ever[0])

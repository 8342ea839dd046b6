"""Lost points open down to the visit, and changes are laid at the visits that made them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weicheng.scoring.reckoning import (
    FAILED,
    LEVELS,
    Node,
    Snapshot,
    Tree,
    Unreckonable,
    apportion,
    difference,
    explain,
    score,
    shipped,
    spread,
)

from .test_reckoning_worlds import ITEMS, SMALL, World, look, two_days, worlds

UNHURRIED = settings(deadline=None, max_examples=25)
SHEETS = st.sampled_from([shipped()["deduction"], shipped()["band"]])


def _all(tree: Tree, node: Node) -> Iterator[Node]:
    yield node
    for below in tree.open(node.path) if node.opens else ():
        yield from _all(tree, below)


@UNHURRIED
@given(worlds(), SHEETS)
def test_at_every_level_the_parts_add_up_exactly(world: World, sheet: object) -> None:
    snap = world.snapshot()
    tree = explain(snap, score(snap, sheet))  # type: ignore[arg-type]
    for node in _all(tree, tree.root):
        if not node.opens:
            continue
        below = tree.open(node.path)
        assert sum(part.milli for part in below) == node.milli
        assert {part.level for part in below} <= {LEVELS[LEVELS.index(node.level) + 1]}
        if node.level not in {"total", "aspect"}:
            assert sum(part.exact for part in below) == node.exact
        assert all(abs(part.milli - part.exact) < 1 for part in below)


@UNHURRIED
@given(worlds(), st.randoms(use_true_random=False))
def test_the_same_visits_in_another_order_explain_alike(world: World, dice: object) -> None:
    mixed = list(world.visits)
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    a, b = (explain(s, score(s)) for s in (world.snapshot(), world.snapshot(mixed)))
    assert list(_all(a, a.root)) == list(_all(b, b.root))


@UNHURRIED
@given(worlds())
def test_every_failed_check_has_one_path_from_the_total(world: World) -> None:
    snap = world.snapshot()
    tree = explain(snap, score(snap))
    leaves = {(n.path[3], n.path[4]) for n in _all(tree, tree.root) if n.level == "visit"}
    for check, visit in leaves:
        path = tree.paths(check, visit)
        assert [node.level for node in path] == list(LEVELS)
        assert path[-1].site in {v.site for v in world.visits if v.visit == visit}
    drawn = {kind for kind, number in world.quotas.items() if number}
    failed = {
        (key, v.visit)
        for v in snap.visits
        if v.site_type in drawn
        for key in v.failed & set(world.keys(v.site_type))
    }
    assert leaves == failed


def test_a_path_opens_to_the_visits_that_found_it() -> None:
    snap = SMALL.snapshot(
        [look(f"v{n}", f"s{n}", "lane", {"lane-1": FAILED}) for n in range(3)]
        + [look("v9", "s9", "lane", {"lane-2": FAILED})]
    )
    tree = explain(snap, score(snap))
    lines = tree.open(("A3", "streets", "lane", "lane-1"))
    assert [(n.key, n.site, n.milli) for n in lines] == [
        ("v0", "s0", 7875), ("v1", "s1", 7875), ("v2", "s2", 7875),
    ]  # fmt: skip
    assert tree.paths("lane-2", "v9")[-1].exact == Fraction(42_000, 16)
    with pytest.raises(KeyError):
        tree.paths("lane-2", "v0")


@UNHURRIED
@given(two_days(), SHEETS)
def test_a_change_is_laid_at_visits_without_a_remainder(
    days: tuple[World, World], sheet: object
) -> None:
    before, after = (world.snapshot() for world in days)
    a, b = (score(s, sheet) for s in (before, after))  # type: ignore[arg-type]
    causes = difference(a, b)
    assert sum(c.milli for c in causes) == b.earned_milli - a.earned_milli
    for row in ITEMS:
        moved = b.item(row.key).portion.earned - a.item(row.key).portion.earned
        assert sum(c.milli for c in difference(a, b, item=row.key)) == moved
        assert sum((c.items or {}).get(row.key, 0) for c in causes) == moved
    for key, part in b.aspects.items():
        moved = part.earned - a.aspects[key].earned
        assert sum(c.milli for c in difference(a, b, aspect=key)) == moved
    old, new = ({v.visit for v in s.visits} for s in (before, after))
    for cause in causes:
        assert cause.before in old | {""}
        assert cause.after in new | {""}
        assert bool(cause.before) == (cause.kind in {"replaced", "removed"})
        assert bool(cause.after) == (cause.kind in {"replaced", "added"})


@UNHURRIED
@given(two_days(), st.randoms(use_true_random=False))
def test_causes_do_not_depend_on_the_order_of_visits(
    days: tuple[World, World], dice: object
) -> None:
    mixed = list(days[1].visits)
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    before = days[0].snapshot()
    assert difference(before, days[1].snapshot()) == difference(before, days[1].snapshot(mixed))


def test_nothing_moved_has_no_cause() -> None:
    snap = SMALL.snapshot([look("v", "s", "lane", {"lane-1": FAILED})])
    assert difference(snap, snap) == []


def test_a_mended_site_is_the_whole_cause() -> None:
    bad = look("v1", "s1", "lane", {"lane-1": FAILED})
    good = look("v2", "s1", "lane", {})
    other = look("v3", "s2", "lane", {"lane-2": FAILED})
    (cause,) = difference(SMALL.snapshot([bad, other]), SMALL.snapshot([good, other]))
    assert (cause.kind, cause.before, cause.after, cause.milli) == ("replaced", "v1", "v2", 15_750)
    assert cause.items == {"streets": 15_750}


def test_items_seen_for_the_first_time_and_types_that_weigh_in_are_named() -> None:
    bad = look("v1", "s1", "lane", {"lane-1": FAILED})
    opened = difference(SMALL.snapshot([]), SMALL.snapshot([bad]))
    assert {(c.kind, c.milli) for c in opened} == {("opened", 42_000), ("added", -31_500)}
    market = look("v2", "s2", "market", {})
    wider = difference(SMALL.snapshot([bad]), SMALL.snapshot([bad, market]))
    assert {(c.kind, c.milli) for c in wider} == {("reweighted", 7_875), ("opened", 18_001)}


def test_an_edited_standard_is_a_cause_of_its_own() -> None:
    visit = look("v1", "s1", "lane", {"lane-1": FAILED})
    edited = Snapshot.of(
        [replace(row, onsite_milli=row.onsite_milli * 2) for row in ITEMS],
        SMALL.checks,
        SMALL.quotas,
        [visit],
    )
    causes = difference(SMALL.snapshot([visit]), edited)
    assert [(c.kind, c.milli) for c in causes] == [("standard", 10_500)]


def test_scores_of_two_sheets_are_not_subtracted() -> None:
    snap = SMALL.snapshot([])
    with pytest.raises(Unreckonable):
        difference(score(snap), score(snap, shipped()["band"]))


@settings(deadline=None)
@given(st.lists(st.fractions(-9, 9, max_denominator=12), min_size=1, max_size=9), st.booleans())
def test_whole_parts_are_floor_or_ceiling_and_add_up(parts: list[Fraction], up: bool) -> None:
    exact = sum(parts, Fraction(0))
    whole = exact.__ceil__() if up else exact.__floor__()
    keys = [str(n) for n in range(len(parts))]
    got = apportion(whole, parts, keys)
    assert sum(got) == whole
    assert all(abs(g - p) < 1 for g, p in zip(got, parts, strict=True))
    with pytest.raises(ValueError, match="whole"):
        apportion(whole + len(parts) + 1, parts, keys)


def test_equal_shares_give_the_rest_to_the_smaller_keys() -> None:
    assert spread(10, ["c", "a", "b"]) == {"c": 3, "a": 4, "b": 3}
    assert spread(10, []) == {}

"""Small invented districts for the tests of the score, and how visits become a snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st

from weicheng.scoring.reckoning import (
    FAILED,
    NOT_APPLICABLE,
    PASSED,
    UNSEEN,
    BadSnapshot,
    CheckRow,
    ItemRow,
    Snapshot,
    Visit,
)

DAY = datetime(2026, 11, 2, 8, tzinfo=UTC)
ITEMS = (
    ItemRow("streets", "A3", 42_000, "district", certainty="confirmed"),
    ItemRow("toilets", "A3", 18_001, "shared"),
    ItemRow("air", "A4", 7_003, "city"),
    ItemRow("accidents", "A6", 5_000, "district", veto=True),
)
TYPES = ("lane", "market", "toilet")
OUTCOME = st.sampled_from([PASSED, PASSED, FAILED, NOT_APPLICABLE, UNSEEN])


@dataclass(frozen=True)
class World:
    """A standard with the visits of a district."""

    checks: tuple[CheckRow, ...]
    quotas: dict[str, int]
    visits: tuple[Visit, ...]

    def snapshot(self, visits: Iterable[Visit] | None = None) -> Snapshot:
        """The world's visits, or these instead."""
        return Snapshot.of(
            ITEMS, self.checks, self.quotas, self.visits if visits is None else visits
        )

    def keys(self, site_type: str) -> list[str]:
        """Checks of a type."""
        return [row.key for row in self.checks if row.site_type == site_type]


@st.composite
def standards(draw: st.DrawFn) -> World:
    """Up to 10 checks with uneven weights over three types and four items; uneven quotas."""
    lines = draw(
        st.lists(
            st.tuples(
                st.sampled_from(TYPES),
                st.sampled_from([row.key for row in ITEMS]),
                st.sampled_from([1000, 3000, 6000, 7001]),
                st.booleans(),
            ),
            min_size=2,
            max_size=10,
        )
    )
    checks = tuple(
        CheckRow(f"c{n:02}", kind, item, milli, "key" if key else "normal", key)
        for n, (kind, item, milli, key) in enumerate(lines)
    )
    quotas = {kind: draw(st.integers(0, 7)) for kind in TYPES}
    return World(checks, quotas, ())


def looks(world: World, tag: str) -> st.SearchStrategy[tuple[Visit, ...]]:
    """Up to 7 sites, each with any outcome per check and sometimes bands."""

    @st.composite
    def make(draw: st.DrawFn) -> tuple[Visit, ...]:
        found = []
        for n in sorted(draw(st.sets(st.integers(0, 9), max_size=7))):
            kind = TYPES[n % 3] if draw(st.integers(0, 9)) else draw(st.sampled_from(TYPES))
            keys = world.keys(kind)
            got = draw(st.lists(OUTCOME, min_size=len(keys), max_size=len(keys)))
            said = dict(zip(keys, got, strict=True))
            bands = draw(st.dictionaries(st.sampled_from(["c00", "streets"]), st.integers(0, 10)))
            at = DAY + timedelta(days=draw(st.integers(0, 3)))
            found.append(look(f"{tag}{n}", f"s{n}", kind, said, at=at, bands=bands))
        return tuple(found)

    return make()


def look(visit: str, site: str, kind: str, said: dict[str, int], **more: object) -> Visit:
    """A visit with an outcome per check."""
    sets = {
        name: frozenset(key for key, got in said.items() if got == code)
        for name, code in (
            ("failed", FAILED),
            ("not_applicable", NOT_APPLICABLE),
            ("unseen", UNSEEN),
        )
    }
    return Visit(visit, site, kind, **{"at": DAY, **sets, **more})  # type: ignore[arg-type]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A standard with visits."""
    world = draw(standards())
    return replace(world, visits=draw(looks(world, "v")))


@st.composite
def two_days(draw: st.DrawFn) -> tuple[World, World]:
    """A district before and after: some sites seen again, some new, some gone."""
    world = draw(standards())
    first = draw(looks(world, "v"))
    second = draw(looks(world, "w"))
    kept = tuple(v for v in first if draw(st.booleans()))
    again = {v.site: v for v in kept} | {v.site: v for v in second}
    return replace(world, visits=first), replace(world, visits=tuple(again.values()))


CHECKS = (
    CheckRow("lane-1", "lane", "streets", 3000),
    CheckRow("lane-2", "lane", "streets", 1000),
    CheckRow("market-1", "market", "streets", 6000, "key", True),
    CheckRow("market-2", "market", "toilets", 3000),
)
SMALL = World(CHECKS, {"lane": 3, "market": 1}, ())


def test_the_latest_of_two_visits_to_a_site_counts() -> None:
    old = look("v1", "s1", "lane", {"lane-1": FAILED})
    new = look("v2", "s1", "lane", {}, at=DAY + timedelta(hours=1))
    for order in ([old, new], [new, old]):
        assert [v.visit for v in SMALL.snapshot(order).visits] == ["v2"]


def test_a_key_that_no_sheet_knows_is_named_and_not_counted() -> None:
    visits = [look("v1", "s1", "lane", {"gone-7": FAILED}), look("v2", "s2", "castle", {})]
    snap = SMALL.snapshot(visits)
    assert set(snap.strays) == {("v1", "gone-7"), ("v2", "castle")}
    assert [v.visit for v in snap.visits] == ["v1"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"checks": (*CHECKS, CHECKS[0])}, "check_twice"),
        ({"checks": (CheckRow("x", "lane", "nowhere", 1),)}, "unknown_item"),
        ({"checks": (CheckRow("x", "lane", "streets", -1),)}, "negative"),
        ({"quotas": {"lane": -1}}, "negative"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused_with_a_sentence(
    change: dict[str, object], code: str
) -> None:
    world = replace(SMALL, **change)  # type: ignore[arg-type]
    with pytest.raises(BadSnapshot) as wrong:
        world.snapshot()
    assert wrong.value.code == code
    assert "%" not in wrong.value.sentence()


def test_a_contradiction_in_a_visit_is_named_and_the_graver_word_counts() -> None:
    one = frozenset({"lane-1"})
    odd = Visit("v", "s", "lane", DAY, failed=one, unseen=one, bands={"lane-2": 11})
    snap = SMALL.snapshot([odd])
    assert set(snap.strays) == {("v", "lane-1"), ("v", "lane-2")}
    assert snap.cell_outcome.tolist() == [FAILED, PASSED]
    assert snap.cell_band.tolist() == [-1, -1]


def test_a_town_is_scored_by_its_own_visits() -> None:
    here = look("v1", "s1", "lane", {}, town="t1", units=("u1", "u2"))
    there = look("v2", "s2", "lane", {}, town="t2", units=("u2",))
    snap = SMALL.snapshot([here, there])
    assert [v.visit for v in snap.only(lambda v: v.town == "t1").visits] == ["v1"]
    assert len(snap.only(lambda v: "u2" in v.units).visits) == 2

"""Who is accountable: against a slow second reading, and case by case."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from weicheng.duties.resolver import Question, answer, question
from weicheng.duties.tests import oracle
from weicheng.duties.tests.worlds import CHECKS, DAY, ITEMS, KINDS, TYPES, World, key, worlds


@st.composite
def asked(draw: st.DrawFn) -> tuple[World, Question]:
    """A world and a question about one of its places."""
    world = draw(worlds())
    site = draw(st.none() | st.sampled_from(sorted(world.sites)))
    region, site_type = world.sites[site] if site else (key(draw(st.integers(1, 7))), "")
    clause = draw(st.sampled_from(["kind", "item", "check", "type", "none"]))
    found = question(
        world.book, region=region, day=DAY,
        kind=draw(st.sampled_from(sorted(KINDS))) if clause == "kind" else None,
        item_key=draw(st.sampled_from(ITEMS)) if clause == "item" else "",
        check_key=draw(st.sampled_from(sorted(CHECKS))) if clause == "check" else "",
        site_type_key=site_type or (draw(st.sampled_from(TYPES)) if clause == "type" else ""),
        project=draw(st.sampled_from(["", "P"])),
    )  # fmt: skip
    return world, replace(found, site=site)


@settings(max_examples=150, deadline=None)
@given(asked())
def test_every_answer_is_that_of_the_slow_reading(pair: tuple[World, Question]) -> None:
    world, q = pair
    said = answer(world.book, q)
    slow = oracle.lead(world.book, world.rows, q)
    leading = slow[0] if slow else None
    assert (said.lead.id if said.lead else None) == leading
    if slow:
        unit, won, doubtful, ties = slow
        assert said.rule is not None and said.rule.id == won.id
        assert said.provisional == doubtful
        assert {row.id for row in said.ties} == ties
        assert (said.person.id if said.person else None) == oracle.person(
            world.book, unit, won, q.day
        )
    assert (said.leader.id if said.leader else None) == oracle.leader(
        world.book, world.rows, slow[1] if slow else None, q
    )
    for part in ("responsible", "support", "supervise"):
        named = {unit.id for unit in getattr(said, part)}
        assert named == oracle.others(world.book, world.rows, q, part, leading)

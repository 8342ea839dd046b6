"""Score and forecast say the same of what is known: over random histories of one site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from weicheng.scoring.arrays import _told
from weicheng.scoring.facts import _narrowed
from weicheng.scoring.site_states import Case, Seen, state_of

CHECKS = ("a", "b", "c")
SITE = UUID(int=1)
NOW = datetime(2026, 12, 1, tzinfo=UTC)


def _at(days: float) -> datetime:
    return NOW - timedelta(days=days)


@st.composite
def looks(draw: Any) -> list[Seen]:
    """Up to three looks, the newest first."""
    days = sorted(draw(st.lists(st.integers(1, 30), min_size=0, max_size=3, unique=True)))
    found = []
    for n, day in enumerate(days):
        said = {key: draw(st.sampled_from(["pass", "fail", "na", "unseen"])) for key in CHECKS}
        failed, absent, unseen = (
            [key for key in CHECKS if said[key] == word] for word in ("fail", "na", "unseen")
        )
        outside, look = draw(st.booleans()), UUID(int=10 + n)
        found.append(Seen(look, SITE, _at(day), failed, absent, unseen, {}, outside, False))
    return found


@st.composite
def problems(draw: Any) -> list[Case]:
    """Up to four problems, found and fixed at hours when nobody looks."""
    found = []
    for n in range(draw(st.integers(0, 4))):
        keys = draw(st.sets(st.sampled_from(CHECKS), min_size=1, max_size=2))
        begun = draw(st.integers(2, 40)) + 0.5
        ends = draw(st.none() | st.integers(0, 40))
        fixed = None if ends is None else _at(min(ends, begun - 1) + 0.25)
        found.append(Case(UUID(int=100 + n), SITE, frozenset(keys), _at(begun), fixed))
    return found


@given(looks(), problems())
def test_what_fails_in_the_score_fails_in_the_forecast(seen: list[Seen], told: list[Case]) -> None:
    known = {SITE: seen} if seen else {}
    cases = _narrowed({SITE: told}, known)
    facts: Any = SimpleNamespace(looks=known, cases=cases, as_of=NOW)
    place: Any = SimpleNamespace(id=SITE, site_type="estate")
    checks: Any = [SimpleNamespace(key=key, site_type_id="estate") for key in CHECKS]
    rows = _told(facts, [place], checks)
    order = np.argsort(-rows["seen_since"], kind="stable")
    last: dict[str, tuple[bool, bool]] = {}
    for n in order:
        bad = bool(rows["seen_failed"][n] and not rows["seen_repaired"][n])
        last[CHECKS[rows["seen_check"][n]]] = (bad, bool(rows["seen_na"][n]))
    if not seen:  # the score knows nothing of a site that nobody looked at
        return
    state = state_of(seen, cases[SITE])
    assert {key for key, (bad, _na) in last.items() if bad} == state.fails
    assert {key for key, (_bad, na) in last.items() if na} == state.not_applicable
    answered = {n for n, flag in zip(rows["seen_check"], rows["seen_reported"], strict=True)
                if not flag}  # fmt: skip
    assert {CHECKS[n] for n in answered} == set(CHECKS) - state.unseen

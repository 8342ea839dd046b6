"""Chooses the works that regain most within capacity, and says why each other work was left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from weicheng.scoring.fixing import greedy, highs
from weicheng.scoring.fixing.ledger import (
    PER_DAY,
    Ledger,
    Room,
    in_milli,
    ledger_of,
    shared_out,
)
from weicheng.scoring.fixing.reasons import left_out
from weicheng.scoring.fixing.works import Choice, Gains, Part, UnitUse, Work

EXACT = 1e-9  # a relative gap below this is the arithmetic of the solver


def choose(
    works: Iterable[Work],
    gains: Gains,
    capacity: Mapping[str, float],
    gate: date,
    *,
    budget_yuan: int | None = None,
    limit: int | None = None,
    seconds: float = 2.0,
    method: Literal["highs", "greedy"] = "highs",
) -> Choice:
    """The set of works with the most expected points that is done before the gate's day.

    `gains`: milli per (site, check), missing ones 0. `capacity`: working days left × crew per
    unit; a unit not named has none. `budget_yuan`, `limit` (number of works): None is no bound.
    Without HiGHS, or when `seconds` are over, the answer still respects every bound and says
    how far from the best it may be (`proved`, `gap`). Raises BadInput.
    """
    ledger = ledger_of(works, gains, gate, capacity=capacity, budget_yuan=budget_yuan, limit=limit)
    limits = greedy.bound(ledger)
    chosen: set[int] = set()
    worth: Mapping[str, float] | None = None
    if method == "highs" and highs.available():
        answer = highs.solve(ledger, seconds)
        chosen, worth = set(answer.chosen), answer.worth
        limits = min(limits, answer.bound)
    chosen = _settled(ledger, chosen, limits)
    return _choice(ledger, chosen, limits, worth)


def _settled(ledger: Ledger, proposed: set[int], limits: float) -> set[int]:
    """The proposal made exact: within all bounds, nothing that fits missing, nothing idle."""
    if not Room.of(ledger, proposed).holds():
        proposed = set()
    chosen = greedy.fill(ledger, proposed)
    if _gap(limits, ledger.value(chosen)) > 0:
        chosen = max(chosen, greedy.fill(ledger), key=ledger.value)
    useful = {n for group in ledger.complete(chosen) for n in group.members}
    return chosen & useful


def _gap(limits: float, nano: int) -> float:
    """By what share of `nano` a better choice could exceed it, 0 when that is arithmetic only."""
    if limits <= nano:
        return 0.0
    gap = (limits - nano) / nano if nano else 1.0
    return gap if gap > EXACT else 0.0


def _choice(
    ledger: Ledger, chosen: set[int], limits: float, worth: Mapping[str, float] | None
) -> Choice:
    nano = ledger.value(chosen)
    gap = _gap(limits, nano)
    return Choice(
        parts=_parts(ledger, chosen),
        left_out=left_out(ledger, chosen),
        units=_units(ledger, chosen, worth),
        nano=nano,
        milli=in_milli(nano),
        yuan=sum(ledger.yuan[n] for n in chosen),
        unpriced=tuple(ledger.works[n].key for n in sorted(chosen) if ledger.works[n].yuan is None),
        proved=gap == 0,
        gap=gap,
        method="greedy" if worth is None else "highs",
    )


def _parts(ledger: Ledger, chosen: set[int]) -> tuple[Part, ...]:
    complete = ledger.complete(chosen)
    shares = ledger.shares(complete)
    alone = dict.fromkeys(chosen, 0)
    for group in complete:
        for n in group.members:
            alone[n] += group.nano
    keys = {ledger.works[n].key: shares[n] for n in chosen}
    milli = shared_out(in_milli(sum(shares.values())), keys)
    parts = [
        Part(ledger.works[n].key, shares[n], milli[ledger.works[n].key], alone[n]) for n in chosen
    ]
    return tuple(sorted(parts, key=lambda part: (-part.nano, part.key)))


def _units(
    ledger: Ledger, chosen: set[int], worth: Mapping[str, float] | None
) -> dict[str, UnitUse]:
    left = Room.of(ledger, chosen).days
    return {
        unit: UnitUse(
            used=(ledger.capacity.get(unit, 0) - rest) / PER_DAY,
            left=rest / PER_DAY,
            worth=None if worth is None else worth.get(unit, 0.0),
        )
        for unit, rest in sorted(left.items())
    }

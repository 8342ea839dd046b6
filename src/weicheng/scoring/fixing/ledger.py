"""The exact side of choosing: works, pairs, effort and money as whole numbers, and what they add up
to. Solvers propose; only what this ledger counts is shown.

Effort is counted in thousandths of a day, rounded up; capacity rounded down.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property
from itertools import pairwise

from weicheng.scoring.fixing.works import (
    KINDS,
    NANO_PER_MILLI,
    BadInput,
    Gains,
    Pair,
    Work,
    day,
    number,
    whole,
)

PER_DAY = 1000


@dataclass(frozen=True)
class Group:
    """Pairs that need the same works. `members`: numbers of works; `nano`: what they regain."""

    members: tuple[int, ...]
    nano: int


@dataclass(frozen=True)
class Ledger:
    """Works by number (order of their keys) and the bounds of a choice.

    `days`: thousandths of a day per work; `capacity`: the same per unit, 0 for a unit not named.
    """

    works: tuple[Work, ...]
    groups: tuple[Group, ...]
    days: tuple[int, ...]
    yuan: tuple[int, ...]
    in_time: tuple[bool, ...]
    capacity: Mapping[str, int]
    budget: int | None
    limit: int | None

    @cached_property
    def possible(self) -> tuple[bool, ...]:
        """Whether a work could be done at all, had everything else to wait for it."""
        return tuple(
            self.in_time[n]
            and self.days[n] <= self.capacity.get(work.unit, 0)
            and (self.budget is None or self.yuan[n] <= self.budget)
            and self.limit != 0
            for n, work in enumerate(self.works)
        )

    @cached_property
    def all_days(self) -> int:
        """Thousandths of a day that all units have together."""
        return sum(self.capacity.values())

    @cached_property
    def live(self) -> tuple[Group, ...]:
        """Groups worth something all of whose works could be done."""
        return tuple(g for g in self.groups if g.nano and all(self.possible[n] for n in g.members))

    @cached_property
    def groups_of(self) -> Mapping[int, tuple[Group, ...]]:
        """For each work the groups that need it."""
        found: defaultdict[int, list[Group]] = defaultdict(list)
        for group in self.groups:
            for n in group.members:
                found[n].append(group)
        return {n: tuple(groups) for n, groups in found.items()}

    def value(self, chosen: Collection[int]) -> int:
        """Nano regained when exactly these works are done."""
        done = set(chosen)
        return sum(g.nano for g in self.groups if done.issuperset(g.members))

    def shares(self, groups: Iterable[Group]) -> dict[int, int]:
        """Each work's nano when all these groups are in order; adds up to their sum exactly."""
        shares: defaultdict[int, int] = defaultdict(int)
        for group in groups:
            each, rest = divmod(group.nano, len(group.members))
            for place, n in enumerate(group.members):
                shares[n] += each + (place < rest)
        return dict(shares)

    def complete(self, chosen: Collection[int]) -> list[Group]:
        """The groups worth something that these works put in order."""
        done = set(chosen)
        return [g for g in self.groups if g.nano and done.issuperset(g.members)]


@dataclass
class Room:
    """What is left of capacity, money and number while works are taken."""

    days: dict[str, int]
    yuan: int | None
    works: int | None

    @classmethod
    def of(cls, ledger: Ledger, chosen: Iterable[int] = ()) -> Room:
        """All bounds less what these works use."""
        room = cls(dict(ledger.capacity), ledger.budget, ledger.limit)
        room.take(ledger, chosen)
        return room

    def take(self, ledger: Ledger, numbers: Iterable[int]) -> None:
        """Uses up what these works need."""
        for n in numbers:
            unit = ledger.works[n].unit
            self.days[unit] = self.days.get(unit, 0) - ledger.days[n]
            if self.yuan is not None:
                self.yuan -= ledger.yuan[n]
            if self.works is not None:
                self.works -= 1

    def fits(self, ledger: Ledger, numbers: Collection[int]) -> bool:
        """Whether all these works can still be taken together."""
        asked: defaultdict[str, int] = defaultdict(int)
        for n in numbers:
            asked[ledger.works[n].unit] += ledger.days[n]
        return (
            all(need <= self.days.get(unit, 0) for unit, need in asked.items())
            and (self.yuan is None or sum(ledger.yuan[n] for n in numbers) <= self.yuan)
            and (self.works is None or len(numbers) <= self.works)
        )

    def holds(self) -> bool:
        """Whether no bound is overdrawn."""
        bounds = (*self.days.values(), self.yuan or 0, self.works or 0)
        return all(left >= 0 for left in bounds)


def ledger_of(
    works: Iterable[Work],
    gains: Gains,
    gate: date,
    *,
    capacity: Mapping[str, float] | None = None,
    budget_yuan: int | None = None,
    limit: int | None = None,
) -> Ledger:
    """Reads and checks everything. Gains of pairs that no work pays are not looked at.

    Raises BadInput.
    """
    day(gate, "gate", "")
    ordered = tuple(sorted(works, key=lambda work: work.key))
    for before, after in pairwise(ordered):
        if before.key == after.key:
            raise BadInput("work_twice", key=after.key)
    for work in ordered:
        _check(work)
    return Ledger(
        works=ordered,
        groups=_groups(ordered, gains),
        days=tuple(_thousandths(w.working_days, "working_days", w.key, True) for w in ordered),
        yuan=tuple(0 if w.yuan is None else whole(w.yuan, "yuan", w.key) for w in ordered),
        in_time=tuple(work.in_time(gate) for work in ordered),
        capacity={
            unit: _thousandths(days, "capacity", unit, False)
            for unit, days in (capacity or {}).items()
        },
        budget=None if budget_yuan is None else whole(budget_yuan, "budget", ""),
        limit=None if limit is None else whole(limit, "limit", ""),
    )


def shared_out(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Shares a whole total by weights ≥ 0, largest remainder first, ties by key; adds up exactly.

    With all weights 0 everything stays 0 unless there is a total, which then goes out equally.
    """
    if not weights:
        return {}
    if not any(weights.values()):
        weights = dict.fromkeys(weights, 1)
    whole_weight = sum(weights.values())
    parts = {key: divmod(total * weight, whole_weight) for key, weight in weights.items()}
    shares = {key: part for key, (part, _rest) in parts.items()}
    missing = total - sum(shares.values())
    for key in sorted(parts, key=lambda key: (-parts[key][1], key))[:missing]:
        shares[key] += 1
    return shares


def in_milli(nano: int) -> int:
    """Whole milli of a number of nano, halves up."""
    return (2 * nano + NANO_PER_MILLI) // (2 * NANO_PER_MILLI)


def _check(work: Work) -> None:
    if work.kind not in KINDS:
        raise BadInput("unknown_kind", key=work.key)
    if work.earliest_done is not None:
        day(work.earliest_done, "earliest_done", work.key)


def _thousandths(days: float, name: str, key: str, up: bool) -> int:
    exact = Decimal(repr(number(days, name, key))) * PER_DAY
    return int(exact.to_integral_value(ROUND_CEILING if up else ROUND_FLOOR))


def _groups(works: tuple[Work, ...], gains: Gains) -> tuple[Group, ...]:
    needed: defaultdict[Pair, list[int]] = defaultdict(list)
    for n, work in enumerate(works):
        for pair in dict.fromkeys(work.pays):
            needed[pair].append(n)
    worth: defaultdict[tuple[int, ...], int] = defaultdict(int)
    for pair, numbers in needed.items():
        gain = number(gains.get(pair, 0.0), "gain", " ".join(pair))
        worth[tuple(numbers)] += round(gain * NANO_PER_MILLI)
    return tuple(Group(members, worth[members]) for members in sorted(worth))

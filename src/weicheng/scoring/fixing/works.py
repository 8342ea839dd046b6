"""The words of fixing: a work, what it pays, a choice with its reasons, and input refused by code.

Points are whole numbers of *nano* (10⁻⁹ of a point, 10⁻⁶ of a milli), because one check at one of
20,000 sites is worth far less than a milli; effort and capacity are working days of a unit's crew.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

Pair = tuple[str, str]  # (site, check)
Gains = Mapping[Pair, float]  # expected milli regained if the check is in order at the gate
Kind = Literal["problem", "site", "project"]
Reason = Literal["late", "nothing", "partner", "capacity", "budget", "limit"]
KINDS = ("problem", "site", "project")
NANO_PER_MILLI = 1_000_000


class BadInput(ValueError):
    """Input that would make the arithmetic lie. `code` with `params`: put into words at the edge.

    Codes: work_twice(key), unknown_kind(key), need_number(name, key), below_zero(name, key),
    need_whole(name, key), need_date(name, key); `name` is one of gain, working_days, yuan,
    capacity, budget, limit, earliest_done, gate; `key` the work, pair or unit concerned.
    """

    def __init__(self, code: str, **params: Any) -> None:
        told = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(f"{code}: {told}")
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Work:
    """Something a unit can finish: an open problem, a weak site put in order, a late project.

    `pays`: the pairs it helps to put in order. A pair is in order only when every open work that
    pays it is done, so a "site" work should list what no open problem of that site covers.
    `working_days`: effort of the unit's crew. `earliest_done`: None when no end is in sight.
    `yuan`: None when nobody has stated the cost.
    """

    key: str
    unit: str
    kind: Kind
    pays: tuple[Pair, ...]
    working_days: float
    earliest_done: date | None
    yuan: int | None = None

    def in_time(self, gate: date) -> bool:
        """Whether it can be finished before the gate's day begins."""
        return self.earliest_done is not None and self.earliest_done < gate


@dataclass(frozen=True)
class Part:
    """A chosen work. `nano`/`milli`: its share of the difference; shares add up to the total.

    A pair that needs several works is shared equally among them (their Shapley value).
    `lost_without`: nano that go if this work alone is dropped; partners' shares included.
    """

    key: str
    nano: int
    milli: int
    lost_without: int


@dataclass(frozen=True)
class LeftOut:
    """A work that was not chosen and the first reason that holds.

    late: cannot finish before the gate. nothing: its pairs are worth nothing. partner: its pairs
    also need `partners`, which are not done. capacity, budget, limit: it (with the partners it
    needs) asks `needs` where `left` remain, in working days, yuan, works.
    `nano`: its share if it and all its partners were done.
    """

    key: str
    reason: Reason
    nano: int
    partners: tuple[str, ...] = ()
    needs: float | None = None
    left: float | None = None


@dataclass(frozen=True)
class UnitUse:
    """Working days of one unit. `worth`: expected milli of one more day (dual price of the
    relaxed problem, an approximation), None where no solver ran."""

    used: float
    left: float
    worth: float | None


@dataclass(frozen=True)
class Choice:
    """The works to do first, best share first, and everything else with its reason.

    `nano`: the expected difference, exactly the sum of the parts; `milli`: the same rounded, the
    sum of the parts' milli. `proved`: no better set exists; else `gap` is the share by which a
    better one could exceed `nano`, at most. `unpriced`: chosen works whose cost nobody
    stated; they count nothing in `yuan`.
    """

    parts: tuple[Part, ...]
    left_out: tuple[LeftOut, ...]
    units: Mapping[str, UnitUse]
    nano: int
    milli: int
    yuan: int
    unpriced: tuple[str, ...]
    proved: bool
    gap: float
    method: Literal["highs", "greedy"]


def number(value: Any, name: str, key: str) -> float:
    """A finite number of at least 0. Raises BadInput need_number or below_zero."""
    try:
        read = float(value)
    except (TypeError, ValueError, OverflowError):
        raise BadInput("need_number", name=name, key=key) from None
    if not math.isfinite(read):
        raise BadInput("need_number", name=name, key=key)
    if read < 0:
        raise BadInput("below_zero", name=name, key=key)
    return read


def whole(value: Any, name: str, key: str) -> int:
    """A whole number of at least 0. Raises BadInput need_number, below_zero or need_whole."""
    if number(value, name, key) != int(value):
        raise BadInput("need_whole", name=name, key=key)
    return int(value)


def day(value: Any, name: str, key: str) -> date:
    """A calendar day without a time. Raises BadInput need_date."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise BadInput("need_date", name=name, key=key)
    return value

"""How far two blind looks at one site agree, per check: Cohen's kappa. Knows no person.

Source: J. Cohen, A coefficient of agreement for nominal scales (1960). The interval maps Wilson's
interval of the observed agreement through (p - c) / (1 - c), c the agreement by chance as found;
it does not shrink to nothing when few looks all agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .comparing import Interval, wilson
from .snapshot import FAILED, NOT_APPLICABLE, PASSED

LEAST = 10  #: pairs below which no coefficient is given
ANSWERS = (PASSED, FAILED, NOT_APPLICABLE)


@dataclass(frozen=True)
class DoubleLook:
    """Two blind looks at one site on one day: check -> PASSED, FAILED or NOT_APPLICABLE; checks
    that one of them did not look at are missing or UNSEEN and not counted."""

    first: Mapping[str, int]
    second: Mapping[str, int]


@dataclass(frozen=True)
class Agreement:
    """One check: ``n`` pairs, ``same`` of them agreed. ``kappa`` and ``interval`` (95 %) are None
    with fewer than ``LEAST`` pairs, or when every look said the same (``no_variation``)."""

    check: str
    n: int
    same: int
    kappa: float | None
    interval: Interval | None
    too_few: bool
    no_variation: bool


def agreement(looks: Iterable[DoubleLook], *, least: int = LEAST) -> tuple[Agreement, ...]:
    """Per check, in order of the keys."""
    tables: dict[str, Counter[tuple[int, int]]] = {}
    for look in looks:
        for check in look.first.keys() & look.second.keys():
            pair = look.first[check], look.second[check]
            if pair[0] in ANSWERS and pair[1] in ANSWERS:
                tables.setdefault(check, Counter())[pair] += 1
    return tuple(_agreement(check, tables[check], least) for check in sorted(tables))


def _agreement(check: str, table: Counter[tuple[int, int]], least: int) -> Agreement:
    n = table.total()
    same = sum(times for (a, b), times in table.items() if a == b)
    rows, columns = Counter[int](), Counter[int]()
    for (a, b), times in table.items():
        rows[a] += times
        columns[b] += times
    chance = sum(rows[x] * columns[x] for x in ANSWERS) / (n * n)
    flat = any(rows[x] == n == columns[x] for x in ANSWERS)
    if n < least or flat:
        return Agreement(check, n, same, None, None, n < least, flat)
    low, high = (max(-1.0, (p - chance) / (1 - chance)) for p in wilson(same, n, 0.95))
    return Agreement(check, n, same, (same / n - chance) / (1 - chance), (low, high), False, False)

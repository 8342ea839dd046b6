"""From looks and problems to the answers that a forecast is told: the same for a real district and
for a generated one.

Looks teach the rates with their own age. What is true today may be known from a problem instead: a
repair verified after a failure, or a problem that is still open. That moves the state alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from .district import OWN, Bools, Floats, Ints

#: Answers kept of each site and check, of our own people and of others each; the newest count.
LOOKS: Final = 3
_SPAN: Final = 100_000.0  #: days, more than any age


@dataclass(frozen=True)
class Answers:
    """What looks said, in any order; of the same age at a site, the later row is the newer one."""

    site: Ints
    check: Ints
    failed: Bools
    na: Bools  #: 不涉及
    age: Floats  #: days
    source: Ints  #: OWN, UNDERCOVER, OUTSIDE


@dataclass(frozen=True)
class Cases:
    """Problems that stand for a check at a site: open (``fixed`` is nan), or verified as fixed."""

    site: Ints
    check: Ints
    found: Floats  #: days since it was found
    fixed: Floats  #: days since it was verified as fixed, nan while it is open
    sole: Bools  #: it stands for no other check: only then it says that this one fails or is mended


def told(answers: Answers, cases: Cases, checks: int) -> dict[str, Any]:
    """The ``seen_*`` columns of a district: the newest ``LOOKS`` answers of each kind of look, and
    below them what only problems say. A repair counts if nothing that stands for the check is
    still open; an open problem, unless a newer look found the check in order or 不涉及."""
    kept = _newest(answers, checks)
    pair = answers.site[kept] * checks + answers.check[kept]
    age, failed = answers.age[kept], answers.failed[kept]
    last = np.append(pair[1:] != pair[:-1], True)[: len(pair)]
    until = np.where(last, 0.0, np.append(age[1:], 0.0)[: len(age)])
    case, is_open = cases.site * checks + cases.check, np.isnan(cases.fixed)
    said = _last(pair[last], case, age[last], failed[last], answers.na[kept][last])
    owed = is_open & ~said.absent & (said.failed | (cases.found < said.age))
    held = case[owed]
    fixed = ~is_open & cases.sole
    verified = _verified(pair, age, until, case[fixed], cases.fixed[fixed])
    repaired = failed & np.isfinite(verified) & ~(last & np.isin(pair, held))
    late = fixed & ~np.isin(case, held) & ~said.absent & ~said.failed & (cases.fixed < said.age)
    looks = {
        "site": answers.site[kept], "check": answers.check[kept], "failed": failed,
        "na": answers.na[kept], "age": age, "source": answers.source[kept],
        "repaired": repaired, "reported": np.zeros(len(kept), bool),
        "since": np.where(repaired & last, verified, age),
    }  # fmt: skip
    more = _reports(cases, np.flatnonzero((owed & cases.sole) | late))
    return {f"seen_{name}": np.concatenate([looks[name], more[name]]) for name in looks}


def _reports(cases: Cases, at: Ints) -> dict[str, Any]:
    """Rows that only problems make: an open one is true today, a closed one since it was fixed."""
    n, is_open = len(at), np.isnan(cases.fixed[at])
    days = np.where(is_open, 0.0, cases.fixed[at])
    return {
        "site": cases.site[at], "check": cases.check[at], "failed": np.ones(n, bool),
        "na": np.zeros(n, bool), "age": days, "source": np.full(n, OWN), "repaired": ~is_open,
        "reported": np.ones(n, bool), "since": days,
    }  # fmt: skip


@dataclass(frozen=True)
class _Said:
    """What the newest answer of each case's check says; of age inf where there is none."""

    age: Floats
    failed: Bools
    absent: Bools


def _last(pairs: Ints, wanted: Ints, age: Floats, failed: Bools, absent: Bools) -> _Said:
    """``pairs`` in order, each once, with their newest answers."""
    if not len(pairs):
        none = np.zeros(len(wanted), bool)
        return _Said(np.full(len(wanted), np.inf), none, none)
    at = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
    has = pairs[at] == wanted
    return _Said(np.where(has, age[at], np.inf), has & failed[at], has & absent[at])


def _newest(answers: Answers, checks: int) -> Ints:
    """The answers that count, by pair, the oldest first."""
    pair = answers.site * checks + answers.check
    lane = pair * 2 + (answers.source != OWN)
    order = np.lexsort((np.arange(len(lane))[::-1], answers.age, lane))
    line = lane[order]
    first = np.flatnonzero(np.append(True, line[1:] != line[:-1])) if len(line) else order
    rank = np.arange(len(line)) - np.repeat(first, np.diff(np.append(first, len(line))))
    kept = np.sort(order[rank < LOOKS])
    return kept[np.lexsort((-answers.age[kept], pair[kept]))]


def _verified(pair: Ints, age: Floats, until: Floats, case: Ints, fixed: Floats) -> Floats:
    """(n,) the age of the last verification between each answer and the next one, else inf."""
    line = np.sort(case * _SPAN + fixed)
    at = np.searchsorted(line, pair * _SPAN + until)
    found = np.append(line, np.inf)[at] - pair * _SPAN
    return np.asarray(np.where(found < age, found, np.inf), np.float64)

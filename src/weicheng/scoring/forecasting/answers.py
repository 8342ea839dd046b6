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
    last = np.append(pair[1:] != pair[:-1], True) if len(pair) else np.zeros(0, bool)
    until = np.where(last, 0.0, np.append(age[1:], 0.0)) if len(pair) else age
    case = cases.site * checks + cases.check
    is_open = np.isnan(cases.fixed)
    at = _place(pair[last], case)
    ago = np.where(at >= 0, age[last][at], np.inf)
    fails = np.where(at >= 0, failed[last][at], False)
    absent = np.where(at >= 0, answers.na[kept][last][at], False)
    owed = is_open & ~absent & (fails | (cases.found < ago))
    held = np.isin(case, case[owed])
    fixed = ~is_open & cases.sole
    mends = fixed & ~held
    verified = _verified(pair, age, until, case[fixed], cases.fixed[fixed])
    repaired = failed & np.isfinite(verified) & ~(last & np.isin(pair, case[held]))
    since = np.where(repaired & last, verified, age)
    late = mends & ~absent & ~fails & (cases.fixed < ago)
    more = np.flatnonzero((owed & cases.sole) | late)
    none = np.zeros(len(more))
    days = np.where(is_open[more], 0.0, cases.fixed[more])

    def both(looks: Any, problems: Any) -> Any:
        return np.concatenate([looks, problems])

    return {
        "seen_site": both(answers.site[kept], cases.site[more]),
        "seen_check": both(answers.check[kept], cases.check[more]),
        "seen_failed": both(failed, none == 0),
        "seen_na": both(answers.na[kept], none > 0),
        "seen_age": both(age, days),
        "seen_source": both(answers.source[kept], np.full(len(more), OWN)),
        "seen_repaired": both(repaired, ~is_open[more]),
        "seen_reported": both(np.zeros(len(kept), bool), none == 0),
        "seen_since": both(since, days),
    }


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


def _place(pairs: Ints, wanted: Ints) -> Ints:
    """Where each wanted pair stands among these (in order, each once); -1 where it does not."""
    if not len(pairs):
        return np.full(len(wanted), -1)
    at = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
    return np.where(pairs[at] == wanted, at, -1)


def _verified(pair: Ints, age: Floats, until: Floats, case: Ints, fixed: Floats) -> Floats:
    """(n,) the age of the last verification between each answer and the next one, else inf."""
    line = np.sort(case * _SPAN + fixed)
    at = np.searchsorted(line, pair * _SPAN + until)
    found = np.append(line, np.inf)[at] - pair * _SPAN
    return np.asarray(np.where(found < age, found, np.inf), np.float64)

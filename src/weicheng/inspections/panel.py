"""How the anonymous sheets of a panel become results: the highest and the lowest are dropped.

Marks are tenths of a point, 0..1000. Pure: no database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

#: With fewer valid marks than this nothing is dropped; of three the middle one stays.
DROP_FROM = 3
MOST = 1000


@dataclass(frozen=True)
class Result:
    """A place after counting: ``n`` valid marks, ``mean`` of those kept in points with two
    decimals, ``low`` and ``high`` of those kept in points; ``place`` 1 is the best, and places
    whose means are equal share it. ``close`` : the spreads of this place and the next overlap, so
    that their order says little."""

    key: str
    n: int
    dropped: int
    mean: Decimal | None
    low: Decimal | None
    high: Decimal | None
    place: int | None = None
    close: bool = False


def count(sheets: Iterable[Mapping[str, int]], keys: Sequence[str]) -> list[Result]:
    """Results of all keys, best first; keys without marks come last with no place.

    ``sheets``: one mapping per valid paper, key -> tenths of a point; a key may be missing.
    """
    marks: defaultdict[str, list[int]] = defaultdict(list)
    for sheet in sheets:
        for key, value in sheet.items():
            marks[key].append(value)
    results = [_result(key, sorted(marks.get(key, []))) for key in keys]
    results.sort(key=lambda r: (r.mean is None, -(r.mean or 0), r.key))
    return _placed(results)


def _result(key: str, marks: list[int]) -> Result:
    kept = marks[1:-1] if len(marks) >= DROP_FROM else marks
    if not kept:
        return Result(key, 0, 0, None, None, None)
    return Result(
        key, len(marks), len(marks) - len(kept), _points(Decimal(sum(kept)) / len(kept)),
        _points(Decimal(kept[0])), _points(Decimal(kept[-1])),
    )  # fmt: skip


def _points(tenths: Decimal) -> Decimal:
    return (tenths / 10).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _placed(results: list[Result]) -> list[Result]:
    placed: list[Result] = []
    for n, one in enumerate(results, 1):
        if one.mean is None:
            placed.append(one)
            continue
        before = placed[-1] if placed else None
        same = before is not None and before.mean == one.mean
        after = results[n] if n < len(results) else None
        close = after is not None and after.high is not None and one.low is not None
        overlap = bool(close and after and after.high and one.low and after.high >= one.low)
        place = before.place if before is not None and same else n
        placed.append(
            Result(one.key, one.n, one.dropped, one.mean, one.low, one.high, place, overlap)
        )
    return placed


@dataclass(frozen=True)
class Group:
    """Places that belong together: the mean of their means, the lowest and highest of these."""

    name: str
    mean: Decimal
    low: Decimal
    high: Decimal
    n: int


def grouped(results: Iterable[Result], group_of: Mapping[str, str]) -> list[Group]:
    """The groups, best first; places without marks do not count."""
    means: defaultdict[str, list[Decimal]] = defaultdict(list)
    for result in results:
        if result.mean is not None and result.key in group_of:
            means[group_of[result.key]].append(result.mean)
    rows = [
        Group(
            name, (sum(found, Decimal()) / len(found)).quantize(Decimal("0.01"), ROUND_HALF_UP),
            min(found), max(found), len(found),
        )
        for name, found in means.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row.mean, row.name))


def tenths(text: str) -> int | None:
    """What was written on a paper as tenths of a point: '88', '88.5', '８８．５' -> 885.

    None for an empty field. Raises ValueError for anything that is no mark from 0 to 100 with at
    most one decimal.
    """
    plain = text.strip().translate(str.maketrans("０１２３４５６７８９．。", "0123456789.."))
    if not plain:
        return None
    whole, _dot, rest = plain.partition(".")
    if not whole.isascii() or not whole.isdigit() or len(rest) > 1 or (rest and not rest.isdigit()):
        raise ValueError(text)
    value = int(whole) * 10 + int(rest or 0)
    if value > MOST:
        raise ValueError(text)
    return value

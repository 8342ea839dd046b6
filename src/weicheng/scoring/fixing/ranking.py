"""The plain list: what each open work regains, per working day and per yuan, best first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from weicheng.scoring.fixing.ledger import PER_DAY, Group, Ledger, in_milli, ledger_of
from weicheng.scoring.fixing.works import NANO_PER_MILLI, Gains, Work

By = Literal["points", "day", "yuan"]


@dataclass(frozen=True)
class Row:
    """A work that can be finished before the gate and is worth something.

    `nano`: its equal share of the pairs whose works can all finish in time; `milli` rounded.
    `alone`: nano it regains even if no `partners` follow. `per_day`, `per_yuan`: milli; None
    where the effort is 0, the cost unknown or 0.
    """

    work: Work
    nano: int
    milli: int
    alone: int
    partners: tuple[str, ...]
    per_day: float | None
    per_yuan: float | None


def ranked(
    works: Iterable[Work],
    gains: Gains,
    gate: date,
    by: By = "day",
    *,
    units: Collection[str] | None = None,
    sites: Collection[str] | None = None,
    checks: Collection[str] | None = None,
    kinds: Collection[str] | None = None,
    limit: int | None = None,
) -> list[Row]:
    """The best first by expected points, points per working day or points per yuan.

    Filters (None: all) choose rows only; partners are looked for among all works. Without
    effort comes first by "day"; cost 0 first and cost unknown last by "yuan". Works that cannot
    finish before the gate's day are never in it. Raises BadInput.
    """
    ledger = ledger_of(works, gains, gate, limit=limit)
    reachable = [
        group
        for group in ledger.groups
        if group.nano and all(ledger.in_time[n] for n in group.members)
    ]
    shares = ledger.shares(reachable)
    near: dict[int, list[Group]] = {n: [] for n in shares}
    for group in reachable:
        for n in group.members:
            near[n].append(group)
    rows = [
        _row(ledger, n, nano, near[n])
        for n, nano in shares.items()
        if _wanted(ledger.works[n], units, sites, checks, kinds)
    ]
    rows.sort(key=lambda row: (*_order(row, by), row.work.key))
    return rows[: ledger.limit]


def _wanted(
    work: Work,
    units: Collection[str] | None,
    sites: Collection[str] | None,
    checks: Collection[str] | None,
    kinds: Collection[str] | None,
) -> bool:
    return (
        (units is None or work.unit in units)
        and (kinds is None or work.kind in kinds)
        and any(
            (sites is None or site in sites) and (checks is None or check in checks)
            for site, check in work.pays
        )
    )


def _row(ledger: Ledger, n: int, nano: int, groups: Iterable[Group]) -> Row:
    work = ledger.works[n]
    alone, partners = 0, set[int]()
    for group in groups:
        alone += group.nano if len(group.members) == 1 else 0
        partners.update(group.members)
    milli = nano / NANO_PER_MILLI
    return Row(
        work=work,
        nano=nano,
        milli=in_milli(nano),
        alone=alone,
        partners=tuple(ledger.works[other].key for other in sorted(partners - {n})),
        per_day=milli * PER_DAY / ledger.days[n] if ledger.days[n] else None,
        per_yuan=milli / work.yuan if work.yuan else None,
    )


def _order(row: Row, by: By) -> tuple[int, float, int]:
    """Place of a row: class, then figure, then points."""
    if by == "points":
        return 0, 0.0, -row.nano
    if by == "day":
        return (0, 0.0, -row.nano) if row.per_day is None else (1, -row.per_day, -row.nano)
    if row.work.yuan is None:
        return 2, 0.0, -row.nano
    return (0, 0.0, -row.nano) if row.per_yuan is None else (1, -row.per_yuan, -row.nano)

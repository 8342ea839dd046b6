"""Choosing without a solver: the best points for the scarce days first, and a bound from above that
says how far from the best this can be at most."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable

from weicheng.scoring.fixing.ledger import Ledger, Room


def fill(ledger: Ledger, chosen: Collection[int] = ()) -> set[int]:
    """Adds works, with the partners they need, until nothing worth something fits any more.

    Returns a set that respects all bounds if `chosen` does.
    """
    done = set(chosen)
    room = Room.of(ledger, done)
    added = True
    while added:
        added = False
        for _ratio, members in sorted(_offers(ledger, done)):
            missing = [n for n in members if n not in done]
            if missing and room.fits(ledger, missing):
                done.update(missing)
                room.take(ledger, missing)
                added = True
    return done


def bound(ledger: Ledger) -> float:
    """Nano that no set of works within the bounds can exceed.

    Every pair's gain is shared equally among its works; done together they get all of it, so the
    sum of shares is never below the truth. Then each bound alone allows parts of works
    (Dantzig 1957), and the tightest counts.
    """
    shares = ledger.shares(ledger.live)
    by_unit: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for n, nano in shares.items():
        by_unit[ledger.works[n].unit].append((nano, ledger.days[n]))
    least = sum(
        _fractional(offers, ledger.capacity.get(unit, 0)) for unit, offers in by_unit.items()
    )
    if ledger.budget is not None:
        costs = ((nano, ledger.yuan[n]) for n, nano in shares.items())
        least = min(least, _fractional(costs, ledger.budget))
    if ledger.limit is not None:
        least = min(least, _fractional(((nano, 1) for nano in shares.values()), ledger.limit))
    return least


def _offers(ledger: Ledger, done: set[int]) -> list[tuple[float, tuple[int, ...]]]:
    """The open groups with what they ask per nano (less is better)."""
    offers = []
    for group in ledger.live:
        missing = {n for n in group.members if n not in done}
        if missing:
            near = {g for n in missing for g in ledger.groups_of[n]}
            gain = sum(g.nano for g in near if all(n in missing or n in done for n in g.members))
            offers.append((_asks(ledger, missing) / gain, group.members))
    return offers


def _asks(ledger: Ledger, numbers: Iterable[int]) -> float:
    """How much of the bounds these works use, each bound counted as one."""
    asked = 0.0
    for n in numbers:
        asked += ledger.days[n] / max(ledger.all_days, 1)
        asked += ledger.yuan[n] / max(ledger.budget, 1) if ledger.budget is not None else 0.0
        asked += 1 / max(ledger.limit, 1) if ledger.limit is not None else 0.0
    return asked


def _fractional(offers: Iterable[tuple[int, int]], room: int) -> float:
    def density(offer: tuple[int, int]) -> float:
        return offer[0] / offer[1] if offer[1] else math.inf

    total = 0.0
    for nano, asked in sorted(offers, key=density, reverse=True):
        part = 1.0 if asked <= room else room / asked
        total += nano * part
        room -= min(asked, room)
    return total

"""Why a work was left out: the first reason that holds, with the figures that show it."""

from __future__ import annotations

from collections.abc import Collection

from weicheng.scoring.fixing.ledger import PER_DAY, Group, Ledger, Room
from weicheng.scoring.fixing.works import LeftOut


def left_out(ledger: Ledger, chosen: set[int]) -> tuple[LeftOut, ...]:
    """One entry per work that was not chosen, those with most at stake first.

    `chosen` must leave no room for a further gain, as `greedy.fill` makes it.
    """
    shares = ledger.shares(ledger.groups)
    room = Room.of(ledger, chosen)
    entries = [
        _entry(ledger, chosen, room, n, shares.get(n, 0))
        for n in range(len(ledger.works))
        if n not in chosen
    ]
    return tuple(sorted(entries, key=lambda entry: (-entry.nano, entry.key)))


def _entry(ledger: Ledger, chosen: set[int], room: Room, n: int, nano: int) -> LeftOut:
    key = ledger.works[n].key
    if not ledger.in_time[n]:
        return LeftOut(key, "late", nano)
    paying = [group for group in ledger.groups_of.get(n, ()) if group.nano]
    if not paying:
        return LeftOut(key, "nothing", nano)
    missing = _fewest(ledger, chosen, paying)
    late = [other for other in missing if not ledger.in_time[other]]
    short = None if late else _short(ledger, room, n, missing, nano)
    partners = tuple(ledger.works[other].key for other in late or missing if other != n)
    return short or LeftOut(key, "partner", nano, partners)


def _fewest(ledger: Ledger, chosen: set[int], paying: Collection[Group]) -> list[int]:
    """The works still missing for one of these groups: possible ones first, then the fewest."""

    def order(missing: list[int]) -> tuple[int, int]:
        return sum(not ledger.in_time[n] for n in missing), len(missing)

    return min(([n for n in g.members if n not in chosen] for g in paying), key=order)


def _short(
    ledger: Ledger, room: Room, n: int, bundle: Collection[int], nano: int
) -> LeftOut | None:
    """Which bound these works would overdraw, its own unit's first; None: a partner's unit."""
    work = ledger.works[n]
    partners = tuple(ledger.works[other].key for other in bundle if other != n)
    days = sum(ledger.days[other] for other in bundle if ledger.works[other].unit == work.unit)
    left = room.days.get(work.unit, 0)
    if days > left:
        return LeftOut(work.key, "capacity", nano, partners, days / PER_DAY, left / PER_DAY)
    yuan = sum(ledger.yuan[other] for other in bundle)
    if room.yuan is not None and yuan > room.yuan:
        return LeftOut(work.key, "budget", nano, partners, yuan, room.yuan)
    if room.works is not None and len(bundle) > room.works:
        return LeftOut(work.key, "limit", nano, partners, len(bundle), room.works)
    return None

"""Which part each unit of a row has once the whole row is known; what is ambiguous is 暂定."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .names import COMMUNITY, KEEPER, MEMBERS, TOWN
from .reading import Claim
from .verbs import LEAD, RESPONSIBLE, SUPPORT

#: Words about many units; and the levels of one territory.
VAGUE = {MEMBERS, KEEPER}
LEVELS = {TOWN, COMMUNITY}
#: Why a reading is only 暂定.
TWO_LEADS, NO_VERB, SEVERAL, SCOPED = "two_leads", "no_verb", "several", "scoped"


@dataclass(frozen=True)
class Settled:
    """A claim with its part; `doubt` says why it is 暂定, '' when it is certain."""

    claim: Claim
    part: str
    doubt: str = ""


def settle(cells: Sequence[tuple[str, Sequence[Claim]]]) -> list[list[Settled]]:
    """The parts of a row's cells; each cell is (the part its column says or '', its claims).

    Somebody leads: the unit that the row says; else the first who is responsible; else the first
    named. Nobody is left out, and every choice that the words do not make is marked.
    """
    rows = [[_own(column, claim) for claim in claims] for column, claims in cells]
    flat = [one for row in rows for one in row]
    if any(one.part == LEAD for one in flat):
        marked = _leads(flat)
    elif any(one.part == RESPONSIBLE for one in flat):
        marked = _from_responsible(flat)
    else:
        marked = _from_list(flat)
    marked = [_leftover(one) for one in marked]
    found = iter(marked)
    return [[next(found) for _ in row] for row in rows]


def _own(column: str, claim: Claim) -> Settled:
    """What the words of the cell say; without a verb, what its column says."""
    return Settled(claim, claim.part or column)


def _leads(flat: list[Settled]) -> list[Settled]:
    leads = [one for one in flat if one.part == LEAD]
    if len(leads) == 1:
        return flat
    doubt = SCOPED if all(one.claim.scope for one in leads) else TWO_LEADS
    return [Settled(o.claim, LEAD, doubt) if o.part == LEAD else o for o in flat]


def _first(able: list[Settled]) -> Settled:
    """The first named; words about many units (相关部门) only when nobody else is named."""
    return next((o for o in able if not set(o.claim.rules) & VAGUE), able[0])


def _rivals(first: Settled, able: list[Settled]) -> list[Settled]:
    """Others who could lead as well; a town and its communities do not contend."""
    others = [o for o in able if o is not first and not set(o.claim.rules) & VAGUE]
    if not first.claim.rules:
        return [o for o in others if not o.claim.rules]
    return [o for o in others if not set(o.claim.rules) <= LEVELS or not _level(first)]


def _level(one: Settled) -> bool:
    return bool(one.claim.rules) and set(one.claim.rules) <= LEVELS


def _from_responsible(flat: list[Settled]) -> list[Settled]:
    """Without 牵头 the first who is responsible leads; certain when nobody else could be meant."""
    able = [o for o in flat if o.part == RESPONSIBLE]
    first = _first(able)
    doubt = SEVERAL if _rivals(first, able) else ""
    if first.claim.scope and len(able) > 1:
        doubt = SCOPED
    return [Settled(o.claim, LEAD, doubt) if o is first else o for o in flat]


def _from_list(flat: list[Settled]) -> list[Settled]:
    """No verb at all: one unit leads; of several the first named does, 暂定."""
    bare = [o for o in flat if not o.part]
    if not bare:
        return flat
    first = _first(bare)
    alone = len(flat) == 1 or all(_level(o) for o in flat)
    doubt = "" if alone else NO_VERB
    found = []
    for one in flat:
        if one is first:
            found.append(Settled(one.claim, LEAD, doubt))
        elif not one.part:
            found.append(Settled(one.claim, RESPONSIBLE, doubt))
        else:
            found.append(one)
    return found


def _leftover(one: Settled) -> Settled:
    """Units without a verb beside others that have one: they help, 暂定."""
    return one if one.part else Settled(one.claim, SUPPORT, NO_VERB)

"""Which part each unit of a row has once the whole row is known; what is ambiguous is 暂定."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .reading import Claim
from .verbs import LEAD, RESPONSIBLE, SUPPORT

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


def _from_responsible(flat: list[Settled]) -> list[Settled]:
    """Without 牵头 the first who is responsible leads; certain when nobody else could be meant."""
    able = [o for o in flat if o.part == RESPONSIBLE]
    units = [o for o in able if not o.claim.rules]
    first = (units or able)[0]
    others = [o for o in (units if units else able) if o is not first]
    doubt = SEVERAL if others else ""
    if first.claim.scope and len(able) > 1:
        doubt = SCOPED
    return [Settled(o.claim, LEAD, doubt) if o is first else o for o in flat]


def _from_list(flat: list[Settled]) -> list[Settled]:
    """No verb at all: one unit leads; of several the first named does, 暂定."""
    bare = [o for o in flat if not o.part]
    if not bare:
        return flat
    first = next((o for o in bare if not o.claim.rules), bare[0])
    doubt = NO_VERB if len(bare) > 1 or len(flat) > 1 else ""
    found = []
    for one in flat:
        if one is first:
            found.append(Settled(one.claim, LEAD, doubt))
        elif not one.part:
            found.append(Settled(one.claim, RESPONSIBLE, NO_VERB))
        else:
            found.append(one)
    return found


def _leftover(one: Settled) -> Settled:
    """Units without a verb beside others that have one: they help, 暂定."""
    return one if one.part else Settled(one.claim, SUPPORT, NO_VERB)

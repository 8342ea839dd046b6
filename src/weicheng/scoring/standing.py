"""Where a region stands at a moment: the score on site, all four sheets, and what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from weicheng.scoring.facts import Facts, Place, gather
from weicheng.scoring.figures import Figures, figures
from weicheng.scoring.reckoning import Facts as Counts
from weicheng.scoring.reckoning import (
    Score,
    Sheet,
    Snapshot,
    Thousand,
    Tree,
    explain,
    score,
    shipped,
    thousand,
)
from weicheng.scoring.snapshots import snapshot_of, units_of

if TYPE_CHECKING:
    from datetime import datetime

    from weicheng.places.models import Region

__all__ = ["Counts", "Scope", "Standing", "standing"]

WHOLE, TOWN, TYPE, UNIT = "whole", "town", "type", "unit"
PLAIN_SHEET = "deduction"


@dataclass(frozen=True)
class Scope:
    """What part of a region is scored: all of it, a town, a site type, or a unit's sites."""

    kind: str = WHOLE
    key: str = ""

    def keeps(self, place: Place, units: tuple[str, ...]) -> bool:
        """Whether a site, for which these units answer, belongs to it."""
        if self.kind == TOWN:
            return str(place.town) == self.key
        if self.kind == TYPE:
            return place.site_type == self.key
        return self.kind != UNIT or self.key in units

    def of(self, facts: Facts) -> Facts:
        """The facts of the sites that belong to it."""
        if self.kind == WHOLE:
            return facts
        units = units_of(facts) if self.kind == UNIT else {}
        places = {
            key: place for key, place in facts.places.items()
            if self.keeps(place, units.get(key, ()))
        }  # fmt: skip
        looks = {key: found for key, found in facts.looks.items() if key in places}
        return replace(facts, places=places, looks=looks)


@dataclass(frozen=True)
class Standing:
    """A score with everything it is made of."""

    facts: Facts
    scope: Scope
    sheet: Sheet
    snapshot: Snapshot
    score: Score
    figures: Figures

    @cached_property
    def tree(self) -> Tree:
        """Why points are lost, opened level by level."""
        return explain(self.snapshot, self.score)

    @cached_property
    def thousand(self) -> Thousand:
        """The four sheets; of a part of a region only its sites count, the rest is the region's."""
        return thousand(
            self.score, [one.judged for one in self.figures.indicators],
            [one.mark for one in self.figures.documents], self.figures.satisfaction,
        )  # fmt: skip

    @cached_property
    def coverage(self) -> Mapping[str, tuple[int, int]]:
        """Site type -> (sites looked at, sites)."""
        sites: dict[str, int] = {}
        for place in self.facts.places.values():
            sites[place.site_type] = sites.get(place.site_type, 0) + 1
        seen: dict[str, int] = {}
        for visit in self.snapshot.visits:
            seen[visit.site_type] = seen.get(visit.site_type, 0) + 1
        return {key: (seen.get(key, 0), n) for key, n in sites.items()}


def standing(
    region: Region, as_of: datetime, *, scope: Scope | None = None, sheet: str = PLAIN_SHEET,
    own: bool = False,
) -> Standing:  # fmt: skip
    """Score a region (or a part of it) as it was known at a moment, by one of the shipped sheets;
    ``own``: by the looks of our own people alone.

    KeyError for a sheet that does not exist.
    """
    part, rules = scope or Scope(), shipped()[sheet]
    facts = gather(region, as_of)
    facts = part.of(facts.of_own() if own else facts)
    snapshot = snapshot_of(facts)
    return Standing(facts, part, rules, snapshot, score(snapshot, rules), figures(region, as_of))

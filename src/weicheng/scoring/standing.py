"""Where a region stands at a moment: the score on site, all four sheets, and what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from weicheng.scoring.facts import Facts, gather
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
from weicheng.scoring.snapshots import snapshot_of

if TYPE_CHECKING:
    from datetime import datetime

    from weicheng.places.models import Region
    from weicheng.scoring.reckoning import Visit

__all__ = ["Counts", "Scope", "Standing", "standing"]

WHOLE, TOWN, TYPE, UNIT = "whole", "town", "type", "unit"
PLAIN_SHEET = "deduction"


@dataclass(frozen=True)
class Scope:
    """What part of a region is scored: all of it, a town, a site type, or a unit's sites."""

    kind: str = WHOLE
    key: str = ""

    def keeps(self, visit: Visit) -> bool:
        """Whether a visit belongs to it."""
        if self.kind == TOWN:
            return visit.town == self.key
        if self.kind == TYPE:
            return visit.site_type == self.key
        return self.kind != UNIT or self.key in visit.units


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
    region: Region, as_of: datetime, *, scope: Scope | None = None, sheet: str = PLAIN_SHEET
) -> Standing:
    """Score a region (or a part of it) as it was known at a moment, by one of the shipped sheets.

    KeyError for a sheet that does not exist.
    """
    part, rules = scope or Scope(), shipped()[sheet]
    facts = gather(region, as_of)
    snapshot = snapshot_of(facts)
    if part.kind != WHOLE:
        snapshot = snapshot.only(part.keeps)
    return Standing(facts, part, rules, snapshot, score(snapshot, rules), figures(region, as_of))

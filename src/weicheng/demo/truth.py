"""How the places of the demo district really are: whether a check of a site would fail on a day.

No assessor sees it, and the forecast is not told how it is made: rates are beta-like with heavy
tails by place, bad estates cluster by community, and everything mends slowly over the sixty days.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import exp

from weicheng.demo.dice import Dice

#: How often a check of each severity fails at an ordinary place on the first day.
RATES = {"minor": 0.13, "normal": 0.10, "serious": 0.06, "key": 0.018}
#: Days after which a place may have become another place.
SPELL = 23
MENDING = 0.7  # less on the logit scale by the last day


@dataclass(frozen=True)
class Fact:
    """One check of one site type, as far as the truth needs it."""

    key: str
    severity: str


@dataclass(frozen=True)
class Truth:
    """One site with its hidden badness on the logit scale."""

    site: int
    site_type: str
    community: str

    @cached_property
    def badness(self) -> float:
        """0 = ordinary; one place in twelve is in a bad way, one community in six neglected."""
        own = Dice("place", self.site)
        kind = Dice("type", self.site_type).gauss(0.0, 0.45)
        near = Dice("community", self.community)
        found = own.gauss(0.0, 0.5) + kind + near.gauss(0.0, 0.3)
        if own.happens(1 / 12):
            found += own.span(1.0, 2.6)
        return found + (0.8 if near.happens(1 / 6) else 0.0)

    def fails(self, check: Fact, day: int, *, strictness: float = 0.0) -> bool:
        """Whether the check fails on a day (0 = the first) for an assessor so strict (logit)."""
        rate = RATES[check.severity]
        shift = self.badness + strictness - MENDING * day / 60
        chance = 1 / (1 + (1 - rate) / rate * exp(-shift))
        spell = (day + self.site % SPELL) // SPELL
        return Dice("check", self.site, check.key, spell).random() < chance

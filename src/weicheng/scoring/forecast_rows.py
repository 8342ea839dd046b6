"""The rows of the page 能不能过: names and figures as they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from weicheng.scoring import sentences
from weicheng.standards.models import Aspect
from weicheng.standards.models.reader import in_language

THIN: Final = 0.9


@dataclass(frozen=True)
class AspectRow:
    """Points kept in one aspect; ``x_*`` on a bar of 400; ``lines`` over it: (name, points, of a
    hundred)."""

    row: Aspect
    of: int
    p10: int
    p50: int
    p90: int
    lines: Sequence[tuple[str, str, str]]

    @property
    def is_thin(self) -> bool:
        """Whether more than a tenth is likely to be lost."""
        return self.p50 < THIN * self.of

    @property
    def name(self) -> str:
        """The aspect's name."""
        return in_language(self.row)

    @property
    def kept(self) -> str:
        """The likeliest, in points."""
        return sentences.points(self.p50)

    @property
    def low(self) -> str:
        """The low end, in points."""
        return sentences.points(self.p10)

    @property
    def high(self) -> str:
        """The high end, in points."""
        return sentences.points(self.p90)

    @property
    def full(self) -> str:
        """All that can be had, in points."""
        return sentences.points(self.of)

    @property
    def lost_points(self) -> str:
        """What is likely to be lost, in points."""
        return str(round(self.of / 1000) - round(self.p50 / 1000))

    def _x(self, milli: int) -> str:
        return f"{400 * milli / (self.of or 1):.1f}"

    @property
    def x10(self) -> str:
        """Where the low end stands."""
        return self._x(self.p10)

    @property
    def x50(self) -> str:
        """Where the likeliest stands."""
        return self._x(self.p50)

    @property
    def x90(self) -> str:
        """Where the high end stands."""
        return self._x(self.p90)


@dataclass(frozen=True)
class PartRow:
    """One part of the width: percent of the variance, and alone so many points up or down."""

    words: str
    percent: int
    half: str


@dataclass(frozen=True)
class Sink:
    """What costs points: a name, the expected loss in milli, its address's key."""

    key: str
    name: str
    loss: int
    of: int
    percent: int

    @property
    def lost_points(self) -> str:
        """The expected loss in points."""
        return sentences.points(self.loss, 1)


@dataclass(frozen=True)
class SheetRow:
    """One sheet of the 1000: likely milli, whether its points are sure, the share we know of."""

    name: str
    milli: int
    of: int
    certainty: str
    estimate: bool
    known: int

    @property
    def points(self) -> str:
        """The likeliest, in points."""
        return sentences.points(self.milli)

    @property
    def of_points(self) -> str:
        """All that can be had, in points."""
        return sentences.points(self.of)


@dataclass(frozen=True)
class TypeRow:
    """How many sites of a type were ever seen, and lately."""

    name: str
    sites: int
    seen: int
    seen_lately: int

    @property
    def never(self) -> int:
        """Sites of it that nobody ever looked at."""
        return self.sites - self.seen

    @property
    def is_thin(self) -> bool:
        """Whether less than half of it was ever seen."""
        return 2 * self.seen < self.sites

    @property
    def ever(self) -> str:
        """The share ever seen."""
        return sentences.percent(self.seen, self.sites)

    @property
    def lately(self) -> str:
        """The share seen lately."""
        return sentences.percent(self.seen_lately, self.sites)


@dataclass(frozen=True)
class GateRow:
    """A gate: of a hundred assessments so many find it broken; empty where no check tells."""

    name: str
    is_must: bool
    times: str

"""How far two looks at the same thing agree beyond chance: Cohen's kappa with its interval.

Pure. Figures are of a check, never of a person: pairs come without names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

#: Fewer pairs give no figure (own default): the interval would cover nearly everything.
FEWEST = 10
_Z = 1.959963984540054  # two-sided 95 %


@dataclass(frozen=True)
class Agreement:
    """``n`` pairs, of which ``agreed`` gave the same answer, ``both`` of them failed.

    ``kappa`` in -1..1 with its 95 % interval ``low``..``high``; None below the floor on n
    (``few``), and where every answer was the same, so that chance alone would agree too.
    """

    n: int
    agreed: int
    both: int
    kappa: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def few(self) -> bool:
        """Whether there are too few pairs for a figure."""
        return self.n < FEWEST

    @property
    def percent(self) -> int:
        """Whole percent of pairs with the same answer."""
        return round(100 * self.agreed / self.n) if self.n else 0


def agreement(pairs: Iterable[tuple[bool, bool]]) -> Agreement:
    """Cohen's kappa (Cohen 1960) of pairs of yes-or-no answers.

    The interval is the Wilson score interval (Wilson 1927) of the observed agreement, carried
    through kappa's formula with the agreement by chance held at its estimate: unlike the usual
    large-sample one it does not shrink to nothing when all pairs agree.
    """
    answers = list(pairs)
    n = len(answers)
    agreed = sum(first == second for first, second in answers)
    both = sum(first and second for first, second in answers)
    if n < FEWEST:
        return Agreement(n, agreed, both)
    one = sum(first for first, _second in answers) / n
    two = sum(second for _first, second in answers) / n
    chance = one * two + (1 - one) * (1 - two)
    if chance >= 1:
        return Agreement(n, agreed, both)

    def beyond(share: float) -> float:
        return (share - chance) / (1 - chance)

    low, high = wilson(agreed, n)
    return Agreement(n, agreed, both, beyond(agreed / n), max(beyond(low), -1.0), beyond(high))


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a share, inside 0..1."""
    share, z2 = hits / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    low = 0.0 if hits == 0 else max(middle - half, 0.0)
    return low, 1.0 if hits == n else min(middle + half, 1.0)

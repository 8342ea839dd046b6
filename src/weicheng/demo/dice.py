"""Chance with a fixed seed: the same words give the same throws on every machine."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice(random.Random):
    """A generator seeded by words; never used where secrecy matters."""

    def __init__(self, *words: object) -> None:
        super().__init__("/".join(str(word) for word in words))

    def span(self, low: float, high: float) -> float:
        """A number between `low` and `high`."""
        return low + (high - low) * self.random()

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.random() * (high - low + 1))

    def one(self, things: Sequence[T]) -> T:
        """One of `things`."""
        return things[int(self.random() * len(things))]

    def happens(self, chance: float) -> bool:
        """True with probability `chance`."""
        return self.random() < chance

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One key of `weights`, by its weight."""
        left = self.random() * sum(weights.values())
        for key, weight in weights.items():
            left -= weight
            if left < 0:
                return key
        return next(reversed(list(weights)))

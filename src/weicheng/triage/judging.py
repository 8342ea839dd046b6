"""The answer for a text: kinds it may be, or that it lies outside, how sure, by which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from weicheng.triage.features import features
from weicheng.triage.lexicon import OUTSIDE, Lexicon, Said
from weicheng.triage.prior import ANYWHERE, prior, unsaid
from weicheng.triage.weights import Vector, Weights, softmax, weighed

LIKELY, MAYBE = 0.8, 0.5
"""From here on a proposal is 很像, or 可能; below it is 不确定."""
OUTSIDE_FROM = 0.6
"""A text counts as outside from here on: to miss a matter of the campaign is the worse error."""
LEAST = 0.03
RAISED = 1.0
"""A class is offered if a word speaks for it, or if what was learnt lifts it by this much."""


@dataclass(frozen=True)
class Proposal:
    """A kind's key, or with ``outside`` the key of a category; 0 to 1; the words that decided."""

    key: str
    outside: bool
    confidence: float
    words: tuple[str, ...]


class Judge:
    """The words and the model, made ready once; good for any number of texts."""

    def __init__(self, lexicon: Lexicon, weights: Weights | None = None) -> None:
        self._lexicon = lexicon
        self.classes = (*lexicon.classes, ANYWHERE)
        self.place = {key: n for n, key in enumerate(self.classes)}
        self.start = unsaid(self.classes)
        self._weights = weights.fitted(self.classes) if weights else Weights.nought(self.classes)
        self._learnt = weights is not None
        self._outside = np.array([key.startswith(OUTSIDE) for key in self.classes])

    def shares(self, text: str) -> tuple[Vector, dict[str, Said], NDArray[np.bool_]]:
        """How likely each class is, what the words said, and which classes anything speaks for."""
        said = self._lexicon.said(text)
        logits = prior(self.start, self.place, said, len(text))
        if self._learnt:
            added = self._weights.add(features(text))
            logits = weighed(logits, added, self._outside)
        return softmax(logits), said, logits - self.start > RAISED

    def propose(self, text: str, limit: int = 3) -> list[Proposal]:
        """The answer first, then what else it may be; nothing when nothing can be told.

        A text that lies outside has that first and its likeliest kinds after it. Else the kinds
        come alone, at most ``limit`` of them.
        """
        shares, said, spoken = self.shares(text)
        inside = np.where(self._outside, 0, shares)
        best = np.argsort(-inside, kind="stable")[:limit]
        found = [
            Proposal(key, outside=False, confidence=float(shares[n]), words=_words(said, key))
            for n in best
            if spoken[n] and shares[n] >= LEAST and (key := self.classes[n])
        ]
        beyond = float(shares[self._outside].sum())
        if beyond < OUTSIDE_FROM:
            return found
        where = self.classes[int(np.where(self._outside, shares, 0).argmax())]
        told = Proposal(where.removeprefix(OUTSIDE), True, beyond, _words(said, where))
        return [told, *found]

    def lesson(self, text: str) -> tuple[bytes, dict[str, float]]:
        """What is kept of a decided text: its numbers, and what the words said of each class."""
        said = self._lexicon.said(text)
        logits = prior(self.start, self.place, said, len(text))
        kept = {key: round(float(logits[self.place[key]]), 3) for key in (*said, ANYWHERE)}
        return features(text).tobytes(), kept


def _words(said: dict[str, Said], key: str) -> tuple[str, ...]:
    return said[key].words if key in said else ()


def answer(proposals: Sequence[Proposal]) -> Proposal | None:
    """What is proposed first, if anything."""
    return proposals[0] if proposals else None

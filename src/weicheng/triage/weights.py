"""The small model: a softmax over classes on top of what the words say, taught by decided texts.

Without lessons its weights are nought and the words decide alone. The same lessons in the same
order give the same weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from weicheng.triage.features import BUCKETS

Vector = NDArray[np.float32]
ROUNDS = 6
STEP = 0.5
BALANCE = 0.3
SHRINK = 1e-4
"""How much of a weight each step takes back, so that rare pairs of characters stay small."""


Taught = tuple[NDArray[np.uint16], Vector, Sequence[str]]
"""A decided text: its numbers, what the words said of every class, and the classes it may be."""


@dataclass
class Weights:
    """One row of numbers for each bucket, one column for each class."""

    classes: tuple[str, ...]
    table: NDArray[np.float32]

    @classmethod
    def nought(cls, classes: Sequence[str]) -> Weights:
        """Weights that know nothing."""
        return cls(tuple(classes), np.zeros((BUCKETS, len(classes)), dtype=np.float32))

    def fitted(self, classes: Sequence[str]) -> Weights:
        """The same weights for another list of classes; a new class starts at nought."""
        made = Weights.nought(classes)
        place = {key: n for n, key in enumerate(self.classes)}
        for n, key in enumerate(made.classes):
            if key in place:
                made.table[:, n] = self.table[:, place[key]]
        return made

    def add(self, features: NDArray[np.uint16]) -> Vector:
        """What the numbers of a text add to each class."""
        if not len(features):
            return np.zeros(len(self.classes), dtype=np.float32)
        found: Vector = self.table.take(features, axis=0).sum(axis=0) / np.float32(
            len(features) ** 0.5
        )
        return found


def softmax(logits: Vector) -> Vector:
    """Probabilities that sum to one."""
    raised = np.exp(logits - logits.max())
    found: Vector = raised / raised.sum()
    return found


def weighed(said: Vector, added: Vector, outside: NDArray[np.bool_]) -> Vector:
    """What the words say together with what was learnt.

    Which kind, or which category outside, is learnt in full; whether it is ours at all moves by
    ``BALANCE`` of what was learnt, as the office's lessons are not drawn evenly.
    """
    found = said + added
    was = _mass(said[outside]) - _mass(said[~outside])
    now = _mass(found[outside]) - _mass(found[~outside])
    found[outside] += (was - now) * np.float32(1 - BALANCE)
    return found


def _mass(logits: Vector) -> float:
    most = float(logits.max())
    return most + float(np.log(np.exp(logits - most).sum()))


def taught(classes: Sequence[str], lessons: Sequence[Taught]) -> Weights:
    """Weights learnt from the lessons; the steps of a number shrink as it comes again."""
    made = Weights.nought(classes)
    place = {key: n for n, key in enumerate(made.classes)}
    steps = np.full(BUCKETS, 1e-3, dtype=np.float32)
    order = np.random.default_rng(len(lessons))
    for _round in range(ROUNDS):
        for n in order.permutation(len(lessons)):
            numbers, logits, answers = lessons[n]
            right = [place[key] for key in answers if key in place]
            if right and len(numbers):
                _step(made, steps, numbers, logits, right)
    return made


def _step(
    made: Weights, steps: Vector, numbers: NDArray[np.uint16], logits: Vector, right: Sequence[int]
) -> None:
    share = softmax(logits + made.add(numbers))
    wanted = np.zeros_like(share)
    wanted[right] = share[right] / max(float(share[right].sum()), 1e-9)
    wanted[right[0]] += 1e-3
    slope = (share - wanted) / np.float32(np.sqrt(len(numbers)))
    steps[numbers] += np.float32((slope**2).sum())
    rows = made.table[numbers]
    pace = (STEP / np.sqrt(steps[numbers]))[:, None]
    made.table[numbers] = rows - pace * slope - SHRINK * rows

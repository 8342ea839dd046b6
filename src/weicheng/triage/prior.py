"""From what the words say to how likely each class is, before anything was learnt."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from weicheng.triage.lexicon import OUTSIDE, Said
from weicheng.triage.weights import Vector

POWER = 1.7
"""A class is as likely as its score to this power."""
UNSAID, UNSAID_OUTSIDE = 0.27, -1.26
"""What all kinds, and all categories outside, have together while no word speaks for one of them:
shared by each alike, however many there are. A score of one has nought."""
ELSEWHERE, LENGTH = -4.0, 5.0
SHORT, LONG = 30, 90
"""A line of an inspector is short; what is long and says no word of ours is meant for others."""
ANYWHERE = OUTSIDE
"""The class of what is not the campaign's matter and of no category that can be told."""


def unsaid(classes: Sequence[str]) -> Vector:
    """What each class has before a word is read."""
    outside = np.array([key.startswith(OUTSIDE) for key in classes])
    many = max(int((~outside).sum()), 1), max(int(outside.sum()) - 1, 1)
    each = UNSAID - math.log(many[0]), UNSAID_OUTSIDE - math.log(many[1])
    return np.where(outside, each[1], each[0]).astype(np.float32)


def _letter(length: int) -> float:
    """0 for a short line to 1 for a letter."""
    return max(min(length, LONG) - SHORT, 0) / (LONG - SHORT)


def prior(start: Vector, place: Mapping[str, int], said: Mapping[str, Said], length: int) -> Vector:
    """What the words alone give each class; a long text that says none of them lies outside.

    ``start``: what each has unsaid; ``place``: the number of each class.
    """
    found = start.copy()
    found[place[ANYWHERE]] = ELSEWHERE + LENGTH * _letter(length)
    for key, one in said.items():
        found[place[key]] = POWER * math.log(one.score)
    return found

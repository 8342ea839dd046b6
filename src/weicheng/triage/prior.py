"""From what the words say to how likely each class is, before anything was learnt."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from weicheng.triage.lexicon import HEAD, OUTSIDE, READ, Said
from weicheng.triage.weights import Vector

POWER = 1.7
"""A class is as likely as its score to this power."""
UNSAID = -4.2
"""What a class has that no word speaks for; a score of one has nought."""
ELSEWHERE = -4.0
LENGTH = 5.5
ANYWHERE = OUTSIDE
"""The class of what is not the campaign's matter and of no category that can be told."""


def prior(place: Mapping[str, int], said: Mapping[str, Said], length: int) -> Vector:
    """What the words alone give each class; a long text that says none of them lies outside.

    ``place``: the number of each class.
    """
    found = np.full(len(place), UNSAID, dtype=np.float32)
    found[place[ANYWHERE]] = ELSEWHERE + LENGTH * max(min(length, READ) - HEAD // 2, 0) / READ
    for key, one in said.items():
        found[place[key]] = POWER * math.log(one.score)
    return found

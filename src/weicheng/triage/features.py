"""A text as a set of numbers: its pairs and triples of characters, hashed past reading back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 14
READ = 150
"""Characters of a text that are looked at: what a message is about stands at its head."""

_PAIR = np.uint64(0x9E3779B97F4A7C15)
_TRIPLE = np.uint64(0xC2B2AE3D27D4EB4F)
_FOLD = np.uint64(64 - 14)


def features(text: str) -> NDArray[np.uint16]:
    """The numbers of a text, each once, in order."""
    read = text[:READ].lower()
    codes = np.frombuffer(read.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < 2:
        return np.empty(0, dtype=np.uint16)
    pairs = codes[:-1] * np.uint64(1 << 21) + codes[1:]
    triples = pairs[:-1] * np.uint64(1 << 21) + codes[2:]
    hashed = np.concatenate([pairs * _PAIR, triples * _TRIPLE]) >> _FOLD
    return np.unique(hashed.astype("<u2"))

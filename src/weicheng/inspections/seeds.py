"""Seeds of a draw: made in secret, sealed before it, shown after it, and the numbers they give.

Randomness is HMAC-SHA-256 (RFC 2104, FIPS 180-4) over a counter, whole numbers by rejection: the
same seed gives the same numbers on every machine, in every version of Python, without floats.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TypeVar

T = TypeVar("T")

SEED_BYTES = 32
_SEAL = b"weicheng seal 1"
_NUMBERS = b"weicheng numbers 1"
_GROUP = 4  # hex digits between two spaces of a printed seed


def new_seed() -> bytes:
    """A secret of 32 bytes from the operating system."""
    return secrets.token_bytes(SEED_BYTES)


def printed(seed: bytes) -> str:
    """The seed as people read it to each other: hex digits in groups of four."""
    digits = seed.hex()
    return " ".join(digits[i : i + _GROUP] for i in range(0, len(digits), _GROUP))


def read(text: str) -> bytes:
    """The seed from its printed form; spaces and capitals do not matter. Else ValueError."""
    seed = bytes.fromhex("".join(text.split()))
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a seed has {SEED_BYTES} bytes, not {len(seed)}")
    return seed


def seal(seed: bytes, plan_id: str) -> str:
    """The seal of a seed: 64 hex digits, SHA-256 of the plan's id and the seed.

    It can be shown before the draw: it tells nothing of the seed, and no other seed and no other
    plan opens it.
    """
    plan = plan_id.encode()
    return hashlib.sha256(_framed(_SEAL) + _framed(plan) + _framed(seed)).hexdigest()


def opens(seed: bytes, sealed: str, plan_id: str) -> bool:
    """Whether this is the seed that was sealed for this plan."""
    return hmac.compare_digest(seal(seed, plan_id).encode(), sealed.strip().lower().encode())


def _framed(part: bytes) -> bytes:
    """A part with its length before it, so that no two lists of parts read the same."""
    return len(part).to_bytes(8, "big") + part


class Numbers:
    """The numbers that a seed gives under a label; each label has a row of its own."""

    def __init__(self, seed: bytes, *label: str) -> None:
        framed = b"".join(_framed(word.encode()) for word in label)
        self._key = hmac.digest(seed, _framed(_NUMBERS) + framed, "sha256")
        self._counter = 0
        self._pool = b""

    def below(self, bound: int) -> int:
        """A whole number from 0 to `bound` - 1, each equally likely."""
        if bound < 1:
            raise ValueError("the bound must be at least 1")
        bits = (bound - 1).bit_length()
        size, spare = (bits + 7) // 8, -bits % 8
        while True:
            number = int.from_bytes(self._take(size), "big") >> spare
            if number < bound:
                return number

    def some(self, things: list[T], count: int) -> list[T]:
        """`count` of `things` in random order, each set and order equally likely."""
        left = list(things)
        for place in range(count):
            other = place + self.below(len(left) - place)
            left[place], left[other] = left[other], left[place]
        return left[:count]

    def _take(self, size: int) -> bytes:
        while len(self._pool) < size:
            self._pool += hmac.digest(self._key, self._counter.to_bytes(8, "big"), "sha256")
            self._counter += 1
        taken, self._pool = self._pool[:size], self._pool[size:]
        return taken

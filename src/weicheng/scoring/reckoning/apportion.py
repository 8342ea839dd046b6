"""Whole numbers for exact parts: parts add up to their parent without a remainder."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor, lcm


def nearest(value: Fraction) -> int:
    """The nearest whole number, halves upwards."""
    return floor(value + Fraction(1, 2))


def apportion(whole: int, exact: Sequence[Fraction], keys: Sequence[str]) -> list[int]:
    """Whole parts, in the order given, that add up to ``whole``; each is floor or ceiling of its
    exact value, so that whole parts stay what they are.

    Largest remainder; equal remainders go to the smaller key first. ``whole`` must be floor or
    ceiling of the exact sum, else ValueError.
    """
    if not exact:
        if whole:
            raise ValueError("a whole without parts")
        return []
    scale = lcm(*{value.denominator for value in exact})
    over = [value.numerator * (scale // value.denominator) for value in exact]
    parts = [value // scale for value in over]
    rests = [value % scale for value in over]
    missing = whole - sum(parts)
    broken = [n for n, rest in enumerate(rests) if rest]
    if not 0 <= missing <= len(broken):
        raise ValueError("the whole is not the rounded sum of its parts")
    for n in sorted(broken, key=lambda n: (-rests[n], keys[n]))[:missing]:
        parts[n] += 1
    return parts


def spread(milli: int, keys: Sequence[str]) -> dict[str, int]:
    """Equal shares of ``milli`` for the keys, whole and adding up; smaller keys get the rest."""
    if not keys:
        return {}
    each = Fraction(milli, len(keys))
    return dict(zip(keys, apportion(milli, [each] * len(keys), keys), strict=True))

"""红黄绿灯 against our own warning lines: what those see who do not see the chance.

Red: the likeliest total lies below the lowest line. Green: on or above the highest. Amber: between
them, or, with one line, less than ``NEAR`` above or below it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from weicheng.people.roles import Role
from weicheng.scoring.models import WarningLine
from weicheng.scoring.permissions import may_see_scores
from weicheng.scoring.running import latest
from weicheng.scoring.words import AMBER, GREEN, RED, light_words

if TYPE_CHECKING:
    from datetime import datetime

    from weicheng.places.models import Region

#: Points (milli) around a single line that are too near to call.
NEAR: Final = 10_000


@dataclass(frozen=True)
class Light:
    """A colour with its words and the moment of its facts; it carries no number."""

    colour: str
    words: str
    as_of: datetime


def light(region: Region, user: Any) -> Light | None:
    """The light of a region for somebody who sees its score (or leads an area of it); None without
    a forecast or without a line."""
    if not (may_see_scores(user, region) or (user.role == Role.AREA and user.is_active)):
        return None
    run = latest(region)
    lines = WarningLine.objects.filter(region=region, active=True, aspect="")
    milli = sorted(lines.values_list("milli", flat=True))
    if run is None or not milli:
        return None
    colour = colour_of(run.result["quota"]["p50"], milli)
    return Light(colour, light_words(colour), run.as_of)


def colour_of(likeliest: int, lines: list[int]) -> str:
    """The colour of a likeliest total against lines, lowest first; all milli."""
    low, high = lines[0], lines[-1]
    if low == high:
        low, high = low - NEAR, high + NEAR
    if likeliest >= high:
        return GREEN
    return RED if likeliest < low else AMBER

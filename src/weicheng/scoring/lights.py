"""红黄绿灯 against our own warning lines: what those see who do not see the chance.

Red: the likeliest total lies below the lowest line. Green: on or above the highest. Amber: between
them, or, with one line, less than ``NEAR`` above or below it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from weicheng.people.roles import Role
from weicheng.scoring.models import WarningLine
from weicheng.scoring.permissions import may_see_scores
from weicheng.scoring.running import finished
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
    lines = WarningLine.objects.filter(region=OuterRef("region"), active=True, aspect="")
    found = (
        finished(region)
        .annotate(lines=ArraySubquery(lines.values("milli").order_by("milli")))
        .values_list("result__quota__p50", "lines", "as_of")
        .first()
    )
    if found is None or not found[1]:
        return None
    likeliest, milli, as_of = found
    colour = colour_of(likeliest, milli)
    return Light(colour, light_words(colour), as_of)


def colour_of(likeliest: int, lines: list[int]) -> str:
    """The colour of a likeliest total against lines, lowest first; all milli."""
    low, high = lines[0], lines[-1]
    if low == high:
        low, high = low - NEAR, high + NEAR
    if likeliest >= high:
        return GREEN
    return RED if likeliest < low else AMBER

"""红黄绿灯 against our own warning lines: what those see who do not see the chance.

Red: the likeliest lies below the lowest line. Green: on or above the highest. Amber: between them,
or, with one line, less than a hundredth of all points above or below it. Only the two draw lines:
who could move them at will would feel for the likeliest with the colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from weicheng.people.roles import Role
from weicheng.scoring.models import WarningLine
from weicheng.scoring.permissions import may_see_scores
from weicheng.scoring.running import finished
from weicheng.scoring.words import AMBER, GREEN, RED, light_words

if TYPE_CHECKING:
    from datetime import datetime

    from weicheng.places.models import Region

#: The part of all points around a single line that is too near to call.
NEAR: Final = 100
WHOLE: Final = 1_000_000


@dataclass(frozen=True)
class Light:
    """A colour with its words and the moment of its facts; it carries no number."""

    colour: str
    words: str
    as_of: datetime


def light(region: Region, user: Any) -> Light | None:
    """The light of a region for somebody who sees its score (or leads an area of it); None without
    a forecast or without a line."""
    return lights(region, user).get("")


def lights(region: Region, user: Any) -> dict[str, Light]:
    """The light over the total (under the empty key) and over each aspect that has a line. One
    query."""
    if not (may_see_scores(user, region) or (user.role == Role.AREA and user.is_active)):
        return {}
    lines = WarningLine.objects.filter(region=OuterRef("region"), active=True)
    told = lines.order_by("milli").values(pair=JSONObject(aspect="aspect", milli="milli"))
    found = (
        finished(region)
        .annotate(lines=ArraySubquery(told))
        .values_list("result__quota__p50", "result__quota__aspects", "lines", "as_of")
        .first()
    )
    if found is None:
        return {}
    likeliest, aspects, rows, as_of = found
    known = {"": (likeliest, WHOLE), **{row["key"]: (row["p50"], row["of"]) for row in aspects}}
    milli: dict[str, list[int]] = {}
    for row in rows:
        milli.setdefault(row["aspect"], []).append(row["milli"])
    return {
        key: Light(colour := colour_of(known[key][0], drawn, known[key][1]),
                   light_words(colour), as_of)
        for key, drawn in milli.items() if key in known
    }  # fmt: skip


def colour_of(likeliest: int, lines: list[int], of: int = WHOLE) -> str:
    """The colour of the likeliest points of so many against lines, lowest first; all milli."""
    low, high = lines[0], lines[-1]
    if low == high:
        low, high = low - of // NEAR, high + of // NEAR
    if likeliest >= high:
        return GREEN
    return RED if likeliest < low else AMBER

"""Who may see scores and the chance of passing, and who may write the figures behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from weicheng.people.roles import REGION_WIDE, Role
from weicheng.scoring.models import ForecastSwitch
from weicheng.scoring.models.seats import seats_of

if TYPE_CHECKING:
    from weicheng.places.models import Region


def may_see_scores(user: Any, region: Region) -> bool:
    """Whether this person sees the score of a region: who sees the region as a whole."""
    if user.role not in REGION_WIDE or not user.is_active:
        return False
    return bool(set(user.scopes()) & set(region.ancestors))


def may_write_values(user: Any, region: Region) -> bool:
    """Whether this person keeps the figures of a region: its office."""
    return user.role == Role.OFFICE and may_see_scores(user, region)


def holds_the_switch(user: Any, region: Region) -> bool:
    """Whether this person is one of the two: the commander, or the director of the office, of
    exactly this region (see ``models.seats``)."""
    return region.pk in seats_of(user)


def may_draw_lines(user: Any, region: Region) -> bool:
    """Whether this person draws our warning lines: the two alone. The light holds the likeliest
    total against them, so whoever moves a line at will can feel for the total."""
    return holds_the_switch(user, region)


def is_switched_on(region: Region) -> bool:
    """Whether the chance of passing is shown to the two at all; off until one of them said so."""
    latest = ForecastSwitch.objects.filter(region=region).first()
    return latest is not None and latest.on


def may_see_chance(user: Any, region: Region) -> bool:
    """Whether this person sees the chance and the curve now."""
    return holds_the_switch(user, region) and is_switched_on(region)


def region_of(user: Any) -> Region | None:
    """The region whose score this person looks at: that of the first unit worked in."""
    return next((unit.region for unit in user.working_units() if unit.region is not None), None)


def is_one_of_the_two(user: Any) -> bool:
    """Whether this person may hold the switch of the region whose score they look at."""
    if getattr(user, "person_id", None) is None:
        return False
    region = region_of(user)
    return region is not None and holds_the_switch(user, region)

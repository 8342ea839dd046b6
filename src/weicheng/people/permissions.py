"""Who may change units, persons, posts and regions: the office, inside its own region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from weicheng.people.models import SEATS, Unit, UnitKind
from weicheng.places.permissions import may_edit_in

if TYPE_CHECKING:
    from uuid import UUID

    from weicheng.places.models import Region

SEAT_KINDS: Final = frozenset(SEATS.values())
_SEATED: Final = ("kind", "head", "active", "parent")


def may_edit_unit(user: Any, unit: Unit) -> bool:
    """Whether this user keeps the unit and its posts."""
    return unit.region is not None and may_edit_in(user, unit.region)


def may_seat(user: Any, region: Region) -> bool:
    """Whether this user says who heads the leaders and the office of a region: the office's own
    director; while there is none, whoever keeps the units."""
    heads = directors_of(region)
    return not heads or user.person_id in heads


def may_name_head(user: Any, unit: Unit) -> bool:
    """Whether this user, who keeps the unit, may say who heads it."""
    return unit.kind not in SEAT_KINDS or unit.region is None or may_seat(user, unit.region)


def directors_of(region: Region) -> set[UUID]:
    """The persons who head the office of a region."""
    offices = Unit.objects.filter(region=region, kind=UnitKind.OFFICE, active=True)
    return {head for head in offices.values_list("head", flat=True) if head is not None}


def keeps_the_seats(
    user: Any, unit: Unit | None, region: Region, values: Mapping[str, Any]
) -> bool:
    """Whether these values leave the seats of the commander and the director as they are, or this
    user may change them."""
    kinds = {values.get("kind"), unit.kind if unit is not None else None}
    if not kinds & SEAT_KINDS:
        return True
    if unit is None or unit.region is None:
        return may_seat(user, region)
    same = unit.region_id == region.pk
    if same and all(values[name] == getattr(unit, name) for name in _SEATED if name in values):
        return True
    return may_seat(user, region) and (same or may_seat(user, unit.region))

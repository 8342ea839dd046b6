"""Who may change units, persons, posts and regions: the office, inside its own region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from weicheng.places.permissions import may_edit_in

if TYPE_CHECKING:
    from weicheng.people.models import Unit


def may_edit_unit(user: Any, unit: Unit) -> bool:
    """Whether this user keeps the unit and its posts."""
    return unit.region is not None and may_edit_in(user, unit.region)

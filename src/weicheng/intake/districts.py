"""For which district a person of the office takes things in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from weicheng.people.directory import directory
from weicheng.places.models import RegionLevel

if TYPE_CHECKING:
    from weicheng.places.models import Region


def districts_for(user: Any) -> list[Region]:
    """The county-level regions this user works for, in the order of their codes."""
    roots = user.region_roots()
    wanted = None if roots is None else set(roots)
    found = [
        r for r in directory().regions.values()
        if r.level == RegionLevel.COUNTY and (wanted is None or wanted & set(r.ancestors))
    ]  # fmt: skip
    return sorted(found, key=lambda r: (r.code, r.name))


def district_of(user: Any, key: str = "") -> Region | None:
    """The chosen one of the user's districts, else the first; None for a user without any."""
    found = districts_for(user)
    return next((r for r in found if str(r.id) == key), found[0] if found else None)

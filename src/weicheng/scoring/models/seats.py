"""Who the two are: the commander of a region, and the director of its office.

The commander is the head of the region's leaders (区领导, its 指挥部), the director the head of its
创卫办; each with the account and the post that go with it. Nobody else, however high.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from weicheng.people.models import SEATS, Unit, UnitKind

if TYPE_CHECKING:
    from weicheng.places.models import Region


def seat(region: UUID, kind: str) -> Unit | None:
    """The one unit of a region whose head is one of the two. Of several units of leaders it is the
    one above the office; where that does not tell either, it is none."""
    found = list(Unit.objects.filter(region=region, kind=kind, active=True).select_related("head"))
    if len(found) > 1 and kind == UnitKind.LEADERS:
        above = Unit.objects.filter(region=region, kind=UnitKind.OFFICE, active=True)
        over = set(above.values_list("parent", flat=True))
        found = [unit for unit in found if unit.pk in over]
    return found[0] if len(found) == 1 else None


def seats_of(user: Any) -> set[UUID]:
    """The regions in which this person is one of the two. No query but for heads of such units."""
    kind = SEATS.get(str(user.role))
    if kind is None or not user.is_active or user.has_ended or user.person_id is None:
        return set()
    headed = {
        unit.pk: unit.region_id
        for unit in user.working_units()
        if unit.region_id is not None and unit.kind == kind and unit.head_id == user.person_id
    }
    return {
        region for pk, region in headed.items()
        if (unit := seat(region, kind)) is not None and unit.pk == pk
    }  # fmt: skip


def the_two(region: Region) -> list[Unit | None]:
    """The seats of the commander and of the director, with their heads."""
    return [seat(region.pk, kind) for kind in SEATS.values()]

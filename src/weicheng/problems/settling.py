"""Who decides when a problem was sent back and forth: the group that stands over its clause."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from weicheng.people.directory import directory
from weicheng.people.models import Unit, UnitKind
from weicheng.standards.models import Item

if TYPE_CHECKING:
    from weicheng.problems.models import Problem


def settler_of(problem: Problem, now: datetime) -> Unit | None:
    """The group that the duties name for the clause; else one of the district whose name fits the
    aspect; else the district's leaders."""
    return _by_duty(problem, now) or _by_name(problem) or _leaders(problem)


def _by_duty(problem: Problem, now: datetime) -> Unit | None:
    from weicheng.duties.resolver import accountable

    found = accountable(
        kind=problem.kind, region=problem.region_id, site=problem.site, day=timezone.localdate(now)
    )
    overseers = [u for u in (*found.supervise, found.lead) if u is not None]
    return next((u for u in overseers if u.kind == UnitKind.GROUP and u.active), None)


def _near(problem: Problem, kind: str) -> list[Unit]:
    """Units of this kind in the regions above the problem, the nearest first."""
    book = directory()
    order = book.ancestors(problem.region_id)
    found = [u for u in book.units.values() if u.kind == kind and u.active]
    near = [(order.index(u.region_id), u) for u in found if u.region_id in order]
    return [unit for _n, unit in sorted(near, key=lambda pair: (pair[0], pair[1].name))]


def _by_name(problem: Problem) -> Unit | None:
    groups = _near(problem, UnitKind.GROUP)
    item = (
        Item.objects.filter(key=problem.kind.item_key).select_related("aspect").first()
        if problem.kind.item_key
        else None
    )
    words = [problem.kind.group_zh, *([item.aspect.name_zh] if item else [])]
    for word in words:
        for group in groups:
            if len(word) > 1 and word[:2] in group.name:
                return group
    return groups[0] if len(groups) == 1 else None


def _leaders(problem: Problem) -> Unit | None:
    return next(iter(_near(problem, UnitKind.LEADERS)), None)

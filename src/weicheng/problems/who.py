"""Who asks, who counts as having acted (代录), and in which capacities they stand to a problem."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Required, TypedDict
from uuid import UUID

from django.db.models import Q

from weicheng.people.models import Person, Post, Unit, UnitKind
from weicheng.people.roles import BLIND, REGION_WIDE, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from weicheng.people.models import User
    from weicheng.problems.models import Problem


@dataclass(frozen=True)
class Behalf:
    """Somebody who acted but did not type: a named person, or a unit when no name was given."""

    unit: Unit | None = None
    person: Person | None = None
    channel: str = "phone"


class Who(TypedDict, total=False):
    """What every act is told besides its own arguments."""

    by: Required[User]
    op_id: Required[UUID]
    on_behalf_of: Behalf | None
    now: datetime | None
    occurred_at: datetime | None
    device_offset_seconds: int | None


#: What a unit of this kind may do, in the words of a role.
ROLE_OF_KIND = {
    UnitKind.OFFICE: Role.OFFICE,
    UnitKind.LEADERS: Role.LEADER,
    UnitKind.SUPERVISION: Role.INSPECTOR,
    UnitKind.TOWN: Role.TOWN,
    UnitKind.COMMUNITY: Role.COMMUNITY,
}


@dataclass(frozen=True)
class Acting:
    """The one who counts as having acted."""

    user: User
    person: Person | None
    unit: Unit | None
    role: str
    units: frozenset[UUID]
    regions: frozenset[UUID]
    behalf: Behalf | None = None
    _posts: tuple[Post, ...] = field(default=(), repr=False)

    def posted_in(self, unit: UUID, day: date) -> bool:
        """Whether this person belonged (原单位 or 工作单位) to the unit on a day or belongs now."""
        return unit in self.units or any(p.unit_id == unit and p.in_force(day) for p in self._posts)


def acting(by: User, behalf: Behalf | None, today: date) -> Acting:
    """Resolve who counts: the person behind the account, or the one on whose behalf it is typed."""
    if behalf is None:
        posts = by.posts_on(today)
        return _acting(by, by.working_units(), posts, person=by.person, role=by.role)
    if behalf.person is not None:
        posts = list(
            Post.objects.filter(
                Q(until=None) | Q(until__gte=today), person=behalf.person
            ).select_related("unit__region")
        )
        working = [p.unit for p in posts if p.sort == Post.Sort.WORKING]
        unit = behalf.unit or (working[0] if working else None)
        units = [unit] if unit else working
        return _acting(by, units, posts, person=behalf.person, role=_role(unit), behalf=behalf)
    units = [behalf.unit] if behalf.unit else []
    return _acting(by, units, [], person=None, role=_role(behalf.unit), behalf=behalf)


def _role(unit: Unit | None) -> str:
    return ROLE_OF_KIND.get(UnitKind(unit.kind), Role.UNIT) if unit else Role.UNIT


def _acting(by: User, working: Iterable[Unit], posts: Iterable[Post], **more: Any) -> Acting:
    working, posts = list(working), tuple(posts)
    return Acting(
        user=by,
        unit=working[0] if working else None,
        units=frozenset({u.id for u in working} | {p.unit_id for p in posts}),
        regions=frozenset(u.region_id for u in working if u.region_id is not None),
        _posts=posts,
        **more,
    )


def capacities(one: Acting, problem: Problem, ancestors: list[UUID]) -> frozenset[str]:
    """How this person stands to this problem, as words of the rules table.

    ``ancestors``: ids of the problem's region and of all above it.
    """
    if one.role in BLIND:
        return frozenset()
    found = _by_place(one, ancestors) | _by_duty(one, problem)
    if one.person is not None and problem.finder_id == one.person.id:
        found.add("finder")
    return frozenset(found)


#: Roles that may file what they found.
FILERS = frozenset(
    {Role.OFFICE, Role.INSPECTOR, Role.TOWN, Role.COMMUNITY, Role.AREA, Role.LEADER, Role.UNIT}
)


def _by_place(one: Acting, ancestors: list[UUID]) -> set[str]:
    if not one.regions & set(ancestors):
        return set()
    found = {"filer"} if one.user.role in FILERS else set[str]()
    if one.role in {Role.TOWN, Role.COMMUNITY}:
        return found | {"territory"}
    if one.role not in REGION_WIDE | {Role.AREA}:
        return found
    if _stands_above(one, ancestors):
        return found | {"superior"}
    if one.role == Role.LEADER:
        found.add("superior")
    return found | {str(one.role)}


def _by_duty(one: Acting, problem: Problem) -> set[str]:
    """``responsible`` for the fix, ``owing`` anything at all, ``sponsor``, or ``settler``: the
    group that decides a dispute after its third bounce."""
    if one.unit is None:
        return set()
    unit, found = one.unit.id, set[str]()
    owed = [o for o in problem.obligations.all() if o.unit_id == unit and o.state != "waived"]
    parts = {o.part for o in owed}
    if problem.lead_unit_id == unit or parts - {"support"}:
        found.add("responsible")
    if parts:
        found.add("owing")
    if problem.sponsor_unit_id == unit:
        found.add("sponsor")
    if problem.settler_unit_id == unit:
        found.add("settler")
    return found


def _stands_above(one: Acting, ancestors: list[UUID]) -> bool:
    """An office of the applicant city stands above a problem found in one of its districts."""
    levels = {u.region.level for u in [one.unit] if u is not None and u.region is not None}
    return "prefecture" in levels and len(ancestors) > 1

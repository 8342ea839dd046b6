"""Who hears of what, on one page: act or alarm → recipients and what they are told.

A recipient hears only of a problem that they may see, and never of their own act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from weicheng.notices.words import Sort
from weicheng.people.directory import directory
from weicheng.people.models import Post, UnitKind, User
from weicheng.people.roles import BLIND
from weicheng.problems.models import Event, Obligation, Party, Problem, Request, Voice

if TYPE_CHECKING:
    from datetime import date, datetime

# who hears of an act  →  as what
HEARS: dict[str, tuple[tuple[str, Sort], ...]] = {
    "dispatch":      (("lead", Sort.ASSIGNED), ("helpers", Sort.OWED),
                      ("former_lead", Sort.TAKEN_AWAY)),
    "set_long_term": (("lead", Sort.ASSIGNED), ("former_lead", Sort.TAKEN_AWAY)),
    "recall":        (("former_lead", Sort.TAKEN_AWAY),),
    "send_back":     (("lead", Sort.SENT_BACK),),
    "reopen":        (("lead", Sort.REOPENED),),
    "ask_extension": (("office", Sort.ASKED), ("leaders", Sort.ASKED)),
    "ask_pause":     (("office", Sort.ASKED),),
    "dispute":       (("office", Sort.ASKED), ("settler", Sort.SETTLE)),
    "grant":         (("asker", Sort.GRANTED), ("new_lead", Sort.ASSIGNED)),
    "deny":          (("asker", Sort.DENIED),),
    "set_due":       (("owing", Sort.TIMED),),
    "resume":        (("owing", Sort.TIMED),),
    "remark":        (("told_by_leader", Sort.LEADER_WORDS),),
    "pass_fix":      (("reporters", Sort.ANSWER),),
    "close":         (("reporters", Sort.ANSWER),),
    "decline":       (("reporters", Sort.ANSWER),),
}  # fmt: skip
ALARMS: dict[str, tuple[tuple[str, Sort], ...]] = {
    "soon":        (("owing", Sort.SOON),),
    "late":        (("owing", Sort.LATE),),
    "sign_late":   (("lead", Sort.SIGN_LATE),),
    "verify_late": (("office", Sort.VERIFY_LATE),),
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """Units whose people hear, and persons who hear by name."""

    units: frozenset[UUID] = frozenset()
    persons: frozenset[UUID] = frozenset()


@dataclass
class Matter:
    """A problem and the event that is told (none for an alarm)."""

    problem: Problem
    event: Event | None = None


Finder = Callable[[Matter], Told]


def _units(*ids: UUID | None) -> Told:
    return Told(units=frozenset(i for i in ids if i is not None))


def _lead(m: Matter) -> Told:
    return Told() if _moved_on(m) else _units(m.problem.lead_unit_id)


def _moved_on(m: Matter) -> bool:
    """Whether the matter was sent to somebody else before this sending was told."""
    lead = m.event.data.get("lead") if m.event else None
    return lead is not None and UUID(lead) != m.problem.lead_unit_id


def _owing(m: Matter) -> Told:
    """The lead and everybody else with something open on the fix; the office while undispatched."""
    if m.problem.lead_unit_id is None:
        return _office(m)
    return Told(units=_open_duties(m.problem) | {m.problem.lead_unit_id})


def _new_lead(m: Matter) -> Told:
    """The unit a settled dispute gave the matter to."""
    return _lead(m) if m.event and m.event.data.get("lead") else Told()


def _helpers(m: Matter) -> Told:
    if _moved_on(m):
        return Told()
    return Told(units=_open_duties(m.problem) - _lead(m).units)


def _open_duties(problem: Problem) -> frozenset[UUID]:
    owed = Obligation.objects.filter(problem=problem, state=Obligation.State.OPEN)
    return frozenset(owed.values_list("unit_id", flat=True))


def _former_lead(m: Matter) -> Told:
    """Whom the matter was taken from: the lead of the last sending before this act."""
    if m.event is None:
        return Told()
    before = Event.objects.filter(
        problem=m.problem, seq__lt=m.event.seq, act__in=("dispatch", "set_long_term")
    ).order_by("-seq")
    last = before.values_list("data__lead", flat=True).first()
    former = UUID(last) if last else None
    return _units(former) if former != m.problem.lead_unit_id else Told()


def _office(m: Matter) -> Told:
    """The office of the nearest region that has one."""
    return _nearest(m, UnitKind.OFFICE)


def _leaders(m: Matter) -> Told:
    """The leaders of the nearest region that has some: they may grant more time, too."""
    return _nearest(m, UnitKind.LEADERS)


def _nearest(m: Matter, kind: UnitKind) -> Told:
    book = directory()
    known = {u.region_id: u.id for u in book.units.values() if u.kind == kind and u.active}
    near = (known.get(i) for i in book.ancestors(m.problem.region_id))
    return _units(next((i for i in near if i is not None), None))


def _settler(m: Matter) -> Told:
    return _units(m.problem.settler_unit_id)


def _asker(m: Matter) -> Told:
    if m.event is None:
        return Told()
    asked = Request.objects.filter(problem=m.problem).exclude(state="waiting")
    mine = asked.filter(ended_operation=m.event.operation_id).first() or asked.last()
    if mine is None:
        return Told()
    if mine.person_id is not None:
        return Told(persons=frozenset([mine.person_id]))
    return _units(mine.unit_id)


def _told_by_leader(m: Matter) -> Told:
    """领导批示: words said by somebody of 区领导 reach the lead unit and the office."""
    unit = directory().units.get(m.event.unit) if m.event and m.event.unit else None
    if unit is None or unit.kind != UnitKind.LEADERS:
        return Told()
    return Told(units=_lead(m).units | _office(m).units)


def _reporters(m: Matter) -> Told:
    """The finder, those who said the same again, and the finders of what was merged into it."""
    voices = Voice.objects.filter(problem=m.problem, ended_operation=None, person__isnull=False)
    merged = Problem.objects.filter(merged_into=m.problem, finder__isnull=False)
    found = {m.problem.finder_id, *voices.values_list("person_id", flat=True)}
    found |= set(merged.values_list("finder_id", flat=True))
    return Told(persons=frozenset(i for i in found if i is not None))


FINDERS: dict[str, Finder] = {
    "lead": _lead, "new_lead": _new_lead, "former_lead": _former_lead, "owing": _owing,
    "helpers": _helpers, "leaders": _leaders,
    "office": _office, "settler": _settler, "asker": _asker, "told_by_leader": _told_by_leader,
    "reporters": _reporters,
}  # fmt: skip


@dataclass
class Hearers:
    """The persons who hear, each with the unit through which (None: by name)."""

    units: dict[UUID, UUID | None] = field(default_factory=dict)


def hearers(told: Told, problem: Problem, *, besides: UUID | None, now: datetime) -> Hearers:
    """Persons with an account that may see the problem; ``besides`` is the one who acted."""
    found = Hearers()
    if not told.units and not told.persons:
        return found
    today = timezone.localdate(now)
    seeing = set(Party.objects.filter(problem=problem).values_list("scope", flat=True))
    for user, unit in _accounts(told, today):
        person = user.person_id
        if person is None or person == besides or person in found.units:
            continue
        if seeing & set(user.scopes()):
            found.units[person] = unit
    return found


def _accounts(told: Told, today: date) -> Iterable[tuple[User, UUID | None]]:
    """Accounts of the units' people and of the named persons."""
    users = User.objects.filter(is_active=True).exclude(role__in=BLIND)
    posts = Post.objects.filter(
        Q(since=None) | Q(since__lte=today), Q(until=None) | Q(until__gte=today),
        unit__in=told.units, sort=Post.Sort.WORKING,
    )  # fmt: skip
    unit_of = dict(posts.values_list("person_id", "unit_id"))
    wanted = {*unit_of, *told.persons}
    for user in users.filter(person__in=wanted).select_related("person").order_by("username"):
        yield user, unit_of.get(user.person_id) if user.person_id else None

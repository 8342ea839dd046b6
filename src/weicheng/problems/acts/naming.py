"""Who answers after a handover: another named person of the lead unit, or a unit's successor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from django.utils import timezone

from weicheng.people.models import Post
from weicheng.problems import door
from weicheng.problems.models import Obligation
from weicheng.problems.parties import relations_of, strongest
from weicheng.problems.refusals import Refused

if TYPE_CHECKING:
    from datetime import date

    from weicheng.people.models import Person, Unit
    from weicheng.problems.models import Problem
    from weicheng.problems.who import Who


def name_person(
    *, problem: Problem, person: Person | None, words: str = "", **who: Unpack[Who]
) -> Problem:
    """换经办人: another named person of the same lead unit; unit and clock stay as they are."""
    body = {"person": person.id if person else None, "words": words}
    with door.enter("name_person", problem=problem, body=body, who=who) as step:
        if step.replayed:
            return step.problem
        if person is None:
            raise Refused("need_person")
        if not _works_in(person, step.problem, timezone.localdate(step.now)):
            raise Refused("not_of_lead", person=person.name, unit=str(step.problem.lead_unit))
        if step.state.person == str(person.id):
            raise Refused("same_person", person=person.name)
        step.record({"person": str(person.id), "was": step.state.person}, words=words)
    return step.problem


def succeed_unit(*, problem: Problem, unit: Unit, into: Unit, **who: Unpack[Who]) -> Problem:
    """单位承接: after a merger of units, the successor owes what the merged one owed; the clock and
    the named person stay."""
    body = {"unit": unit.id, "into": into.id}
    with door.enter("succeed_unit", problem=problem, body=body, who=who) as step:
        if step.replayed:
            return step.problem
        row, held = step.problem, relations_of(problem.id)
        step.record({"from": str(unit.id), "to": str(into.id)})
        for name in _PARTIES:
            if getattr(row, f"{name}_id") == unit.id:
                setattr(row, name, into)
        row.obligations.filter(unit=unit, state=Obligation.State.OPEN).update(unit=into)
        part = held.pop(unit.id, None)
        both = [(into.id, p) for p in (part, held.get(into.id)) if p]
        step.parties = strongest([*held.items(), *both])
    return step.problem


_PARTIES = ("lead_unit", "territory_unit", "bureau_unit", "sponsor_unit")


def _works_in(person: Person, problem: Problem, day: date) -> bool:
    posts = Post.objects.filter(person=person, unit=problem.lead_unit)
    return any(post.in_force(day) for post in posts)

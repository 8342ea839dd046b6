"""Problems follow a handover of duties: whoever took over is named on what runs, and the successor
of a merged unit owes what that unit owed; each by an act, in the name of whoever handed over."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.db.models import Q

from weicheng.people.models import Person, Unit, User
from weicheng.problems.acts.naming import name_person, succeed_unit
from weicheng.problems.models import Obligation, Problem
from weicheng.problems.refusals import Refused

if TYPE_CHECKING:
    from weicheng.journal.outbox import News

CONSUMER = "problems.following"
RUNNING = ("run", "check", "long")
OPEN = ("new", *RUNNING)


def wants(payload: dict[str, object]) -> bool:
    """Whether the news is of a handover."""
    return all(payload.get(key) for key in ("from", "to", "by"))


def hear(news: News, now: datetime) -> None:
    """Follow the handover. A problem that refuses stays as it is; heard again, nothing doubles."""
    by, operation = User.objects.get(pk=news.payload["by"]), news.operation
    if operation is None:
        return
    one, other = (UUID(str(news.payload[key])) for key in ("from", "to"))
    persons = Person.objects.in_bulk([one, other])
    units = Unit.objects.in_bulk([one, other])
    if len(persons) == 2:
        _name(persons[one], persons[other], by, operation, now)
    elif len(units) == 2:
        _succeed(units[one], units[other], by, operation, now)


def _name(person: Person, to: Person, by: User, operation: UUID, now: datetime) -> None:
    running = Problem.objects.visible_to(by).filter(person=person, status__in=RUNNING, voided=False)
    for problem in running.defer("search"):
        step = uuid5(operation, str(problem.pk))
        try:
            name_person(problem=problem, person=to, by=by, now=now, op_id=step)
        except Refused:
            continue


def _succeed(unit: Unit, into: Unit, by: User, operation: UUID, now: datetime) -> None:
    owed = Obligation.objects.filter(unit=unit, state=Obligation.State.OPEN)
    touched = Q(lead_unit=unit) | Q(pk__in=owed.values("problem_id")) | Q(territory_unit=unit)
    touched |= Q(bureau_unit=unit) | Q(sponsor_unit=unit)
    found = Problem.objects.visible_to(by).filter(touched, status__in=OPEN, voided=False)
    for problem in found.defer("search"):
        step = uuid5(operation, str(problem.pk))
        try:
            succeed_unit(problem=problem, unit=unit, into=into, by=by, now=now, op_id=step)
        except Refused:
            continue

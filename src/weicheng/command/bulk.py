"""Dispatching many problems at once, each to the unit and until the moment proposed for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext

from weicheng.command.proposals import usual_requirement
from weicheng.people.models import Person
from weicheng.problems import acts, routing
from weicheng.problems.models import Problem
from weicheng.problems.refusals import Refused


@dataclass
class Outcome:
    """What became of a bulk act: (problem, operation) of those sent, sentences for the others."""

    done: list[tuple[Problem, UUID]] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)

    def leave(self, why: str) -> None:
        """One more that was not sent."""
        self.left[why] = self.left.get(why, 0) + 1

    def words(self) -> str:
        """The note after it."""
        said = gettext("已按建议派出%(n)s件") % {"n": len(self.done)}
        rest = [
            gettext("%(n)s件没有派：%(why)s") % {"n": n, "why": why} for why, n in self.left.items()
        ]
        return gettext("。").join([said, *rest])


def dispatch_as_proposed(user: Any, chosen: Sequence[UUID], *, base: UUID) -> Outcome:
    """Send each as proposed, until the time its rule grants. Operation ids follow from ``base``:
    a repeat repeats nothing."""
    day, outcome = timezone.localdate(), Outcome()
    found = Problem.objects.visible_to(user).select_related("kind", "site").filter(pk__in=chosen)
    problems = list(found.defer("search").order_by("filed_at", "id"))
    offers = [routing.of_problem(problem, day) for problem in problems]
    persons = Person.objects.in_bulk([offer.person for offer in offers if offer.person])
    for problem, offer in zip(problems, offers, strict=True):
        operation = uuid5(base, str(problem.pk))
        if offer.last_resort:
            outcome.leave(gettext("没有找到责任单位，请打开单独派"))
            continue
        person = persons.get(offer.person) if offer.person else None
        try:
            acts.dispatch(
                problem=problem, lead=offer.lead, person=person, verifier=offer.verifier,
                duties=[acts.Duty(unit, part) for unit, part in offer.others],
                requirement=problem.requirement or usual_requirement(), by=user, op_id=operation,
            )  # fmt: skip
            outcome.done.append((problem, operation))
        except Refused as refused:
            outcome.leave(refused.sentence().rstrip("。."))
    return outcome


def text_of(pairs: Iterable[tuple[Problem, UUID]]) -> str:
    """Pairs of problem and operation as a form's text."""
    return ",".join(f"{problem.pk}:{operation}" for problem, operation in pairs)


def pairs_of(text: str, user: Any) -> list[tuple[Problem, UUID]]:
    """The pairs again, only of problems that this user may see, in their order."""
    wanted: list[tuple[UUID, UUID]] = []
    for pair in text.split(",")[:400]:
        try:
            problem, operation = pair.split(":")
            wanted.append((UUID(problem), UUID(operation)))
        except ValueError:
            continue
    rows = Problem.objects.visible_to(user).select_related("kind").defer("search")
    found = {p.pk: p for p in rows.filter(pk__in=[p for p, _operation in wanted])}
    return [(found[p], operation) for p, operation in wanted if p in found]

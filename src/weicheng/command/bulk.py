"""Dispatching many problems at once, each to the unit and until the moment proposed for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext

from weicheng.command.proposals import proposal
from weicheng.problems import acts
from weicheng.problems.models import Problem
from weicheng.problems.refusals import Refused

#: A page that was left open this long proposes anew.
STALE = timedelta(hours=1)


@dataclass
class Outcome:
    """What became of a bulk act: (problem, operation) of those sent, sentences for the others."""

    done: list[tuple[Problem, UUID]] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)

    def words(self) -> str:
        """The note after it."""
        said = gettext("已按建议派出%(n)s件") % {"n": len(self.done)}
        rest = [
            gettext("%(n)s件没有派：%(why)s") % {"n": n, "why": why} for why, n in self.left.items()
        ]
        return gettext("。").join([said, *rest])


def dispatch_as_proposed(user: Any, chosen: Sequence[UUID], *, base: UUID, at: str = "") -> Outcome:
    """Send each as proposed. Operation ids follow from ``base``: a repeat repeats nothing."""
    moment = _moment(at)
    outcome = Outcome()
    found = Problem.objects.visible_to(user).select_related("kind").filter(pk__in=chosen)
    for problem in found.defer("search").order_by("filed_at", "id"):
        offer = proposal(problem, moment)
        operation = uuid5(base, str(problem.pk))
        try:
            acts.dispatch(
                problem=problem, lead=offer.lead, due_at=datetime.fromisoformat(offer.dues[0][0]),
                requirement=offer.requirement, by=user, op_id=operation,
            )  # fmt: skip
            outcome.done.append((problem, operation))
        except Refused as refused:
            why = refused.sentence().rstrip("。.")
            outcome.left[why] = outcome.left.get(why, 0) + 1
    return outcome


def _moment(text: str) -> datetime:
    """The time of the page, so that an equal request computes equal due times."""
    now = timezone.now()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return now
    return at if timezone.is_aware(at) and now - STALE < at <= now else now


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

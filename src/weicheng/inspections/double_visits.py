"""双人盲查: pairs of looks at one stop, put side by side check by check, without names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from weicheng.inspections.agreement import Agreement, agreement
from weicheng.inspections.models import Plan, Visit
from weicheng.inspections.words import VisitOutcome
from weicheng.standards.models import Check

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class CheckAgreement:
    """One check and how far its double looks agree."""

    check: Check
    found: Agreement


@dataclass(frozen=True)
class Agreed:
    """All checks with double looks, those with the least agreement first; ``pairs`` of looks.

    Of ``whole`` only the share is shown: answers of one pair of looks hang together, so a figure
    with an interval over all of them would promise too much.
    """

    pairs: int
    whole: Agreement
    checks: list[CheckAgreement]


def doubled_plans(user: Any) -> list[Plan]:
    """Visible plans that have stops with a second team, newest first."""
    return list(Plan.objects.visible_to(user).filter(stops__second_team__isnull=False).distinct())


def agreed(user: Any, *, since: date, until: date, plan: UUID | None = None) -> Agreed:
    """The agreement of every check over the double visits of a period that this person may see.

    A pair counts when both looks are in, and an answer when both looks saw the check. Two queries.
    """
    looks = Visit.objects.visible_to(user).filter(
        stop__second_team__isnull=False, occurred_at__date__range=(since, until)
    )
    if plan is not None:
        looks = looks.filter(plan=plan)
    halves: dict[tuple[UUID | None, bool], Visit] = {}
    for look in looks.exclude(outcome=VisitOutcome.CLOSED).order_by("received_at", "pk"):
        halves.setdefault((look.stop_id, look.blind), look)
    pairs = [
        (first, halves[stop, True])
        for (stop, blind), first in halves.items()
        if not blind and (stop, True) in halves
    ]
    answers = _answers(pairs)
    checks = Check.objects.select_related("site_type", "item").filter(key__in=answers)
    rows = [CheckAgreement(check, agreement(answers[check.key])) for check in checks]
    rows.sort(key=_order)
    every = [pair for given in answers.values() for pair in given]
    return Agreed(len(pairs), agreement(every), rows)


def _answers(pairs: Iterable[tuple[Visit, Visit]]) -> dict[str, list[tuple[bool, bool]]]:
    """Check key -> for each pair that saw it, whether the first and the second failed it."""
    by_type: defaultdict[str, list[str]] = defaultdict(list)
    for key, kind in Check.objects.values_list("key", "site_type_id"):
        by_type[kind].append(key)
    found: defaultdict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for first, second in pairs:
        hidden = {*first.not_applicable, *first.unseen, *second.not_applicable, *second.unseen}
        for key in by_type[first.site_type]:
            if key not in hidden:
                found[key].append((key in first.failed, key in second.failed))
    return found


def _order(row: CheckAgreement) -> tuple[bool, float, str]:
    kappa = row.found.kappa
    return kappa is None, 0.0 if kappa is None else kappa, row.check.key

"""The local rules that are known, and what each makes of the visits and problems of a moment.

A rule's word for a result is the word of the place it was seen in; it is quoted and never ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, QuerySet, Sum

from weicheng.people.models import SiteParty
from weicheng.problems.models import Problem
from weicheng.problems.words import Outcome, Status
from weicheng.scoring.reckoning import Result, apply, score, shipped
from weicheng.scoring.standing import (
    TOWN,
    TYPE,
    UNIT,
    Counts,
    Scope,
    Standing,
    standing,
)

if TYPE_CHECKING:
    from weicheng.scoring.asking import Asked

#: What was closed for another reason than being mended is no finding of anybody's.
NO_FINDINGS = (Outcome.DUPLICATE, Outcome.SPLIT, Outcome.DECLINED)


@dataclass(frozen=True)
class SheetsPage:
    """The page: counts of problems, and each rule with its result."""

    now: Standing
    counts: Counts
    results: Sequence[Result]


def sheets_page(asked: Asked, user: Any) -> SheetsPage:
    """What all rules say of a question, in a constant number of queries."""
    here = standing(asked.region, asked.as_of, scope=asked.scope)
    counts = counts_of(Problem.objects.visible_to(user), here)
    results = [apply(sheet, score(here.snapshot, sheet), counts) for sheet in shipped().values()]
    return SheetsPage(here, counts, results)


def counts_of(problems: QuerySet[Problem], here: Standing) -> Counts:
    """Problems found, mended, overdue and handed over again by the moment, in one query.

    Open or closed is that of the moment; how often a problem was handed over again is known as of
    now. The desk work is read from the papers' marks.
    """
    as_of = here.facts.as_of
    rows = problems.filter(region__ancestors__contains=[here.facts.region.pk])
    rows = _within(rows, here.scope)
    rows = rows.filter(voided=False, filed_at__lte=as_of).exclude(outcome__in=NO_FINDINGS)
    is_open = Q(closed_at=None) | Q(closed_at__gt=as_of)
    in_time = Q(status=Status.CHECK, handed_in_at__lte=F("due_at"))
    found = rows.aggregate(
        found=Count("pk"),
        fixed=Count("pk", filter=Q(outcome=Outcome.FIXED, closed_at__lte=as_of)),
        overdue=Count("pk", filter=is_open & Q(due_at__lt=as_of, paused=False) & ~in_time),
        back=Sum("sent_back"),
        again=Sum("relapsed"),
    )
    return Counts(
        found["found"], found["fixed"], found["overdue"],
        (found["back"] or 0) + (found["again"] or 0), _work(here),
    )  # fmt: skip


def _within(rows: QuerySet[Problem], scope: Scope) -> QuerySet[Problem]:
    if scope.kind == TOWN:
        return rows.filter(region__ancestors__contains=[scope.key])
    if scope.kind == TYPE:
        return rows.filter(site__site_type=scope.key)
    if scope.kind == UNIT:
        sites = SiteParty.objects.filter(unit_id=scope.key, until=None).values("site")
        return rows.filter(Q(lead_unit=scope.key) | Q(site__in=sites))
    return rows


def _work(here: Standing) -> int | None:
    """Milli-percent of the papers that are in order, of those that somebody looked at."""
    marks = [line.mark for line in here.figures.documents if line.mark.milli is not None]
    of = sum(mark.of_milli for mark in marks)
    earned = sum(mark.milli or 0 for mark in marks)
    return round(Fraction(100_000 * earned, of)) if of else None

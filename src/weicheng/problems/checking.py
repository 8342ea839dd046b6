"""The queue of 验收: what waits for another pair of eyes, and whether they may be the reader's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch

from weicheng.frame.paging import Page, page_of
from weicheng.journal.ids import uuid7
from weicheng.problems.card import pass_words
from weicheng.problems.doubts import Doubt, doubts_of
from weicheng.problems.models import Obligation, Party, Problem
from weicheng.problems.refusals import Refused
from weicheng.problems.rules import refusal
from weicheng.problems.who import Acting

DUTIES = Prefetch("obligations", Obligation.objects.select_related("unit"))
ROWS, ROWS_ON_SPOT = 20, 50
#: How far the waiting ones are counted.
MANY = 1000


@dataclass(frozen=True)
class Waiting:
    """A problem that waits, with an operation id for each of the two answers."""

    problem: Problem
    why_not: str
    words: str
    pass_op: UUID
    back_op: UUID
    doubts: Sequence[Doubt] = ()


@dataclass(frozen=True)
class Queue:
    """A piece of the queue, and how many wait in all, counted up to ``MANY``."""

    page: Page[Problem]
    total: int
    bound: int = MANY

    def is_many(self) -> bool:
        """Whether there are more than are counted."""
        return self.total > self.bound


def queue(
    user: Any, one: Acting, *, spot: bool, query: Mapping[str, str], now: datetime
) -> tuple[Queue, list[Waiting]]:
    """What was handed in first comes first, as on the workbench; ``spot`` for 即查即改 only."""
    party = Party.objects.filter(problem=OuterRef("pk"), scope__in=user.scopes(), status="check")
    found = Problem.objects.filter(Exists(party), status="check", voided=False)
    if spot:
        found = found.filter(on_spot=True)
    rows = found.for_rows().defer("search").prefetch_related(DUTIES)
    size = ROWS_ON_SPOT if spot else ROWS
    page = page_of(rows, order=("handed_in_at", "id"), query=query, size=size)
    all_here = not (page.before or page.after)
    total = len(page.rows) if all_here else found.order_by()[: MANY + 1].count()
    doubts = doubts_of(page.rows, user)
    return Queue(page, total), [_waiting(one, row, now, doubts[row.pk]) for row in page.rows]


def _waiting(one: Acting, problem: Problem, now: datetime, doubts: Sequence[Doubt]) -> Waiting:
    refused: Refused | None = refusal("pass_fix", one, problem, now=now)
    why = refused.sentence() if refused else ""
    return Waiting(problem, why, pass_words(problem.level), uuid7(), uuid7(), doubts)

"""The queue of 验收: what waits for another pair of eyes, and whether they may be the reader's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from weicheng.journal.ids import uuid7
from weicheng.problems import lists
from weicheng.problems.card import pass_words
from weicheng.problems.lists import Page, Wanted
from weicheng.problems.models import Obligation, Problem
from weicheng.problems.refusals import Refused
from weicheng.problems.rules import refusal
from weicheng.problems.who import Acting

ROWS = 20


@dataclass(frozen=True)
class Waiting:
    """A problem that waits, with an operation id for each of the two answers."""

    problem: Problem
    why_not: str
    words: str
    pass_op: UUID
    back_op: UUID


def queue(
    user: Any, one: Acting, *, spot: bool, after: str, before: str, now: datetime
) -> tuple[Page, list[Waiting]]:
    """The oldest first; ``spot`` for 即查即改 only."""
    wanted = Wanted(status="check", flag="spot" if spot else "", oldest=True)
    page = lists.page(
        user, wanted, after=after, before=before, size=lists.ROWS if spot else ROWS, now=now,
        rows=lambda found: found.prefetch_related(
            Prefetch("obligations", Obligation.objects.select_related("unit"))
        ),
        keep_fixes=True,
    )  # fmt: skip
    return page, [_waiting(one, row, now) for row in page.rows]


def _waiting(one: Acting, problem: Problem, now: datetime) -> Waiting:
    refused: Refused | None = refusal("pass_fix", one, problem, now=now)
    why = refused.sentence() if refused else ""
    return Waiting(problem, why, pass_words(problem.level), uuid7(), uuid7())

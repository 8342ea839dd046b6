"""代录: what somebody ticked on a paper sheet, typed in for them, once per sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from weicheng.inspections.acts.visiting import (
    Finding,
    Look,
    Reported,
    record_finding,
    record_visit,
)
from weicheng.inspections.models import Visit
from weicheng.inspections.refusals import Refused
from weicheng.journal.once import ForeignOperation

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment
    from weicheng.inspections.models import Stop
    from weicheng.inspections.paper_sheets import SheetKey
    from weicheng.people.models import Person, User
    from weicheng.places.models import Site
    from weicheng.standards.models import ProblemKind

PASSED, FAILED, NOT_APPLICABLE = "pass", "fail", "na"


@dataclass(frozen=True)
class Jotted:
    """A problem that was written on the sheet; ``row`` is its line on the form."""

    row: int
    kind: ProblemKind
    check_key: str = ""
    words: str = ""
    photos: Sequence[Attachment] = ()


@dataclass(frozen=True)
class Filled:
    """A filled sheet: who walked, when, and what was ticked.

    ``answers``: key of a check -> "pass", "fail" or "na"; a check without an answer was not seen.
    """

    site: Site
    stop: Stop | None
    walker: Person
    occurred_at: datetime
    answers: Mapping[str, str] = field(default_factory=dict)
    closed: bool = False
    note: str = ""
    photos: Sequence[Attachment] = ()
    problems: Sequence[Jotted] = ()

    def look(self, sheet: Sequence[str]) -> Look:
        """The visit that these ticks make; ``sheet``: the keys of the site's checks."""
        given = {key: self.answers.get(key, "") for key in sheet}
        seen = {} if self.closed else given
        return Look(
            site=self.site, stop=self.stop, closed=self.closed, note=self.note,
            photos=self.photos, failed=_with(seen, FAILED),
            not_applicable=_with(seen, NOT_APPLICABLE), unseen=_with(seen, ""),
        )  # fmt: skip


def _with(answers: Mapping[str, str], answer: str) -> list[str]:
    return [key for key, given in answers.items() if given == answer]


def typed_in(key: SheetKey) -> Visit | None:
    """The visit that this sheet of paper became, if it was typed in."""
    return Visit.objects.filter(operation=key.operation("visit")).first()


def enter_paper(
    *,
    key: SheetKey,
    filled: Filled,
    checks: Sequence[str],
    by: User,
    now: datetime | None = None,
) -> Visit:
    """Record the visit and the problems of one sheet, all or nothing, in the name of who walked.

    The same sheet typed in again with the same content is the same visit; with other content it
    is refused. Raises Refused, problems.refusals.Refused.
    """
    behalf = filled.walker if filled.walker.pk != by.person_id else None
    told = Reported(occurred_at=filled.occurred_at, channel="paper", for_person=behalf, now=now)
    try:
        with transaction.atomic():
            visit = record_visit(
                by=by, look=filled.look(checks), op_id=key.operation("visit"), reported=told
            )
            same = visit.inspector_id == filled.walker.pk
            if not same or visit.occurred_at != filled.occurred_at:
                raise Refused("sheet_entered")
            for problem in filled.problems:
                _find(key, visit, problem, by, told)
    except ForeignOperation as wrong:
        raise Refused("sheet_entered") from wrong
    except Refused as refused:
        if refused.code == "other_body":
            raise Refused("sheet_entered") from refused
        raise
    return visit


def _find(key: SheetKey, visit: Visit, problem: Jotted, by: User, told: Reported) -> UUID:
    finding = Finding(
        kind=problem.kind, site=visit.site, visit=visit, plan=visit.plan, place=visit.site.name,
        check_key=problem.check_key, words=problem.words, photos=problem.photos,
    )  # fmt: skip
    operation = key.operation(f"problem {problem.row}")
    return record_finding(by=by, finding=finding, op_id=operation, reported=told).pk

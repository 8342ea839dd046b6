"""Which time limit holds for a problem, and why: the table in memory, the clock, the words.

Whoever changes the table calls ``changed``; the copy of each process is as fresh as the directory.
The reckoning itself is pure and stands in ``problems.reckoning``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db import connection

from weicheng.people import directory
from weicheng.problems import reckoning
from weicheng.problems.due_words import Why, why
from weicheng.problems.models import DueRule
from weicheng.problems.reckoning import Amount, Clock, Due, Terms
from weicheng.workdays import book
from weicheng.workdays.calendar import SHANGHAI
from weicheng.workdays.kinds import TimeKind

if TYPE_CHECKING:
    from datetime import datetime

    from weicheng.places.models import Region, Site
    from weicheng.problems.models import Problem
    from weicheng.standards.models import ProblemKind
    from weicheng.workdays.calendar import Calendar


@dataclass(frozen=True)
class Proposed:
    """A due time to offer, with its clock; ``verify_due_at`` as if handed in at that moment."""

    at: datetime
    clock: Clock
    due: Due
    sign_due_at: datetime | None
    verify_due_at: datetime | None
    terms: Terms


@dataclass
class _Copy:
    rules: tuple[DueRule, ...]
    stamp: int


_kept: dict[str, _Copy] = {}


def rules() -> tuple[DueRule, ...]:
    """The rows of the table that are switched on, in their order, from memory."""
    name, stamp = str(connection.settings_dict["NAME"]), directory.stamp()
    kept = _kept.get(name)
    if kept is None or kept.stamp != stamp:
        rows = DueRule.objects.filter(active=True).select_related("kind", "region")
        kept = _kept[name] = _Copy(tuple(rows), stamp)
    return kept.rules


def forget() -> None:
    """Read the table again at the next look-up of this process."""
    _kept.clear()


def changed() -> None:
    """The table was changed: this process and, once committed, every other reads again."""
    directory.changed()
    forget()


def rule_for(
    kind: ProblemKind, *, severity: str, region: UUID, condition: str = "", haste: str = ""
) -> Terms:
    """The terms of the first row that fits; what follows from the kind where none does."""
    above = frozenset(directory.directory().ancestors(region))
    facts = Facts(kind.pk, severity, haste or kind.haste, condition, above)
    found = next((row for row in rules() if fits(row, facts)), None)
    if found is not None:
        return terms_of(found)
    hours, days = kind.due_hours, kind.due_days
    return reckoning.terms_of_kind(kind.pk, facts.haste, hours, days, severity)


class Facts(NamedTuple):
    """What the rows of the table test; ``above``: the region and all that holds it."""

    kind: str
    severity: str
    haste: str
    condition: str
    above: frozenset[UUID]


def fits(row: DueRule, facts: Facts) -> bool:
    """Whether a row's tests admit these facts; an empty test admits everything."""
    tests = (
        (row.kind_id, facts.kind),
        (row.severity, facts.severity),
        (row.haste, facts.haste),
        (row.condition, facts.condition),
    )
    here = row.region_id is None or row.region_id in facts.above
    return here and all(not asked or asked == given for asked, given in tests)


def terms_of(row: DueRule) -> Terms:
    """What a row grants."""
    return Terms(
        str(row.id),
        Amount(row.fix_amount, row.fix_kind),
        _amount(row.sign_amount, row.sign_kind),
        _amount(row.verify_amount, row.verify_kind),
        _amount(row.whole_amount, row.whole_kind),
    )


def _amount(n: int | None, kind: str) -> Amount | None:
    return Amount(n, kind) if n is not None and kind else None


def conditions_of(kind: str) -> list[str]:
    """The filing conditions (立案条件) that rows of this kind distinguish, in the table's order."""
    found = (row.condition for row in rules() if row.kind_id in {None, kind})
    return list(dict.fromkeys(word for word in found if word))


def start_clock(
    kind: ProblemKind,
    *,
    severity: str,
    region: UUID,
    now: datetime,
    condition: str = "",
    limit: datetime | None = None,
    filed_at: datetime | None = None,
) -> Clock:
    """The clock that begins now for these facts; ``limit`` is a date set from above."""
    terms = rule_for(kind, severity=severity, region=region, condition=condition)
    return reckoning.started(terms, now, severity=severity, limit=limit, filed_at=filed_at)


def due_of(clock: Clock, calendar: Calendar | None = None) -> Due:
    """When the fix is due by this clock, and why."""
    return reckoning.due_of(clock, calendar or book.calendar())


def sign_due(clock: Clock, calendar: Calendar | None = None) -> datetime | None:
    """When the lead must have signed."""
    return reckoning.sign_due(clock, calendar or book.calendar())


def verify_due(
    clock: Clock | None, handed_in_at: datetime, calendar: Calendar | None = None
) -> datetime | None:
    """When somebody must have verified what was handed in then."""
    if not clock:
        return None
    return reckoning.verify_due(clock, handed_in_at, calendar or book.calendar())


def propose(
    *,
    kind: ProblemKind,
    region: Region | UUID,
    severity: str,
    now: datetime,
    condition: str = "",
    site: Site | None = None,
    limit: datetime | None = None,
    filed_at: datetime | None = None,
) -> Proposed:
    """The due time to offer for these facts; no query beyond the look at the stamps."""
    where = region if isinstance(region, UUID) else region.pk
    terms = rule_for(kind, severity=severity, region=where, condition=condition)
    clock = reckoning.started(terms, now, severity=severity, limit=limit, filed_at=filed_at)
    return proposed(clock, terms)


def propose_for(problem: Problem, now: datetime, *, limit: datetime | None = None) -> Proposed:
    """The due time to offer for a problem as it stands."""
    return propose(
        kind=problem.kind,
        region=problem.region_id,
        severity=problem.severity,
        condition=problem.condition,
        now=now,
        limit=limit,
        filed_at=problem.filed_at,
    )


def proposed(clock: Clock, terms: Terms) -> Proposed:
    """A clock with all that follows from it."""
    calendar = book.calendar()
    due = reckoning.due_of(clock, calendar)
    return Proposed(
        at=due.at,
        clock=clock,
        due=due,
        sign_due_at=reckoning.sign_due(clock, calendar, due.at),
        verify_due_at=reckoning.verify_due(clock, due.at, calendar),
        terms=terms,
    )


#: A form may lie open so long and its proposal still counts as reckoned, not as typed.
FORM_OPEN = timedelta(minutes=30)


def clock_for(
    problem: Problem, due_at: datetime, now: datetime, *, limit: datetime | None = None
) -> Clock:
    """The clock of a dispatch: reckoned when its moment is the proposed one, else typed by hand.

    A proposal made when the form was opened, a little before, is still the rule's own.
    """
    found = propose_for(problem, now, limit=limit)
    if found.at == due_at:
        return found.clock
    earlier = found.at - due_at
    if timedelta() < earlier <= FORM_OPEN:
        then = propose_for(problem, now - earlier, limit=limit)
        if then.at == due_at:
            return then.clock
    return reckoning.by_hand(found.clock, due_at)


def rule_row(clock: Clock) -> DueRule | None:
    """The row of the table that a clock was started by; it may have been changed since."""
    key = str(clock.get("rule", ""))
    if not key or key.startswith("kind:"):
        return None
    held = next((row for row in rules() if str(row.id) == key), None)
    return held or DueRule.objects.select_related("kind", "region").filter(pk=key).first()


def why_of(problem: Problem) -> Why | None:
    """Why the problem is due when it is, for ``problems/due_why.html``; None without a clock."""
    if not problem.clock or problem.due_at is None:
        return None
    return why(problem.clock, due_of(problem.clock), rule_row(problem.clock), problem.kind)


def uncertain_year(problem: Problem) -> int | None:
    """The year without a list of holidays that the problem's due time rests on, if there is one.

    A due time never lies before a day it counted, so the year of the due time is enough.
    """
    clock = problem.clock
    if not clock or problem.due_at is None or clock.get("manual") or clock.get("extended_to"):
        return None
    year = problem.due_at.astimezone(SHANGHAI).year
    rests = clock["kind"] in {TimeKind.HOURS, TimeKind.DAYS}
    return year if rests and not book.calendar().year_is_published(year) else None

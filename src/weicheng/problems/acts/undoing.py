"""撤销: the same actor takes back the last act within ten seconds, if nobody acted since."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Unpack
from uuid import UUID

from weicheng.journal.models import Operation, Outbox
from weicheng.people.directory import directory
from weicheng.problems import door, life
from weicheng.problems.models import (
    CableLine,
    Event,
    Link,
    Milestone,
    Obligation,
    Parking,
    Problem,
    Request,
    Voice,
)
from weicheng.problems.parties import answers, first_parties
from weicheng.problems.refusals import Refused
from weicheng.problems.rules import UNDO_SECONDS

if TYPE_CHECKING:
    from weicheng.problems.who import Who

UNDOABLE = frozenset(
    {
        "decline", "dispatch", "recall", "pass_fix", "send_back", "close", "park", "unpark",
        "set_long_term", "void", "reopen", "amend", "grant", "deny", "resume", "set_due", "merge",
        "say_again", "name_person",
    }
)  # fmt: skip


def undo(*, problem: Problem, operation: UUID, **who: Unpack[Who]) -> Problem:
    """Reverse one act. The state goes back to what it was; both acts stay in the timeline."""
    body, main = {"operation": operation}, _merged_by(problem, operation)
    with door.enter("undo", problem=problem, body=body, who=who, beside=main) as step:
        if step.replayed:
            return step.problem
        events = list(Event.objects.filter(problem=step.problem).order_by("seq"))
        undone = [e for e in events if e.operation_id == operation]
        _check(step, operation, undone, events)
        before = life.fold(e for e in events if e.seq < undone[0].seq)
        step.record({"of": str(operation), "act": undone[-1].act, "state": life.dump(before)})
        _restore(step, operation)
        if step.beside is not None:
            step.beside.record({"problem": str(problem.id)}, act="let_go")
    return step.problem


def _merged_by(problem: Problem, operation: UUID) -> UUID | None:
    """The problem that this act merged the other into, while it still is."""
    link = Link.objects.filter(problem=problem, operation=operation, ended_at=None)
    return link.filter(sort=Link.Sort.MERGED).values_list("other", flat=True).first()


def _check(step: door.Step, operation: UUID, undone: list[Event], events: list[Event]) -> None:
    kept = Operation.objects.filter(pk=operation).first()
    if kept is None or not undone or kept.actor_id != step.one.user.id:
        raise Refused("undo_not_this")
    if any(e.act not in UNDOABLE for e in undone):
        raise Refused("undo_not_this")
    if _last(events).operation_id != operation:
        raise Refused("undo_moved_on")
    if step.now - kept.recorded_at > timedelta(seconds=UNDO_SECONDS):
        raise Refused("undo_too_late")


def _last(events: list[Event]) -> Event:
    """The last event; another problem merged in and taken out again since then changed nothing."""
    joined = [e.act for e in events if e.act in {"take_in", "let_go"}]
    if joined and joined.count("take_in") == joined.count("let_go"):
        return next(e for e in reversed(events) if e.act not in {"take_in", "let_go"})
    return events[-1]


def _restore(step: door.Step, operation: UUID) -> None:
    """What the act made goes; what it ended is open again."""
    problem = step.problem
    for made in (Obligation, CableLine, Milestone, Parking):
        made.objects.filter(problem=problem, operation=operation).delete()
    Obligation.objects.filter(problem=problem, ended_operation=operation).update(
        state=Obligation.State.OPEN, done_at=None, ended_operation=None
    )
    Parking.objects.filter(problem=problem, ended_operation=operation).update(
        ended_at=None, ended_operation=None
    )
    Request.objects.filter(problem=problem, ended_operation=operation).update(
        state=Request.State.WAITING, decided_at=None, decided_by=None, ended_operation=None
    )
    Link.objects.filter(problem=problem, operation=operation).update(
        ended_at=step.now, ended_operation=step.op_id
    )
    Voice.objects.filter(problem=problem, operation=operation).update(ended_operation=step.op_id)
    Outbox.objects.filter(operation=operation).delete()
    lead = step.state.lead_unit
    problem.lead_unit = directory().units.get(UUID(lead)) if lead else None
    known = answers(kind=problem.kind, region=UUID(step.state.region), site=problem.site)
    settler = step.state.settler_unit
    problem.settler_unit = directory().units.get(UUID(settler)) if settler else None
    step.parties = door.parties_with_obligations(
        problem, first_parties(UUID(step.state.region), known, problem.finder_unit)
    )

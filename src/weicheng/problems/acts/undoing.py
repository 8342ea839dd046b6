"""撤销: the same actor takes back the last act within ten seconds, if nobody acted since."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Unpack
from uuid import UUID

from weicheng.journal.models import Operation, Outbox
from weicheng.people.directory import directory
from weicheng.problems import door, life
from weicheng.problems.models import CableLine, Event, Milestone, Obligation, Parking, Problem
from weicheng.problems.parties import answers, first_parties
from weicheng.problems.refusals import Refused
from weicheng.problems.rules import UNDO_SECONDS

if TYPE_CHECKING:
    from weicheng.problems.who import Who

UNDOABLE = frozenset(
    {
        "decline", "dispatch", "recall", "pass_fix", "send_back", "close", "park", "unpark",
        "set_long_term", "void", "reopen", "amend",
    }
)  # fmt: skip


def undo(*, problem: Problem, operation: UUID, **who: Unpack[Who]) -> Problem:
    """Reverse one act. The state goes back to what it was; both acts stay in the timeline."""
    with door.enter("undo", problem=problem, body={"operation": operation}, who=who) as step:
        if step.replayed:
            return step.problem
        events = list(Event.objects.filter(problem=step.problem).order_by("seq"))
        undone = [e for e in events if e.operation_id == operation]
        _check(step, operation, undone, events)
        before = life.fold(e for e in events if e.seq < undone[0].seq)
        step.record({"of": str(operation), "act": undone[-1].act, "state": life.dump(before)})
        _restore(step, operation)
    return step.problem


def _check(step: door.Step, operation: UUID, undone: list[Event], events: list[Event]) -> None:
    kept = Operation.objects.filter(pk=operation).first()
    if kept is None or not undone or kept.actor_id != step.one.user.id:
        raise Refused("undo_not_this")
    if any(e.act not in UNDOABLE for e in undone):
        raise Refused("undo_not_this")
    if events[-1].operation_id != operation:
        raise Refused("undo_moved_on")
    if step.now - kept.recorded_at > timedelta(seconds=UNDO_SECONDS):
        raise Refused("undo_too_late")


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
    Outbox.objects.filter(operation=operation).delete()
    lead = step.state.lead_unit
    problem.lead_unit = directory().units.get(UUID(lead)) if lead else None
    known = answers(kind=problem.kind, region=UUID(step.state.region), site=problem.site)
    step.parties = door.parties_with_obligations(
        problem, first_parties(UUID(step.state.region), known, problem.finder_unit)
    )

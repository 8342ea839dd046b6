"""The answers to what a unit asked, and the due time changed by the office."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Unpack

from weicheng.problems import clocks, door
from weicheng.problems.acts.working import assign
from weicheng.problems.models import Problem, Request
from weicheng.problems.refusals import Refused

if TYPE_CHECKING:
    from weicheng.people.models import Person, Unit
    from weicheng.problems.who import Who


def grant(
    *,
    problem: Problem,
    until: datetime | None = None,
    lead: Unit | None = None,
    person: Person | None = None,
    words: str = "",
    **who: Unpack[Who],
) -> Problem:
    """同意: as asked, or with another date or another unit. A new lead's clock is not restarted."""
    body = {
        "until": until, "lead": lead.id if lead else None, "words": words,
        "person": person.id if person else None,
    }  # fmt: skip
    with door.enter("grant", problem=problem, body=body, who=who) as step:
        if step.replayed:
            return step.problem
        asked = _decided(step, Request.State.GRANTED)
        if asked.sort == Request.Sort.EXTENSION:
            timed = clocks.extension(step, until or asked.until or step.now)
            step.record(_granted(asked, until=until or asked.until, **timed.data()), words=words)
        elif asked.sort == Request.Sort.PAUSE:
            timed = clocks.pause(step, until or asked.until or step.now)
            step.record(_granted(asked, until=until or asked.until, **timed.data()), words=words)
        else:
            _hand_over(step, asked, lead or asked.suggested, person, words)
    return step.problem


def _granted(asked: Request, *, until: datetime | None, **more: Any) -> dict[str, Any]:
    return {
        "sort": asked.sort, "request": str(asked.id),
        "until": until.isoformat() if until else None, **more,
    }  # fmt: skip


def _decided(step: door.Step, state: str) -> Request:
    """The request that waits, with its answer."""
    asked = Request.objects.select_related("suggested").get(
        problem=step.problem, state=Request.State.WAITING
    )
    asked.state, asked.decided_at = state, step.now
    asked.decided_by, asked.ended_operation = step.one.person, step.op_id
    asked.save(update_fields=["state", "decided_at", "decided_by", "ended_operation"])
    return asked


def _hand_over(
    step: door.Step, asked: Request, lead: Unit | None, person: Person | None, words: str
) -> None:
    """It was not theirs: another unit leads, and the first due time stays."""
    if lead is None:
        raise Refused("need_lead")
    if str(lead.id) == step.state.lead_unit:
        raise Refused("suggested_self")
    signs = clocks.sign_again(step)
    fact = {
        **_granted(asked, until=None), "from": step.state.lead_unit,
        "person": str(person.id) if person else None,
        "sign_due_at": signs.isoformat() if signs else None,
    }  # fmt: skip
    assign(
        step, act="grant", lead=lead, duties=[], due_at=step.state.due_at or step.now, words=words,
        data=fact, handed_in=step.state.handed_in_at if step.state.status == "check" else None,
    )  # fmt: skip


def deny(*, problem: Problem, words: str, **who: Unpack[Who]) -> Problem:
    """不同意, said to the unit in words."""
    with door.enter("deny", problem=problem, body={"words": words}, who=who) as step:
        if step.replayed:
            return step.problem
        if not words.strip():
            raise Refused("need_words")
        asked = _decided(step, Request.State.DENIED)
        step.record({"sort": asked.sort, "request": str(asked.id)}, words=words)
    return step.problem


def resume(*, problem: Problem, words: str = "", **who: Unpack[Who]) -> Problem:
    """恢复办理: a pause ends before its day."""
    with door.enter("resume", problem=problem, body={"words": words}, who=who) as step:
        if not step.replayed:
            step.record(clocks.resumed(step).data(), words=words)
    return step.problem


def set_due(
    *, problem: Problem, due_at: datetime | None, words: str, **who: Unpack[Who]
) -> Problem:
    """改时限: the office sets another due time and says why; never beyond a date set from above."""
    body = {"due_at": due_at, "words": words}
    with door.enter("set_due", problem=problem, body=body, who=who) as step:
        if step.replayed:
            return step.problem
        if due_at is None:
            raise Refused("need_due")
        if due_at <= step.now:
            raise Refused("due_past")
        if not words.strip():
            raise Refused("need_due_reason")
        was = step.state.due_at
        timed = clocks.by_hand(step, due_at)
        step.record({**timed.data(), "was": was.isoformat() if was else None}, words=words)
    return step.problem

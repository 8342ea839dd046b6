"""What a unit may ask about its problem: more time, a pause (缓办), or that it is another's."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Unpack

from weicheng.journal.ids import uuid7
from weicheng.problems import clocks, door
from weicheng.problems.models import Problem, Request
from weicheng.problems.parties import relations_of
from weicheng.problems.refusals import Refused
from weicheng.problems.rules import BOUNCES
from weicheng.problems.settling import settler_of
from weicheng.problems.words import DisputeReason, ExtensionReason, Part, PauseReason

if TYPE_CHECKING:
    from weicheng.people.models import Unit
    from weicheng.problems.who import Who


def ask_extension(
    *, problem: Problem, reason: str, until: datetime | None, words: str = "", **who: Unpack[Who]
) -> Problem:
    """申请延期: before the due time, once by default, never beyond a date set from above."""
    body = {"reason": reason, "until": until, "words": words}
    with door.enter("ask_extension", problem=problem, body=body, who=who) as step:
        if step.replayed:
            return step.problem
        if reason not in ExtensionReason.values:
            raise Refused("need_reason")
        if until is None:
            raise Refused("need_until")
        clocks.extension(step, until)
        _ask(step, Request.Sort.EXTENSION, reason, until=until, words=words)
    return step.problem


def ask_pause(
    *, problem: Problem, reason: str, until: datetime | None, words: str = "", **who: Unpack[Who]
) -> Problem:
    """申请缓办: the clock is to stand still until a day; it runs on until somebody agrees."""
    body = {"reason": reason, "until": until, "words": words}
    with door.enter("ask_pause", problem=problem, body=body, who=who) as step:
        if step.replayed:
            return step.problem
        if reason not in PauseReason.values:
            raise Refused("need_reason")
        if until is None:
            raise Refused("need_until")
        if until <= step.now:
            raise Refused("until_past")
        _ask(step, Request.Sort.PAUSE, reason, until=until, words=words)
    return step.problem


def dispute(
    *, problem: Problem, reason: str, suggested: Unit | None, words: str = "", **who: Unpack[Who]
) -> Problem:
    """不属于我, with a reason and the unit whose it is. The clock runs on in every case; the third
    one goes to the group by itself."""
    body = {"reason": reason, "suggested": suggested.id if suggested else None, "words": words}
    with door.enter("dispute", problem=problem, body=body, who=who) as step:
        if step.replayed:
            return step.problem
        if reason not in DisputeReason.values:
            raise Refused("need_reason")
        if suggested is None:
            raise Refused("need_suggested")
        if str(suggested.id) == step.state.lead_unit:
            raise Refused("suggested_self")
        settler = settler_of(step.problem, step.now) if step.state.bounces >= BOUNCES else None
        more = {"settler": str(settler.id)} if settler else {}
        _ask(step, Request.Sort.DISPUTE, reason, suggested=suggested, words=words, more=more)
        if settler is not None:
            held = relations_of(step.problem.id)
            step.parties = {**held, settler.id: held.get(settler.id, Part.SETTLER)}
    return step.problem


def _ask(
    step: door.Step,
    sort: str,
    reason: str,
    *,
    words: str,
    until: datetime | None = None,
    suggested: Unit | None = None,
    more: dict[str, Any] | None = None,
) -> None:
    one = step.one
    row = Request.objects.create(
        id=uuid7(), problem=step.problem, sort=sort, unit=one.unit, person=one.person,
        reason=reason, until=until, suggested=suggested, asked_at=step.now, operation=step.op_id,
    )  # fmt: skip
    fact = {
        "sort": str(sort), "request": str(row.id), "reason": reason,
        "until": until.isoformat() if until else None,
        "suggested": str(suggested.id) if suggested else None, **(more or {}),
    }  # fmt: skip
    step.record(fact, words=words)


def drop_request(*, problem: Problem, words: str = "", **who: Unpack[Who]) -> Problem:
    """撤回申请: whoever asked needs no answer any more."""
    with door.enter("drop_request", problem=problem, body={"words": words}, who=who) as step:
        if not step.replayed:
            step.record({"sort": step.state.asking}, words=words)
    return step.problem

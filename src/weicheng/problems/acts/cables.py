"""蜘蛛网 cables: each line is 废弃, 在用 or 权属不明 and signed, before anybody cuts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Unpack

from weicheng.problems import door
from weicheng.problems.models import CableLine, Event, Obligation, Problem
from weicheng.problems.parties import relations_of
from weicheng.problems.refusals import Refused
from weicheng.problems.words import Part

if TYPE_CHECKING:
    from weicheng.people.models import Unit
    from weicheng.problems.who import Who


@dataclass(frozen=True)
class Line:
    """What is known of one line: its state, its operator and who signed for it.

    A live line (在用) names when and by whom it is connected again and how many households hang
    on it; an abandoned one (废弃) leaves an emergency number.
    """

    label: str
    state: str
    operator: Unit | None = None
    signer: str = ""
    emergency_phone: str = ""
    reconnect_at: datetime | None = None
    reconnect_person: str = ""
    reconnect_phone: str = ""
    households: int | None = None

    def body(self) -> dict[str, Any]:
        """What an equal request repeats."""
        return {**self.__dict__, "operator": self.operator.id if self.operator else None}

    def refusal(self) -> Refused | None:
        """Why the line cannot be taken as told; None when it can."""
        if not self.label.strip() or self.state not in CableLine.State.values:
            return Refused("need_words")
        if self.state == CableLine.State.UNKNOWN:
            return None
        if self.operator is None or not self.signer.strip():
            return Refused("line_needs_signer")
        if self.state == CableLine.State.ABANDONED and not self.emergency_phone.strip():
            return Refused("line_needs_phone")
        live = self.state == CableLine.State.LIVE
        if live and (self.reconnect_at is None or not self.reconnect_person.strip()):
            return Refused("line_needs_reconnect")
        return None


def classify_line(*, problem: Problem, line: Line, **who: Unpack[Who]) -> CableLine:
    """认线: a line's state, signed by its operator. 在用 makes the reconnection an obligation that
    holds the closing; 废弃 needs an emergency number; 权属不明 cannot be cut."""
    with door.enter("classify_line", problem=problem, body=line.body(), who=who) as step:
        if step.replayed:
            event = Event.objects.get(operation_id=step.op_id, act="classify_line")
            return CableLine.objects.get(pk=event.data["line"])
        refused = line.refusal()
        if refused is not None:
            raise refused
        row = _ownerless(step.problem, line.label) or CableLine(
            problem=step.problem, label=line.label
        )
        row.state, row.operator, row.signer = line.state, line.operator, line.signer
        row.emergency_phone, row.operation = line.emergency_phone, step.op_id
        row.obligation = _reconnection(step, line)
        row.save()
        operator = line.operator
        step.record(
            {
                "line": str(row.id), "state": line.state,
                "operator": str(operator.id) if operator else None,
                "reconnect_at": line.reconnect_at.isoformat() if line.reconnect_at else None,
            }
        )  # fmt: skip
        if operator is not None:
            held = step.parties or relations_of(step.problem.id)
            step.parties = {**held, operator.id: held.get(operator.id, Part.RESPONSIBLE)}
    return row


def _ownerless(problem: Problem, label: str) -> CableLine | None:
    """A line of that name that nobody owned until now: classifying it again is claiming it."""
    lines = CableLine.objects.select_for_update(of=("self",)).filter(problem=problem, label=label)
    return lines.filter(state=CableLine.State.UNKNOWN, cut_at=None).first()


def _reconnection(step: door.Step, line: Line) -> Obligation | None:
    """What the operator of a live line owes before the problem may be closed."""
    if line.state != CableLine.State.LIVE or line.operator is None:
        return None
    return Obligation.objects.create(
        problem=step.problem, unit=line.operator, part=Part.RESPONSIBLE,
        sort=Obligation.Sort.HOLDING, key="live_lines_on", words=f"{line.label}接通",
        person_name=line.reconnect_person, phone=line.reconnect_phone,
        households=line.households, due_at=line.reconnect_at, operation=step.op_id,
    )  # fmt: skip


def cut_line(*, problem: Problem, line: CableLine, **who: Unpack[Who]) -> Problem:
    """剪线: only a line that is classified and signed; a live one has a reconnection time."""
    with door.enter("cut_line", problem=problem, body={"line": line.id}, who=who) as step:
        if step.replayed:
            return step.problem
        row = CableLine.objects.select_for_update(of=("self",)).get(
            pk=line.pk, problem=step.problem
        )
        if row.state == CableLine.State.UNKNOWN:
            raise Refused("line_unknown", label=row.label)
        if row.cut_at is not None:
            raise Refused("already_settled")
        row.cut_at = step.occurred_at
        row.save(update_fields=["cut_at"])
        step.record({"line": str(row.id)})
    return step.problem

"""蜘蛛网 cables: each line is 废弃, 在用 or 权属不明 and signed, before anybody cuts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Unpack

from weicheng.problems import door
from weicheng.problems.models import CableLine, Obligation, Problem
from weicheng.problems.parties import relations_of
from weicheng.problems.refusals import Refused
from weicheng.problems.words import Part

if TYPE_CHECKING:
    from weicheng.people.models import Unit
    from weicheng.problems.who import Who


def classify_line(
    *,
    problem: Problem,
    label: str,
    state: str,
    operator: Unit | None = None,
    signer: str = "",
    emergency_phone: str = "",
    reconnect_at: datetime | None = None,
    reconnect_person: str = "",
    reconnect_phone: str = "",
    households: int | None = None,
    **who: Unpack[Who],
) -> CableLine:
    """认线: a line's state, signed by its operator. 在用 makes the reconnection an obligation that
    holds the closing; 废弃 needs an emergency number; 权属不明 cannot be cut."""
    body = {
        "label": label, "state": state, "operator": operator.id if operator else None,
        "signer": signer, "emergency_phone": emergency_phone, "reconnect_at": reconnect_at,
        "reconnect_person": reconnect_person, "households": households,
    }  # fmt: skip
    with door.enter("classify_line", problem=problem, body=body, who=who) as step:
        if step.replayed:
            return CableLine.objects.get(operation=step.op_id)
        if not label.strip() or state not in CableLine.State.values:
            raise Refused("need_words")
        if state != CableLine.State.UNKNOWN and (operator is None or not signer.strip()):
            raise Refused("line_needs_signer")
        if state == CableLine.State.ABANDONED and not emergency_phone.strip():
            raise Refused("line_needs_phone")
        line = CableLine(
            problem=step.problem, label=label, state=state, operator=operator, signer=signer,
            emergency_phone=emergency_phone, operation=step.op_id,
        )  # fmt: skip
        if state == CableLine.State.LIVE:
            if reconnect_at is None or not reconnect_person.strip() or operator is None:
                raise Refused("line_needs_reconnect")
            line.obligation = Obligation.objects.create(
                problem=step.problem, unit=operator, part=Part.RESPONSIBLE,
                sort=Obligation.Sort.HOLDING, key="live_lines_on", words=f"{label}接通",
                person_name=reconnect_person, phone=reconnect_phone, households=households,
                due_at=reconnect_at, operation=step.op_id,
            )  # fmt: skip
        line.save()
        step.record(
            {
                "line": str(line.id), "state": state,
                "operator": str(operator.id) if operator else None,
                "reconnect_at": reconnect_at.isoformat() if reconnect_at else None,
            }
        )  # fmt: skip
        if operator is not None:
            held = step.parties or relations_of(step.problem.id)
            step.parties = {**held, operator.id: held.get(operator.id, Part.RESPONSIBLE)}
    return line


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

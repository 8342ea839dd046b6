"""The life of a problem as pure values: what each act does to its state.

``fold`` over the events of a problem gives its state; the door applies the same ``evolve`` and
writes the result into the row, so state and events cannot drift apart unnoticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

Data = Mapping[str, Any]


@dataclass(frozen=True)
class State:
    """What is true of a problem now. Ids are strings, times are aware datetimes."""

    status: str = "new"
    kind: str = ""
    region: str = ""
    site: str | None = None
    severity: str = "normal"
    level: str = "picture"
    lead_unit: str | None = None
    due_at: datetime | None = None
    dispatched_at: datetime | None = None
    signed_at: datetime | None = None
    handed_in_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    outcome: str = ""
    sent_back: int = 0
    relapsed: int = 0
    on_spot: bool = False
    parked: bool = False
    voided: bool = False
    oversample: bool = False
    fixes: tuple[dict[str, Any], ...] = field(default=())


class Fact(Protocol):
    """What ``fold`` reads of an event."""

    @property
    def act(self) -> str: ...
    @property
    def data(self) -> Data: ...
    @property
    def occurred_at(self) -> datetime: ...
    @property
    def recorded_at(self) -> datetime: ...


def moment(text: str | None) -> datetime | None:
    """An ISO time of an event's data."""
    return datetime.fromisoformat(text) if text else None


def _file(_: State, data: Data, __: datetime) -> State:
    return State(
        kind=data["kind"],
        region=data["region"],
        site=data.get("site"),
        severity=data["severity"],
        level=data["level"],
        due_at=moment(data.get("due_at")),
    )


def _adopt(state: State, data: Data, _: datetime) -> State:
    """Take over what an office's own ledger says of a problem that lived before us."""
    return replace(
        state,
        status=data["status"],
        lead_unit=data.get("lead"),
        due_at=moment(data.get("due_at")),
        dispatched_at=moment(data.get("dispatched_at")),
        handed_in_at=moment(data.get("handed_in_at")),
        closed_at=moment(data.get("closed_at")),
        outcome=data.get("outcome", ""),
        oversample=True,
    )


def _amend(state: State, data: Data, _: datetime) -> State:
    return replace(state, **{k: v for k, v in data["changes"].items()})


def _fix_on_spot(state: State, data: Data, at: datetime) -> State:
    return replace(_hand_in(state, data, at), on_spot=True, dispatched_at=None)


def _decline(state: State, data: Data, at: datetime) -> State:
    return _closed(state, data, at, "declined")


def _dispatch(state: State, data: Data, at: datetime) -> State:
    return replace(
        state,
        status="run",
        lead_unit=data["lead"],
        due_at=moment(data["due_at"]),
        dispatched_at=at,
        signed_at=None,
        parked=False,
        level=data.get("level", state.level),
    )


def _recall(state: State, _: Data, __: datetime) -> State:
    return replace(
        state, status="new", lead_unit=None, due_at=None, dispatched_at=None, signed_at=None
    )


def _sign(state: State, _: Data, at: datetime) -> State:
    return replace(state, signed_at=at)


def _hand_in(state: State, data: Data, at: datetime) -> State:
    fix = {"unit": data.get("unit"), "person": data.get("person"), "day": data["day"]}
    return replace(
        state,
        status="check",
        handed_in_at=at,
        level=data.get("level", state.level),
        oversample=state.oversample or bool(data.get("typed")),
        fixes=(*state.fixes, fix),
    )


def _withdraw(state: State, _: Data, __: datetime) -> State:
    return replace(state, status="run", handed_in_at=None, fixes=state.fixes[:-1])


def _send_back(state: State, _: Data, __: datetime) -> State:
    status = "run" if state.lead_unit else "new"
    return replace(state, status=status, handed_in_at=None, sent_back=state.sent_back + 1)


def _pass(state: State, data: Data, at: datetime) -> State:
    return _closed(state, data, at, "fixed")


def _close(state: State, data: Data, at: datetime) -> State:
    return _closed(state, data, at, data["outcome"])


def _closed(state: State, data: Data, at: datetime, outcome: str) -> State:
    return replace(
        state,
        status="done",
        outcome=outcome,
        closed_at=at,
        closed_by=data.get("by_person"),
        parked=False,
    )


def _park(state: State, _: Data, __: datetime) -> State:
    return replace(state, parked=True)


def _unpark(state: State, _: Data, __: datetime) -> State:
    return replace(state, parked=False)


def _set_long_term(state: State, data: Data, at: datetime) -> State:
    return replace(
        state,
        status="long",
        lead_unit=data["lead"],
        due_at=moment(data["due_at"]),
        dispatched_at=state.dispatched_at or at,
    )


def _void(state: State, _: Data, __: datetime) -> State:
    return replace(state, voided=True)


def _reopen(state: State, data: Data, _: datetime) -> State:
    again = data["reason"] == "relapsed" and state.outcome == "fixed"
    return replace(
        state,
        status="run" if state.lead_unit else "new",
        outcome="",
        closed_at=None,
        closed_by=None,
        handed_in_at=None,
        on_spot=False,
        due_at=moment(data.get("due_at")) or state.due_at,
        relapsed=state.relapsed + (1 if again else 0),
    )


def _undo(_: State, data: Data, __: datetime) -> State:
    return load(data["state"])


def _nothing(state: State, _: Data, __: datetime) -> State:
    return state


EVOLVE: dict[str, Callable[[State, Data, datetime], State]] = {
    "file": _file,
    "adopt": _adopt,
    "amend": _amend,
    "fix_on_spot": _fix_on_spot,
    "decline": _decline,
    "dispatch": _dispatch,
    "recall": _recall,
    "sign": _sign,
    "hand_in": _hand_in,
    "withdraw": _withdraw,
    "pass_fix": _pass,
    "send_back": _send_back,
    "close": _close,
    "park": _park,
    "unpark": _unpark,
    "set_long_term": _set_long_term,
    "report_progress": _nothing,
    "void": _void,
    "reopen": _reopen,
    "remark": _nothing,
    "settle": _nothing,
    "classify_line": _nothing,
    "cut_line": _nothing,
    "undo": _undo,
}


def evolve(state: State, act: str, data: Data, at: datetime) -> State:
    """The state after one act. ``at`` is the server's time of the act."""
    return EVOLVE[act](state, data, at)


def fold(facts: Iterable[Fact]) -> State:
    """The state that these events, oldest first, lead to."""
    state = State()
    for fact in facts:
        state = evolve(state, fact.act, fact.data, fact.recorded_at)
    return state


def dump(state: State) -> dict[str, Any]:
    """A state as JSON values."""
    values = asdict(state)
    for key, value in values.items():
        if isinstance(value, datetime):
            values[key] = value.isoformat()
    values["fixes"] = list(values["fixes"])
    return values


def load(values: Data) -> State:
    """A state from its JSON values."""
    known = dict(values)
    for key in ("due_at", "dispatched_at", "signed_at", "handed_in_at", "closed_at"):
        known[key] = moment(known.get(key))
    known["fixes"] = tuple(known.get("fixes", ()))
    return State(**known)

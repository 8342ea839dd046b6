"""The life of a problem as pure values: what each act does to its state.

``fold`` over the events of a problem gives its state; the door applies the same ``evolve`` and
writes the result into the row, so state and events cannot drift apart unnoticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from weicheng.problems.state import State, dump, load, moment

__all__ = ["EVOLVE", "Fact", "State", "dump", "evolve", "fold", "load", "moment"]

Data = Mapping[str, Any]


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


def _file(_: State, data: Data, __: datetime) -> State:
    return State(
        kind=data["kind"],
        region=data["region"],
        site=data.get("site"),
        severity=data["severity"],
        level=data["level"],
        due_at=moment(data.get("due_at")),
        condition=data.get("condition", ""),
    )


def _adopt(state: State, data: Data, at: datetime) -> State:
    """Take over what an office's own ledger says of a problem that lived before us."""
    return replace(
        state,
        status=data["status"],
        lead_unit=data.get("lead"),
        due_at=moment(data.get("due_at")),
        dispatched_at=moment(data.get("dispatched_at")),
        handed_in_at=moment(data.get("handed_in_at"))
        or (at if data["status"] == "check" else None),
        closed_at=moment(data.get("closed_at")),
        outcome=data.get("outcome", ""),
        oversample=True,
        **_clock(data),
    )


def _clock(data: Data) -> dict[str, Any]:
    """How the due time was reckoned; events from before there were clocks say nothing of it."""
    return {
        "clock": data.get("clock"),
        "sign_due_at": moment(data.get("sign_due_at")),
        "verify_due_at": moment(data.get("verify_due_at")),
    }


#: What ends with the answer to a request, or when there is nothing left to ask about.
UNASKED: dict[str, Any] = {"asking": "", "settler_unit": None}


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
        paused=False,
        extended=0,
        level=data.get("level", state.level),
        condition=data.get("condition", state.condition),
        person=data.get("person"),
        verifier=data.get("verifier", ""),
        **_clock(data),
        **UNASKED,
    )


def _recall(state: State, _: Data, __: datetime) -> State:
    return replace(
        state, status="new", lead_unit=None, due_at=None, dispatched_at=None, signed_at=None,
        person=None, verifier="", paused=False, extended=0, **_clock({}), **UNASKED,
    )  # fmt: skip


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
        paused=False,
        due_at=moment(data.get("due_at")) or state.due_at,
        clock=data.get("clock", state.clock),
        verify_due_at=moment(data.get("verify_due_at")),
        **UNASKED,
    )


def _withdraw(state: State, _: Data, __: datetime) -> State:
    return replace(
        state, status="run", handed_in_at=None, fixes=state.fixes[:-1], verify_due_at=None,
        **UNASKED,
    )  # fmt: skip


def _send_back(state: State, data: Data, __: datetime) -> State:
    """The time that it waited for verification is not the unit's: the clock may have moved."""
    return replace(
        state,
        status="run" if state.lead_unit else "new",
        handed_in_at=None,
        sent_back=state.sent_back + 1,
        verify_due_at=None,
        due_at=moment(data.get("due_at")) or state.due_at,
        clock=data.get("clock", state.clock),
        **UNASKED,
    )


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
        paused=False,
        **UNASKED,
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
        person=data.get("person"),
        paused=False,
        **_clock(data),
        **UNASKED,
    )


def _void(state: State, _: Data, __: datetime) -> State:
    return replace(state, voided=True, **UNASKED)


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
        extended=0,
        clock=data.get("clock", state.clock),
        sign_due_at=None,
        verify_due_at=None,
    )


def _ask(state: State, data: Data, _: datetime) -> State:
    """A request waits; the clock runs on."""
    return replace(state, asking=data["sort"], settler_unit=data.get("settler"))


def _unask(state: State, _: Data, __: datetime) -> State:
    return replace(state, **UNASKED)


def _deny(state: State, data: Data, _: datetime) -> State:
    """A dispute counts as a bounce whichever way it was decided: the third goes to the group."""
    bounced = data["sort"] == "dispute"
    return replace(state, **UNASKED, bounces=state.bounces + (1 if bounced else 0))


def _grant(state: State, data: Data, at: datetime) -> State:
    return _GRANTED[data["sort"]](replace(state, **UNASKED), data, at)


def _grant_extension(state: State, data: Data, _: datetime) -> State:
    return replace(
        state, due_at=moment(data["due_at"]), clock=data["clock"], extended=state.extended + 1
    )


def _grant_pause(state: State, data: Data, _: datetime) -> State:
    return replace(state, due_at=moment(data["due_at"]), clock=data["clock"], paused=True)


def _grant_dispute(state: State, data: Data, _: datetime) -> State:
    """It is another unit's now; the clock runs on from its first dispatch."""
    return replace(
        state, lead_unit=data["lead"], person=data.get("person"), bounces=state.bounces + 1,
        signed_at=None, sign_due_at=moment(data.get("sign_due_at")), parked=False,
    )  # fmt: skip


_GRANTED: dict[str, Callable[[State, Data, datetime], State]] = {
    "extension": _grant_extension,
    "pause": _grant_pause,
    "dispute": _grant_dispute,
}


def _resume(state: State, data: Data, _: datetime) -> State:
    return replace(state, paused=False, due_at=moment(data["due_at"]), clock=data["clock"])


def _set_due(state: State, data: Data, _: datetime) -> State:
    return replace(state, due_at=moment(data["due_at"]), clock=data["clock"])


def _name_person(state: State, data: Data, _: datetime) -> State:
    return replace(state, person=data["person"])


def _succeed_unit(state: State, data: Data, _: datetime) -> State:
    led = state.lead_unit == data["from"]
    return replace(state, lead_unit=data["to"] if led else state.lead_unit)


def _split(state: State, data: Data, at: datetime) -> State:
    return _closed(state, data, at, "split") if data["closed"] else state


def _merge(state: State, data: Data, at: datetime) -> State:
    return replace(_closed(state, data, at, "duplicate"), merged_into=data["into"])


def _unmerge(_: State, data: Data, __: datetime) -> State:
    return load(data["state"])


def _louder(state: State, _: Data, __: datetime) -> State:
    return replace(state, said_again=state.said_again + 1)


def _quieter(state: State, _: Data, __: datetime) -> State:
    return replace(state, said_again=state.said_again - 1)


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
    "ask_extension": _ask,
    "ask_pause": _ask,
    "dispute": _ask,
    "drop_request": _unask,
    "grant": _grant,
    "deny": _deny,
    "resume": _resume,
    "set_due": _set_due,
    "name_person": _name_person,
    "succeed_unit": _succeed_unit,
    "split": _split,
    "merge": _merge,
    "unmerge": _unmerge,
    "say_again": _louder,
    "take_in": _louder,  # another problem was merged into this one
    "let_go": _quieter,  # ... and is its own again
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

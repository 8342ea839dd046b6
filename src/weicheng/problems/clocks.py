"""What each act does to the clock of a problem, ready for its event: the due time and the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from weicheng.frame.moments import moment
from weicheng.problems import deadlines, reckoning
from weicheng.problems.refusals import Refused

if TYPE_CHECKING:
    from weicheng.problems.door import Step
    from weicheng.problems.reckoning import Clock


@dataclass(frozen=True)
class Timed:
    """A clock and the due time that follows from it; the moment to sign by, where one is set."""

    due_at: datetime
    clock: Clock
    sign_due_at: datetime | None = None

    def data(self) -> dict[str, Any]:
        """As an event holds it."""
        return {"due_at": self.due_at.isoformat(), "clock": self.clock}

    def started(self) -> dict[str, Any]:
        """The same for an act that starts a clock."""
        signs = self.sign_due_at.isoformat() if self.sign_due_at else None
        return {**self.data(), "sign_due_at": signs}


def _timed(clock: Clock) -> Timed:
    return Timed(deadlines.due_of(clock).at, clock)


def start(step: Step, due_at: datetime | None, limit: datetime | None = None) -> Timed:
    """The clock of a dispatch: by rule, unless the office typed another due time."""
    row, now = step.problem, step.now
    if due_at is None:
        clock = deadlines.propose_for(row, now, limit=limit).clock
    else:
        if due_at <= now:
            raise Refused("due_past")
        clock = deadlines.clock_for(row, due_at, now, limit=limit)
    found = _timed(clock)
    if due_at is not None and due_at > found.due_at:
        _within(clock, due_at)
    return Timed(found.due_at, clock, deadlines.sign_due(clock))


def _within(clock: Clock, at: datetime) -> None:
    """Nothing is due after a date set from above."""
    limit = clock.get("limit")
    if limit and at > datetime.fromisoformat(limit):
        raise Refused("beyond_limit", limit=moment(datetime.fromisoformat(limit)))


def _exactly(clock: Clock, at: datetime) -> Timed:
    """The clock with this due time; refused where a limit from above or on the whole cuts it."""
    _within(clock, at)
    found = _timed(clock)
    if found.due_at < at:
        raise Refused("beyond_limit", limit=moment(found.due_at))
    return found


def clock_of(step: Step) -> Clock:
    """The problem's clock; what was dispatched before there were clocks gets one typed by hand."""
    if step.state.clock:
        return step.state.clock
    row, state = step.problem, step.state
    begun = state.dispatched_at or row.filed_at
    started = deadlines.propose_for(row, begun).clock
    return reckoning.by_hand(started, state.due_at) if state.due_at else started


def extension(step: Step, until: datetime) -> Timed:
    """More time, until a moment after the present one and within the limit from above."""
    due, clock = step.state.due_at, clock_of(step)
    if until <= step.now or (due is not None and until <= due):
        raise Refused("extension_not_later")
    return _exactly(reckoning.extended(clock, until), until)


def pause(step: Step, until: datetime) -> Timed:
    """The clock stands still from now until a moment."""
    if until <= step.now:
        raise Refused("until_past")
    return _timed(reckoning.paused(clock_of(step), step.now, until))


def resumed(step: Step) -> Timed:
    """The last pause ends now."""
    return _timed(reckoning.resumed(clock_of(step), step.now))


def by_hand(step: Step, due_at: datetime) -> Timed:
    """The office sets another due time."""
    return _exactly(reckoning.by_hand(clock_of(step), due_at), due_at)


def waited(step: Step) -> dict[str, Any]:
    """Sent back: the time from handing in until now was not the unit's and counts as a pause."""
    handed = step.state.handed_in_at
    if not step.state.lead_unit or not step.state.clock or handed is None:
        return {}
    if step.now - handed < timedelta(minutes=1):
        return {}
    found = _timed(reckoning.paused(step.state.clock, handed, step.now))
    was = step.state.due_at
    return {**found.data(), "was": was.isoformat() if was else None}


def anew(step: Step) -> dict[str, Any]:
    """Reopened: a new clock by the rule starts now."""
    if not step.state.lead_unit:
        return {"due_at": None}
    limit = (step.state.clock or {}).get("limit")
    until = datetime.fromisoformat(limit) if limit else None
    until = until if until and until > step.now else None
    return _timed(deadlines.propose_for(step.problem, step.now, limit=until).clock).data()


def handed_in(step: Step) -> dict[str, Any]:
    """Handed in: a pause ends, and the time to verify begins."""
    clock, found = step.state.clock, dict[str, Any]()
    if clock and step.state.paused:
        found = resumed(step).data()
    until = deadlines.verify_due(clock, step.now)
    return {**found, "verify_due_at": until.isoformat() if until else None}


def sign_again(step: Step) -> datetime | None:
    """When a unit that was given the matter later must have signed; never after the fix is due."""
    if not step.state.clock:
        return None
    fresh = {**step.state.clock, "start": step.now.isoformat()}
    found = deadlines.sign_due(fresh)
    due = step.state.due_at
    return min(found, due) if found and due else found

"""The clock of a problem as a value: what is due when, and every step of the reckoning. Pure.

A clock is a JSON-able dict, kept in ``Problem.clock`` and in the events::

    {"v": 1, "rule": id or "kind:key", "start": iso, "kind": "hours", "amount": 8,
     "calm": bool, "limit": iso|None, "pauses": [[iso, iso|None], …],
     "extended_to": iso|None, "manual": iso|None, "settled": n,
     "sign": [amount, kind]|None, "verify": …, "whole": [amount, kind, iso]|None}

``settled`` is the number of pauses that the typed or extended moment already takes into account.

How the four kinds and the haste of a kind belong together:

- 立行立改: hours of the clock (紧急工作时), weekends included. Rubbish found on Friday at 17:00 is
  due on Friday evening or Saturday morning, not on Monday.
- 限时: working hours; whole days (24, 48, 72 hours) are as many working days. What is 关键
  (``key``) counts by the clock instead.
- 限期: working days. 长期: days of the calendar.

``calm``: a moment by the clock that falls into the night (after 20:00, before 08:00) moves to the
next 09:00, since nobody hands in photos in the dark. It holds for what is slight or normal; what
is 较重 or 关键 is due to the minute, at night too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from weicheng.standards.models import Haste, Severity
from weicheng.workdays.calendar import SHANGHAI, Calendar, at
from weicheng.workdays.kinds import TimeKind
from weicheng.workdays.reckon import HOUR, Day, Reached, add, add_worked, between, nth_day

Clock = dict[str, Any]

NIGHT_FROM, NIGHT_TO, MORNING = time(20), time(8), time(9)
GRAVE = frozenset({Severity.SERIOUS.value, Severity.KEY.value})
DAY_KINDS = frozenset({TimeKind.DAYS.value, TimeKind.NATURAL.value})
HOURS_OF_A_DAY = 24
_MINUTE = timedelta(minutes=1)


class Amount(NamedTuple):
    """So many hours or days of a kind of time."""

    n: int
    kind: str


@dataclass(frozen=True)
class Terms:
    """What a rule grants: the time to fix, and the stages where it says any."""

    rule: str
    fix: Amount
    sign: Amount | None = None
    verify: Amount | None = None
    whole: Amount | None = None


@dataclass(frozen=True)
class Step:
    """One step of the reckoning: a code with its figures, and the moment it leads to."""

    code: str
    at: datetime | None = None
    until: datetime | None = None
    n: int = 0
    kind: str = ""


@dataclass(frozen=True)
class Due:
    """When something is due, the steps there, the days counted, and years not yet published."""

    at: datetime
    steps: tuple[Step, ...] = ()
    days: tuple[Day, ...] = ()
    unpublished: tuple[int, ...] = ()


#: Stages where no row of the table says any: to sign and to verify, by haste.
STAGES: dict[str, tuple[Amount, Amount]] = {
    Haste.IMMEDIATE: (Amount(1, TimeKind.URGENT), Amount(1, TimeKind.DAYS)),
    Haste.LIMITED: (Amount(4, TimeKind.HOURS), Amount(1, TimeKind.DAYS)),
    Haste.DATED: (Amount(1, TimeKind.DAYS), Amount(2, TimeKind.DAYS)),
    Haste.LONG: (Amount(3, TimeKind.DAYS), Amount(5, TimeKind.DAYS)),
}
#: Where a kind says neither hours nor days.
USUAL: dict[str, Amount] = {
    Haste.IMMEDIATE: Amount(4, TimeKind.URGENT),
    Haste.LIMITED: Amount(3, TimeKind.DAYS),
    Haste.DATED: Amount(7, TimeKind.DAYS),
    Haste.LONG: Amount(60, TimeKind.NATURAL),
}


def terms_of_kind(
    key: str, haste: str, hours: int | None, days: int | None, severity: str
) -> Terms:
    """What follows from the kind itself when no row of the table fits."""
    sign, verify = STAGES[haste]
    fix = _amount_of_kind(haste, hours, days, severity)
    if fix.kind == TimeKind.URGENT:
        sign = STAGES[Haste.IMMEDIATE][0]
    return Terms(f"kind:{key}", fix, sign, verify)


def _amount_of_kind(haste: str, hours: int | None, days: int | None, severity: str) -> Amount:
    asked = hours or (days or 0) * HOURS_OF_A_DAY
    if not asked:
        return USUAL[haste]
    if haste == Haste.IMMEDIATE or (haste == Haste.LIMITED and severity == Severity.KEY):
        return Amount(asked, TimeKind.URGENT)
    whole_days = -(-asked // HOURS_OF_A_DAY)
    if haste == Haste.LONG:
        return Amount(whole_days, TimeKind.NATURAL)
    if haste == Haste.LIMITED and asked % HOURS_OF_A_DAY:
        return Amount(asked, TimeKind.HOURS)
    return Amount(whole_days, TimeKind.DAYS)


def started(
    terms: Terms,
    now: datetime,
    *,
    severity: str,
    limit: datetime | None = None,
    filed_at: datetime | None = None,
) -> Clock:
    """A clock that begins at ``now``, rounded up to the full minute."""
    whole = [*terms.whole, _iso(full_minute(filed_at or now))] if terms.whole else None
    return {
        "v": 1,
        "rule": terms.rule,
        "start": _iso(full_minute(now)),
        "kind": str(terms.fix.kind),
        "amount": terms.fix.n,
        "calm": severity not in GRAVE,
        "limit": _iso(limit),
        "pauses": [],
        "extended_to": None,
        "manual": None,
        "settled": 0,
        "sign": _listed(terms.sign),
        "verify": _listed(terms.verify),
        "whole": [whole[0], str(whole[1]), whole[2]] if whole else None,
    }


def paused(clock: Clock, start: datetime, until: datetime | None = None) -> Clock:
    """The clock with a pause that begins; without ``until`` it counts once it has ended."""
    ends = _iso(full_minute(until)) if until else None
    return {**clock, "pauses": [*clock["pauses"], [_iso(full_minute(start)), ends]]}


def resumed(clock: Clock, now: datetime) -> Clock:
    """The clock with its last pause ended now (or at its planned end, whichever came first)."""
    if not clock["pauses"]:
        return clock
    *before, (start, until) = clock["pauses"]
    ends = min(full_minute(now), _moment(until)) if until else full_minute(now)
    return {**clock, "pauses": [*before, [start, _iso(max(ends, _moment(start)))]]}


def extended(clock: Clock, to: datetime) -> Clock:
    """The clock with a later moment granted; pauses so far are contained in it."""
    return {**clock, "extended_to": _iso(to), "settled": len(clock["pauses"])}


def by_hand(clock: Clock, at: datetime) -> Clock:
    """The clock with a moment that the office typed; it takes the place of all reckoning."""
    settled = len(clock["pauses"])
    return {**clock, "manual": _iso(at), "extended_to": None, "settled": settled}


def limited(clock: Clock, limit: datetime | None) -> Clock:
    """The clock with a date set from above, which nothing ever passes; None takes it away."""
    return {**clock, "limit": _iso(limit)}


def due_of(clock: Clock, calendar: Calendar) -> Due:
    """When the fix is due. The one function: for page, notice, bulletin and score."""
    given = clock.get("extended_to") or clock.get("manual")
    due = _given(clock, _moment(given), calendar) if given else _reckoned(clock, calendar)
    if clock.get("whole"):
        due = _within(due, "whole_reached", _whole_due(clock, calendar))
    if clock.get("limit"):
        due = _within(due, "limit_reached", Due(_moment(clock["limit"])))
    return due


def sign_due(clock: Clock, calendar: Calendar, due: datetime | None = None) -> datetime | None:
    """When the lead must have signed; never after the fix itself is due (``due``, where known)."""
    if not clock.get("sign"):
        return None
    n, kind = clock["sign"]
    found = add(calendar, _moment(clock["start"]), n, kind).at
    if kind == TimeKind.URGENT and clock.get("calm"):
        found = calmed(found)
    return min(found, due or due_of(clock, calendar).at)


def verify_due(clock: Clock, handed_in_at: datetime, calendar: Calendar) -> datetime | None:
    """When somebody must have looked at what was handed in."""
    if not clock.get("verify"):
        return None
    n, kind = clock["verify"]
    return add(calendar, full_minute(handed_in_at), n, kind).at


def calmed(moment: datetime) -> datetime:
    """The moment itself by day; the next 09:00 when it falls into the night."""
    local = moment.astimezone(SHANGHAI)
    if local.time() > NIGHT_FROM:
        return at(local.date() + timedelta(days=1), MORNING)
    return at(local.date(), MORNING) if local.time() < NIGHT_TO else local


def full_minute(moment: datetime) -> datetime:
    """The moment in local time, up to the next full minute."""
    local = moment.astimezone(SHANGHAI)
    floor = local.replace(second=0, microsecond=0)
    return floor if floor == local else floor + _MINUTE


def _reckoned(clock: Clock, calendar: Calendar) -> Due:
    """By the rule: its amount, and what the pauses add to it, in the same kind of time."""
    start, kind, amount = _moment(clock["start"]), clock["kind"], clock["amount"]
    steps = [Step("start", start), Step("amount", n=amount, kind=kind)]
    found = _reach(calendar, start, amount, 0, kind)
    added = 0
    for begins, ends in _over(clock["pauses"], steps):
        if begins >= found.at:
            break
        gained = between(calendar, max(begins, start), ends, kind)
        added += gained
        found = _reach(calendar, start, amount, added, kind)
        steps.append(Step("pause", begins, ends, gained, kind))
    moment = found.at
    steps.append(Step("reached", moment))
    if kind == TimeKind.URGENT and clock.get("calm") and calmed(moment) != moment:
        moment = calmed(moment)
        steps.append(Step("night", moment))
    return Due(moment, tuple(steps), found.days, found.unpublished)


def _reach(calendar: Calendar, start: datetime, amount: int, added: int, kind: str) -> Reached:
    """The amount of the rule with what was added: days to days, seconds to hours."""
    if kind == TimeKind.HOURS:
        return add_worked(calendar, start, amount * HOUR + added)
    if kind == TimeKind.URGENT:
        return Reached(add(calendar, start, amount, kind).at + timedelta(seconds=added))
    return add(calendar, start, amount + added, kind)


def _given(clock: Clock, moment: datetime, calendar: Calendar) -> Due:
    """From a typed or granted moment: only pauses that came after it move it."""
    code = "extended" if clock.get("extended_to") else "manual"
    steps = [Step("start", _moment(clock["start"])), Step(code, moment)]
    kind, years = clock["kind"], set[int]()
    days: tuple[Day, ...] = ()
    for begins, ends in _over(clock["pauses"][clock.get("settled", 0) :], steps):
        if begins >= moment:
            break
        gained = between(calendar, begins, ends, kind)
        shifted = _shifted(calendar, moment, gained, kind)
        moment, days = shifted.at, shifted.days
        years.update(shifted.unpublished)
        steps.append(Step("pause", begins, ends, gained, kind))
    steps.append(Step("reached", moment))
    return Due(moment, tuple(steps), days, tuple(sorted(years)))


def _shifted(calendar: Calendar, moment: datetime, gained: int, kind: str) -> Reached:
    """A given moment moved on by a pause; days keep its time of the day."""
    if not gained:
        return Reached(moment)
    if kind == TimeKind.HOURS:
        return add_worked(calendar, moment, gained)
    if kind == TimeKind.URGENT:
        return Reached(moment + timedelta(seconds=gained))
    local = moment.astimezone(SHANGHAI)
    way = add(calendar, local, gained, kind)
    day = nth_day(calendar, local.date(), gained, kind)
    return Reached(at(day, local.time()), way.days, way.unpublished)


def _over(pauses: list[list[str | None]], steps: list[Step]) -> list[tuple[datetime, datetime]]:
    """The pauses that have an end; an open one is only told."""
    found = []
    for start, until in pauses:
        if until is None:
            steps.append(Step("paused", _moment(start)))
        else:
            found.append((_moment(start), _moment(until)))
    return found


def _whole_due(clock: Clock, calendar: Calendar) -> Due:
    """The end of the whole way from filing; pauses move it as they move the fix."""
    n, kind, start = clock["whole"]
    inner = {"start": start, "kind": kind, "amount": n, "pauses": clock["pauses"]}
    return _reckoned(inner, calendar)


def _within(due: Due, code: str, cap: Due) -> Due:
    """The earlier of the two, with the years that either touched."""
    years = tuple(sorted({*due.unpublished, *cap.unpublished}))
    if due.at <= cap.at:
        return replace(due, unpublished=years)
    return Due(cap.at, (*due.steps, Step(code, cap.at)), due.days, years)


def _listed(amount: Amount | None) -> list[Any] | None:
    return [amount.n, str(amount.kind)] if amount else None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime:
    if text is None:
        raise ValueError(text)
    return datetime.fromisoformat(text).astimezone(SHANGHAI)

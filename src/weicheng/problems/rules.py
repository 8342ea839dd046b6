"""The rules on one page: which act, from which status, by whom; and the guards of single acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from weicheng.people.roles import Role
from weicheng.problems.models import Obligation
from weicheng.problems.refusals import Refused
from weicheng.problems.who import FILERS, capacities
from weicheng.problems.words import Severity, Status
from weicheng.standards.models import Haste

if TYPE_CHECKING:
    from weicheng.problems.models import Problem
    from weicheng.problems.who import Acting

N, R, C, D, L = "new", "run", "check", "done", "long"
ANY = (N, R, C, D, L)


@dataclass(frozen=True)
class Rule:
    """From which statuses, and in which capacity at least one of."""

    starts: tuple[str, ...]
    who: frozenset[str]


def _rule(starts: tuple[str, ...], *who: str) -> Rule:
    return Rule(starts, frozenset(who))


RULES: dict[str, Rule] = {
    # act               from             who (any of)
    "amend":           _rule((N, R), "office"),
    "decline":         _rule((N,), "office"),
    "dispatch":        _rule((N, R, L), "office"),
    "recall":          _rule((R,), "office"),
    "sign":            _rule((R,), "responsible"),
    "hand_in":         _rule((R, L), "responsible"),
    "withdraw":        _rule((C,), "responsible"),
    "pass_fix":        _rule((C,), "office", "inspector", "leader", "superior"),
    "send_back":       _rule((C,), "office", "inspector", "leader", "superior"),
    "close":           _rule((N, R, C, L), "office"),
    "park":            _rule((N, R, L), "office"),
    "unpark":          _rule((N, R, L), "office"),
    "set_long_term":   _rule((N, R), "office"),
    "report_progress": _rule((L,), "responsible", "office"),
    "void":            _rule(ANY, "office"),
    "reopen":          _rule((D,), "office", "inspector", "leader", "territory", "superior"),
    "remark":          _rule(ANY, "office", "inspector", "leader", "auditor", "territory",
                             "responsible", "owing", "sponsor", "finder", "superior", "area",
                             "settler"),
    "settle":          _rule((R, C, L, D), "owing"),
    "classify_line":   _rule((N, R), "office", "responsible"),
    "cut_line":        _rule((R,), "office", "responsible"),
    "ask_extension":   _rule((R,), "responsible"),
    "ask_pause":       _rule((R,), "responsible"),
    "dispute":         _rule((R, C), "responsible"),
    "drop_request":    _rule((R, C), "responsible"),
    "grant":           _rule((R, C), "office", "leader", "settler"),
    "deny":            _rule((R, C), "office", "leader", "settler"),
    "resume":          _rule((R,), "office", "responsible"),
    "set_due":         _rule((R, L), "office"),
    "name_person":     _rule((R, C, L), "office", "responsible"),
    "succeed_unit":    _rule((N, R, C, L), "office"),
    "split":           _rule((N, R), "office"),
    "merge":           _rule((N, R, C, L), "office"),
    "unmerge":         _rule((D,), "office"),
    "say_again":       _rule((N, R, C, L), "filer"),
    "undo":            _rule(ANY, "office", "inspector", "leader", "responsible", "superior",
                             "settler", "filer"),
}  # fmt: skip

#: Roles that may type for somebody else (代录).
TYPISTS = frozenset({Role.OFFICE, Role.TOWN})
UNDO_SECONDS = 10


def refusal(act: str, one: Acting, problem: Problem, *, now: datetime) -> Refused | None:
    """Why this person may not do this act on this problem now; None when it is allowed.

    The same answer hides the button, guards the act and answers the phone.
    """
    rule = RULES[act]
    if one.behalf is not None and one.user.role not in TYPISTS:
        return Refused("not_yours")
    held = capacities(one, problem, list(problem.region.ancestors))
    if not held & rule.who:
        return Refused("not_yours")
    if problem.voided and act not in {"remark", "undo"}:
        return Refused("voided")
    if problem.status not in rule.starts:
        return Refused("wrong_state", status=Status(problem.status).label)
    guard = GUARDS.get(act)
    return guard(one, problem, held, now) if guard else None


def _may_verify(one: Acting, problem: Problem, held: frozenset[str], _: datetime) -> Refused | None:
    if one.person is None:
        return Refused("nameless_verifier")
    if problem.level == "above" and "superior" not in held:
        return Refused("above_only")
    if any(_fixed(one, fix) for fix in problem.fixes):
        return Refused("own_fix")
    return None


def _fixed(one: Acting, fix: dict[str, str | None]) -> bool:
    """Whether this verifier is the fixer, or was posted in the fixing unit then or is now."""
    if one.person is not None and fix.get("person") == str(one.person.id):
        return True
    unit, day = fix.get("unit"), fix.get("day")
    return bool(unit and day and one.posted_in(UUID(unit), date.fromisoformat(day)))


def _may_pass(one: Acting, problem: Problem, held: frozenset[str], now: datetime) -> Refused | None:
    return _may_verify(one, problem, held, now) or holding(problem)


def holding(problem: Problem) -> Refused | None:
    """Why the problem cannot be closed yet: what must be done before is open."""
    owed = [
        o
        for o in problem.obligations.all()
        if o.sort == Obligation.Sort.HOLDING and o.state == Obligation.State.OPEN
    ]
    if not owed:
        return None
    names = gettext("、").join(dict.fromkeys(o.words or str(o.unit) for o in owed))
    return Refused("holding_open", n=len(owed), words=names)


def _may_close(_: Acting, problem: Problem, __: frozenset[str], ___: datetime) -> Refused | None:
    return holding(problem)


#: Bounces after which the next dispute is no longer the office's to decide.
BOUNCES = 2


def is_fixed_first(problem: Problem) -> bool:
    """首接负责: what is trivial, to be done at once, or dangerous is fixed first, argued later."""
    if problem.severity in {Severity.MINOR, Severity.KEY}:
        return True
    return problem.kind.haste == Haste.IMMEDIATE


def extensions_left(problem: Problem) -> int:
    """How often more time may still be asked for."""
    return max(0, settings.EXTENSIONS - problem.extended)


def _may_ask(_: Acting, problem: Problem, __: frozenset[str], ___: datetime) -> Refused | None:
    return Refused("already_asking") if problem.asking else None


def _may_ask_extension(
    _: Acting, problem: Problem, __: frozenset[str], now: datetime
) -> Refused | None:
    if problem.asking:
        return Refused("already_asking")
    if problem.due_at is None or problem.due_at <= now:
        return Refused("extension_late")
    return None if extensions_left(problem) else Refused("extension_used", n=problem.extended)


def _may_dispute(_: Acting, problem: Problem, __: frozenset[str], ___: datetime) -> Refused | None:
    if problem.asking:
        return Refused("already_asking")
    if is_fixed_first(problem) and not problem.fixes:
        return Refused("fix_first")
    return None


def _may_drop(_: Acting, problem: Problem, __: frozenset[str], ___: datetime) -> Refused | None:
    return None if problem.asking else Refused("nothing_asked")


def _may_decide(
    one: Acting, problem: Problem, held: frozenset[str], now: datetime
) -> Refused | None:
    """More time: office or leader. Pause and dispute: the office, after two bounces the group."""
    if not problem.asking:
        return Refused("nothing_asked")
    if problem.lead_unit_id and one.posted_in(problem.lead_unit_id, timezone.localdate(now)):
        return Refused("own_request")
    if problem.settler_unit_id:
        return None if held & {"settler", "leader"} else _groups(problem)
    fit = {"office", "leader"} if problem.asking == "extension" else {"office"}
    return None if held & fit else Refused("not_yours")


def _groups(problem: Problem) -> Refused:
    return Refused("group_decides", n=problem.bounces + 1, unit=problem.settler_unit)


def _may_send(_: Acting, problem: Problem, __: frozenset[str], ___: datetime) -> Refused | None:
    """While the group decides whose it is, the office does not send it elsewhere."""
    return _groups(problem) if problem.settler_unit_id else None


def is_paused(problem: Problem, now: datetime) -> bool:
    """Whether the clock stands still now; a pause ends by itself at its day."""
    until = paused_until(problem)
    return until is not None and now < until


def paused_until(problem: Problem) -> datetime | None:
    """The day until which it is paused, once a pause was granted and not ended by hand."""
    pauses = (problem.clock or {}).get("pauses") or []
    if not problem.paused or not pauses or not pauses[-1][1]:
        return None
    return datetime.fromisoformat(pauses[-1][1])


def _may_resume(_: Acting, problem: Problem, __: frozenset[str], now: datetime) -> Refused | None:
    return None if is_paused(problem, now) else Refused("not_paused")


def _may_reopen(_: Acting, problem: Problem, __: frozenset[str], ___: datetime) -> Refused | None:
    if problem.merged_into_id is None:
        return None
    return Refused("merged_away", number=problem.merged_into)


def _may_unmerge(_: Acting, problem: Problem, __: frozenset[str], ___: datetime) -> Refused | None:
    return None if problem.merged_into_id else Refused("not_merged")


Guard = Callable[["Acting", "Problem", frozenset[str], datetime], Refused | None]
GUARDS: dict[str, Guard] = {
    "pass_fix": _may_pass, "send_back": _may_verify, "close": _may_close, "merge": _may_close,
    "ask_extension": _may_ask_extension, "ask_pause": _may_ask, "dispute": _may_dispute,
    "drop_request": _may_drop, "grant": _may_decide, "deny": _may_decide, "dispatch": _may_send,
    "recall": _may_send, "resume": _may_resume, "reopen": _may_reopen, "unmerge": _may_unmerge,
}  # fmt: skip


def allowed_acts(one: Acting, problem: Problem, *, now: datetime) -> set[str]:
    """Every act that this person may do on this problem now."""
    return {act for act in RULES if refusal(act, one, problem, now=now) is None}


def may_file(one: Acting, ancestors: list[UUID]) -> Refused | None:
    """Why this person may not file a problem in a place with these regions above it."""
    if one.user.role not in FILERS:
        return Refused("not_yours")
    if one.behalf is not None and one.user.role not in TYPISTS:
        return Refused("not_yours")
    roots = one.user.region_roots()
    if roots is not None and not set(roots) & set(ancestors):
        return Refused("not_yours")
    return None

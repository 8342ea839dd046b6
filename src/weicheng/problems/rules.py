"""The rules on one page: which act, from which status, by whom; and the guards of single acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext

from weicheng.people.roles import Role
from weicheng.problems.models import Obligation
from weicheng.problems.refusals import Refused
from weicheng.problems.who import capacities
from weicheng.problems.words import Status

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
                             "responsible", "owing", "sponsor", "finder", "superior", "area"),
    "settle":          _rule((R, C, L, D), "owing"),
    "classify_line":   _rule((N, R), "office", "responsible"),
    "cut_line":        _rule((R,), "office", "responsible"),
    "undo":            _rule(ANY, "office", "inspector", "leader", "responsible", "superior"),
}  # fmt: skip

#: Roles that may file what they found.
FILERS = frozenset(
    {Role.OFFICE, Role.INSPECTOR, Role.TOWN, Role.COMMUNITY, Role.AREA, Role.LEADER, Role.UNIT}
)
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
    return guard(one, problem, held) if guard else None


def _may_verify(one: Acting, problem: Problem, held: frozenset[str]) -> Refused | None:
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


def _may_pass(one: Acting, problem: Problem, held: frozenset[str]) -> Refused | None:
    return _may_verify(one, problem, held) or _holding(problem)


def _holding(problem: Problem) -> Refused | None:
    owed = [
        o
        for o in problem.obligations.all()
        if o.sort == Obligation.Sort.HOLDING and o.state == Obligation.State.OPEN
    ]
    if not owed:
        return None
    names = gettext("、").join(dict.fromkeys(o.words or str(o.unit) for o in owed))
    return Refused("holding_open", n=len(owed), words=names)


def _may_close(_: Acting, problem: Problem, __: frozenset[str]) -> Refused | None:
    return _holding(problem)


GUARDS = {"pass_fix": _may_pass, "send_back": _may_verify, "close": _may_close}


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

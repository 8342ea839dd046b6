"""What a card shows of the questions on a problem, and of what belongs together with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.frame.moments import moment
from weicheng.journal.ids import uuid7
from weicheng.problems.models import Link, Problem, Remark, Request, Voice
from weicheng.problems.rules import refusal
from weicheng.problems.words import DisputeReason, ExtensionReason, PauseReason

if TYPE_CHECKING:
    from weicheng.problems.who import Acting

REASONS: dict[str, Any] = {
    "extension": ExtensionReason,
    "pause": PauseReason,
    "dispute": DisputeReason,
}
#: What the unit does when it asks.
VERBS: dict[str, Promise] = {
    "extension": _("申请延期"), "pause": _("申请缓办"), "dispute": _("提出“不属于我”"),
}  # fmt: skip
#: Sentences that say no in one tap.
NO: dict[str, tuple[Promise, ...]] = {
    "extension": (_("理由不充分，请按期办结。"), _("请先把能改的改到位，再说难处。")),
    "pause": (_("不具备缓办条件，请按期办结。"), _("请先做临时处置，不能搁着。")),
    "dispute": (_("属于贵单位职责，请按期办结。"), _("首接负责，请先办，分工会后再定。")),
}


#: So many waiting requests are looked through for those that are the reader's to answer.
MOST_READ = 200


@dataclass(frozen=True)
class Asked:
    """One request in words; with operation ids for the two answers where the reader may decide."""

    row: Request
    problem: Problem
    what: str
    reason: str
    wish: str
    words: str = ""
    answer: str = ""
    may_decide: bool = False
    why_not: str = ""
    no: tuple[Promise, ...] = ()
    grant_op: UUID = field(default_factory=uuid7)
    deny_op: UUID = field(default_factory=uuid7)

    def is_waiting(self) -> bool:
        """Whether nobody answered yet."""
        return self.row.state == Request.State.WAITING

    def who(self) -> str:
        """Who asked."""
        return " ".join(str(t) for t in (self.row.unit, self.row.person) if t)

    def said(self) -> str:
        """The request as one sentence."""
        return gettext("%(who)s%(what)s：%(reason)s，%(wish)s") % {
            "who": self.row.unit or "", "what": VERBS[self.row.sort], "reason": self.reason,
            "wish": self.wish,
        }  # fmt: skip


def asked_on(problem: Problem, one: Acting, now: datetime) -> list[Asked]:
    """Every request on a problem, the newest first."""
    rows = Request.objects.filter(problem=problem).select_related(
        "unit", "person", "suggested", "decided_by"
    )
    found = list(rows.order_by("-id"))
    return asked_of([(row, problem) for row in found], one, now) if found else []


def asked_of(pairs: Iterable[tuple[Request, Problem]], one: Acting, now: datetime) -> list[Asked]:
    """Requests with their words and answers; one query however many."""
    pairs = list(pairs)
    ids = {i for row, _p in pairs for i in (row.operation, row.ended_operation) if i}
    told = Remark.objects.filter(event__operation__in=ids, erased_at=None)
    words: dict[UUID, str] = dict(told.values_list("event__operation", "text"))
    return [_asked(row, problem, words, one, now) for row, problem in pairs]


def _asked(
    row: Request, problem: Problem, words: dict[UUID, str], one: Acting, now: datetime
) -> Asked:
    known = REASONS[row.sort]
    waits = row.state == Request.State.WAITING
    refused = refusal("grant", one, problem, now=now) if waits else None
    return Asked(
        row=row, problem=problem, what=str(Request.Sort(row.sort).label),
        reason=str(known(row.reason).label) if row.reason in known.values else "",
        wish=wish(row), words=words.get(row.operation, ""),
        answer=words.get(row.ended_operation, "") if row.ended_operation else "",
        may_decide=waits and refused is None,
        why_not=refused.sentence() if refused and refused.code != "not_yours" else "",
        no=NO[row.sort],
    )  # fmt: skip


def wish(row: Request) -> str:
    """What is wished: a day or a unit."""
    if row.sort == Request.Sort.DISPUTE:
        return gettext("应由%(unit)s办") % {"unit": row.suggested or ""}
    return gettext("到%(day)s") % {"day": moment(row.until) if row.until else ""}


def to_decide(user: Any, one: Acting, now: datetime, most: int = 9) -> list[Asked]:
    """Requests that wait for this reader and nobody below him, the oldest first."""
    seen = Problem.objects.in_scopes(user.scopes()).filter(voided=False).exclude(asking="")
    rows = (
        Request.objects.filter(state=Request.State.WAITING, problem__in=seen)
        .select_related(
            "unit", "person", "suggested", "decided_by", "problem__kind", "problem__region",
            "problem__settler_unit",
        )
        .defer("problem__search").prefetch_related("problem__obligations").order_by("asked_at")
    )  # fmt: skip
    mine = [r for r in rows[:MOST_READ] if refusal("grant", one, r.problem, now=now) is None]
    return asked_of([(r, r.problem) for r in mine[:most]], one, now)


@dataclass(frozen=True)
class Joined:
    """What belongs together: the main one, those merged, split from and into, and the voices."""

    main: Problem | None = None
    merged: list[Problem] = field(default_factory=list)
    whole: Problem | None = None
    pieces: list[Problem] = field(default_factory=list)
    voices: list[Voice] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.main or self.merged or self.whole or self.pieces or self.voices)


def joined_to(problem: Problem, user: Any) -> Joined:
    """What belongs together with a problem; the answer of a main one is shown to whoever reported
    what was merged into it, the way there only to those who may see it."""
    links = list(Link.objects.filter(problem=problem, ended_at=None)) + list(
        Link.objects.filter(other=problem, ended_at=None)
    )
    if not links and not problem.said_again:
        return Joined()
    ids = {i for link in links for i in (link.problem_id, link.other_id)} - {problem.pk}
    rows = Problem.objects.filter(pk__in=ids).for_rows().defer("search")
    known = {p.pk: p for p in rows}
    seen = set(Problem.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    for row in known.values():
        row.may_open = row.pk in seen  # type: ignore[attr-defined]

    def far(sort: str, *, out: bool) -> list[Problem]:
        ends = [
            known[link.other_id if out else link.problem_id] for link in links
            if link.sort == sort and (link.problem_id == problem.pk) == out
        ]  # fmt: skip
        return sorted(ends, key=lambda p: p.number)

    voices = Voice.objects.filter(problem=problem, ended_operation=None)
    return Joined(
        main=next(iter(far("merged", out=True)), None),
        merged=[p for p in far("merged", out=False) if p.pk in seen],
        whole=next((p for p in far("split", out=True) if p.pk in seen), None),
        pieces=[p for p in far("split", out=False) if p.pk in seen],
        voices=list(voices.select_related("unit", "person")) if problem.said_again else [],
    )

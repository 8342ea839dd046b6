"""The adjectives of a problem, the most urgent first, three at most in a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weicheng.problems.words import FROM_ABOVE, FROM_CITIZENS, Source

if TYPE_CHECKING:
    from weicheng.problems.models import Problem

MOST = 3

#: Flags the frame does not know: icon and word.
OWN: dict[str, tuple[str, Promise]] = {
    "void": ("x", _("作废")),
    "parked": ("stamp", _("挂账")),
    "spot": ("leaf", _("即查即改")),
    "oversample": ("eye", _("重点抽查")),
}

#: What the list may be filtered by, in the order of the box.
FILTERS: dict[str, Promise] = {
    "late": _("超期"),
    "soon": _("将到期"),
    "back": _("退回"),
    "again": _("反弹"),
    "province": _("省级反馈"),
    "leader": _("领导交办"),
    "public": _("群众"),
    "parked": _("挂账"),
    "spot": _("即查即改"),
    "void": _("作废"),
}


@dataclass(frozen=True)
class Flag:
    """One adjective: ``kind`` of the frame's flags or of ``OWN``, with its number or moment."""

    kind: str
    value: Any = ""

    def is_own(self) -> bool:
        """Whether it is drawn here and not by the frame."""
        return self.kind in OWN


def flags_of(problem: Problem, now: datetime) -> list[Flag]:
    """The flags of a problem, the most urgent first."""
    found: list[Flag] = []
    if problem.voided:
        found.append(Flag("void"))
    if problem.due_at and problem.status in {"new", "run", "long"} and not problem.voided:
        found.append(Flag("time", problem.due_at))
    if problem.relapsed:
        found.append(Flag("again", problem.relapsed))
    if problem.sent_back:
        found.append(Flag("back", problem.sent_back))
    if problem.parked:
        found.append(Flag("parked"))
    if problem.on_spot:
        found.append(Flag("spot"))
    found += _origin(problem)
    return found


def _origin(problem: Problem) -> list[Flag]:
    source = Source(problem.source)
    if source in FROM_ABOVE:
        return [Flag("province")]
    if source == Source.LEADER:
        return [Flag("leader")]
    return [Flag("public")] if source in FROM_CITIZENS else []

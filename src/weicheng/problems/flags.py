"""The adjectives of a problem, the most urgent first, three at most in a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weicheng.problems.rules import is_paused
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
    "line": ("cable", _("接通超时")),
    "holding": ("link", _("必办事项超时")),
    "asking": ("pen", _("待审")),
    "settler": ("people", _("待裁定")),
    "paused": ("clock", _("缓办中")),
    "extended": ("calendar", _("已延期")),
    "louder": ("plus", _("多人反映")),
}
#: Those of ours that are as urgent as being late.
URGENT = frozenset({"line", "holding"})

#: What the list may be filtered by, in the order of the box.
FILTERS: dict[str, Promise] = {
    "late": _("超期"),
    "soon": _("将到期"),
    "back": _("退回"),
    "again": _("反弹"),
    "province": _("省级反馈"),
    "leader": _("领导交办"),
    "public": _("群众"),
    "asking": _("待审"),
    "paused": _("缓办"),
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
    found += _held_up(problem, now)
    tests = (
        ("settler", problem.settler_unit_id),
        ("asking", problem.asking and not problem.settler_unit_id),
        ("paused", is_paused(problem, now)),
        ("again", problem.relapsed),
        ("back", problem.sent_back),
        ("extended", problem.extended and problem.status != "done"),
        ("parked", problem.parked),
        ("louder", problem.said_again),
        ("spot", problem.on_spot),
    )
    found += [Flag(kind, value) for kind, value in tests if value]
    return found + _origin(problem)


def _held_up(problem: Problem, now: datetime) -> list[Flag]:
    """What had to be done before the closing and is late; told where the duties were read."""
    read = getattr(problem, "_prefetched_objects_cache", {})
    if "obligations" not in read or problem.voided:
        return []
    late = {
        o.key for o in problem.obligations.all()
        if o.sort == "holding" and o.state == "open" and o.due_at and o.due_at < now
    }  # fmt: skip
    if not late:
        return []
    return [Flag("line" if "live_lines_on" in late else "holding")]


def _origin(problem: Problem) -> list[Flag]:
    source = Source(problem.source)
    if source in FROM_ABOVE:
        return [Flag("province")]
    if source == Source.LEADER:
        return [Flag("leader")]
    return [Flag("public")] if source in FROM_CITIZENS else []

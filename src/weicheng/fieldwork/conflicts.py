"""What happened to a problem while a phone was without signal, and whether it matters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.problems.models import Event, Problem

#: Acts after which what was seen before is no longer what is asked, in the words of the answer.
MOVING: dict[str, Promise] = {
    "dispatch": _("已改派"),
    "grant": _("的申请已答复"),
    "recall": _("已被收回"),
    "hand_in": _("已有人交整改"),
    "withdraw": _("的整改已撤回"),
    "pass_fix": _("已由别人验收通过"),
    "send_back": _("已被退回"),
    "decline": _("已不予受理"),
    "close": _("已销号"),
    "void": _("已作废"),
    "reopen": _("已重开"),
    "merge": _("已并入另一件"),
    "split": _("已拆分"),
    "set_long_term": _("已转长期推进"),
    "succeed_unit": _("已转给接办单位"),
    "undo": _("的上一步已撤销"),
}


def moved_since(problem: Problem, version: int) -> list[list[str]]:
    """The acts after that version that matter, in order: [act, moment (ISO)]."""
    events = Event.objects.filter(problem=problem, seq__gt=version, act__in=MOVING).order_by("seq")
    return [[e.act, e.recorded_at.isoformat()] for e in events]


def happened(acts: list[Any]) -> str:
    """Those acts in words, as "于11-28 08:30已被退回"; the last three."""
    said = [
        gettext("于%(at)s%(what)s") % {
            "at": timezone.localtime(datetime.fromisoformat(at)).strftime("%m-%d %H:%M"),
            "what": MOVING[act],
        }
        for act, at in acts[-3:]
    ]  # fmt: skip
    return gettext("，").join(said)

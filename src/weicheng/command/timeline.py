"""The last steps of a problem in words: who did what, when, and what they said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.people.directory import directory
from weicheng.people.models import Person
from weicheng.problems.models import Event
from weicheng.problems.timeline import SIGNS
from weicheng.problems.words import DeclineReason, Measure, Outcome, ReopenReason, SendBackReason

if TYPE_CHECKING:
    from weicheng.problems.models import Problem

#: act → its verb.
SAID: dict[str, Promise] = {
    "file": _("上报"), "adopt": _("从台账接入"), "amend": _("更正登记"),
    "fix_on_spot": _("当场改好"), "decline": _("不予受理"), "dispatch": _("派单"),
    "recall": _("收回"), "sign": _("签收"),
    "hand_in": _("交整改"), "withdraw": _("撤回整改"), "pass_fix": _("验收通过并销号"),
    "send_back": _("退回"), "close": _("销号"), "park": _("挂账提级"), "unpark": _("取消挂账"),
    "set_long_term": _("转长期推进"), "report_progress": _("报进度"), "void": _("作废"),
    "reopen": _("重开"), "remark": _("附言"), "settle": _("办结一项"), "classify_line": _("认线"),
    "cut_line": _("剪线"), "undo": _("撤销上一步"),
    "ask_extension": _("申请延期"), "ask_pause": _("申请缓办"), "dispute": _("提出不属于我"),
    "drop_request": _("撤回申请"), "grant": _("同意申请"), "deny": _("不同意申请"),
    "resume": _("恢复办理"), "set_due": _("改时限"), "split": _("拆分"), "merge": _("并入另一件"),
    "unmerge": _("拆开，恢复原件"), "say_again": _("又发现一次"), "take_in": _("并入一件"),
    "let_go": _("拆开一件"),
}  # fmt: skip
REASONS: dict[str, Any] = {
    "decline": DeclineReason,
    "send_back": SendBackReason,
    "reopen": ReopenReason,
}


@dataclass(frozen=True)
class Step:
    """One step, ready to be drawn; ``tone`` is "", primary, warn or ok."""

    icon: str
    tone: str
    who: str
    did: str
    more: str
    at: datetime
    words: str


def last_steps(problem: Problem, limit: int = 6) -> list[Step]:
    """The newest steps first, in one query."""
    name = Person.objects.filter(pk=OuterRef("person")).values("name")[:1]
    events = (
        Event.objects.filter(problem=problem)
        .select_related("remark")
        .annotate(person_name=Subquery(name))
        .order_by("-seq")[:limit]
    )
    return [_step(event) for event in events]


def _step(event: Any) -> Step:
    (icon, tone), did = SIGNS.get(event.act, ("right", "")), SAID[event.act]
    unit = directory().units.get(event.unit) if event.unit else None
    who = " ".join(t for t in (str(unit) if unit else "", event.person_name or "") if t)
    remark = getattr(event, "remark", None)
    if event.act == "dispatch" and event.data.get("direct"):
        did = _("直派")
    words = remark.text if remark and not remark.erased_at else ""
    return Step(icon, tone, who, str(did), _more(event), event.occurred_at, words)


def _more(event: Any) -> str:
    """What the codes of an event say: the unit, the reason, the measure, the outcome."""
    data = event.data
    if event.act in {"dispatch", "set_long_term"}:
        lead = directory().units.get(UUID(data["lead"]))
        return gettext("给%(unit)s") % {"unit": lead} if lead else ""
    if event.act in REASONS and data.get("reason") in REASONS[event.act].values:
        return str(REASONS[event.act](data["reason"]).label)
    if event.act in {"hand_in", "fix_on_spot"} and data.get("measure") in Measure.values:
        return str(Measure(data["measure"]).label)
    if event.act == "close" and data.get("outcome") in Outcome.values:
        return str(Outcome(data["outcome"]).label)
    return ""

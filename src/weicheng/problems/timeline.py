"""The timeline of a problem in sentences: who, what, on whose behalf, when, words and photos."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from weicheng.frame.moments import moment
from weicheng.journal.models import Operation
from weicheng.people.directory import directory
from weicheng.people.models import Person, User
from weicheng.problems.life import moment as told
from weicheng.problems.models import CableLine, Event, Milestone, Obligation
from weicheng.problems.words import (
    Channel,
    DeclineReason,
    Level,
    Measure,
    Outcome,
    ReopenReason,
    SendBackReason,
    Source,
    Status,
)

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment
    from weicheng.problems.models import Problem

Data = dict[str, Any]

#: Acts in the words of a sentence's object, for “撤销了…”.
ACTS = {
    "decline": _("不予受理"), "dispatch": _("派单"), "recall": _("收回"), "pass_fix": _("验收通过"),
    "send_back": _("退回"), "close": _("销号"), "park": _("挂账"), "unpark": _("取消挂账"),
    "set_long_term": _("转长期推进"), "void": _("作废"), "reopen": _("重开"), "amend": _("更正"),
}  # fmt: skip

#: Icon and tone of the dot.
SIGNS = {
    "file": ("camera", ""), "adopt": ("upload", ""), "fix_on_spot": ("camera", "primary"),
    "dispatch": ("right", ""), "set_long_term": ("calendar", ""), "sign": ("pen", ""),
    "hand_in": ("camera", "primary"), "send_back": ("back", "warn"), "recall": ("back", ""),
    "withdraw": ("back", ""), "reopen": ("again", "warn"), "pass_fix": ("check", "ok"),
    "close": ("check", "ok"), "settle": ("check", "ok"), "decline": ("x", ""), "void": ("x", ""),
    "remark": ("pen", ""), "park": ("stamp", ""), "unpark": ("stamp", ""),
    "report_progress": ("flag", ""), "classify_line": ("cable", ""), "cut_line": ("cable", ""),
}  # fmt: skip
SYSTEM = frozenset({"amend", "undo"})


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    act: str
    what: str
    who: str
    at: datetime
    typed: str = ""
    late_words: str = ""
    words: str = ""
    erased: bool = False
    icon: str = ""
    tone: str = ""
    is_system: bool = False
    photos: list[Attachment] = field(default_factory=list)
    data: Data = field(default_factory=dict)


def entries(problem: Problem) -> list[Entry]:
    """The whole timeline, newest first; five queries however long it is."""
    events = list(
        Event.objects.filter(problem=problem)
        .select_related("operation", "remark")
        .prefetch_related("photos__attachment__blob")
        .order_by("-seq")
    )
    names = _Names(events, problem)
    return [_entry(e, names) for e in events]


@dataclass(frozen=True)
class Fresh:
    """The newest picture of a problem that came back: the first one no longer shows it."""

    photo: Attachment
    at: datetime


def fresh_photo(problem: Problem, found: list[Entry]) -> Fresh | None:
    """The picture of the last reopening, while the problem waits to be fixed again."""
    if problem.status not in {"new", "run"}:
        return None
    last = next((e for e in found if e.act == "reopen"), None)
    shown = [p for p in last.photos if p.is_picture] if last else []
    return Fresh(shown[0], last.at) if last and shown else None


class _Names:
    """The names that a problem's events speak of."""

    def __init__(self, events: list[Event], problem: Problem) -> None:
        self.units = directory().units
        self.lines = {str(x.id): x for x in CableLine.objects.filter(problem=problem)}
        self.owed = {str(o.id): o for o in Obligation.objects.filter(problem=problem)}
        self.steps = {str(m.id): m for m in Milestone.objects.filter(problem=problem)}
        typists = {e.operation.actor_id for e in events if _recorded_for(e.operation)}
        users = User.objects.filter(pk__in=typists).select_related("person") if typists else ()
        self.typists = {u.id: str(u.person or u.username) for u in users}
        wanted = {e.person for e in events if e.person}
        self.persons = {p.id: p.name for p in Person.objects.filter(pk__in=wanted)}

    def who(self, event: Event) -> str:
        """“联通 刘×”."""
        unit = str(self.units[event.unit]) if event.unit in self.units else ""
        person = self.persons.get(event.person, "") if event.person else ""
        return " ".join(t for t in (unit, person) if t)

    def unit(self, text: str | None) -> str:
        """A unit's name by the id in an event."""
        unit = self.units.get(UUID(text)) if text else None
        return str(unit or "")


def _recorded_for(operation: Operation) -> bool:
    return bool(operation.behalf_person or operation.behalf_unit)


def _entry(event: Event, names: _Names) -> Entry:
    icon, tone = SIGNS.get(event.act, ("right", ""))
    remark = getattr(event, "remark", None)
    direct = event.act == "dispatch" and event.data.get("direct")
    return Entry(
        act=event.act, what=WHAT[event.act](event.data, names), who=names.who(event),
        at=event.occurred_at, typed=_typed(event, names), late_words=_clock(event),
        words=remark.text if remark and not remark.erased_at else "",
        erased=bool(remark and remark.erased_at), icon=icon, tone=tone,
        is_system=event.act in SYSTEM or bool(direct),
        photos=[p.attachment for p in event.photos.all() if p.attachment.erased_at is None],
        data=event.data,
    )  # fmt: skip


def _typed(event: Event, names: _Names) -> str:
    operation = event.operation
    if not _recorded_for(operation):
        return ""
    channel = Channel(operation.channel).label if operation.channel in Channel.values else ""
    return gettext("%(typist)s 代录（%(channel)s），%(at)s录入") % {
        "typist": names.typists.get(operation.actor_id, ""), "channel": channel,
        "at": moment(event.recorded_at),
    }  # fmt: skip


def _clock(event: Event) -> str:
    """What is odd about the device's clock, said only from two minutes on."""
    offset = event.operation.device_offset_seconds
    if offset is None or abs(offset) < 120:
        return ""
    minutes = abs(offset) // 60
    if offset > 0:
        return gettext("手机时间快%(n)s分钟") % {"n": minutes}
    return gettext("手机时间慢%(n)s分钟") % {"n": minutes}


def _label(choices: Any, value: Any) -> str:
    return str(choices(value).label) if value in choices.values else str(value or "")


def _file(data: Data, _names: _Names) -> str:
    return gettext("%(source)s发现") % {"source": _label(Source, data.get("source"))}


def _adopt(data: Data, _names: _Names) -> str:
    return gettext("由台账接入，当时%(status)s") % {"status": _label(Status, data["status"])}


def _dispatch(data: Data, names: _Names) -> str:
    values = {"unit": names.unit(data["lead"]), "due": moment(told(data["due_at"]))}
    if data.get("direct"):
        return gettext("按类别直派%(unit)s，%(due)s前办结") % values
    return gettext("派给%(unit)s，%(due)s前办结") % values


def _hand_in(data: Data, _names: _Names) -> str:
    values = {
        "measure": _label(Measure, data["measure"]),
        "swept": data.get("swept") or 0, "fixed": data.get("swept_fixed") or 0,
    }  # fmt: skip
    if values["swept"]:
        return gettext("提交整改：%(measure)s。举一反三排查%(swept)s处，整改%(fixed)s处") % values
    return gettext("提交整改：%(measure)s") % values


def _pass(data: Data, _names: _Names) -> str:
    return gettext("%(level)s通过并销号") % {"level": _label(Level, data.get("level"))}


def _long(data: Data, names: _Names) -> str:
    return gettext("转为长期推进，%(unit)s牵头") % {"unit": names.unit(data["lead"])}


def _progress(data: Data, names: _Names) -> str:
    step = names.steps.get(data.get("milestone") or "")
    return gettext("完成节点：%(step)s") % {"step": step} if step else gettext("报进度")


def _park(data: Data, _names: _Names) -> str:
    return gettext("挂账提级，%(day)s再研究") % {
        "day": moment(date.fromisoformat(data["review_on"]))
    }


def _settle(data: Data, names: _Names) -> str:
    owed = names.owed.get(data["obligation"])
    return gettext("办结：%(words)s") % {"words": owed.words if owed else ""}


def _classify(data: Data, names: _Names) -> str:
    line = names.lines.get(data["line"])
    return gettext("认线：%(label)s，%(state)s") % {
        "label": line.label if line else "", "state": _label(CableLine.State, data["state"]),
    }  # fmt: skip


def _cut(data: Data, names: _Names) -> str:
    line = names.lines.get(data["line"])
    return gettext("剪线：%(label)s") % {"label": line.label if line else ""}


def _undo(data: Data, _names: _Names) -> str:
    return gettext("撤销了“%(act)s”") % {"act": gettext(ACTS.get(str(data["act"]), ""))}


def _reason(sentence: str, choices: Any, key: str = "reason") -> Callable[[Data, _Names], str]:
    return lambda data, names: gettext(sentence) % {"reason": _label(choices, data.get(key))}


def _plain(sentence: str) -> Callable[[Data, _Names], str]:
    return lambda data, names: gettext(sentence)


WHAT: dict[str, Callable[[Data, _Names], str]] = {
    "file": _file, "adopt": _adopt, "dispatch": _dispatch, "hand_in": _hand_in, "pass_fix": _pass,
    "set_long_term": _long, "report_progress": _progress, "park": _park, "settle": _settle,
    "classify_line": _classify, "cut_line": _cut, "undo": _undo,
    "decline": _reason(_("不予受理：%(reason)s"), DeclineReason),
    "send_back": _reason(_("退回：%(reason)s"), SendBackReason),
    "reopen": _reason(_("重开：%(reason)s"), ReopenReason),
    "close": _reason(_("销号：%(reason)s"), Outcome, "outcome"),
    "fix_on_spot": _plain(_("即查即改，等别人验收")), "amend": _plain(_("更正了登记内容")),
    "recall": _plain(_("收回派单")), "sign": _plain(_("签收")), "withdraw": _plain(_("撤回整改")),
    "unpark": _plain(_("取消挂账")), "void": _plain(_("作废，编号保留")),
    "remark": _plain(_("附言")),
}  # fmt: skip

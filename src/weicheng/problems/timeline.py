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
from weicheng.problems.models import CableLine, Event, Milestone, Obligation, Problem, Request
from weicheng.problems.words import (
    Channel,
    DeclineReason,
    DisputeReason,
    ExtensionReason,
    Level,
    Measure,
    Outcome,
    PauseReason,
    ReopenReason,
    SendBackReason,
    Source,
    Status,
)

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment

Data = dict[str, Any]

#: Acts in the words of a sentence's object, for “撤销了…”.
ACTS = {
    "decline": _("不予受理"), "dispatch": _("派单"), "recall": _("收回"), "pass_fix": _("验收通过"),
    "send_back": _("退回"), "close": _("销号"), "park": _("挂账"), "unpark": _("取消挂账"),
    "set_long_term": _("转长期推进"), "void": _("作废"), "reopen": _("重开"), "amend": _("更正"),
    "grant": _("同意"), "deny": _("不同意"), "resume": _("恢复办理"), "set_due": _("改时限"),
    "name_person": _("换经办人"),
    "merge": _("并入"), "say_again": _("又有人发现"),
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
    "ask_extension": ("calendar", "warn"), "ask_pause": ("clock", "warn"),
    "dispute": ("swap", "warn"), "drop_request": ("back", ""), "grant": ("check", "primary"),
    "deny": ("x", "warn"), "resume": ("right", ""), "set_due": ("clock", ""),
    "name_person": ("user", ""), "succeed_unit": ("building", ""),
    "split": ("split", ""), "merge": ("merge", "ok"), "unmerge": ("split", "warn"),
    "say_again": ("plus", ""), "take_in": ("merge", ""), "let_go": ("split", ""),
}  # fmt: skip
SYSTEM = frozenset({"amend", "undo", "succeed_unit"})
REASONS: dict[str, Any] = {
    "extension": ExtensionReason, "pause": PauseReason, "dispute": DisputeReason,
}  # fmt: skip


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
    found = Event.objects.filter(problem=problem).select_related("operation", "remark")
    events = list(found.prefetch_related("photos__attachment__blob").order_by("-seq"))
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
        wanted |= {i for e in events for i in _persons(e)}
        self.persons = {p.id: p.name for p in Person.objects.filter(pk__in=wanted)}

        others = {i for e in events for i in _others(e)}
        known = Problem.objects.filter(pk__in=others).values_list("pk", "number") if others else ()
        self.numbers = {str(pk): number for pk, number in known}

    def number(self, text: str) -> str:
        """Another problem's number by the id in an event."""
        return self.numbers.get(text, "")

    def person(self, text: str | None) -> str:
        """A person's name by the id in an event."""
        return self.persons.get(UUID(text), "") if text else ""

    def who(self, event: Event) -> str:
        """“联通 刘×”."""
        unit = str(self.units[event.unit]) if event.unit in self.units else ""
        person = self.persons.get(event.person, "") if event.person else ""
        return " ".join(t for t in (unit, person) if t)

    def unit(self, text: str | None) -> str:
        """A unit's name by the id in an event."""
        unit = self.units.get(UUID(text)) if text else None
        return str(unit or "")


def _persons(event: Event) -> list[UUID]:
    """The persons that an event speaks of; ``was`` is one where somebody was named anew."""
    keys = ("person", "was") if event.act == "name_person" else ("person",)
    return [UUID(event.data[key]) for key in keys if event.data.get(key)]


def _others(event: Event) -> list[str]:
    """The other problems that an event speaks of."""
    if event.act == "split":
        return list(event.data["into"])
    key = {"merge": "into", "unmerge": "from", "take_in": "problem", "let_go": "problem"}
    return [event.data[key[event.act]]] if event.act in key else []


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
    unit = " ".join(t for t in (names.unit(data["lead"]), names.person(data.get("person"))) if t)
    values = {"unit": unit, "due": moment(told(data["due_at"]))}
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


def _send_back(data: Data, _names: _Names) -> str:
    """The time that it waited to be verified was not the unit's."""
    values = {"reason": _label(SendBackReason, data["reason"]), "due": _due(data)}
    if data.get("due_at") and data["due_at"] != data.get("was"):
        return gettext("退回：%(reason)s。等验收的时间不算，时限顺延到%(due)s") % values
    return gettext("退回：%(reason)s") % values


def _reopen(data: Data, _names: _Names) -> str:
    values = {"reason": _label(ReopenReason, data["reason"]), "due": _due(data)}
    if data.get("due_at"):
        return gettext("重开：%(reason)s。重新计时，%(due)s前办结") % values
    return gettext("重开：%(reason)s") % values


def _due(data: Data) -> str:
    return moment(told(data["due_at"])) if data.get("due_at") else ""


def _ask(data: Data, names: _Names) -> str:
    sort = data["sort"]
    values = {
        "what": Request.Sort(sort).label, "reason": _label(REASONS[sort], data["reason"]),
        "until": moment(told(data["until"])) if data.get("until") else "",
        "unit": names.unit(data.get("suggested")), "settler": names.unit(data.get("settler")),
    }  # fmt: skip
    if sort != Request.Sort.DISPUTE:
        return gettext("%(what)s到%(until)s：%(reason)s") % values
    if data.get("settler"):
        return gettext("%(what)s：%(reason)s，应由%(unit)s办。多次退转，交%(settler)s定") % values
    return gettext("%(what)s：%(reason)s，应由%(unit)s办") % values


def _grant(data: Data, names: _Names) -> str:
    values = {
        "unit": names.unit(data.get("lead")), "due": _due(data),
        "until": moment(told(data["until"])) if data.get("until") else "",
    }  # fmt: skip
    if data["sort"] == Request.Sort.DISPUTE:
        return gettext("同意，改由%(unit)s办，时限不变，%(due)s前办结") % values
    if data["sort"] == Request.Sort.PAUSE:
        return gettext("同意缓办到%(until)s，时限顺延到%(due)s") % values
    return gettext("同意延期，时限改为%(due)s") % values


def _deny(data: Data, _names: _Names) -> str:
    return gettext("不同意%(what)s，时限不变") % {"what": Request.Sort(data["sort"]).label}


def _resume(data: Data, _names: _Names) -> str:
    return gettext("恢复办理，时限%(due)s") % {"due": _due(data)}


def _set_due(data: Data, _names: _Names) -> str:
    was = moment(told(data["was"])) if data.get("was") else gettext("没有定")
    return gettext("改时限：%(was)s → %(due)s") % {"was": was, "due": _due(data)}


def _name_person(data: Data, names: _Names) -> str:
    values = {"was": names.person(data.get("was")), "person": names.person(data["person"])}
    if values["was"]:
        return gettext("经办人由%(was)s换为%(person)s，时限不变") % values
    return gettext("经办人定为%(person)s") % values


def _succeed_unit(data: Data, names: _Names) -> str:
    values = {"old": names.unit(data["from"]), "new": names.unit(data["to"])}
    return gettext("%(old)s的职责由%(new)s承接，时限不变") % values


def _split(data: Data, names: _Names) -> str:
    numbers = gettext("、").join(names.number(i) for i in data["into"])
    if data["closed"]:
        return gettext("拆成%(numbers)s，原件结掉") % {"numbers": numbers}
    return gettext("拆出%(numbers)s") % {"numbers": numbers}


def _merge(data: Data, names: _Names) -> str:
    return gettext("并入%(number)s") % {"number": names.number(data["into"])}


def _unmerge(data: Data, names: _Names) -> str:
    return gettext("从%(number)s拆开，接着原来的办") % {"number": names.number(data["from"])}


def _take_in(data: Data, names: _Names) -> str:
    return gettext("%(number)s并入本件") % {"number": names.number(data["problem"])}


def _let_go(data: Data, names: _Names) -> str:
    return gettext("%(number)s从本件拆开") % {"number": names.number(data["problem"])}


WHAT: dict[str, Callable[[Data, _Names], str]] = {
    "file": _file, "adopt": _adopt, "dispatch": _dispatch, "hand_in": _hand_in, "pass_fix": _pass,
    "set_long_term": _long, "report_progress": _progress, "park": _park, "settle": _settle,
    "classify_line": _classify, "cut_line": _cut, "undo": _undo,
    "decline": _reason(_("不予受理：%(reason)s"), DeclineReason),
    "send_back": _send_back, "reopen": _reopen, "ask_extension": _ask, "ask_pause": _ask,
    "dispute": _ask, "grant": _grant, "deny": _deny, "resume": _resume, "set_due": _set_due,
    "name_person": _name_person, "succeed_unit": _succeed_unit,
    "split": _split, "merge": _merge, "unmerge": _unmerge, "take_in": _take_in,
    "let_go": _let_go, "drop_request": _plain(_("撤回申请")),
    "say_again": _plain(_("又有人发现，加一次")),
    "close": _reason(_("销号：%(reason)s"), Outcome, "outcome"),
    "fix_on_spot": _plain(_("即查即改，等别人验收")), "amend": _plain(_("更正了登记内容")),
    "recall": _plain(_("收回派单")), "sign": _plain(_("签收")), "withdraw": _plain(_("撤回整改")),
    "unpark": _plain(_("取消挂账")), "void": _plain(_("作废，编号保留")),
    "remark": _plain(_("附言")),
}  # fmt: skip

"""What the card of a problem offers and shows: the buttons, who answers, its clock and past."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.people.models import Unit
from weicheng.problems.door import CABLE_KEYS
from weicheng.problems.models import Obligation, Photo, Problem
from weicheng.problems.rules import TYPISTS, allowed_acts, extensions_left, refusal
from weicheng.problems.who import Acting, Behalf, acting
from weicheng.problems.words import Level

if TYPE_CHECKING:
    from uuid import UUID

    from weicheng.evidence.models import Attachment
    from weicheng.people.models import Person
    from weicheng.problems.refusals import Refused

#: The first button by status: the first of these that the reader may do.
FIRST = {
    "new": ("unpark", "dispatch", "remark"),
    "run": ("grant", "unpark", "hand_in", "remark"),
    "check": ("pass_fix", "grant", "settle", "withdraw", "remark"),
    "long": ("unpark", "report_progress", "hand_in", "remark"),
    "done": ("settle", "reopen", "remark"),
}

#: Order of the menu 更多, with icon and word.
MENU: dict[str, tuple[str, str | Promise]] = {
    "grant": ("check", _("同意")), "deny": ("x", _("不同意")),
    "dispatch": ("right", _("派单")), "hand_in": ("camera", _("交整改")),
    "sign": ("pen", _("签收")),
    "report_progress": ("flag", _("报进度")), "settle": ("check", _("办结一项")),
    "pass_fix": ("check", _("验收通过")), "send_back": ("back", _("退回整改")),
    "reopen": ("again", _("重开")), "withdraw": ("back", _("撤回整改")),
    "ask_extension": ("calendar", _("申请延期")), "dispute": ("swap", _("不属于我")),
    "ask_pause": ("clock", _("申请缓办")), "drop_request": ("back", _("撤回申请")),
    "resume": ("right", _("恢复办理")), "set_due": ("clock", _("改时限")),
    "name_person": ("user", _("换经办人")),
    "classify_line": ("cable", _("认线")), "cut_line": ("cable", _("剪线")),
    "remark": ("pen", _("附言")), "say_again": ("plus", _("我也发现这一件")),
    "amend": ("pen", _("更正登记")), "recall": ("back", _("收回派单")),
    "merge": ("merge", _("并入另一件")), "unmerge": ("split", _("拆开，恢复原件")),
    "split": ("split", _("拆分")),
    "set_long_term": ("calendar", _("转长期推进")), "park": ("stamp", _("挂账提级")),
    "unpark": ("stamp", _("取消挂账")), "decline": ("x", _("不予受理")),
    "close": ("check", _("不经整改销号")), "void": ("x", _("作废")),
}  # fmt: skip
#: Acts of a unit that the office may type for it.
FOR_UNITS = (
    "hand_in", "sign", "report_progress", "settle", "withdraw", "ask_extension", "dispute",
    "ask_pause", "drop_request", "classify_line", "cut_line",
)  # fmt: skip
#: Refusals that are worth a page: the button stays and leads to the sentence that says what to do.
EXPLAINED = {
    "ask_extension": frozenset({"extension_late", "extension_used"}),
    "dispute": frozenset({"fix_first"}),
}


@dataclass(frozen=True)
class Button:
    """An act the reader may do; ``for_unit`` names the unit for which it is typed (代录).

    ``refused``: it leads to the sentence that says why not and what to do instead.
    """

    act: str
    icon: str
    words: str
    for_unit: Unit | None = None
    refused: bool = False


@dataclass(frozen=True)
class Buttons:
    """The one first button, the others, and why the reader may not verify."""

    first: Button | None
    more: list[Button]
    acts: frozenset[str]
    why_not: str = ""


def buttons(one: Acting, problem: Problem, now: datetime) -> Buttons:
    """Every act the reader may do now, for himself or by 代录, the first one apart."""
    own = {
        a for a in allowed_acts(one, problem, now=now) if a != "undo" and _sensible(a, problem, one)
    }
    typed = _typed(one, problem, own, now)
    found = {a: Button(a, MENU[a][0], _words(a, problem)) for a in MENU if a in own}
    found |= {a: _for(a, problem, unit) for a, unit in typed.items()}
    found |= _explained(one, problem, found, now)
    first = next((found[a] for a in FIRST[problem.status] if a in found), None)
    if problem.voided:
        first = found.get("remark")
    more = [found[a] for a in MENU if a in found and found[a] is not first]
    return Buttons(first, more, frozenset(own), _why_not(one, problem, own, now))


def _explained(
    one: Acting, problem: Problem, found: dict[str, Button], now: datetime
) -> dict[str, Button]:
    """Acts that are closed to the reader for a reason that he should be told."""
    more: dict[str, Button] = {}
    for act, codes in EXPLAINED.items():
        refused = None if act in found else refusal(act, one, problem, now=now)
        if refused is not None and refused.code in codes:
            more[act] = Button(act, MENU[act][0], str(MENU[act][1]), refused=True)
    return more


def _words(act: str, problem: Problem) -> str:
    if act == "dispatch" and problem.status != "new":
        return gettext("改派")
    if act == "ask_extension":
        return gettext("申请延期（剩%(n)s次）") % {"n": extensions_left(problem)}
    return str(MENU[act][1])


def _for(act: str, problem: Problem, unit: Unit) -> Button:
    words = gettext("代录：%(act)s") % {"act": _words(act, problem)}
    return Button(act, MENU[act][0], words, unit)


def _typed(one: Acting, problem: Problem, own: set[str], now: datetime) -> dict[str, Unit]:
    """Acts that only a unit may do, and for which unit this reader may type them."""
    if one.user.role not in TYPISTS:
        return {}
    found: dict[str, Unit] = {}
    today = timezone.localdate(now)
    for unit in _owing(problem):
        other = acting(one.user, Behalf(unit=unit), today)
        for act in FOR_UNITS:
            if act in own or act in found or not _sensible(act, problem, other):
                continue
            if refusal(act, other, problem, now=now) is None:
                found[act] = unit
    return found


def _owing(problem: Problem) -> list[Unit]:
    units = [problem.lead_unit] if problem.lead_unit else []
    if problem.status == "check":  # the fix is handed in: what holds the closing comes first
        units[:0] = [o.unit for o in owed(problem) if o.sort == Obligation.Sort.HOLDING]
    units += [o.unit for o in problem.obligations.all() if o.state == Obligation.State.OPEN]
    return list(dict.fromkeys(units))


def _sensible(act: str, problem: Problem, one: Acting) -> bool:
    """Whether the act has something to work on; the rules say who, this says what."""
    if act == "settle":
        own = {one.unit.id} if one.unit else set()
        return any(o.unit_id in own for o in owed(problem))
    if act in {"classify_line", "cut_line"}:
        lines = problem.cable_lines.all()
        return has_cables(problem) and (act == "classify_line" or any(not x.cut_at for x in lines))
    tests = {
        "sign": problem.signed_at is None,
        "park": not problem.parked,
        "unpark": problem.parked,
        "say_again": one.unit is None or one.unit.id != problem.lead_unit_id,
    }
    return tests.get(act, True)


def owed(problem: Problem) -> list[Obligation]:
    """Open obligations other than the fix itself."""
    return [
        o for o in problem.obligations.all()
        if o.sort != Obligation.Sort.MAIN and o.state == Obligation.State.OPEN
    ]  # fmt: skip


def has_cables(problem: Problem) -> bool:
    """Whether lines must be classified before anybody cuts."""
    keys = (t.get("key", "") for t in problem.kind.obligations)
    return any(k in CABLE_KEYS for k in keys) or bool(problem.cable_lines.all())


def _why_not(one: Acting, problem: Problem, own: set[str], now: datetime) -> str:
    if problem.status != "check" or "pass_fix" in own:
        return ""
    refused: Refused | None = refusal("pass_fix", one, problem, now=now)
    return refused.sentence() if refused and refused.code != "not_yours" else ""


def pass_words(level: str) -> str:
    """The button that passes, naming how it is verified."""
    return {
        Level.PICTURE.value: gettext("图核通过并销号"),
        Level.ONSITE.value: gettext("现场复核通过并销号"),
        Level.ABOVE.value: gettext("上级验收通过并销号"),
    }[level]


@dataclass(frozen=True)
class Answerer:
    """A unit with its part, its head and a phone to call."""

    part: str
    unit: Unit
    person: str
    phone: str


def answerers(problem: Problem) -> tuple[Answerer | None, list[Answerer], list[Answerer]]:
    """The lead, the other fixing units, and the three parties; one query."""
    mains = [
        o for o in problem.obligations.all()
        if o.sort == Obligation.Sort.MAIN and o.state != Obligation.State.WAIVED
        and o.unit_id != problem.lead_unit_id
    ]  # fmt: skip
    parties = [
        (gettext("属地"), problem.territory_unit_id),
        (gettext("行业主管"), problem.bureau_unit_id),
        (gettext("包保单位"), problem.sponsor_unit_id),
    ]
    units = _with_heads(
        {problem.lead_unit_id, *(o.unit_id for o in mains), *(i for _w, i in parties)}
    )
    lead = _answerer(gettext("牵头"), problem.lead_unit_id, units, problem.person)
    parts = {"responsible": gettext("责任"), "support": gettext("配合")}
    others = [_answerer(parts.get(o.part, gettext("责任")), o.unit_id, units) for o in mains]
    three = [_answerer(word, i, units) for word, i in parties]
    return lead, [a for a in others if a], [a for a in three if a]


def _with_heads(ids: Iterable[UUID | None]) -> dict[UUID, Unit]:
    wanted = [i for i in ids if i]
    return {u.id: u for u in Unit.objects.filter(pk__in=wanted).select_related("head", "contact")}


def _answerer(
    part: str, unit_id: UUID | None, units: dict[UUID, Unit], named: Person | None = None
) -> Answerer | None:
    """A unit with the named person, else its head, else its contact."""
    unit = units.get(unit_id) if unit_id else None
    if unit is None:
        return None
    person = named or unit.head or unit.contact
    phone = (person.phone if person else "") or unit.phone
    return Answerer(part, unit, person.name if person else "", phone)


@dataclass(frozen=True)
class Timing:
    """The due time in words: the moment, and how the hand-in stood to it."""

    due: datetime | None
    since: datetime | None
    running: bool
    words: str = ""
    late: bool = False


def timing(problem: Problem) -> Timing:
    """The clock of a problem: running, or stopped with what it said."""
    from weicheng.frame.moments import span_words

    due, handed = problem.due_at, problem.handed_in_at
    running = problem.status in {"new", "run", "long"} and not problem.voided
    if running or due is None or handed is None:
        return Timing(due, problem.dispatched_at, running)
    span = span_words(abs(due - handed))
    if handed <= due:
        return Timing(due, None, False, gettext("提前%(span)s提交") % {"span": span})
    return Timing(due, None, False, gettext("超期%(span)s提交") % {"span": span}, late=True)


def latest_before(problem: Problem) -> Attachment | None:
    """What it looks like now: the picture of the last reopening, else the first one."""
    if problem.relapsed or problem.sent_back:
        again = Photo.objects.filter(problem=problem, event__act="reopen")
        last = again.select_related("attachment__blob").order_by("-id").first()
        if last is not None and last.attachment.erased_at is None:
            return last.attachment
    return problem.before_photo


def same_site(problem: Problem, user: Any, most: int = 20) -> list[Problem]:
    """Earlier and later problems at the same site, newest first."""
    if problem.site_id is None:
        return []
    found = Problem.objects.visible_to(user).filter(site_id=problem.site_id, voided=False)
    return list(
        found.for_rows().defer("search").exclude(pk=problem.pk).order_by("-found_at")[:most]
    )


def related(problem: Problem, user: Any, most: int = 10) -> list[Problem]:
    """Open problems of the same kind in the same community: they may be the same, or its cause."""
    found = Problem.objects.visible_to(user).filter(
        region_id=problem.region_id, kind_id=problem.kind_id, voided=False
    )
    rows = found.for_rows().defer("search").exclude(pk=problem.pk).exclude(status="done")
    return list(rows.order_by("-filed_at")[:most])

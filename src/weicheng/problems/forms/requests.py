"""Forms of what a unit asks (延期, 缓办, 不属于我), of the answers, and of another due time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.frame.moments import moment
from weicheng.problems import acts
from weicheng.problems.forms.base import ActForm, radios, words_field
from weicheng.problems.forms.fields import (
    DayField,
    MomentField,
    PersonField,
    UnitField,
    person_of,
)
from weicheng.problems.models import Problem, Request
from weicheng.problems.rules import extensions_left
from weicheng.problems.words import DisputeReason, ExtensionReason, PauseReason
from weicheng.workdays import book

#: What is agreed to.
YES = {"extension": _("同意延期"), "pause": _("同意缓办"), "dispute": _("同意改派")}


def end_of(day: date | None) -> datetime | None:
    """The close of work of a day."""
    return book.calendar().closing(day) if day else None


def waiting(problem: Problem) -> Request | None:
    """The request on a problem that waits for its answer."""
    found = Request.objects.filter(problem=problem, state=Request.State.WAITING)
    return found.select_related("unit", "person", "suggested").first()


class AskExtension(ActForm):
    """申请延期."""

    act = "ask_extension"
    title = button = _("申请延期")
    done = _("%(number)s 已申请延期，等答复；答复前时限照旧")
    reason = radios(ExtensionReason.choices, _("为什么要延期"))
    until = DayField(label=_("延到哪天"), error_messages={"required": _("请选择延到哪天。")})
    words = words_field(_("补一句说明"))

    def ask(self) -> None:
        left, due = extensions_left(self.problem), self.problem.due_at
        self.fields["until"].help_text = gettext("现在的时限是%(due)s。剩余次数 %(n)s") % {
            "due": moment(due) if due else "", "n": left,
        }  # fmt: skip

    def perform(self) -> Problem:
        data = self.cleaned_data
        return acts.ask_extension(
            problem=self.problem, reason=data["reason"], until=end_of(data["until"]),
            words=data["words"], **self.who(),
        )  # fmt: skip


class AskPause(ActForm):
    """申请缓办."""

    act = "ask_pause"
    title = button = _("申请缓办")
    done = _("%(number)s 已申请缓办，等答复；答复前时限照旧")
    reason = radios(PauseReason.choices, _("为什么要缓办"))
    until = DayField(
        label=_("缓到哪天"),
        error_messages={"required": _("请选择缓到哪天。")},
        help_text=_("同意以后到这一天不计时，过了自动恢复。"),
    )
    words = words_field(_("补一句说明"))

    def perform(self) -> Problem:
        data = self.cleaned_data
        return acts.ask_pause(
            problem=self.problem, reason=data["reason"], until=end_of(data["until"]),
            words=data["words"], **self.who(),
        )  # fmt: skip


class Dispute(ActForm):
    """不属于我."""

    act = "dispute"
    title = _("不属于我")
    button = _("提交，请创卫办定")
    done = _("%(number)s 已提“不属于我”，等答复；答复前时限照旧")
    reason = radios(DisputeReason.choices, _("为什么不属于本单位"))
    suggested = UnitField(
        label=_("应由哪个单位办"),
        error_messages={"required": _("请写明应由哪个单位办。")},
        help_text=_("定下来以前仍由本单位负责，时限照旧。"),
    )
    words = words_field(_("补一句依据"))

    def perform(self) -> Problem:
        data = self.cleaned_data
        return acts.dispute(
            problem=self.problem, reason=data["reason"], suggested=data["suggested"],
            words=data["words"], **self.who(),
        )  # fmt: skip


class DropRequest(ActForm):
    """撤回申请."""

    act = "drop_request"
    title = button = _("撤回申请")
    done = _("%(number)s 的申请已撤回")
    words = words_field()

    def perform(self) -> Problem:
        return acts.drop_request(
            problem=self.problem, words=self.cleaned_data["words"], **self.who()
        )


class Grant(ActForm):
    """同意, as asked, or with another day or another unit."""

    act = "grant"
    title = button = _("同意")
    until = DayField(label=_("到哪天"), required=False, help_text=_("不填就按申请的日期。"))
    lead = UnitField(label=_("改派给"), required=False, help_text=_("不填就按申请里写的单位。"))
    named = PersonField(label=_("经办人"), required=False)
    words = words_field()

    def ask(self) -> None:
        self.asked = waiting(self.problem)
        sort = self.asked.sort if self.asked else ""
        for name in ("lead", "named") if sort != Request.Sort.DISPUTE else ("until",):
            del self.fields[name]

    def heading(self) -> str:
        return str(YES.get(self.asked.sort, self.title) if self.asked else self.title)

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        text, lead = found.get("named", ""), found.get("lead")
        lead = lead or (self.asked.suggested if self.asked else None)
        try:
            found["chosen"] = person_of(text, self.user, lead) if text else None
        except ValidationError as wrong:
            self.add_error("named", wrong)
        return found

    def perform(self) -> Problem:
        data = self.cleaned_data
        return acts.grant(
            problem=self.problem, until=end_of(data.get("until")), lead=data.get("lead"),
            person=data.get("chosen"), words=data["words"], **self.who(),
        )  # fmt: skip

    def done_words(self, problem: Problem) -> str:
        values = {"number": problem.number, "unit": problem.lead_unit, "due": ""}
        if self.asked is not None and self.asked.sort == Request.Sort.DISPUTE:
            return gettext("%(number)s 已改派给%(unit)s，时限不变") % values
        values["due"] = moment(problem.due_at) if problem.due_at else ""
        return gettext("%(number)s 已同意，时限改为%(due)s") % values


class Deny(ActForm):
    """不同意, with a word to the unit."""

    act = "deny"
    title = button = _("不同意")
    done = _("%(number)s 已答复不同意")
    words = words_field(_("告诉申请单位"), required=True)

    def perform(self) -> Problem:
        return acts.deny(problem=self.problem, words=self.cleaned_data["words"], **self.who())


class Resume(ActForm):
    """恢复办理."""

    act = "resume"
    title = button = _("恢复办理")
    done = _("%(number)s 已恢复办理，接着计时")
    words = words_field()

    def perform(self) -> Problem:
        return acts.resume(problem=self.problem, words=self.cleaned_data["words"], **self.who())


class SetDue(ActForm):
    """改时限, with a reason."""

    act = "set_due"
    title = button = _("改时限")
    due_at = MomentField(label=_("新的时限"), error_messages={"required": _("请选择整改时限。")})
    words = words_field(_("为什么改"), required=True, hint=_("会记在经过里，各方都看得到。"))

    def proposed(self, problem: Problem, now: datetime | None) -> dict[str, Any]:
        return {"due_at": problem.due_at}

    def shown(self) -> list[BoundField]:
        return [self["due_at"], self["words"]]

    def perform(self) -> Problem:
        data = self.cleaned_data
        return acts.set_due(
            problem=self.problem, due_at=data["due_at"], words=data["words"], **self.who()
        )

    def done_words(self, problem: Problem) -> str:
        due = moment(problem.due_at) if problem.due_at else ""
        return gettext("%(number)s 的时限改为%(due)s") % {"number": problem.number, "due": due}

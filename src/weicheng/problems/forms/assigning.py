"""Forms of the office: take a problem back, correct it, decline it, let it wait."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.people.models import Unit
from weicheng.problems import acts
from weicheng.problems.choosing import kinds, regions_for
from weicheng.problems.forms.base import ActForm, radios, words_field
from weicheng.problems.forms.dispatching import proposed_lead, three_answers
from weicheng.problems.forms.fields import DayField, UnitField
from weicheng.problems.models import Problem
from weicheng.problems.words import DeclineReason, Severity

MILESTONE_ROWS = 4


class Recall(ActForm):
    """收回派单."""

    act = "recall"
    title = button = _("收回派单")
    done = _("%(number)s 已收回待派")
    words = words_field(_("为什么收回"))

    def perform(self) -> Problem:
        return acts.recall(problem=self.problem, words=self.cleaned_data["words"], **self.who())


class Decline(ActForm):
    """不予受理."""

    act = "decline"
    title = button = _("不予受理")
    done = _("%(number)s 不予受理")
    reason = radios(DeclineReason.choices, _("原因"))
    words = words_field()

    def perform(self) -> Problem:
        data = self.cleaned_data
        return acts.decline(
            problem=self.problem, reason=data["reason"], words=data["words"], **self.who()
        )


class Amend(ActForm):
    """更正登记: kind, place, severity, words. The number stays."""

    act = "amend"
    title = _("更正登记")
    button = _("保存更正")
    done = _("%(number)s 已更正")
    kind = forms.ChoiceField(label=_("问题类别"))
    place = forms.CharField(label=_("地点"), max_length=200)
    region = forms.ChoiceField(label=_("辖区"))
    severity = radios(Severity.choices, _("轻重"))
    description = words_field(_("问题描述"))
    requirement = words_field(_("整改要求"))

    def ask(self) -> None:
        self.kinds = {k.key: k for k in kinds()}
        self.regions = {str(r.id): r for r in regions_for(self.user)}
        names = {"kind": [(k.key, str(k)) for k in self.kinds.values()],
                 "region": [(i, r.name) for i, r in self.regions.items()]}  # fmt: skip
        for name, choices in names.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def proposed(self, problem: Problem, now: datetime | None) -> dict[str, Any]:
        return {
            "kind": problem.kind_id, "place": problem.place, "region": str(problem.region_id),
            "severity": problem.severity, "description": problem.description,
            "requirement": problem.requirement,
        }  # fmt: skip

    def perform(self) -> Problem:
        data, was = self.cleaned_data, self.proposed(self.problem, None)
        changed = {k: v for k, v in data.items() if k in was and v != was[k]}
        if "kind" in changed:
            changed["kind"] = self.kinds[changed["kind"]]
        if "region" in changed:
            changed["region"] = self.regions[changed["region"]]
        correction = acts.Correction(**changed)
        return acts.amend(problem=self.problem, correction=correction, **self.who())


class Void(ActForm):
    """作废: out of every list and count; the number is kept."""

    act = "void"
    title = button = _("作废")
    done = _("%(number)s 已作废")
    words = words_field(_("为什么作废"), required=True, hint=_("编号保留，不再进入任何统计。"))

    def perform(self) -> Problem:
        return acts.void(problem=self.problem, words=self.cleaned_data["words"], **self.who())


class Park(ActForm):
    """挂账提级: not ours or nobody's; open with a letter and a clock."""

    act = "park"
    title = button = _("挂账提级")
    done = _("%(number)s 已挂账")
    addressee = forms.CharField(label=_("致函单位"), max_length=80, help_text=_("例如 某铁路局"))
    words = words_field(_("函的内容"), required=True)
    review_on = DayField(label=_("下次研究的日期"))

    def perform(self) -> Problem:
        data = self.cleaned_data
        return acts.park(
            problem=self.problem, addressee=data["addressee"], words=data["words"],
            review_on=data["review_on"], **self.who(),
        )  # fmt: skip


class Unpark(ActForm):
    """取消挂账."""

    act = "unpark"
    title = button = _("取消挂账")
    done = _("%(number)s 已取消挂账")
    words = words_field(_("对方怎么答复"))

    def perform(self) -> Problem:
        return acts.unpark(problem=self.problem, words=self.cleaned_data["words"], **self.who())


class SetLongTerm(ActForm):
    """转长期推进: works that take months, with dated milestones."""

    act = "set_long_term"
    title = button = _("转长期推进")
    done = _("%(number)s 转为长期推进")
    lead = UnitField(label=_("牵头单位"), error_messages={"required": _("请选择牵头单位。")})
    words = words_field()

    def proposed(self, problem: Problem, now: datetime | None) -> dict[str, Any]:
        return {"lead": proposed_lead(problem)}

    def ask(self) -> None:
        for i in range(MILESTONE_ROWS):
            self.fields[f"step_{i}_on"] = DayField(label=_("哪天"), required=False)
            self.fields[f"step_{i}_words"] = forms.CharField(
                label=_("到哪一步"), required=False, max_length=200
            )

    def shown(self) -> list[BoundField]:
        return [self["lead"], self["words"]]

    def answers(self) -> list[tuple[str, Unit]]:
        """The three answers, to be taken by one tap."""
        return three_answers(self.problem)

    def milestone_rows(self) -> list[list[BoundField]]:
        """Rows for the milestones."""
        return [[self[f"step_{i}_{p}"] for p in ("on", "words")] for i in range(MILESTONE_ROWS)]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        for i in range(MILESTONE_ROWS):
            on, words = found.get(f"step_{i}_on"), found.get(f"step_{i}_words", "")
            if words and on is None and not self[f"step_{i}_on"].errors:
                self.add_error(f"step_{i}_on", gettext("请选择这一步的日期。"))
            if on is not None and not words:
                self.add_error(f"step_{i}_words", gettext("请写这一天到哪一步。"))
        return found

    def perform(self) -> Problem:
        data = self.cleaned_data
        steps: list[tuple[date, str]] = [
            (data[f"step_{i}_on"], data[f"step_{i}_words"])
            for i in range(MILESTONE_ROWS)
            if data.get(f"step_{i}_on")
        ]
        return acts.set_long_term(
            problem=self.problem, lead=data["lead"], milestones=steps, words=data["words"],
            **self.who(),
        )  # fmt: skip

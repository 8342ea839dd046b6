"""Forms of the units: sign for it, fix it, take it back, report, settle, and cables."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.people.directory import directory
from weicheng.problems import acts
from weicheng.problems.forms.base import ActForm, radios, words_field
from weicheng.problems.forms.fields import (
    PHOTOS_HINT,
    CountField,
    MomentField,
    PhotosField,
    QuantityField,
    UnitField,
)
from weicheng.problems.models import CableLine, Milestone, Obligation, Problem
from weicheng.problems.who import Behalf
from weicheng.problems.words import Measure


class Sign(ActForm):
    """签收."""

    act = "sign"
    title = button = _("签收")
    done = _("%(number)s 已签收")

    def perform(self) -> Problem:
        return acts.sign(problem=self.problem, **self.who())


class HandIn(ActForm):
    """交整改: a picture, how it was fixed, and 举一反三; nothing need be typed."""

    act = "hand_in"
    title = _("交整改")
    button = _("提交整改")
    done = _("%(number)s 已提交，等验收")
    photos = PhotosField(
        label=_("整改后照片"), required=False, purpose="after", help_text=PHOTOS_HINT
    )
    measure = radios(Measure.choices, _("怎么改的"))
    quantity = QuantityField(label=_("数量"), required=False)
    swept = CountField(label=_("排查"), required=False)
    swept_fixed = CountField(label=_("整改"), required=False)
    words = words_field(_("补一句说明"))

    def proposed(self, problem: Problem, now: Any) -> dict[str, Any]:
        return {"swept": 0, "swept_fixed": 0}

    def ask(self) -> None:
        if self.problem.quantity is not None:
            del self.fields["quantity"]
            return
        unit = self.problem.quantity_unit or self.problem.kind.get_unit_display()
        self.fields["quantity"].label = gettext("一共多少%(unit)s") % {"unit": unit}

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        swept, fixed = found.get("swept") or 0, found.get("swept_fixed") or 0
        if fixed > swept:
            self.add_error("swept_fixed", gettext("整改的处数不能比排查的多。"))
        return found

    def perform(self) -> Problem:
        data = self.cleaned_data
        fix = acts.Fix(
            measure=data["measure"], photos=data["photos"], quantity=data.get("quantity"),
            swept=data["swept"] or 0, swept_fixed=data["swept_fixed"] or 0, words=data["words"],
        )  # fmt: skip
        return acts.hand_in(problem=self.problem, fix=fix, **self.who())


class Withdraw(ActForm):
    """撤回整改."""

    act = "withdraw"
    title = button = _("撤回整改")
    done = _("%(number)s 已撤回，请改好后再交")

    def perform(self) -> Problem:
        return acts.withdraw(problem=self.problem, **self.who())


class ReportProgress(ActForm):
    """报进度."""

    act = "report_progress"
    title = button = _("报进度")
    done = _("%(number)s 进度已记下")
    milestone = radios([], _("完成了哪个节点"), required=False)
    words = words_field(_("进展"), required=True)
    photos = PhotosField(label=_("照片"), required=False, help_text=PHOTOS_HINT)

    def ask(self) -> None:
        self.steps = {
            str(m.id): m for m in Milestone.objects.filter(problem=self.problem, done_at=None)
        }
        if not self.steps:
            del self.fields["milestone"]
            return
        choices = [("", gettext("没有完成节点")), *((i, str(m)) for i, m in self.steps.items())]
        self.fields["milestone"].choices = choices  # type: ignore[attr-defined]

    def perform(self) -> Problem:
        data = self.cleaned_data
        return acts.report_progress(
            problem=self.problem, words=data["words"], photos=data["photos"],
            milestone=self.steps.get(data.get("milestone", "")), **self.who(),
        )  # fmt: skip


class Settle(ActForm):
    """办结一项 obligation; typed by the office it counts for the unit that owes it."""

    act = "settle"
    title = button = _("办结一项")
    done = _("%(number)s 办结一项")
    obligation = radios([], _("哪一项"))
    photos = PhotosField(label=_("照片"), required=False, help_text=PHOTOS_HINT)
    words = words_field()

    def ask(self) -> None:
        owed = Obligation.objects.filter(
            problem=self.problem, state=Obligation.State.OPEN
        ).exclude(sort=Obligation.Sort.MAIN).select_related("unit")  # fmt: skip
        if not self.typist:
            own = [u.id for u in self.user.working_units()]
            owed = owed.filter(unit__in=own)
        self.owed = {str(o.id): o for o in owed}
        self.fields["obligation"].choices = [  # type: ignore[attr-defined]
            (i, gettext("%(unit)s：%(words)s") % {"unit": o.unit, "words": o.words})
            for i, o in self.owed.items()
        ]
        chosen = self._only_one()
        if chosen and not self.initial.get("obligation"):
            self.initial["obligation"] = chosen

    def _only_one(self) -> str:
        """The one that is meant: of the unit that is typed for, before the closing, or at all."""
        unit = getattr(self.initial.get("behalf_unit"), "id", None)
        own = [i for i, o in self.owed.items() if unit is None or o.unit_id == unit]
        first = [i for i in own if self.owed[i].sort == Obligation.Sort.HOLDING]
        return next((found[0] for found in (own, first) if len(found) == 1), "")

    def behalf(self) -> Behalf | None:
        given = super().behalf()
        owed = self.owed[self.cleaned_data["obligation"]]
        own = {u.id for u in self.user.working_units()}
        if given is None and self.typist and owed.unit_id not in own:
            channel = self.cleaned_data.get("behalf_channel") or "phone"
            return Behalf(unit=directory().units.get(owed.unit_id, owed.unit), channel=channel)
        return given

    def perform(self) -> Problem:
        data = self.cleaned_data
        return acts.settle(
            problem=self.problem, obligation=self.owed[data["obligation"]],
            photos=data["photos"], words=data["words"], **self.who(),
        )  # fmt: skip


class ClassifyLine(ActForm):
    """认线: 废弃, 在用 or 权属不明, signed by the operator."""

    act = "classify_line"
    title = button = _("认线")
    done = _("%(number)s 记下一根线")
    label = forms.CharField(label=_("哪根线"), max_length=80, help_text=_("例如 3号楼东侧入户线"))
    state = radios(CableLine.State.choices, _("权属和使用"))
    operator = UnitField(label=_("运营商"), required=False)
    signer = forms.CharField(label=_("签认人"), max_length=40, required=False)
    emergency_phone = forms.CharField(
        label=_("应急电话"), max_length=30, required=False, help_text=_("废弃线缆必填。")
    )
    reconnect_at = MomentField(
        label=_("接通时间"), required=False, help_text=_("在用线缆必填，接通前不能销号。")
    )
    reconnect_person = forms.CharField(label=_("接通责任人"), max_length=40, required=False)
    reconnect_phone = forms.CharField(label=_("责任人电话"), max_length=30, required=False)
    households = CountField(label=_("影响户数"), required=False)

    def proposed(self, problem: Problem, now: Any) -> dict[str, Any]:
        own = next((u for u in self_units(self.user) if u.kind == "operator"), None)
        return {"operator": own}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, user=user, **kwargs)

    def perform(self) -> Problem:
        data = self.cleaned_data
        line = acts.Line(
            label=data["label"], state=data["state"],
            operator=data["operator"], signer=data["signer"],
            emergency_phone=data["emergency_phone"], reconnect_at=data["reconnect_at"],
            reconnect_person=data["reconnect_person"], reconnect_phone=data["reconnect_phone"],
            households=data["households"],
        )  # fmt: skip
        acts.classify_line(problem=self.problem, line=line, **self.who())
        return self.problem


def self_units(user: Any) -> list[Any]:
    """The units this user works in."""
    return list(user.working_units())


class CutLine(ActForm):
    """剪线: only a line that was classified and signed."""

    act = "cut_line"
    title = button = _("剪线")
    done = _("%(number)s 已登记剪线")
    line = radios([], _("剪哪根线"))

    def ask(self) -> None:
        self.lines = {
            str(x.id): x for x in CableLine.objects.filter(problem=self.problem, cut_at=None)
        }
        self.fields["line"].choices = [  # type: ignore[attr-defined]
            (
                i,
                gettext("%(label)s（%(state)s）")
                % {"label": x.label, "state": x.get_state_display()},
            )
            for i, x in self.lines.items()
        ]

    def perform(self) -> Problem:
        line = self.lines[self.cleaned_data["line"]]
        return acts.cut_line(problem=self.problem, line=line, **self.who())

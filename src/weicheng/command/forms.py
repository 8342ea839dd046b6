"""The workbench's own two forms: dispatch with a proposed due time to pick, and merging."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.command.proposals import proposal
from weicheng.problems import acts
from weicheng.problems.forms import FORMS as ACTS
from weicheng.problems.forms import ActForm
from weicheng.problems.forms.dispatching import Dispatch
from weicheng.problems.forms.fields import MomentField
from weicheng.problems.models import Obligation, Problem
from weicheng.problems.who import Who
from weicheng.problems.words import ReopenReason, Status


class DuePick(forms.Field):
    """A moment out of a few, each an option with its ISO time as value."""

    widget = forms.Select

    def to_python(self, value: Any) -> datetime | None:
        """An aware moment, or None when nothing was picked."""
        if not value:
            return None
        try:
            at = datetime.fromisoformat(str(value))
        except ValueError:
            raise ValidationError(gettext("请选择整改时限。")) from None
        return at if timezone.is_aware(at) else timezone.make_aware(at)


class QuickDispatch(Dispatch):
    """派单 as proposed: one key is enough."""

    others = forms.MultipleChoiceField(
        label=_("还有谁"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("不要的点掉。"),
    )  # fmt: skip
    due_at = DuePick(label=_("时限"), required=False)  # type: ignore[assignment]
    due_other = MomentField(label=_("另定时限"), required=False)

    def proposed(self, problem: Problem, now: datetime | None) -> dict[str, Any]:
        """Lead, others, named person, verifier, due time and requirement, as proposed."""
        self.proposal = proposal(problem, now)
        return {
            "lead": self.proposal.lead,
            "others": [other.value for other in self.proposal.others],
            "named": self.proposal.person.name if self.proposal.person else "",
            "verifier": self.proposal.verifier,
            "due_at": self.proposal.dues[0][0],
            "requirement": self.proposal.requirement,
        }

    def ask(self) -> None:
        """The proposed units to keep or leave out, rows for more, the moments to pick from."""
        super().ask()
        offered = {other.value: other.words for other in self.proposal.others}
        self.fields["others"].choices = list(offered.items())  # type: ignore[attr-defined]
        self.fields["duty_0_unit"].label = gettext("再加一个单位")
        self.fields["due_at"].widget.choices = self._dues()

    def _dues(self) -> list[tuple[str, str]]:
        known = self.proposal.dues
        posted = str(self.data.get("due_at", "")) if self.is_bound else ""
        if posted and posted not in dict(known):
            return [(posted, gettext("原来选的时限")), *known]
        return known

    def clean(self) -> dict[str, Any]:
        """A time typed outranks the one picked; the proposed person goes with the proposed unit."""
        data, offer = self.cleaned_data, self.proposal
        own = offer.person is not None and data.get("named") == offer.person.name
        if own:
            data["named"] = ""
        found = super().clean()
        if own and found.get("lead") == offer.lead:
            found["chosen"] = offer.person
        found["due_at"] = found.get("due_other") or found.get("due_at")
        return found

    def _duties(self) -> list[acts.Duty]:
        """The proposed units that were kept, then those typed; nobody twice, the lead never."""
        kept, data = set(self.cleaned_data["others"]), self.cleaned_data
        found = [acts.Duty(o.unit, o.part) for o in self.proposal.others if o.value in kept]
        held = {data["lead"], *(duty.unit for duty in found)}
        found = [duty for duty in found if duty.unit != data["lead"]]
        return found + [
            duty for duty in super()._duties()
            if duty.unit not in held or duty.sort != Obligation.Sort.MAIN
        ]  # fmt: skip

    def done_words(self, problem: Problem) -> str:
        """Whom it went to."""
        return gettext("%(number)s 已派给%(unit)s") % {
            "number": problem.number, "unit": self.cleaned_data["lead"],
        }  # fmt: skip


class Merge(ActForm):
    """并入 an earlier problem; one that was closed as fixed comes back as 反弹."""

    act = "merge"
    title = button = _("并入")
    other = forms.UUIDField(widget=forms.HiddenInput)

    def clean_other(self) -> Problem:
        """The other problem, if this user may see it."""
        found = Problem.objects.visible_to(self.user).select_related("kind").defer("search")
        other = found.filter(pk=self.cleaned_data["other"], voided=False).first()
        if other is None or other.pk == self.problem.pk:
            raise ValidationError(gettext("没有找到要并入的那一件。"))
        return other

    def perform(self) -> Problem:
        """Reopen the other where it was closed before, then merge this one into it."""
        other: Problem = self.cleaned_data["other"]
        who = self.who()
        if other.status == Status.DONE:
            again = Who(**{**who, "op_id": uuid5(self.operation, "reopen")})
            acts.reopen(problem=other, reason=ReopenReason.RELAPSED, **again)
        return acts.merge(problem=self.problem, into=other, **who)

    def done_words(self, problem: Problem) -> str:
        """Into which it went."""
        other: Problem = self.cleaned_data["other"]
        again = other.status == Status.DONE
        words = (
            gettext("%(number)s 已并入 %(other)s，原件按反弹重开")
            if again
            else gettext("%(number)s 已并入 %(other)s")
        )
        return words % {"number": problem.number, "other": other.number}

    def undoes(self) -> list[tuple[Problem, Any]]:
        """What 撤销 takes back, the last act first."""
        other: Problem = self.cleaned_data["other"]
        found = [(self.problem, self.operation)]
        if other.status == Status.DONE:
            found.append((other, uuid5(self.operation, "reopen")))
        return found


#: What the right pane may hold: the act's name → its form.
FORMS: dict[str, type[ActForm]] = {
    **{
        act: ACTS[act]
        for act in (
            "decline", "amend", "recall", "park", "unpark", "set_long_term", "pass_fix",
            "send_back", "close", "sign", "hand_in", "report_progress", "settle", "void",
            "set_due",
        )
    },
    "dispatch": QuickDispatch,
    "merge": Merge,
}  # fmt: skip

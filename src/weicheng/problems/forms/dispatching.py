"""The form of the office that sends a problem to those who answer: who, by whom, until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.people.directory import directory
from weicheng.people.models import Person, Unit
from weicheng.problems import acts, deadlines, routing
from weicheng.problems.forms.base import ActForm, words_field
from weicheng.problems.forms.fields import MomentField, PersonField, UnitField, person_of
from weicheng.problems.models import Obligation, Problem, RouteRule
from weicheng.problems.words import FROM_ABOVE, Part, Source

DUTY_ROWS = 3
DUTY_SORTS = [
    ("responsible", _("责任单位")),
    ("support", _("配合单位")),
    ("holding", _("销号前必办")),
    ("after", _("后续事项")),
]


def proposed_lead(problem: Problem) -> Unit | None:
    """The unit to propose: the present lead, else the answer for the place and the kind."""
    if problem.lead_unit is not None:
        return problem.lead_unit
    return routing.of_problem(problem, timezone.localdate()).lead


def three_answers(problem: Problem) -> list[tuple[str, Unit]]:
    """属地, 行业主管 and 包保单位 of a problem, those that are known."""
    book = directory()
    known = (
        (gettext("行业主管"), problem.bureau_unit_id),
        (gettext("属地"), problem.territory_unit_id),
        (gettext("包保单位"), problem.sponsor_unit_id),
    )
    return [(word, book.units[i]) for word, i in known if i in book.units]


class Dispatch(ActForm):
    """派单: one lead, others with their parts, each with a due time."""

    rows = DUTY_ROWS
    act = "dispatch"
    title = _("派单")
    button = _("派单")
    lead = UnitField(label=_("牵头单位"), error_messages={"required": _("请选择牵头单位。")})
    named = PersonField(label=_("经办人"), required=False, help_text=_("不填就按责任分工。"))
    due_at = MomentField(label=_("整改时限"), error_messages={"required": _("请选择整改时限。")})
    condition = forms.ChoiceField(label=_("立案条件"), required=False)
    limit = MomentField(
        label=_("上级要求的期限"), required=False, help_text=_("以后延期、改时限都不能超过它。")
    )
    verifier = forms.ChoiceField(
        label=_("谁来验收"), required=False,
        choices=[("", _("按规则")), *RouteRule.Verifier.choices],
    )  # fmt: skip
    requirement = words_field(_("整改要求"))

    def proposed(self, problem: Problem, now: datetime | None) -> dict[str, Any]:
        moment = now or timezone.now()
        due = problem.due_at if problem.due_at and problem.due_at > moment else None
        return {
            "lead": proposed_lead(problem),
            "due_at": due or deadlines.propose_for(problem, moment).at,
            "condition": problem.condition, "requirement": problem.requirement,
            **self._named(problem),
        }  # fmt: skip

    def _named(self, problem: Problem) -> dict[str, Any]:
        offer = routing.of_problem(problem, timezone.localdate())
        named = Person.objects.filter(pk=offer.person).first() if offer.person else None
        fits = problem.lead_unit is None or problem.lead_unit == offer.lead
        rows: dict[str, Any] = {}
        if problem.lead_unit is None:
            self.rows = max(DUTY_ROWS, len(offer.others) + 1)
            for i, (unit, part) in enumerate(offer.others):
                rows |= {f"duty_{i}_unit": unit, f"duty_{i}_sort": part}
        person = str(named) if named and fits else ""
        return {"named": person, "verifier": offer.verifier, **rows}

    def heading(self) -> str:
        return gettext("改派") if self.problem.lead_unit_id else gettext("派单")

    def ask(self) -> None:
        conditions = deadlines.conditions_of(self.problem.kind_id)
        if conditions:
            named = [("", gettext("不分")), *((word, word) for word in conditions)]
            self.fields["condition"].choices = named  # type: ignore[attr-defined]
        else:
            del self.fields["condition"]
        if self.problem.source not in {*FROM_ABOVE, Source.LEADER}:
            del self.fields["limit"]
        for i in range(self.rows):
            self.fields[f"duty_{i}_unit"] = field = UnitField(label=_("单位"), required=False)
            field.user = self.user
            self.fields[f"duty_{i}_sort"] = forms.ChoiceField(
                label=_("做什么"), choices=DUTY_SORTS, required=False
            )
            self.fields[f"duty_{i}_words"] = forms.CharField(
                label=_("事项"), required=False, max_length=200
            )
            self.fields[f"duty_{i}_due"] = MomentField(label=_("时限"), required=False)

    def shown(self) -> list[BoundField]:
        names = ("lead", "named", "due_at", "condition", "limit", "verifier", "requirement")
        return [self[name] for name in names if name in self.fields]

    def answers(self) -> list[tuple[str, Unit]]:
        """The three answers, to be taken by one tap."""
        return three_answers(self.problem)

    def duty_rows(self) -> list[list[BoundField]]:
        """Rows for more units and obligations."""
        parts = ("unit", "sort", "words", "due")
        return [[self[f"duty_{i}_{part}"] for part in parts] for i in range(self.rows)]

    def duties_open(self) -> bool:
        """Whether the rows hold something."""
        return any(row[0].value() or row[2].value() for row in self.duty_rows())

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        try:
            found["chosen"] = person_of(found.get("named", ""), self.user, found.get("lead"))
        except ValidationError as wrong:
            self.add_error("named", wrong)
        for i in range(self.rows):
            sort, words = found.get(f"duty_{i}_sort"), found.get(f"duty_{i}_words", "")
            unit = found.get(f"duty_{i}_unit")
            if words and unit is None and not self[f"duty_{i}_unit"].errors:
                self.add_error(f"duty_{i}_unit", gettext("请写由哪个单位办。"))
            if unit is not None and sort in {"holding", "after"} and not words:
                self.add_error(f"duty_{i}_words", gettext("请写要办的事项。"))
        return found

    def _duties(self) -> list[acts.Duty]:
        found, data = [], self.cleaned_data
        for i in range(self.rows):
            unit, sort = data.get(f"duty_{i}_unit"), data.get(f"duty_{i}_sort") or "responsible"
            if unit is None:
                continue
            owed = sort in {"holding", "after"}
            found.append(
                acts.Duty(
                    unit=unit,
                    part=Part.RESPONSIBLE if owed else sort,
                    sort=sort if owed else Obligation.Sort.MAIN,
                    words=data.get(f"duty_{i}_words", ""),
                    due_at=data.get(f"duty_{i}_due"),
                )
            )
        return found

    def perform(self) -> Problem:
        data = self.cleaned_data
        return acts.dispatch(
            problem=self.problem, lead=data["lead"], due_at=data["due_at"], duties=self._duties(),
            requirement=data["requirement"], person=data.get("chosen"),
            verifier=data.get("verifier", ""), condition=data.get("condition"),
            limit=data.get("limit"), **self.who(),
        )  # fmt: skip

    def done_words(self, problem: Problem) -> str:
        return gettext("已派给%(unit)s") % {"unit": self.cleaned_data["lead"]}

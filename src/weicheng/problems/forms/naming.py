"""The form that names another person of the lead unit."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.problems import acts
from weicheng.problems.forms.base import ActForm, words_field
from weicheng.problems.forms.fields import PersonField, person_of
from weicheng.problems.models import Problem


class NamePerson(ActForm):
    """换经办人."""

    act = "name_person"
    title = button = _("换经办人")
    named = PersonField(label=_("新的经办人"), error_messages={"required": _("请选择由谁经办。")})
    words = words_field(_("补一句说明"))

    def ask(self) -> None:
        self.fields["named"].help_text = gettext("请选%(unit)s的人。") % {
            "unit": self.problem.lead_unit
        }

    def shown(self) -> list[BoundField]:
        return [self["named"], self["words"]]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        try:
            found["chosen"] = person_of(found.get("named", ""), self.user, self.problem.lead_unit)
        except ValidationError as wrong:
            self.add_error("named", wrong)
        return found

    def perform(self) -> Problem:
        data = self.cleaned_data
        return acts.name_person(
            problem=self.problem, person=data["chosen"], words=data["words"], **self.who()
        )

    def done_words(self, problem: Problem) -> str:
        named = problem.person.name if problem.person else ""
        return gettext("%(number)s 由%(person)s经办") % {
            "number": problem.number, "person": named,
        }  # fmt: skip

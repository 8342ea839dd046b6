"""The form of 排日检查: where, on which day, who goes, how many sites each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weicheng.frame.forms import Form
from weicheng.inspections.acts.daily import MOST_A_PERSON, inspectors_for, make_daily
from weicheng.inspections.models import Plan
from weicheng.inspections.permissions import may_plan_in
from weicheng.inspections.refusals import Refused
from weicheng.journal.ids import uuid7
from weicheng.journal.once import ForeignOperation
from weicheng.problems.choosing import regions_for
from weicheng.problems.forms.fields import CountField, DayField

USUAL = 8


class DailyForm(Form):
    """A day of checks; a refusal stands above the form and nothing is lost."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    region = forms.ChoiceField(label=_("地区"))
    day = DayField(label=_("哪一天"))
    people = forms.MultipleChoiceField(
        label=_("检查员"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一位检查员。")},
    )  # fmt: skip
    per_person = CountField(
        label=_("每人几个点位"),
        help_text=_("先排上次没走完的，再排最久没查、上次问题多的，同样的随机定。"),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        self.regions = {str(r.pk): r for r in regions_for(user) if may_plan_in(user, r)}
        self.persons = {str(p.pk): p for p in inspectors_for(user)}
        first = next(iter(self.regions), "")
        given = {
            "op_id": uuid7(),
            "day": timezone.localdate(),
            "per_person": USUAL,
            "region": first,
        }
        kwargs["initial"] = {**given, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for name, pairs in (
            ("region", [(key, row.name) for key, row in self.regions.items()]),
            ("people", [(key, row.name) for key, row in self.persons.items()]),
        ):
            self.fields[name].choices = pairs  # type: ignore[attr-defined]
        self.fields["per_person"].max_value = MOST_A_PERSON  # type: ignore[attr-defined]

    def attempt(self) -> Plan | None:
        """Make the day, or say why not."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        try:
            return make_daily(
                region=self.regions[data["region"]], day=data["day"],
                people=[self.persons[key] for key in data["people"]],
                per_person=data["per_person"], op_id=UUID(str(data["op_id"])), by=self.user,
            )  # fmt: skip
        except Refused as refused:
            self.add_error(None, refused.sentence())
        except (ForeignOperation, ObjectDoesNotExist):
            self.add_error(None, Refused("other_body").sentence())
        return None

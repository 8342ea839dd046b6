"""Forms of 先补哪里: crews of units, what a work takes, the special check of weak sites."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weicheng.frame.forms import Form


class PlanForm(Form):
    """A special check: title, days, and why beyond the year's count."""

    title = forms.CharField(label=gettext_lazy("计划名称"), max_length=80)
    starts_on = forms.DateField(
        label=gettext_lazy("开始"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("结束"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    basis = forms.CharField(
        label=gettext_lazy("依据"), max_length=200, required=False,
        help_text=gettext_lazy("年度检查计划里次数用完时要写，例如会议纪要的编号。"),
    )  # fmt: skip


class OutlayForm(Form):
    """What a work really takes."""

    days = forms.DecimalField(
        label=gettext_lazy("要几个工作日"), min_value=0, max_value=999, max_digits=4,
        decimal_places=1, required=False,
        help_text=gettext_lazy("一个组做完要几天，可以填一位小数。"),
    )  # fmt: skip
    yuan = forms.IntegerField(
        label=gettext_lazy("要花多少元"), min_value=0, max_value=10**10, required=False
    )
    op_id = forms.UUIDField(widget=forms.HiddenInput)

    def tenths(self) -> int | None:
        """Tenths of a working day."""
        days: Decimal | None = self.cleaned_data["days"]
        return None if days is None else int(days * 10)


def strengths(given: Mapping[str, str]) -> tuple[dict[UUID, int], str]:
    """Tenths of crews by unit from fields ``crews-<unit>``; and a sentence about what is wrong."""
    found: dict[UUID, int] = {}
    for name, text in given.items():
        if not name.startswith("crews-"):
            continue
        try:
            tenths = Decimal(text.strip() or "1") * 10
            if not tenths.is_finite() or tenths != int(tenths) or tenths < 0:
                raise ValueError
            found[UUID(name.removeprefix("crews-"))] = int(tenths)
        except (InvalidOperation, ValueError):
            return {}, _("“%(text)s”不是组数，请填0或更大的数，可以有一位小数。") % {
                "text": text[:20]
            }
    return found, ""


def ids_of(text: str) -> list[UUID]:
    """Ids separated by commas; ValueError when one is none."""
    return [UUID(part) for part in text.split(",") if part]

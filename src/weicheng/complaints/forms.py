"""The forms of complaints: no name, no phone, no account is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from weicheng.complaints.models import About
from weicheng.complaints.registering import MOST
from weicheng.frame.forms import Form
from weicheng.journal.ids import uuid7
from weicheng.people.models import Unit, UnitKind
from weicheng.places.models import Participation, Region

if TYPE_CHECKING:
    from django.db.models import QuerySet


class ComplaintForm(Form):
    """What it is about, and the words."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    page = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    region = forms.ModelChoiceField(
        label=_("哪个区"), queryset=Region.objects.none(), empty_label=_("请选择")
    )
    about = forms.ChoiceField(label=_("关于什么"), choices=About.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("说什么"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("不用留姓名和电话。请不要写别人的身份证号、住址。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.fields["op_id"].initial = uuid7()
        field: Any = self.fields["region"]
        field.queryset = _answering()
        found = list(field.queryset[:2])
        if len(found) == 1:
            field.initial, field.widget = found[0].pk, forms.HiddenInput()
        # what is too long is said, not cut off unseen while pasting
        self.fields["text"].widget.attrs.pop("maxlength", None)


def _answering() -> QuerySet[Region]:
    """Regions that take part and have an office to answer; while none has one, all taking part."""
    taking_part = Region.objects.filter(pk__in=Participation.objects.values("region"))
    offices = Unit.objects.filter(kind=UnitKind.OFFICE, active=True).values("region")
    answering = taking_part.filter(pk__in=offices)
    return (answering if answering.exists() else taking_part).order_by("code")


class LookForm(Form):
    """Receipt and code."""

    number = forms.CharField(label=_("回执号"), max_length=20)
    code = forms.CharField(
        label=_("查询码"), max_length=12, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class ReplyForm(Form):
    """The office's answer."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("答复"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("对方凭回执号能看到。答复只能加，不能改。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.fields["op_id"].initial = uuid7()

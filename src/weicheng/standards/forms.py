"""The office's forms: an item of the standard, and a problem kind."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.journal.ids import uuid7

from .labels import FIELDS, obligation_line
from .models import (
    Certainty,
    Haste,
    Item,
    ObligationParty,
    ObligationSort,
    ProblemKind,
    Proof,
    QuantityUnit,
    Severity,
    Tag,
    Verification,
    Whose,
)
from .models.edition import points

SEPARATORS = re.compile(r"[\s、，,；;]+")
BARS = re.compile(r"[｜|]")


class Words(forms.CharField):
    """A list of words, written with spaces, commas or one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        """A list as a text."""
        return "、".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """The words in their order, each once."""
        text = super().to_python(value) or ""
        return list(dict.fromkeys(word for word in SEPARATORS.split(text) if word))


class Revising(forms.Form):
    """What every edit carries: the operation's id and the version that was open."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ItemForm(Revising):
    """An item: wording, points, how sure we are, whose it is."""

    name_zh = forms.CharField(label=FIELDS["name_zh"], max_length=80)
    demand_zh = forms.CharField(label=FIELDS["demand_zh"], widget=forms.Textarea(attrs={"rows": 4}))
    onsite = forms.DecimalField(
        label=FIELDS["onsite_milli"], min_value=0, max_value=1000, decimal_places=3
    )
    points_certainty = forms.ChoiceField(
        label=FIELDS["points_certainty"], choices=Certainty.choices
    )
    certainty = forms.ChoiceField(label=FIELDS["certainty"], choices=Certainty.choices)
    source_zh = forms.CharField(
        label=FIELDS["source_zh"],
        max_length=200,
        required=False,
        help_text=_("见到原件的，写明文号和页码。"),
    )
    note_zh = forms.CharField(label=FIELDS["note_zh"], max_length=400, required=False)
    whose = forms.ChoiceField(
        label=FIELDS["whose"],
        choices=Whose.choices,
        widget=forms.RadioSelect,
        help_text=_("参与市里创建的区，区级和共担的才算自己的份额。"),
    )
    usual_lead_zh = forms.CharField(label=FIELDS["usual_lead_zh"], max_length=80, required=False)
    name_en = forms.CharField(label=FIELDS["name_en"], max_length=160)
    demand_en = forms.CharField(
        label=FIELDS["demand_en"], required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    @classmethod
    def opened(cls, item: Item) -> ItemForm:
        """The form showing the item as it is."""
        names = [name for name in cls.base_fields if hasattr(item, name)]
        initial = {name: getattr(item, name) for name in names}
        initial |= {"onsite": points(item.onsite_milli), "op_id": uuid7()}
        return cls(initial=initial | {"seen": item.standard.version})

    def changes(self) -> dict[str, Any]:
        """The fields of the item as asked for; points in thousandths."""
        given = {k: v for k, v in self.cleaned_data.items() if k not in ("op_id", "seen")}
        given["onsite_milli"] = int(given.pop("onsite") * 1000)
        return given


class KindForm(Revising):
    """A problem kind: what a dispatch suggests for it and by which words it is recognised."""

    name_zh = forms.CharField(label=FIELDS["name_zh"], max_length=40)
    group_zh = forms.CharField(label=FIELDS["group_zh"], max_length=20)
    tag = forms.ChoiceField(label=FIELDS["tag"], choices=Tag.choices, widget=forms.RadioSelect)
    severity = forms.ChoiceField(
        label=FIELDS["severity"], choices=Severity.choices, widget=forms.RadioSelect
    )
    unit = forms.ChoiceField(label=FIELDS["unit"], choices=QuantityUnit.choices)
    haste = forms.ChoiceField(
        label=FIELDS["haste"], choices=Haste.choices, widget=forms.RadioSelect
    )
    due_hours = forms.IntegerField(
        label=FIELDS["due_hours"], required=False, min_value=1, max_value=999
    )
    due_days = forms.IntegerField(
        label=FIELDS["due_days"],
        required=False,
        min_value=1,
        max_value=999,
        help_text=_("小时和天只填一个。"),
    )
    bureau_words = Words(
        label=FIELDS["bureau_words"],
        required=False,
        help_text=_("按先后找本区单位，找到第一个为止。"),
    )
    search_words = Words(
        label=FIELDS["search_words"],
        required=False,
        help_text=_("文字里有这些词就建议这一类；“公厕+异味”表示两个词都要有。"),
    )
    obligations = forms.CharField(
        label=FIELDS["obligations"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一行一条，如：销号前必办｜运营商｜在用线缆已接通"),
    )
    proof = forms.MultipleChoiceField(
        label=FIELDS["proof"],
        choices=Proof.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    onsite_from = forms.ChoiceField(
        label=_("从哪一级起要现场复核"), choices=Severity.choices, widget=forms.RadioSelect
    )
    duplicate_radius_m = forms.IntegerField(
        label=FIELDS["duplicate_radius_m"], min_value=1, max_value=2000
    )
    direct = forms.BooleanField(label=_("直派：发现人上报后直接到责任单位"), required=False)
    active = forms.BooleanField(label=FIELDS["active"], required=False)
    name_en = forms.CharField(label=FIELDS["name_en"], max_length=100)

    @classmethod
    def opened(cls, kind: ProblemKind) -> KindForm:
        """The form showing the kind as it is."""
        names = [name for name in cls.base_fields if hasattr(kind, name)]
        initial = {name: getattr(kind, name) for name in names}
        initial["obligations"] = "\n".join(obligation_line(duty) for duty in kind.obligations)
        picture = Verification.PICTURE.value
        graver = [s for s in Severity.values if kind.verification_for(s) != picture]
        initial["onsite_from"] = graver[0] if graver else Severity.KEY.value
        return cls(initial=initial | {"op_id": uuid7(), "seen": kind.version})

    def clean(self) -> dict[str, Any]:
        """Hours or days, not both; obligations in the asked form."""
        given = super().clean() or {}
        if given.get("due_hours") and given.get("due_days"):
            self.add_error("due_days", gettext("小时和天只填一个。"))
        return given

    def clean_obligations(self) -> list[dict[str, str]]:
        """The lines as templates; raises with the number of the first line that is wrong."""
        found = []
        text = str(self.cleaned_data["obligations"])
        for place, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
            parts = [part.strip() for part in BARS.split(line, maxsplit=2)]
            sort = _value(ObligationSort, parts[0])
            party = _value(ObligationParty, parts[1]) if len(parts) == 3 else ""
            if not (sort and party and parts[2]):
                raise forms.ValidationError(
                    gettext("第%(n)s行看不懂，应当是：哪一种｜谁来办｜办什么。") % {"n": place}
                )
            found.append({"sort": sort, "party": party, "zh": parts[2]})
        return found

    def changes(self, kind: ProblemKind) -> dict[str, Any]:
        """The fields of the kind as asked for."""
        given = {k: v for k, v in self.cleaned_data.items() if k not in ("op_id", "seen")}
        peers = ProblemKind.objects.filter(group_zh=given["group_zh"])
        known = peers.values_list("group_en", flat=True).first()
        given["group_en"] = known or given["group_zh"]
        given["obligations"] = named(given["obligations"], kind.obligations)
        start = Severity.values.index(given.pop("onsite_from"))
        given["verification"] = {
            severity: (Verification.ONSITE if place >= start else Verification.PICTURE).value
            for place, severity in enumerate(Severity.values)
        }
        return given


def named(asked: list[dict[str, str]], before: list[dict[str, str]]) -> list[dict[str, str]]:
    """Templates with keys: an unchanged text keeps its key and English, a new one gets a key."""
    known = {duty["zh"]: duty for duty in before}
    taken = {duty["key"] for duty in before}
    found = []
    for duty in asked:
        old = known.get(duty["zh"])
        key = old["key"] if old else next(k for n in range(1, 999) if (k := f"own{n}") not in taken)
        taken.add(key)
        english = old["en"] if old else duty["zh"]
        text = {"zh": duty["zh"], "en": english}
        found.append({"sort": duty["sort"], "key": key, **text, "party": duty["party"]})
    return found


def _value(choices: Any, label: str) -> str:
    """The value whose label this is, or an empty string."""
    found = [choice.value for choice in choices if str(choice.label) == label]
    return str(found[0]) if found else ""

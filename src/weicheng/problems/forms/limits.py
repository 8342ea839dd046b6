"""时限规则: one row of the table; and 试算, the facts to try it on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.frame.forms import Form
from weicheng.journal.ids import uuid7
from weicheng.problems import catalogue, deadlines, limit_table, reckoning
from weicheng.problems.choosing import regions_for
from weicheng.problems.forms.fields import MomentField
from weicheng.problems.models import DueRule
from weicheng.problems.reckoning import Terms
from weicheng.problems.route_table import may_edit_everywhere
from weicheng.problems.words import Severity
from weicheng.standards.models import Haste
from weicheng.workdays import book
from weicheng.workdays.calendar import SHANGHAI
from weicheng.workdays.kinds import TimeKind
from weicheng.workdays.reckon import add

ANY = ("", _("不限"))
STAGES = ("sign", "fix", "verify", "whole")
MOST = {"urgent": 720, "hours": 720, "days": 366, "natural": 1000}
FIRST_YEAR, LAST_YEAR = 2019, 2100
#: An ordinary Monday morning, to compare amounts of different kinds of time.
MONDAY = datetime(2026, 3, 9, 8, 30, tzinfo=SHANGHAI)


def _kinds() -> list[tuple[str, Any]]:
    """Kinds by their groups, as a list to choose from."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for kind in catalogue.kinds().values():
        groups.setdefault(kind.group_zh, []).append((kind.key, str(kind)))
    return list(groups.items())


def _amount(label: Any, hint: Any = "", *, required: bool = False) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "class": "input-short"})
    return forms.IntegerField(
        label=label, help_text=hint, required=required, min_value=1, max_value=1000, widget=widget
    )


def _unit(label: Any, *, required: bool = False) -> forms.ChoiceField:
    choices = [*TimeKind.choices] if required else [("", _("不规定")), *TimeKind.choices]
    return forms.ChoiceField(label=label, choices=choices, required=required)


class LimitForm(Form):
    """Which problems, and how long each stage may take."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("问题类别"), required=False)
    condition = forms.CharField(
        label=_("立案条件"), max_length=40, required=False,
        help_text=_("同一类有不同情形时用，如：在建的、已建成的。登记和派单时可选。"),
    )  # fmt: skip
    severity = forms.ChoiceField(label=_("轻重"), required=False, choices=[ANY, *Severity.choices])
    haste = forms.ChoiceField(label=_("缓急"), required=False, choices=[ANY, *Haste.choices])
    region = forms.ChoiceField(label=_("辖区"), required=False)
    fix_amount = _amount(_("整改"), _("从派出起算。"), required=True)
    fix_kind = _unit(_("整改按什么算"), required=True)
    sign_amount = _amount(_("签收"), _("从派出起算。"))
    sign_kind = _unit(_("签收按什么算"))
    verify_amount = _amount(_("验收"), _("从交验起算。"))
    verify_kind = _unit(_("验收按什么算"))
    whole_amount = _amount(_("全程"), _("从登记起算，整改时限不超过它。"))
    whole_kind = _unit(_("全程按什么算"))
    note = forms.CharField(label=_("说明"), required=False, max_length=200)
    source = forms.CharField(
        label=_("依据"), required=False, max_length=200, help_text=_("文件名称、条款。")
    )

    def __init__(self, *args: Any, user: Any, row: DueRule | None = None, **more: Any) -> None:
        self.user, self.row = user, row
        more["initial"] = {"op_id": uuid7(), "fix_kind": "hours", **_values(row)}
        super().__init__(*args, **more)
        self.use_required_attribute = False
        self.regions = {str(r.id): r for r in regions_for(user)}
        everywhere = [ANY] if may_edit_everywhere(user) else []
        self.fields["kind"].choices = [ANY, *_kinds()]  # type: ignore[attr-defined]
        self.fields["region"].choices = [  # type: ignore[attr-defined]
            *everywhere,
            *((i, r.name) for i, r in self.regions.items()),
        ]

    def when_fields(self) -> list[Any]:
        """The tests."""
        return [self[name] for name in ("kind", "condition", "severity", "haste", "region")]

    def stage_rows(self) -> list[tuple[Any, Any]]:
        """Amount and kind of time of each stage."""
        return [(self[f"{stage}_amount"], self[f"{stage}_kind"]) for stage in STAGES]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for stage in STAGES:
            self._check_stage(stage, given)
        if self.errors:
            return given
        self._check_order(given)
        other = limit_table.same_tests(self._tests(given), self.row.pk if self.row else None)
        if other is not None:
            self.add_error(
                "kind", gettext("已有一条规则管的是同样的问题，请直接改那一条，或先停用它。")
            )
        return given

    def _check_stage(self, stage: str, given: dict[str, Any]) -> None:
        amount, kind = given.get(f"{stage}_amount"), given.get(f"{stage}_kind")
        if kind and amount and amount > MOST[kind]:
            words = gettext("最多%(most)s，再长请用“自然日”或“长期推进”。") % {"most": MOST[kind]}
            self.add_error(f"{stage}_amount", words)
        if amount and not kind and f"{stage}_kind" not in self.errors:
            self.add_error(f"{stage}_kind", gettext("请选按什么时间算。"))
        if kind and amount is None and f"{stage}_amount" not in self.errors:
            self.add_error(f"{stage}_amount", gettext("请填多少，或选“不规定”。"))

    def _check_order(self, given: dict[str, Any]) -> None:
        """Stages within the whole, compared on an ordinary week."""
        calendar = book.calendar()
        ends = {
            stage: add(calendar, MONDAY, given[f"{stage}_amount"], given[f"{stage}_kind"]).at
            for stage in STAGES
            if given.get(f"{stage}_amount")
        }
        if ends.get("sign", MONDAY) > ends["fix"]:
            self.add_error("sign_amount", gettext("签收的时限不能比整改还长。"))
        if "whole" in ends and ends["whole"] < ends["fix"]:
            self.add_error("whole_amount", gettext("全程的时限不能比整改还短。"))

    def _tests(self, given: dict[str, Any]) -> dict[str, Any]:
        plain = {name: given[name] for name in ("condition", "severity", "haste")}
        region = self.regions.get(given["region"])
        return {**plain, "kind_id": given["kind"] or None, "region": region}

    def save(self) -> DueRule:
        """Write the row."""
        data = self.cleaned_data
        stages = {
            f"{stage}_{part}": data[f"{stage}_{part}"]
            for stage in STAGES
            for part in ("amount", "kind")
        }
        values = {**self._tests(data), **stages, "note": data["note"], "source": data["source"]}
        return limit_table.save(
            by=self.user, op_id=data["op_id"], row=self.row, values=values,
            seen=data["seen"] or 0,
        )  # fmt: skip


def _values(row: DueRule | None) -> dict[str, Any]:
    if row is None:
        return {}
    names = [f"{stage}_{part}" for stage in STAGES for part in ("amount", "kind")]
    names += ["condition", "severity", "haste", "note", "source"]
    region = str(row.region_id) if row.region_id else ""
    return {n: getattr(row, n) for n in names} | {
        "kind": row.kind_id or "", "region": region, "seen": row.version,
    }  # fmt: skip


class TrialForm(Form):
    """A kind and a start, to see when it would be due and why."""

    kind = forms.ChoiceField(label=_("问题类别"))
    severity = forms.ChoiceField(
        label=_("轻重"), required=False, choices=[("", _("按类别")), *Severity.choices]
    )
    condition = forms.ChoiceField(label=_("立案条件"), required=False)
    region = forms.ChoiceField(label=_("辖区"))
    start = MomentField(label=_("什么时候派出"))

    def __init__(self, *args: Any, user: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.use_required_attribute = False
        self.kinds = catalogue.kinds()
        self.regions = {str(r.id): r for r in regions_for(user)}
        words = [row.condition for row in deadlines.rules() if row.condition]
        none = [("", gettext("不分情形"))]
        for name, pairs in (
            ("kind", [("", gettext("请选择")), *_kinds()]),
            ("condition", none + [(w, w) for w in dict.fromkeys(words)]),
            ("region", [(i, r.name) for i, r in self.regions.items()]),
        ):
            self.fields[name].choices = pairs  # type: ignore[attr-defined]
        self.fields["start"].initial = timezone.now()

    def clean_start(self) -> datetime:
        """A moment that a calendar can hold."""
        found: datetime = self.cleaned_data["start"]
        if not FIRST_YEAR < found.year < LAST_YEAR:
            raise forms.ValidationError(gettext("请选2020年到2099年之间的时间。"))
        return found

    def proposed(self) -> deadlines.Proposed:
        """What the table gives."""
        data = self.cleaned_data
        kind = self.kinds[data["kind"]]
        return deadlines.propose(
            kind=kind, region=self.regions[data["region"]].id,
            severity=data["severity"] or kind.severity, condition=data["condition"],
            now=data["start"],
        )  # fmt: skip


def by_haste() -> list[tuple[str, Terms]]:
    """What holds where no row fits, for each haste, in the usual case."""
    return [
        (str(haste.label), Terms("", reckoning.USUAL[haste], *reckoning.STAGES[haste]))
        for haste in Haste
    ]

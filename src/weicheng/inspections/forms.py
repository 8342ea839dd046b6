"""The forms of plans: what is wished, the year's counts, teams, guests, and a reason."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weicheng.frame.forms import Form
from weicheng.inspections.acts import Crew, Wish
from weicheng.inspections.models import Plan
from weicheng.inspections.rules import COUNTED, LONGEST_DAYS, MOST_A_YEAR, MOST_ROUNDS
from weicheng.inspections.words import PlanKind
from weicheng.people.models import Person, Unit
from weicheng.places.models import Region, RegionLevel
from weicheng.standards.models import SiteType

#: Kinds planned on this page; rounds and observation days have pages of their own.
KINDS = (PlanKind.UNDERCOVER, PlanKind.MONTHLY, PlanKind.SPECIAL, PlanKind.CROSS)
MOST_TEAMS = 9
_YES_NO: dict[str, tuple[Any, Any]] = {
    "regular": (gettext_lazy("定期"), gettext_lazy("不定期")),
    "open": (gettext_lazy("明查"), gettext_lazy("暗访")),
    "sampled": (gettext_lazy("抽查"), gettext_lazy("全面")),
}
#: How each kind usually goes: regular, open, sampled, days.
USUAL = {
    PlanKind.UNDERCOVER: (True, False, True, 2),
    PlanKind.MONTHLY: (True, True, True, 5),
    PlanKind.SPECIAL: (False, True, False, 5),
    PlanKind.CROSS: (False, False, True, 3),
}


def _mode(name: str, label: Any) -> forms.TypedChoiceField:
    yes, no = _YES_NO[name]
    return forms.TypedChoiceField(
        label=label, choices=[("1", yes), ("0", no)], coerce=lambda said: said == "1",
        widget=forms.RadioSelect,
    )  # fmt: skip


def _date(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class PlanForm(Form):
    """What the office wishes to check."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("种类"), choices=[(k.value, k.label) for k in KINDS],
        widget=forms.RadioSelect,
    )  # fmt: skip
    title = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    region = forms.ModelChoiceField(
        label=gettext_lazy("范围"), queryset=Region.objects.none(), empty_label=None
    )
    starts_on = _date(gettext_lazy("开始"))
    ends_on = _date(gettext_lazy("结束"))
    regular = _mode("regular", gettext_lazy("时间"))
    open = _mode("open", gettext_lazy("方式"))
    sampled = _mode("sampled", gettext_lazy("点位"))
    site_types = forms.MultipleChoiceField(
        label=gettext_lazy("点位类型"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不选就是全部类型。"),
    )  # fmt: skip
    half = forms.BooleanField(label=gettext_lazy("减半抽取"), required=False)
    spread = forms.BooleanField(label=gettext_lazy("各镇街按点位多少分摊"), required=False)
    rounds = forms.IntegerField(
        label=gettext_lazy("几轮之内每个点位都查到"), required=False, min_value=1,
        max_value=MOST_ROUNDS,
        help_text=gettext_lazy("不填就按点位多少自动定。到期的必查，其余仍是随机。"),
        widget=forms.NumberInput(attrs={"class": "input-short", "inputmode": "numeric"}),
    )  # fmt: skip
    doubled = forms.IntegerField(
        label=gettext_lazy("双人背对背的比例（%）"), required=False, min_value=0, max_value=100,
        help_text=gettext_lazy("由另一个组再看一次，互相看不到结论，用来统一尺度。"),
        widget=forms.NumberInput(attrs={"class": "input-short", "inputmode": "numeric"}),
    )  # fmt: skip
    starting_point = forms.CharField(
        label=gettext_lazy("出发地点"), max_length=80, required=False,
        help_text=gettext_lazy("写一个点位、镇街或社区的名字，路线就从那里排起。"),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    basis = forms.CharField(
        label=gettext_lazy("超出年度计划的依据"), max_length=200, required=False,
        help_text=gettext_lazy("年内次数已满时才要写，例如：市指挥部会议要求。"),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region: Any = self.fields["region"]
        below = Region.objects.filter(ancestors__overlap=user.scopes())
        region.queryset = below.exclude(level=RegionLevel.COMMUNITY).order_by("code")
        types: Any = self.fields["site_types"]
        types.choices = [
            (t.pk, str(t)) for t in SiteType.objects.filter(active=True).order_by("order", "key")
        ]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("starts_on"), given.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("结束日期不能早于开始日期。"))
        if first and last and last - first >= timedelta(days=LONGEST_DAYS):
            words = _("一次检查最长%(n)s天，请缩短或分几次安排。")
            self.add_error("ends_on", words % {"n": LONGEST_DAYS})
        return given

    def wish(self) -> Wish:
        """What was asked for."""
        given = dict(self.cleaned_data)
        del given["op_id"]
        given["site_types"] = tuple(given["site_types"])
        given["doubled"] = given["doubled"] or 0
        return Wish(**given)


def first_wish(kind: str, op_id: UUID) -> dict[str, Any]:
    """What a new form of a kind begins with."""
    chosen = PlanKind(kind) if kind in {k.value for k in KINDS} else PlanKind.MONTHLY
    regular, is_open, sampled, days = USUAL[chosen]
    today = timezone.localdate()
    return {
        "op_id": op_id, "kind": chosen.value, "starts_on": today,
        "ends_on": today + timedelta(days=days - 1), "regular": "01"[regular],
        "open": "01"[is_open], "sampled": "01"[sampled], "doubled": 0,
        "title": _("%(month)s月%(kind)s") % {"month": today.month, "kind": chosen.label},
    }  # fmt: skip


def wish_of(plan: Plan, op_id: UUID) -> dict[str, Any]:
    """What the form of a draft begins with."""
    names = ("kind", "title", "region", "starts_on", "ends_on", "site_types", "half", "spread",
             "rounds", "doubled", "starting_point", "note", "basis")  # fmt: skip
    found = {name: getattr(plan, name) for name in names}
    modes = {name: "01"[bool(getattr(plan, name))] for name in _YES_NO}
    return {**found, **modes, "op_id": op_id}


class YearForm(Form):
    """A count for each kind, and the paper that says so."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    basis = forms.CharField(
        label=gettext_lazy("依据"), max_length=200, required=False,
        help_text=gettext_lazy("例如：区委区政府年度督查检查考核计划。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in COUNTED:
            self.fields[kind.value] = forms.IntegerField(
                label=kind.label, min_value=0, max_value=MOST_A_YEAR, required=False,
                error_messages={"invalid": _("请填整数。")},
                widget=forms.NumberInput(attrs={"class": "input-short", "inputmode": "numeric"}),
            )  # fmt: skip

    def counts(self) -> dict[str, int]:
        """The counts that were given; an empty one is not changed."""
        given = {kind.value: self.cleaned_data.get(kind.value) for kind in COUNTED}
        return {kind: n for kind, n in given.items() if n is not None}


class TeamsForm(Form):
    """Every person with a team number (0: stays here) and a tick for who leads."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, persons: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.persons = {str(person.pk): person for person in persons}
        choices = [(0, _("不去")), *((n, team_name(n)) for n in range(1, MOST_TEAMS + 1))]
        for pk in self.persons:
            self.fields[f"team-{pk}"] = forms.TypedChoiceField(
                choices=choices, coerce=int, required=False
            )
            self.fields[f"leads-{pk}"] = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Every team has one leader; the sentence names the team."""
        given: dict[str, Any] = super().clean() or {}
        self.crews: list[Crew] = []
        for n in range(1, MOST_TEAMS + 1):
            members = [p for pk, p in self.persons.items() if given.get(f"team-{pk}") == n]
            leading = [p for p in members if given.get(f"leads-{p.pk}")]
            if not members:
                continue
            if len(leading) != 1 and len(members) > 1:
                words = _("%(team)s要有且只有一位带队的人。")
                self.add_error(None, words % {"team": team_name(n)})
            else:
                self.crews.append(Crew(team_name(n), (leading or members)[0], members))
        if not self.crews and not self.errors:
            self.add_error(None, _("请至少编一个组。"))
        return given


def team_name(n: int) -> str:
    """“第1组”."""
    return _("第%(n)s组") % {"n": n}


class GuestForm(Form):
    """A person from elsewhere."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    comes_from = forms.CharField(
        label=gettext_lazy("来自"), max_length=80,
        help_text=gettext_lazy("外地单位、邀请专家或第三方机构。"),
    )  # fmt: skip
    home = forms.ModelChoiceField(
        label=gettext_lazy("原单位"), required=False, queryset=Unit.objects.none(),
        empty_label=gettext_lazy("不是本地单位的人"),
        help_text=gettext_lazy("本地单位或镇街的人要选，不会让他查自己单位的点位。"),
    )  # fmt: skip
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=30, required=False)
    until = _date(gettext_lazy("账号到期"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        home: Any = self.fields["home"]
        home.queryset = Unit.objects.visible_to(user).filter(active=True)

    def until_moment(self) -> datetime:
        """The end of the chosen day."""
        last = datetime.combine(self.cleaned_data["until"], time(23, 59, 59))
        return timezone.make_aware(last)


class ReasonForm(Form):
    """An act with a reason."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)


class OnceForm(Form):
    """An act without more words than its operation."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)

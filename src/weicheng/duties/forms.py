"""The forms of duties: one duty, settling, handing over, merging units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.duties.acts import Terms
from weicheng.duties.models import Duty, DutyPart, UnitRule
from weicheng.duties.permissions import may_write
from weicheng.frame.forms import Form
from weicheng.journal.ids import uuid7
from weicheng.people.models import Person, Post, Unit
from weicheng.people.unit_forms import NamedUnit
from weicheng.places.forms import RegionChoice
from weicheng.places.models import Region, Site
from weicheng.places.pinyin import plain
from weicheng.standards.models import ProblemKind

if TYPE_CHECKING:
    from weicheng.duties.book import Clause


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day, chosen from the browser's calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def known_persons(user: Any) -> QuerySet[Person]:
    """Persons who work, or once worked, in a unit that this user may see."""
    return Person.objects.filter(posts__unit__in=Unit.objects.visible_to(user)).distinct()


class NamedPerson(forms.CharField):
    """A person by name, with the unit behind it where two bear the same name: “王伟 环卫局”."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"list": "persons", "autocomplete": "off"})
        super().__init__(max_length=80, widget=widget, **options)


class Dutiful(Form):
    """A form about duties: knows the asker's units and persons, and carries the operation."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        self.user = user
        options.setdefault("initial", {}).setdefault("op_id", uuid7())
        super().__init__(*args, **options)
        self.use_required_attribute = False
        rows = Unit.objects.visible_to(user).filter(active=True)
        self.units = list(rows.defer("region"))
        for field in self.fields.values():
            if isinstance(field, NamedUnit):
                field.units = self.units

    def persons(self) -> list[tuple[str, str]]:
        """Names with their units, for the list under the fields."""
        posts = Post.objects.filter(
            unit__in=self.units, until=None, person__active=True, sort=Post.Sort.WORKING
        )
        rows = posts.order_by("person__pinyin").values_list("person__name", "unit__name")
        return list(rows.distinct())

    def person_called(self, field: str, unit: Unit | None, *, gone: bool = False) -> Person | None:
        """The one person of the name typed into a field; says what is wrong otherwise.

        ``gone``: also those who hold no post any more.
        """
        text = str(self.cleaned_data.get(field) or "")
        name, _gap, where = (plain(part) for part in text.partition(" "))
        if not name:
            return None
        found = known_persons(self.user) if gone else Person.objects.visible_to(self.user)
        found = found.filter(name=name) if gone else found.filter(name=name, active=True)
        if where:
            found = found.filter(posts__unit__name__contains=where)
        here = found.filter(posts__unit=unit) if unit is not None else found.none()
        chosen = list((here if here.exists() else found)[:2])
        if len(chosen) == 1:
            return chosen[0]
        if chosen:
            words = gettext("叫“%(name)s”的不止一人，请在姓名后空一格写单位。")
        else:
            words = gettext("没有找到“%(name)s”，请先在单位里加人。")
        self.add_error(field, words % {"name": name})
        return None


class DutyForm(Dutiful):
    """A new duty, or what a duty says from a day on."""

    clause = forms.ChoiceField(label=_("管什么"))
    region = RegionChoice(
        label=_("在哪里"), queryset=Region.objects.none(), required=False,
        empty_label=_("全部地区"),
    )  # fmt: skip
    site = forms.CharField(
        label=_("只管一个点位"), max_length=120, required=False,
        help_text=_("写点位名称；空着就是整个地区。"),
    )  # fmt: skip
    project = forms.CharField(
        label=_("只管一个项目"), max_length=80, required=False,
        help_text=_("项目包保才写，例如 老旧小区改造二期。"),
    )  # fmt: skip
    part = forms.ChoiceField(
        label=_("什么责任"), choices=DutyPart.choices, widget=forms.RadioSelect, initial="lead"
    )
    unit = NamedUnit(label=_("单位"), required=False, help_text=_("打几个字，从列表里选。"))
    unit_rule = forms.ChoiceField(
        label=_("或者由当地的单位负责"), required=False,
        choices=[("", "—"), *UnitRule.choices],
        help_text=_("“各乡镇（街道）负责”选所在镇街，各管各的。"),
    )  # fmt: skip
    leader = NamedPerson(label=_("分管领导"), required=False)
    section = forms.CharField(label=_("股室"), max_length=60, required=False)
    person = NamedPerson(
        label=_("具体责任人"), required=False,
        help_text=_("空着就由单位的联络员负责，没有联络员由第一责任人负责。"),
    )  # fmt: skip
    since = day_field(_("从哪天起"), required=False)
    until = day_field(_("到哪天止"), required=False)

    def __init__(
        self,
        *args: Any,
        user: Any,
        clauses: Sequence[tuple[str, Any]],
        duty: Duty | None = None,
        **options: Any,
    ) -> None:
        self.duty = duty
        if duty is not None:
            options["initial"] = {**_said(duty), **options.get("initial", {})}
        super().__init__(*args, user=user, **options)
        self.fields["clause"].choices = clauses  # type: ignore[attr-defined]
        regions = Region.objects.visible_to(user).select_related("parent").defer("polygon")
        region = self.fields["region"]
        region.queryset = regions.order_by("code")  # type: ignore[attr-defined]
        if not may_write(user, None):
            region.required, region.empty_label = True, None  # type: ignore[attr-defined]
        if duty is not None:
            self.fields["since"].required = True
            self.fields["since"].label = gettext("从哪天起改")

    def clean(self) -> dict[str, Any]:
        """A known site, known persons, somebody at all, and no unit twice."""
        data = super().clean() or self.cleaned_data
        if data.get("unit") and data.get("unit_rule"):
            self.add_error("unit_rule", gettext("已经写了单位，这里不用再选。"))
        for name in ("person", "leader"):
            data[name] = self.person_called(name, data.get("unit") if name == "person" else None)
        data["site"] = self._site(data)
        if not self.errors and not any(
            data.get(n) for n in ("unit", "unit_rule", "person", "leader")
        ):
            self.add_error("unit", gettext("请写清由谁负责：单位或人至少一个。"))
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", gettext("结束日期早于开始日期。"))
        return data

    def _site(self, data: dict[str, Any]) -> Site | None:
        name = plain(str(data.get("site") or ""))
        if not name:
            return None
        rows = Site.objects.visible_to(self.user).filter(active=True, name=name)
        if region := data.get("region"):
            rows = rows.filter(region__ancestors__contains=[region.pk])
        found = list(rows.select_related("region")[:2])
        if len(found) == 1:
            return found[0]
        words = (
            gettext("叫“%(name)s”的点位不止一个，请先选社区。")
            if found
            else gettext("这里没有叫“%(name)s”的点位。")
        )
        self.add_error("site", words % {"name": name})
        return None

    def terms(self) -> Terms:
        """What the form says."""
        data = self.cleaned_data
        sort, _colon, key = data["clause"].partition(":")
        names = ("part", "unit", "unit_rule", "leader", "section", "person", "since", "until")
        kept = {name: data[name] for name in names}
        known = self.duty
        return Terms(
            item_key=key if sort == "item" else "", check_key=key if sort == "check" else "",
            kind=ProblemKind.objects.get(key=key) if sort == "kind" else None,
            site_type_key=key if sort == "type" else "", project=data["project"],
            region=None if data["site"] else data["region"], site=data["site"],
            order=known.order if known else 0, words=known.words if known else "", **kept,
        )  # fmt: skip


def _said(duty: Duty) -> dict[str, Any]:
    """What the form of a written duty shows; a change begins today."""
    sort, key = _clause(duty)
    return {
        "clause": f"{sort}:{key}" if sort else "all:", "region": duty.region_id,
        "site": duty.site.name if duty.site else "", "project": duty.project, "part": duty.part,
        "unit": duty.unit, "unit_rule": duty.unit_rule, "section": duty.section,
        "leader": str(duty.leader or ""), "person": str(duty.person or ""),
        "since": timezone.localdate(), "until": duty.until,
    }  # fmt: skip


def _clause(duty: Duty) -> Clause:
    from weicheng.duties.book import clause_of

    return clause_of(duty)


class SettleForm(Dutiful):
    """Which of the rows leads, and what becomes of the others."""

    duty = forms.ChoiceField(label=_("由谁牵头"), widget=forms.RadioSelect)
    others = forms.ChoiceField(
        label=_("其余单位"), widget=forms.RadioSelect, initial="support", required=False,
        choices=[("support", _("改为配合")), ("responsible", _("改为责任")), ("", _("不再负责"))],
    )  # fmt: skip

    def __init__(self, *args: Any, duties: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["duty"].choices = duties  # type: ignore[attr-defined]
        if len(duties) == 1:
            del self.fields["others"]


class HandoverForm(Dutiful):
    """From whom, to whom, on which day."""

    person = NamedPerson(label=_("谁交出"))
    to = NamedPerson(label=_("谁接手"))
    day = day_field(_("哪天起"), help_text=_("前一天为止由原来的人负责。"))
    leaves = forms.BooleanField(
        label=_("交出的人已离任，岗位也一并结束"), required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        """Two known persons."""
        data = super().clean() or self.cleaned_data
        data["person"] = self.person_called("person", None, gone=True)
        data["to"] = self.person_called("to", None)
        if data.get("person") and data.get("person") == data.get("to"):
            self.add_error("to", gettext("交接的两个人是同一个人。"))
        return data


class MergeForm(Dutiful):
    """Which unit goes into which, on which day."""

    unit = NamedUnit(label=_("被并入的单位"))
    into = NamedUnit(label=_("并到哪个单位"))
    day = day_field(_("哪天起"), help_text=_("前一天为止由原来的单位负责。"))

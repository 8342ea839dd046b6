"""The forms of units, persons, posts, site parties and regions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.people import unit_acts
from weicheng.people.models import Person, Post, SitePart, SiteParty, Unit, UnitKind
from weicheng.people.permissions import keeps_the_seats
from weicheng.places.models import Region, RegionLevel, Site
from weicheng.places.pinyin import plain

PARTY_ROWS = 6


class NamedUnit(forms.CharField):
    """A unit by its name, completed from the page's list; cleans to a Unit or None."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"list": "units", "autocomplete": "off"})
        self.units: list[Unit] = []
        super().__init__(max_length=80, widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        """The unit's name."""
        return str(getattr(value, "name", value) or "")

    def clean(self, value: Any) -> Any:
        """The one unit of that name."""
        text = plain(super().clean(value))
        if not text:
            return None
        found = [u for u in self.units if text in {plain(u.name), plain(u.short_name)}]
        if len(found) != 1:
            raise forms.ValidationError(
                gettext("没有叫“%(name)s”的单位，请从列表里选。") % {"name": text}
            )
        return found[0]


class _Keeping(forms.Form):
    """A form of the office about its own units."""

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        self.user = user
        super().__init__(*args, **options)
        self.use_required_attribute = False
        self.units = list(Unit.objects.visible_to(user).filter(active=True))
        for field in self.fields.values():
            if isinstance(field, NamedUnit):
                field.units = self.units


class RegionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A region with the one above it."""

    def label_from_instance(self, obj: Region) -> str:
        """“红叶镇　张家沟社区”."""
        above = obj.parent.name if obj.parent and obj.level == "community" else ""
        return f"{above}\u3000{obj.name}" if above else str(obj.name)


def _regions(user: Any) -> Any:
    rows = Region.objects.visible_to(user).select_related("parent").defer("polygon")
    return rows.order_by("code")


class UnitForm(_Keeping):
    """Add or change a unit."""

    name = forms.CharField(label=_("全称"), max_length=80)
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("类别"), choices=UnitKind.choices)
    region = RegionChoice(label=_("所在辖区"), queryset=Region.objects.none(), empty_label=None)
    parent = NamedUnit(label=_("上级单位"), required=False)
    head = forms.ModelChoiceField(
        label=_("第一责任人"), queryset=Person.objects.none(), required=False,
        help_text=_("先在单位里加人，再选。"), empty_label=_("未指定"),
    )  # fmt: skip
    contact = forms.ModelChoiceField(
        label=_("联络员"), queryset=Person.objects.none(), required=False,
        empty_label=_("未指定"),
    )  # fmt: skip
    phone = forms.CharField(label=_("单位电话"), max_length=30, required=False)
    also_sponsor = forms.BooleanField(label=_("也是包保单位"), required=False)
    active = forms.BooleanField(label=_("在用"), required=False, initial=True)

    def __init__(self, *args: Any, user: Any, unit: Unit | None = None, **options: Any) -> None:
        self.unit = unit
        if unit is not None:
            names = ("name", "short_name", "kind", "parent", "phone", "also_sponsor", "active")
            options["initial"] = {n: getattr(unit, n) for n in names} | {
                "region": unit.region_id, "head": unit.head_id, "contact": unit.contact_id,
            }  # fmt: skip
        super().__init__(*args, user=user, **options)
        self.fields["region"].queryset = _regions(user)  # type: ignore[attr-defined]
        posted = Person.objects.filter(posts__unit=unit, posts__until=None) if unit else None
        for name in ("head", "contact"):
            if posted is None:
                del self.fields[name]
            else:
                self.fields[name].queryset = posted.distinct()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One name once a region; no unit above itself."""
        data = super().clean() or self.cleaned_data
        same = Unit.objects.filter(name=data.get("name", "").strip(), region=data.get("region"))
        if self.unit is not None:
            same = same.exclude(pk=self.unit.pk)
        if same.exists():
            self.add_error("name", gettext("这个辖区已经有同名的单位。"))
        if self.unit is not None and data.get("parent") == self.unit:
            self.add_error("parent", gettext("上级单位不能是它自己。"))
        region = data.get("region")
        if region and not keeps_the_seats(self.user, self.unit, region, data):
            self.add_error("head" if "head" in self.fields else "kind", gettext(
                "区领导和创卫办这两类单位的类别、上级、第一责任人和停用，只由创卫办主任来改。"
            ))  # fmt: skip
        return data

    def save(self) -> Unit:
        """Write it."""
        return unit_acts.save_unit(by=self.user, unit=self.unit, **self.cleaned_data)


class PersonForm(_Keeping):
    """Somebody new in a unit."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)
    title = forms.CharField(label=_("职务"), max_length=40, required=False)
    home = NamedUnit(
        label=_("原单位"), required=False,
        help_text=_("借调来的人要写，原单位的整改不能由本人验收。"),
    )  # fmt: skip
    is_head = forms.BooleanField(label=_("是第一责任人"), required=False)

    def save(self, unit: Unit) -> Person:
        """Write the person and the posts."""
        return unit_acts.add_person(by=self.user, unit=unit, **self.cleaned_data)


class PersonEdit(_Keeping):
    """Correct a person's name, phone and title."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)
    title = forms.CharField(label=_("职务"), max_length=40, required=False)

    def save(self, person: Person) -> Person:
        """Write it."""
        return unit_acts.save_person(by=self.user, person=person, **self.cleaned_data)


class PostForm(_Keeping):
    """One more unit for a person."""

    unit = NamedUnit(label=_("单位"))
    sort = forms.ChoiceField(label=_("是"), choices=Post.Sort.choices, widget=forms.RadioSelect,
                             initial=Post.Sort.HOME)  # fmt: skip
    title = forms.CharField(label=_("职务"), max_length=40, required=False)

    def save(self, person: Person) -> Post:
        """Write it."""
        return unit_acts.add_post(by=self.user, person=person, **self.cleaned_data)


class PartiesForm(_Keeping):
    """Who answers for a site, in rows; a row left empty is taken away."""

    def __init__(self, *args: Any, user: Any, site: Site, **options: Any) -> None:
        self.site = site
        super().__init__(*args, user=user, **options)
        rows = SiteParty.objects.on(timezone.localdate()).filter(site=site)
        known = list(rows.select_related("unit", "person", "leader").order_by("part", "id"))
        for i in range(max(PARTY_ROWS, len(known) + 1)):
            self._row(i, known[i] if i < len(known) else None)

    def _row(self, i: int, party: Any) -> None:
        unit = NamedUnit(label=_("单位"), required=False, initial=party.unit if party else "")
        unit.units = self.units
        self.fields[f"party_{i}_part"] = forms.ChoiceField(
            label=_("职责"), choices=SitePart.choices,
            initial=party.part if party else SitePart.SPONSOR,
        )  # fmt: skip
        self.fields[f"party_{i}_unit"] = unit
        for name, words in (("person", _("负责人")), ("leader", _("包保领导"))):
            self.fields[f"party_{i}_{name}"] = forms.CharField(
                label=words, max_length=40, required=False,
                initial=str(getattr(party, name, None) or ""),
            )  # fmt: skip

    def rows(self) -> list[list[Any]]:
        """The rows of fields."""
        names = ("part", "unit", "person", "leader")
        count = sum(name.endswith("_part") for name in self.fields)
        return [[self[f"party_{i}_{n}"] for n in names] for i in range(count)]

    def clean(self) -> dict[str, Any]:
        """Names are persons whom the user may see."""
        data = super().clean() or self.cleaned_data
        for i in range(len(self.rows())):
            for name in ("person", "leader"):
                self._person(data, f"party_{i}_{name}", data.get(f"party_{i}_unit"))
        return data

    def _person(self, data: dict[str, Any], name: str, unit: Unit | None) -> None:
        text = plain(data.get(name, ""))
        if not text:
            data[name] = None
            return
        found = Person.objects.visible_to(self.user).filter(name=text)
        here = found.filter(posts__unit=unit) if unit is not None else found.none()
        chosen = list((here if here.exists() else found)[:2])
        if len(chosen) == 1:
            data[name] = chosen[0]
        elif chosen:
            self.add_error(name, gettext("叫“%(name)s”的不止一人。") % {"name": text})
        else:
            self.add_error(name, gettext("没有找到“%(name)s”，请先在单位里加人。") % {"name": text})

    def save(self) -> None:
        """Write the rows."""
        data = self.cleaned_data
        rows = [
            unit_acts.PartyRow(
                data[f"party_{i}_part"], data[f"party_{i}_unit"], data[f"party_{i}_person"],
                data[f"party_{i}_leader"],
            )
            for i in range(len(self.rows())) if data.get(f"party_{i}_unit")
        ]  # fmt: skip
        unit_acts.save_site_parties(by=self.user, site=self.site, rows=rows)


class RegionForm(_Keeping):
    """Rename a region, or add one below another."""

    parent = RegionChoice(label=_("属于"), queryset=Region.objects.none(), empty_label=None)
    name = forms.CharField(label=_("名称"), max_length=60)
    letters = forms.RegexField(
        r"^[A-Za-z]{0,4}$", label=_("编号字母"), max_length=4, required=False,
        help_text=_("镇街用，问题编号以它开头，例如 HY。"),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, region: Region | None = None, **options: Any) -> None:
        self.region = region
        if region is not None:
            options["initial"] = {"name": region.name, "letters": region.letters}
        super().__init__(*args, user=user, **options)
        if region is not None:
            del self.fields["parent"]
        else:
            lowest = (RegionLevel.COMMUNITY, RegionLevel.PREFECTURE)
            above = _regions(user).exclude(level__in=lowest)
            self.fields["parent"].queryset = above  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One name once below a region."""
        data = super().clean() or self.cleaned_data
        parent = self.region.parent if self.region else data.get("parent")
        same = Region.objects.filter(parent=parent, name=data.get("name", "").strip())
        if self.region is not None:
            same = same.exclude(pk=self.region.pk)
        if same.exists():
            self.add_error("name", gettext("这里已经有同名的辖区。"))
        return data

    def save(self) -> Region:
        """Write it."""
        return unit_acts.save_region(by=self.user, region=self.region, **self.cleaned_data)

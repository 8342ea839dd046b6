"""The forms of sites and of the campaign."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.places.acts import GateRow, save_campaign, save_site
from weicheng.places.models import BuiltUp, Campaign, Region, Site, SizeClass
from weicheng.standards.models import SiteType

GATE_ROWS = 8


class RegionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A region with the one above it."""

    def label_from_instance(self, obj: Region) -> str:
        """“红叶镇　张家沟社区”."""
        above = obj.parent.name if obj.parent and obj.level == "community" else ""
        return f"{above}\u3000{obj.name}" if above else str(obj.name)


class SiteForm(forms.Form):
    """Add or change a site; a position is two numbers, or nothing."""

    name = forms.CharField(label=_("名称"), max_length=120)
    site_type = forms.ModelChoiceField(
        label=_("类型"), queryset=SiteType.objects.none(), empty_label=None
    )
    region = RegionChoice(
        label=_("所在社区或镇街"), queryset=Region.objects.none(), empty_label=_("请选择")
    )
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    built_up = forms.ChoiceField(
        label=_("建成区"), choices=BuiltUp.choices, widget=forms.RadioSelect,
        initial=BuiltUp.UNDECIDED,
    )  # fmt: skip
    position = forms.CharField(
        label=_("位置"), required=False,
        help_text=_("纬度和经度，例如 32.65012, 112.48033。不知道就空着，有定位的照片会补上。"),
    )  # fmt: skip
    tag = forms.CharField(label=_("标记"), max_length=40, required=False, help_text=_("例如 示范"))
    active = forms.BooleanField(label=_("在用"), required=False, initial=True)

    def __init__(self, *args: Any, user: Any, site: Site | None = None, **options: Any) -> None:
        self.user, self.site = user, site
        if site is not None:
            options["initial"] = _shown(site)
        super().__init__(*args, **options)
        self.use_required_attribute = False
        regions = Region.objects.visible_to(user).exclude(level__in=("prefecture",))
        self.fields["region"].queryset = (  # type: ignore[attr-defined]
            regions.select_related("parent").defer("polygon").order_by("code")
        )
        self.fields["site_type"].queryset = SiteType.objects.filter(active=True)  # type: ignore[attr-defined]

    def clean_position(self) -> tuple[float, float] | None:
        """Latitude and longitude in WGS84 degrees, or None."""
        text = self.cleaned_data["position"].replace("，", ",").replace("、", ",")
        if not text.strip():
            return None
        try:
            latitude, longitude = (float(part) for part in text.split(","))
        except ValueError:
            raise forms.ValidationError(gettext("请写两个数，先纬度后经度，用逗号隔开。")) from None
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise forms.ValidationError(gettext("纬度在 -90 到 90 之间，经度在 -180 到 180 之间。"))
        return latitude, longitude

    def clean(self) -> dict[str, Any]:
        """One name once a region and type."""
        data = super().clean() or self.cleaned_data
        if not self.errors:
            same = Site.objects.filter(
                name=data["name"].strip(), region=data["region"], site_type=data["site_type"]
            )
            if self.site is not None:
                same = same.exclude(pk=self.site.pk)
            if same.exists():
                self.add_error("name", gettext("这个社区已经有同名同类的点位。"))
        return data

    def save(self) -> Site:
        """Write it."""
        data = dict(self.cleaned_data)
        latitude, longitude = data.pop("position") or (None, None)
        return save_site(
            by=self.user, site=self.site, latitude=latitude, longitude=longitude, **data
        )


def _shown(site: Site) -> dict[str, Any]:
    known = site.latitude is not None and site.longitude is not None
    return {
        "name": site.name, "site_type": site.site_type_id, "region": site.region_id,
        "address": site.address, "built_up": site.built_up, "tag": site.tag,
        "active": site.active,
        "position": f"{site.latitude:g}, {site.longitude:g}" if known else "",
    }  # fmt: skip


class CampaignForm(forms.Form):
    """The campaign's name, size class and its gates in rows."""

    name = forms.CharField(label=_("创建活动的名称"), max_length=120)
    size_class = forms.ChoiceField(
        label=_("城市规模"), choices=SizeClass.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, user: Any, campaign: Campaign, **options: Any) -> None:
        self.user, self.campaign = user, campaign
        self.known = list(campaign.gates.all()[:GATE_ROWS])
        options["initial"] = {"name": campaign.name, "size_class": campaign.size_class}
        super().__init__(*args, **options)
        self.use_required_attribute = False
        for i in range(min(len(self.known) + 2, GATE_ROWS)):
            gate = self.known[i] if i < len(self.known) else None
            self._row(i, gate)

    def _row(self, i: int, gate: Any) -> None:
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        self.fields[f"gate_{i}_name"] = forms.CharField(
            label=_("关口"), required=False, max_length=60, initial=gate.name if gate else ""
        )
        self.fields[f"gate_{i}_on"] = forms.DateField(
            label=_("日期"), required=False, widget=day, initial=gate.on if gate else None
        )
        self.fields[f"gate_{i}_certain"] = forms.BooleanField(
            label=_("日期已定准"), required=False, initial=gate.certain if gate else False
        )

    def own(self) -> list[Any]:
        """The fields of the campaign itself."""
        return [self["name"], self["size_class"]]

    def rows(self) -> list[list[Any]]:
        """The rows of gates."""
        count = sum(name.endswith("_on") for name in self.fields)
        return [[self[f"gate_{i}_{p}"] for p in ("name", "on", "certain")] for i in range(count)]

    def clean(self) -> dict[str, Any]:
        """A gate has a name and a day, or neither."""
        data = super().clean() or self.cleaned_data
        for i in range(len(self.rows())):
            name, on = data.get(f"gate_{i}_name"), data.get(f"gate_{i}_on")
            if name and not on and not self[f"gate_{i}_on"].errors:
                self.add_error(f"gate_{i}_on", gettext("请写这个关口的日期。"))
            if on and not name:
                self.add_error(f"gate_{i}_name", gettext("请写这个关口叫什么。"))
        return data

    def save(self) -> Campaign:
        """Write it; a row left empty takes its gate away."""
        data = self.cleaned_data
        gates = [
            GateRow(
                data[f"gate_{i}_name"], data[f"gate_{i}_on"], data[f"gate_{i}_certain"],
                self.known[i].pk if i < len(self.known) else None,
            )
            for i in range(len(self.rows())) if data[f"gate_{i}_name"]
        ]  # fmt: skip
        return save_campaign(
            by=self.user, campaign=self.campaign, name=data["name"],
            size_class=data["size_class"], gates=gates,
        )  # fmt: skip

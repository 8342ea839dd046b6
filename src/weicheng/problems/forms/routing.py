"""派单规则: one row of the table; and 试算, the facts to try the table on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.frame.forms import Form
from weicheng.journal.ids import uuid7
from weicheng.places.models import Site
from weicheng.problems import route_table, route_words, routing
from weicheng.problems.choosing import kinds, regions_for, site_named
from weicheng.problems.forms.base import radios
from weicheng.problems.forms.fields import UnitField
from weicheng.problems.models import RouteRule
from weicheng.problems.words import Part, Severity, Source
from weicheng.standards.models import Item, ProblemKind, SiteType

ANY = ("", _("不限"))
OTHERS = [(str(who), route_words.WHO[who]) for who in routing.OTHERS]


def _groups() -> list[tuple[str, str]]:
    return list(dict.fromkeys((k.group_zh, route_words.group(k.group_zh)) for k in kinds()))


def _named_kinds() -> list[tuple[str, str]]:
    return [(k.key, str(k)) for k in kinds()]


class RuleForm(Form):
    """When the row fits, and whom it proposes then."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("规则名称"), max_length=60, help_text=_("例如 线缆。"))
    kind = forms.ChoiceField(label=_("问题类别"), required=False)
    group_zh = forms.ChoiceField(label=_("类别归组"), required=False)
    item_key = forms.ChoiceField(label=_("标准条目"), required=False)
    region = forms.ChoiceField(label=_("辖区"), required=False)
    source = forms.ChoiceField(label=_("来源"), required=False, choices=[ANY, *Source.choices])
    severity = forms.ChoiceField(label=_("轻重"), required=False, choices=[ANY, *Severity.choices])
    site_type_key = forms.ChoiceField(label=_("点位类型"), required=False)
    site_tag = forms.CharField(
        label=_("点位标签"), required=False, max_length=40, help_text=_("例如 无物业。")
    )
    lead_by = radios(RouteRule.By.choices, _("谁牵头"))
    lead_unit = UnitField(label=_("指定哪个单位"), required=False)
    responsible = forms.MultipleChoiceField(
        label=_("责任单位"), required=False, choices=OTHERS, widget=forms.CheckboxSelectMultiple
    )
    support = forms.MultipleChoiceField(
        label=_("配合单位"), required=False, choices=OTHERS, widget=forms.CheckboxSelectMultiple
    )
    verifier = forms.ChoiceField(
        label=_("谁来验收"), required=False,
        choices=[("", _("按来源")), *RouteRule.Verifier.choices],
    )  # fmt: skip
    note = forms.CharField(label=_("说明"), required=False, max_length=200)

    def __init__(self, *args: Any, user: Any, rule: RouteRule | None = None, **more: Any) -> None:
        self.user, self.rule = user, rule
        more["initial"] = {"op_id": uuid7(), "lead_by": "duty", **_values(rule)}
        super().__init__(*args, **more)
        self.use_required_attribute = False
        self.regions = {str(r.id): r for r in regions_for(user)}
        self.fields["lead_unit"].user = user  # type: ignore[attr-defined]
        everywhere = [ANY] if route_table.may_edit_everywhere(user) else []
        items = dict(Item.objects.order_by("number").values_list("key", "name_zh"))
        for name, pairs in (
            ("kind", [ANY, *_named_kinds()]),
            ("group_zh", [ANY, *_groups()]),
            ("item_key", [ANY, *items.items()]),
            ("region", [*everywhere, *((i, r.name) for i, r in self.regions.items())]),
            ("site_type_key", [ANY, *((t.key, str(t)) for t in SiteType.objects.all())]),
        ):
            self.fields[name].choices = pairs  # type: ignore[attr-defined]

    def when_fields(self) -> list[Any]:
        """The tests."""
        names = (
            "kind", "group_zh", "region", "source", "severity", "site_type_key", "site_tag",
            "item_key",
        )  # fmt: skip
        return [self[name] for name in names]

    def then_fields(self) -> list[Any]:
        """Whom it proposes."""
        names = ("lead_by", "lead_unit", "responsible", "support", "verifier", "note")
        return [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("lead_by") == RouteRule.By.UNIT and not found.get("lead_unit"):
            self.add_error("lead_unit", gettext("请写指定哪个单位牵头。"))
        kind = next((k for k in kinds() if k.key == found.get("kind")), None)
        group = found.get("group_zh")
        if kind is not None and group and kind.group_zh != group:
            self.add_error("group_zh", gettext("这个类别不属于这一组，两个只选一个就行。"))
        return found

    def save(self) -> RouteRule:
        """Write the row."""
        data = self.cleaned_data
        plain = (
            "name", "group_zh", "item_key", "source", "severity", "site_type_key", "site_tag",
            "lead_by", "verifier", "note",
        )  # fmt: skip
        chosen = data["lead_unit"] if data["lead_by"] == RouteRule.By.UNIT else None
        values = {name: data[name] for name in plain} | {
            "kind_id": data["kind"] or None, "lead_unit": chosen,
            "region": self.regions.get(data["region"]),
            "others_by": [f"{part}:{who}" for part in _PARTS for who in data[part]],
        }  # fmt: skip
        return route_table.save(by=self.user, op_id=data["op_id"], rule=self.rule, values=values)


_PARTS = (str(Part.RESPONSIBLE), str(Part.SUPPORT))


def _values(rule: RouteRule | None) -> dict[str, Any]:
    if rule is None:
        return {}
    names = (
        "name", "group_zh", "item_key", "source", "severity", "site_type_key", "site_tag",
        "lead_by", "lead_unit", "verifier", "note",
    )  # fmt: skip
    pairs = route_words.pairs_of(rule)
    others = {part: [who for one, who in pairs if one == part] for part in _PARTS}
    region = str(rule.region_id) if rule.region_id else ""
    return {n: getattr(rule, n) for n in names} | {
        "kind": rule.kind_id or "",
        "region": region,
        **others,
    }


class TrialForm(Form):
    """A kind and a place, to see who would be proposed."""

    kind = forms.ChoiceField(label=_("问题类别"))
    place = forms.CharField(
        label=_("地点"), required=False, max_length=120, help_text=_("写点位名称，或者选辖区。")
    )
    region = forms.ChoiceField(label=_("辖区"), required=False)
    severity = forms.ChoiceField(
        label=_("轻重"), required=False, choices=[("", _("按类别")), *Severity.choices]
    )
    source = forms.ChoiceField(label=_("来源"), required=False, choices=Source.choices)
    site = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, **more: Any) -> None:
        self.user = user
        super().__init__(*args, **more)
        self.use_required_attribute = False
        self.kinds = {k.key: k for k in kinds()}
        self.regions = {str(r.id): r for r in regions_for(user)}
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", gettext("请选择")),
            *_named_kinds(),
        ]
        self.fields["region"].choices = [  # type: ignore[attr-defined]
            ("", gettext("按点位")),
            *((i, r.name) for i, r in self.regions.items()),
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        site, place = self._site(found.get("site")), (found.get("place") or "").strip()
        if place and (site is None or site.name != place):
            site = site_named(place, self.user)
            if site is None and not found.get("region"):
                self.add_error("place", gettext("点位库里没有叫这个名字的，请选辖区。"))
        elif site is None and not place and not found.get("region"):
            self.add_error("place", gettext("请写点位名称，或者选辖区。"))
        found["at"] = site
        return found

    def _site(self, key: UUID | None) -> Site | None:
        if key is None:
            return None
        return Site.objects.visible_to(self.user).select_related("region").filter(pk=key).first()

    def facts(self) -> routing.Facts:
        """What the rules are asked about."""
        data = self.cleaned_data
        kind: ProblemKind = self.kinds[data["kind"]]
        site: Site | None = data["at"]
        region = self.regions[data["region"]].id if data["region"] else site and site.region_id
        return routing.Facts(
            kind=kind, region=region or next(iter(self.regions.values())).id, site=site,
            severity=data["severity"] or kind.severity, source=data["source"] or Source.DAILY,
            day=timezone.localdate(),
        )  # fmt: skip

"""上报: what was found, where and how much; with a picture after, it is 即查即改."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.journal.models import Operation
from weicheng.places.models import Site
from weicheng.problems import acts, duplicates
from weicheng.problems.choosing import kinds, regions_for, site_named
from weicheng.problems.forms.base import Acted, radios, words_field
from weicheng.problems.forms.fields import PHOTOS_HINT, MomentField, PhotosField, QuantityField
from weicheng.problems.models import Problem
from weicheng.problems.words import Severity, Source
from weicheng.standards.models import ProblemKind
from weicheng.standards.models.reader import in_language

#: What a finder of each role usually found it by.
SOURCE_OF_ROLE = {"inspector": Source.DAILY, "leader": Source.LEADER}
ON_SPOT = "fix_on_spot"


class OneOfMany(forms.ChoiceField):
    """One of a hundred; their names are made only when they are shown."""

    known: Mapping[str, Any] = MappingProxyType({})

    def valid_value(self, value: Any) -> bool:
        """Whether it is one of them."""
        return str(value) in self.known


class FindingForm(Acted):
    """A finding: place, kind, photos; quantity and severity only where they matter."""

    photos = PhotosField(
        label=_("问题照片"), required=False, purpose="before", help_text=PHOTOS_HINT
    )
    place = forms.CharField(
        label=_("地点"),
        max_length=200,
        error_messages={"required": _("请填写地点。")},
        help_text=_("写小区、路段或门牌，拼音首字母也行，例如 zjg。"),
    )
    site = forms.UUIDField(widget=forms.HiddenInput, required=False)
    region = OneOfMany(
        label=_("辖区"), required=False, help_text=_("这个地点不在点位库里，选它在哪个镇街或社区。")
    )
    description = words_field(_("一句话说明"))
    kind = OneOfMany(
        label=_("问题类别"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择问题类别。")},
    )
    quantity = QuantityField(label=_("数量"), required=False)
    severity = radios([("", _("按类别")), *Severity.choices], _("轻重"), required=False)
    source = forms.ChoiceField(label=_("来源"), choices=Source.choices)
    found_at = MomentField(label=_("什么时候发现的"), required=False, help_text=_("不填就是现在。"))
    after = PhotosField(
        label=_("整改后照片"), required=False, purpose="after", help_text=_("当场改好了才要。")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        initial = {"source": SOURCE_OF_ROLE.get(user.role, Source.SELF), **_own_place(user)}
        initial |= kwargs.pop("initial", None) or {}
        super().__init__(*args, user=user, initial=initial, **kwargs)
        self.fields.pop("occurred_at", None)
        self.kinds = {k.key: k for k in kinds()}
        self.regions = {str(r.id): r for r in regions_for(user)}
        kind, region = self.fields["kind"], self.fields["region"]
        kind.known, kind.choices = self.kinds, self._kinds  # type: ignore[attr-defined]
        region.known, region.choices = self.regions, self._regions  # type: ignore[attr-defined]

    def _kinds(self) -> list[tuple[str, str]]:
        return [(k.key, str(k)) for k in self.kinds.values()]

    def _regions(self) -> list[tuple[str, str]]:
        return [("", gettext("请选择")), *((i, r.name) for i, r in self.regions.items())]

    def behalf_fields(self) -> list[Any]:
        """The fields of 代录; when it was found has its own field."""
        names = ("behalf_unit", "behalf_person", "behalf_channel")
        return [self[n] for n in names] if self.typist else []

    def kind_groups(self) -> list[tuple[str, list[ProblemKind]]]:
        """The catalogue by its groups, for choosing by hand."""
        found: dict[str, list[ProblemKind]] = {}
        for kind in self.kinds.values():
            found.setdefault(in_language(kind, "group"), []).append(kind)
        return list(found.items())

    def chosen_kind(self) -> str:
        """The key of the kind that is chosen now."""
        return str(self["kind"].value() or "")

    def on_spot(self) -> bool:
        """Whether the button 即查即改 was pressed."""
        return self.data.get("do") == ON_SPOT

    def asks_region(self) -> bool:
        """Whether the place is unknown, so that only a person can say in which region it lies."""
        return bool(self.is_bound and (self["region"].errors or self._place_is_unknown()))

    def _place_is_unknown(self) -> bool:
        return bool(self.cleaned_data.get("place")) and self.cleaned_data.get("site") is None

    def said(self) -> list[tuple[str, str]]:
        """What was posted, to be sent once more; photos go by the ids under which they are kept."""
        gone = ("photos", "after")
        held = [
            (f"{name}_kept", str(photo.pk)) for name in gone for photo in self.fields[name].held  # type: ignore[attr-defined]
        ]  # fmt: skip
        skipped = {
            "csrfmiddlewaretoken",
            "do",
            "sure",
            *(f"{n}_{w}" for n in gone for w in ("kept", "drop")),
        }
        lists = self.data.lists() if hasattr(self.data, "lists") else ()
        return [(name, v) for name, many in lists if name not in skipped for v in many] + held

    def clean_site(self) -> Site | None:
        """The site of that id, if this user may see it."""
        pk = self.cleaned_data.get("site")
        if pk is None:
            return None
        return Site.objects.visible_to(self.user).select_related("region").filter(pk=pk).first()

    def clean_found_at(self) -> Any:
        """Not in the future."""
        at = self.cleaned_data["found_at"]
        if at is not None and at > self.now:
            raise ValidationError(gettext("这个时间还没有到，请写发现的时候。"))
        return at

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        site, place = found.get("site"), (found.get("place") or "").strip()
        if site is None and place:
            site = found["site"] = site_named(place, self.user)
        if site is None and place and not found.get("region"):
            self.add_error("region", gettext("这个地点不在点位库里，请选择它在哪个镇街或社区。"))
        if self.on_spot() and not found.get("after"):
            self.add_error("after", gettext("即查即改要附一张整改后的照片。"))
        return found

    def alike(self) -> list[duplicates.Candidate]:
        """What may be the same matter and is filed already; asked before filing, unless the
        finder is sure or this very request was answered before."""
        if self.data.get("do") != "file" or self.data.get("sure") or not self.is_valid():
            return []
        matter = duplicates.of_finding(self.finding(), self.now)
        found = duplicates.candidates(matter, self.user, self.now)
        if found and Operation.objects.filter(pk=self.cleaned_data["op_id"]).exists():
            return []
        return found

    def finding(self) -> acts.Finding:
        """What the form says, as the act takes it."""
        data = self.cleaned_data
        kind, site = self.kinds[data["kind"]], data["site"]
        return acts.Finding(
            kind=kind, place=data["place"].strip(), site=site,
            region=None if site else self.regions[data["region"]],
            description=data["description"], source=data["source"],
            severity=data["severity"], quantity=data["quantity"],
            quantity_unit=kind.get_unit_display(), found_at=data["found_at"],
            photos=data["photos"],
        )  # fmt: skip

    def perform(self) -> Problem:
        if self.on_spot():
            return acts.fix_on_spot(
                finding=self.finding(), after=self.cleaned_data["after"], **self.who()
            )
        return acts.file(finding=self.finding(), **self.who())


def _own_place(user: Any) -> dict[str, str]:
    """A community or town worker files in his own place."""
    if user.role not in {"town", "community"}:
        return {}
    units = user.working_units()
    return {"region": str(units[0].region_id)} if units and units[0].region_id else {}

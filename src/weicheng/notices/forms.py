"""The forms of channels, private hosts and one's own mail box."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.frame.forms import Form
from weicheng.notices import acts, permissions
from weicheng.notices.models import Channel
from weicheng.notices.reasons import words
from weicheng.notices.targets import LONGEST, Refused
from weicheng.notices.words import ROBOTS


class ChannelForm(Form):
    """A group robot: which kind, for whose group, and its address."""

    sort = forms.ChoiceField(
        label=_("机器人种类"),
        choices=[(s.value, s.label) for s in ROBOTS],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("叫什么"), max_length=60, help_text=_("自己认得就行，例如“环卫局工作群”")
    )
    to = forms.ChoiceField(label=_("谁的群"))
    url = forms.CharField(
        label=_("机器人地址"), max_length=LONGEST,
        help_text=_("在群的机器人设置里整条复制。保存后不再显示，谁有它谁就能往群里发。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("加签密钥"), max_length=200, required=False,
        help_text=_("钉钉、飞书选了“加签”或“签名校验”时填"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.regions = {str(r.pk): r for r in permissions.regions_of(user)}
        self.units = {str(u.pk): u for u in permissions.units_of(user)}
        whole = [
            (k, gettext("%(region)s全区的群") % {"region": r}) for k, r in self.regions.items()
        ]
        field: Any = self.fields["to"]
        field.choices = [*whole, *((k, str(u)) for k, u in self.units.items())]
        self.made: Channel | None = None

    def clean(self) -> dict[str, Any]:
        """Connect, or say at the address why not."""
        found: dict[str, Any] = super().clean() or {}
        if self.errors:
            return found
        unit = self.units.get(found["to"])
        region = self.regions.get(found["to"]) or self._region(unit)
        try:
            self.made = acts.connect(
                sort=found["sort"], name=found["name"], url=found["url"].strip(),
                secret=found["secret"].strip(), region=region, unit=unit,
            )  # fmt: skip
        except Refused as error:
            self.add_error("url", words(error.code))
        return found

    def _region(self, unit: Any) -> Any:
        above = {str(i) for i in unit.region.ancestors}
        return next(r for key, r in self.regions.items() if key in above)


class HostForm(Form):
    """A private host to propose."""

    host = forms.CharField(label=_("主机名"), max_length=120)
    port = forms.IntegerField(label=_("端口"), min_value=1, max_value=65535, initial=443)
    note = forms.CharField(label=_("是什么"), max_length=120)


class MailForm(Form):
    """One's own mail box."""

    address = forms.EmailField(label=_("邮箱"), max_length=120)

"""What every act's form shares: the operation id, 代录 (who acted and when), refusals."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.journal.ids import uuid7
from weicheng.problems.forms.fields import (
    MomentField,
    PersonField,
    PhotosField,
    UnitField,
    person_of,
)
from weicheng.problems.refusals import Refused
from weicheng.problems.rules import TYPISTS
from weicheng.problems.who import Behalf, Who
from weicheng.problems.words import Channel

if TYPE_CHECKING:
    from django.forms import BoundField

    from weicheng.problems.models import Problem

BEHALF = ("behalf_unit", "behalf_person", "behalf_channel", "occurred_at")


def words_field(label: Any = None, *, required: bool = False, hint: Any = "") -> forms.CharField:
    """A few sentences."""
    label = label or _("说明")
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label, required=required, max_length=2000, widget=widget, help_text=hint
    )


def radios(choices: Any, label: Any, *, required: bool = True, **kwargs: Any) -> forms.ChoiceField:
    """One tap among a few."""
    return forms.ChoiceField(
        label=label, choices=choices, required=required, widget=forms.RadioSelect,
        error_messages={"required": _("请选择一项。")}, **kwargs,
    )  # fmt: skip


class Acted(forms.Form):
    """Who acted and when; ``typist`` says whether this user may record for others."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    behalf_unit = UnitField(label=_("替哪个单位"), required=False)
    behalf_person = PersonField(
        label=_("替谁"), required=False, help_text=_("写姓名。记的是这个人办的，您是经手录入。")
    )
    behalf_channel = radios(Channel.choices, _("怎么知道的"), required=False)
    occurred_at = MomentField(
        label=_("什么时候办的"), required=False, help_text=_("不填就是现在。")
    )

    def __init__(self, *args: Any, user: Any, now: datetime | None = None, **kwargs: Any) -> None:
        self.user, self.now = user, now or timezone.now()
        self.device_offset: int | None = None
        initial = {
            "op_id": uuid7(),
            "behalf_channel": Channel.PHONE,
            **(kwargs.pop("initial", None) or {}),
        }
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.typist = user.role in TYPISTS
        if not self.typist:
            for name in BEHALF:
                del self.fields[name]
        for field in self.fields.values():
            if isinstance(field, UnitField | PhotosField):
                field.user = user

    def shown(self) -> list[BoundField]:
        """The act's own fields, in order, without photos and 代录."""
        return [
            b for b in self
            if b.name not in {*BEHALF, "op_id"} and not isinstance(b.field, PhotosField)
        ]  # fmt: skip

    def photo_fields(self) -> list[BoundField]:
        """The fields that take photos."""
        return [b for b in self if isinstance(b.field, PhotosField)]

    def behalf_fields(self) -> list[BoundField]:
        """The fields of 代录, for those who may."""
        return [self[name] for name in BEHALF] if self.typist else []

    def behalf_open(self) -> bool:
        """Whether 代录 is in use and must be seen."""
        if not self.typist:
            return False
        return any(self[n].value() or self[n].errors for n in ("behalf_unit", "behalf_person"))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.typist and not self["behalf_unit"].errors:
            try:
                found["person"] = person_of(
                    found.get("behalf_person", ""), self.user, found.get("behalf_unit")
                )
            except ValidationError as wrong:
                self.add_error("behalf_person", wrong)
        at = found.get("occurred_at")
        if at is not None and at > self.now:
            self.add_error("occurred_at", gettext("这个时间还没有到，请写办的时候。"))
        return found

    def behalf(self) -> Behalf | None:
        """On whose behalf it is typed, if anybody's."""
        if not self.typist:
            return None
        unit, person = self.cleaned_data.get("behalf_unit"), self.cleaned_data.get("person")
        if unit is None and person is None:
            return None
        channel = self.cleaned_data.get("behalf_channel") or Channel.PHONE
        return Behalf(unit=unit, person=person, channel=channel)

    def who(self) -> Who:
        """What every act is told besides its own arguments."""
        return Who(
            by=self.user, op_id=self.cleaned_data["op_id"], on_behalf_of=self.behalf(),
            occurred_at=self.cleaned_data.get("occurred_at"),
            device_offset_seconds=self.device_offset,
        )  # fmt: skip

    def attempt(self) -> Problem | None:
        """Do the act; a refusal becomes a sentence above the form and nothing is lost."""
        if not self.is_valid():
            return None
        try:
            return self.perform()
        except Refused as refused:
            self.add_error(None, refused.sentence())
        except ObjectDoesNotExist:
            self.add_error(None, Refused("op_reused").sentence())
        return None

    @abstractmethod
    def perform(self) -> Problem:
        """The act itself."""


class ActForm(Acted):
    """The form of one act on a problem that exists."""

    act: ClassVar[str] = ""
    title: ClassVar[str | Promise] = ""
    button: ClassVar[str | Promise] = ""
    done: ClassVar[str | Promise] = ""

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        self.problem = problem
        initial = {
            **self.proposed(problem, kwargs.get("now")),
            **(kwargs.pop("initial", None) or {}),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.ask()

    def proposed(self, problem: Problem, now: datetime | None) -> dict[str, Any]:
        """What the form proposes."""
        return {}

    def ask(self) -> None:
        """Fit the fields to the problem."""

    def heading(self) -> str:
        """The name of the page."""
        return str(self.title)

    def done_words(self, problem: Problem) -> str:
        """What the note after the act says."""
        return str(self.done) % {"number": problem.number}

    @property
    def operation(self) -> UUID:
        """The id of the operation that was done."""
        return UUID(str(self.cleaned_data["op_id"]))

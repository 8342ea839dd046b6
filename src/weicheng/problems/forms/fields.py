"""Fields of the problem forms: a unit or person by name, a moment, photos that survive an error."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from weicheng.evidence import store
from weicheng.evidence.access import FRESH
from weicheng.evidence.models import Attachment
from weicheng.evidence.refusals import EvidenceRefused
from weicheng.problems.choosing import persons_called, units_called
from weicheng.problems.door import MAX_PHOTOS

if TYPE_CHECKING:
    from weicheng.people.models import Person, Unit

_WIDE = str.maketrans("０１２３４５６７８９．－", "0123456789.-")


class UnitField(forms.CharField):
    """A unit by its name, short name, part of it, or pinyin; cleans to a Unit or None."""

    user: Any = None

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"list": "units", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return str(getattr(value, "name", value) or "")

    def clean(self, value: Any) -> Unit | None:
        text = super().clean(value)
        if not text:
            return None
        found = units_called(text, self.user)
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(
                gettext("没有叫“%(name)s”的单位，请从列表里选。") % {"name": text}
            )
        names = gettext("、").join(u.name for u in found[:4])
        raise ValidationError(
            gettext("“%(name)s”可以是%(names)s，请写全。") % {"name": text, "names": names}
        )


class PersonField(forms.CharField):
    """A person by exact name; cleaned together with the unit by the form."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"list": "persons", "autocomplete": "off", "data-persons": ""}
        super().__init__(max_length=60, widget=forms.TextInput(attrs=attrs), **kwargs)


def person_of(text: str, user: Any, unit: Unit | None) -> Person | None:
    """The one person of that name; raises ValidationError with what to do."""
    if not text:
        return None
    found = persons_called(text, user, unit)
    if len(found) == 1:
        return found[0]
    if not found:
        raise ValidationError(
            gettext("没有找到“%(name)s”，请写全姓名，或先在单位里登记。") % {"name": text}
        )
    raise ValidationError(gettext("叫“%(name)s”的不止一人，请先写单位。") % {"name": text})


class MomentField(forms.DateTimeField):
    """A local moment, typed or picked."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            value = timezone.localtime(value).replace(tzinfo=None, second=0, microsecond=0)
        return value


class DayField(forms.DateField):
    """A local day, typed or picked."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **kwargs)


class CountField(forms.IntegerField):
    """A whole number that may be typed full-width."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "class": "input-short"}
        super().__init__(widget=forms.TextInput(attrs=attrs), min_value=0, **kwargs)

    def to_python(self, value: Any) -> int | None:
        return super().to_python(value.translate(_WIDE) if isinstance(value, str) else value)


class QuantityField(forms.DecimalField):
    """A quantity that may be typed full-width or with its unit (“12处”)."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "input-short"}
        super().__init__(
            widget=forms.TextInput(attrs=attrs),
            min_value=0,
            max_digits=12,
            decimal_places=2,
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.translate(_WIDE).strip().rstrip("处米户吨座辆个家平方 ")
        return super().to_python(value)


class PhotosInput(forms.FileInput):
    """A file input for several pictures; on a phone it opens the camera or the album."""

    allow_multiple_selected = True
    needs_multipart_form = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        many = files.getlist(name) if hasattr(files, "getlist") else files.get(name)
        kept = data.getlist(f"{name}_kept") if hasattr(data, "getlist") else []
        gone = set(data.getlist(f"{name}_drop")) if hasattr(data, "getlist") else set()
        return [f for f in many or [] if f], [k for k in kept if k not in gone]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files and f"{name}_kept" not in data


class PhotosField(forms.Field):
    """Pictures as attachments. What was uploaded once stays with the form when it is refused:
    it is kept under the uploader's name and asked for again by id, for a day."""

    widget = PhotosInput
    user: Any = None

    def __init__(self, *, purpose: str = "other", **kwargs: Any) -> None:
        self.purpose = purpose
        self.held: list[Attachment] = []
        super().__init__(**kwargs)

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        return {"accept": "image/*", "multiple": True, "data-photos": ""}

    def clean(self, value: Any) -> list[Attachment]:
        files, kept = value or ([], [])
        self.held = self._again(kept)
        wrong: list[str] = []
        if len(files) + len(self.held) > MAX_PHOTOS:
            raise ValidationError(gettext("一次最多 %(n)s 张照片。") % {"n": MAX_PHOTOS})
        for file in files:
            try:
                self.held.append(
                    store.keep(file, filename=file.name, purpose=self.purpose, by=self.user)
                )
            except EvidenceRefused as refused:
                wrong.append(refused.sentence_about(file.name))
        if wrong:
            raise ValidationError(wrong)
        if self.required and not self.held:
            raise ValidationError(gettext("请附一张照片。"))
        return self.held

    def _again(self, kept: list[str]) -> list[Attachment]:
        """Attachments of an earlier try, only those that this user uploaded within the day."""
        ids = [UUID(k) for k in kept[:MAX_PHOTOS] if _is_id(k)]
        if not ids:
            return []
        rows = Attachment.objects.select_related("blob").filter(
            pk__in=ids, uploaded_by=self.user, erased_at=None,
            created_at__gte=timezone.now() - FRESH, problem_photos=None,
        )  # fmt: skip
        return sorted(rows, key=lambda a: ids.index(a.pk))


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


PHOTOS_HINT = gettext_lazy("可拍照，也可从相册选，最多9张。")

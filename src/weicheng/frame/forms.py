"""Forms whose errors say how to go on: “请填写责任人”, “请选择整改时限”."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext


class PlainWords(forms.BaseForm):
    """Gives every required field without own words a sentence made of its label."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if (
                field.error_messages.get("required")
                != forms.Field.default_error_messages["required"]
            ):
                continue
            label = field.label or name
            choosing = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
            pattern = gettext("请选择%(label)s") if choosing else gettext("请填写%(label)s")
            field.error_messages["required"] = pattern % {"label": label}


class Form(PlainWords, forms.Form):
    """A form in plain words."""


class ModelForm(PlainWords, forms.ModelForm):  # type: ignore[type-arg]
    """A form of a model in plain words."""

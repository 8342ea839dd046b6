"""The form of a second look: held or came back, with a photo or a sentence where it came back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.frame.forms import Form
from weicheng.journal.ids import uuid7
from weicheng.problems.forms.fields import PHOTOS_HINT, PhotosField


class LookAgainForm(Form):
    """What the second look saw."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    held = forms.ChoiceField(
        label=_("现在怎么样"), choices=[("1", _("没有反弹")), ("0", _("反弹了"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    words = forms.CharField(
        label=_("说明"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    photos = PhotosField(label=_("现在的照片"), required=False, help_text=PHOTOS_HINT)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"op_id": uuid7(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        photos = self.fields["photos"]
        assert isinstance(photos, PhotosField)
        photos.user = user

    def clean(self) -> dict[str, Any]:
        """What came back must be shown or told."""
        found = super().clean() or {}
        shown = found.get("photos") or found.get("words")
        if found.get("held") == "0" and not shown and not self.errors:
            self.add_error("photos", gettext("请附一张现在的照片，或写一句现在的样子。"))
        return found

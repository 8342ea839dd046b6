"""The form of a ruling: which check, in which words, who said it, when, and how strict it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weicheng.frame.forms import Form
from weicheng.inspections.acts.rulings import MOST_WORDS, Said, write_ruling
from weicheng.inspections.models import Ruling
from weicheng.inspections.refusals import Refused
from weicheng.journal.ids import uuid7
from weicheng.journal.once import ForeignOperation
from weicheng.problems.forms.fields import DayField
from weicheng.standards.models import Check

STRICTNESS = [("1", _("比以前严")), ("0", _("和以前一样")), ("-1", _("比以前松"))]


def check_choices() -> list[tuple[str, Any]]:
    """Every check by its site type, to choose from."""
    groups: dict[str, list[tuple[str, str]]] = {}
    rows = Check.objects.select_related("site_type").order_by("site_type__order", "order")
    for check in rows:
        groups.setdefault(str(check.site_type), []).append((check.key, str(check)))
    return [("", _("请选择")), *groups.items()]


class RulingForm(Form):
    """A ruling as it is typed; a refusal stands above the form and nothing is lost."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    check_key = forms.ChoiceField(label=_("检查项"))
    words = forms.CharField(
        label=_("口径"), max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("照原话写，以后争起来以它为准。"),
    )  # fmt: skip
    said_by = forms.CharField(label=_("谁定的"), max_length=60)
    level = forms.ChoiceField(label=_("级别"), widget=forms.RadioSelect)
    on = DayField(label=_("哪一天"))
    document = forms.CharField(
        label=_("文件或场合"), max_length=80, required=False,
        help_text=_("如“省级技术评估反馈会”，没有就不填。"),
    )  # fmt: skip
    strictness = forms.ChoiceField(
        label=_("比我们以前判的"), choices=STRICTNESS, widget=forms.RadioSelect
    )

    def __init__(
        self, *args: Any, user: Any, replaces: Ruling | None = None, **kwargs: Any
    ) -> None:
        self.user, self.replaces = user, replaces
        given = {"op_id": uuid7(), "on": timezone.localdate(), "strictness": "0"}
        kwargs["initial"] = {**given, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.fields["level"].choices = Ruling.Level.choices  # type: ignore[attr-defined]
        if replaces is None:
            self.fields["check_key"].choices = check_choices()  # type: ignore[attr-defined]
        else:
            del self.fields["check_key"]

    def attempt(self) -> Ruling | None:
        """Write it down, or say why not."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        said = Said(
            check_key=self.replaces.check_key if self.replaces else data["check_key"],
            words=data["words"], said_by=data["said_by"], level=data["level"], on=data["on"],
            document=data["document"], strictness=int(data["strictness"]),
        )  # fmt: skip
        try:
            return write_ruling(
                said=said, by=self.user, op_id=data["op_id"], replaces=self.replaces
            )
        except Refused as refused:
            self.add_error(None, refused.sentence())
        except (ForeignOperation, ObjectDoesNotExist):
            self.add_error(None, Refused("other_body").sentence())
        return None

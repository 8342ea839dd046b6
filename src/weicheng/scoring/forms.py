"""The forms of the figures: a row of the data table, papers, a survey, a line, a pasted table.

What was typed and not saved stands in its place again with a sentence beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.frame.forms import Form
from weicheng.journal.ids import uuid7
from weicheng.journal.once import ForeignOperation
from weicheng.scoring import acts
from weicheng.scoring.acts.writing import IN_WORDS
from weicheng.scoring.models import WarningLine
from weicheng.scoring.pasting import (
    MOST_SOURCE,
    Left,
    Read,
    Unread,
    day_of,
    fit,
    number_of,
    read_table,
)
from weicheng.scoring.refusals import Refused
from weicheng.standards.models import Aspect, Indicator

MET = [("", _("请选择")), ("yes", _("达到")), ("no", _("未达到"))]


class Figure(Form):
    """A statement of somebody, of a region: ``attempt`` saves it or says why not."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: Any, region: Any, **kwargs: Any) -> None:
        self.by, self.region = by, region
        kwargs["initial"] = {"op_id": uuid7(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False

    def attempt(self) -> bool:
        """Save, or leave the reason among the errors."""
        if not self.is_valid():
            return False
        try:
            self.perform()
        except Refused as refused:
            self.add_error(None, refused.sentence())
        except ForeignOperation:
            self.add_error(None, Refused("other_body").sentence())
        return not self.errors

    def perform(self) -> None:
        """The act behind the form; each form has its own. Raises Refused."""
        raise Refused("not_yours")

    @property
    def said(self) -> dict[str, Any]:
        """What every act is told."""
        return {"by": self.by, "region": self.region, "op_id": self.cleaned_data["op_id"]}

    @property
    def sentences(self) -> list[str]:
        """Everything that is wrong, each sentence once."""
        return list(dict.fromkeys(str(words) for found in self.errors.values() for words in found))


class Dated(Figure):
    """A statement of a day with its source."""

    on = forms.CharField(label=_("哪一天的"), max_length=40)
    source = forms.CharField(label=_("来源"), max_length=MOST_SOURCE, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = {"on": timezone.localdate().isoformat(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **{**kwargs, "initial": initial})

    def clean_on(self) -> date:
        """A day as it was typed."""
        text = self.cleaned_data["on"]
        day: date | None = _read(day_of, text)
        if day is None:
            raise ValidationError(gettext("没看懂“%(text)s”是哪一天。") % {"text": text[:20]})
        return day

    @property
    def said(self) -> dict[str, Any]:
        """What every dated act is told."""
        day, source = self.cleaned_data["on"], self.cleaned_data["source"]
        return {**super().said, "on": day, "source": source}


def _read(reader: Any, *given: Any) -> Any:
    """Like the reader, with its sentence as an error of the form."""
    try:
        return reader(*given)
    except Unread as unread:
        raise ValidationError(str(unread)) from unread


class IndicatorForm(Dated):
    """One row of the data table; several are sent together, those without a value are left."""

    value = forms.CharField(label=_("数值"), max_length=40, required=False)
    met = forms.ChoiceField(label=_("达到没有"), choices=MET, required=False)

    def __init__(self, *args: Any, row: Indicator, **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, prefix=row.key, **kwargs)

    @property
    def is_touched(self) -> bool:
        """Whether somebody typed anything into this row."""
        return any(str(self.data.get(f"{self.prefix}-{n}") or "").strip()
                   for n in ("value", "met", "source"))  # fmt: skip

    def clean_value(self) -> Decimal | None:
        """A number that this row can have."""
        number: Decimal | None = _read(number_of, self.cleaned_data["value"])
        return None if number is None else _read(fit, self.row, number)

    def perform(self) -> None:
        """State the row."""
        met = {"yes": True, "no": False}.get(self.cleaned_data["met"])
        in_words = self.row.operator in IN_WORDS
        value = None if in_words else self.cleaned_data["value"]
        acts.state_indicator(key=self.row.key, value=value, met=met, **self.said)


class DocumentForm(Dated):
    """How complete the papers of one item are; day and source stand once for all."""

    percent = forms.CharField(label=_("完整度"), max_length=10, required=False)

    def __init__(self, *args: Any, item: Any, **kwargs: Any) -> None:
        self.item = item
        super().__init__(*args, prefix=f"doc-{item.key}", **kwargs)

    @property
    def is_touched(self) -> bool:
        """Whether somebody typed anything into this row."""
        return bool(str(self.data.get(f"{self.prefix}-percent") or "").strip())

    def add_prefix(self, field_name: str) -> str:
        """Day and source are shared by all rows."""
        if field_name in {"on", "source"}:
            return f"documents-{field_name}"
        return super().add_prefix(field_name)

    def clean_percent(self) -> int:
        """A whole percentage."""
        number = _read(number_of, self.cleaned_data["percent"])
        if number is None or number != int(number) or not 0 <= number <= 100:
            name = self.item.name_zh
            raise ValidationError(gettext("“%(name)s”要填0到100的整数。") % {"name": name})
        return int(number)

    def perform(self) -> None:
        """Mark the papers."""
        percent = self.cleaned_data["percent"]
        acts.mark_documents(item=self.item.key, percent=percent, **self.said)


class SurveyForm(Dated):
    """An own survey."""

    percent = forms.CharField(label=_("满意的占百分之几"), max_length=10)
    answers = forms.CharField(label=_("收回有效问卷（份）"), max_length=10)
    field_order = ("percent", "answers", "on", "source")

    def clean_percent(self) -> Decimal:
        """0..100 with at most two decimals."""
        number: Decimal | None = _read(number_of, self.cleaned_data["percent"])
        if number is None or not 0 <= number <= 100 or number != round(number, 2):
            raise ValidationError(gettext("满意的占百分之几，要填0到100，最多两位小数。"))
        return number

    def clean_answers(self) -> int:
        """A count of at least one."""
        number = _read(number_of, self.cleaned_data["answers"])
        if number is None or number != int(number) or not 0 < number < 10**8:
            raise ValidationError(gettext("收回的有效问卷要填份数，至少1份。"))
        return int(number)

    def perform(self) -> None:
        """Note the survey."""
        percent, answers = self.cleaned_data["percent"], self.cleaned_data["answers"]
        acts.estimate_satisfaction(percent=percent, answers=answers, **self.said)


class LineForm(Figure):
    """A warning line of our own."""

    name = forms.CharField(label=_("预警线的名字"), max_length=40)
    points = forms.CharField(label=_("多少分"), max_length=10)
    aspect = forms.ChoiceField(label=_("管哪一块"), required=False)

    def __init__(self, *args: Any, aspects: Iterable[Aspect], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", gettext("总分")), *((row.key, str(row)) for row in aspects)]
        self.fields["aspect"].choices = choices  # type: ignore[attr-defined]

    def clean_points(self) -> int:
        """Thousandths of a point."""
        number: Decimal | None = _read(number_of, self.cleaned_data["points"])
        if number is None or number != round(number, 3):
            raise ValidationError(gettext("分数最多三位小数。"))
        return int(number * 1000)

    def perform(self) -> None:
        """Draw the line."""
        data = self.cleaned_data
        acts.draw_line(name=data["name"], milli=data["points"], aspect=data["aspect"], **self.said)


class DropForm(Figure):
    """Taking one of our lines away."""

    line = forms.ModelChoiceField(WarningLine.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = WarningLine.objects.visible_to(self.by).filter(region=self.region)
        self.fields["line"].queryset = rows  # type: ignore[attr-defined]

    def perform(self) -> None:
        """Drop it; twice is once."""
        data = self.cleaned_data
        acts.drop_line(by=self.by, line=data["line"], op_id=data["op_id"])


class TableForm(Dated):
    """A table as it stands in Excel; what was read is saved, the rest stays in the field."""

    table = forms.CharField(
        label=_("整张表"), strip=False, max_length=60_000, widget=forms.Textarea(attrs={"rows": 8})
    )
    field_order = ("table", "on", "source")

    def __init__(self, *args: Any, rows: Sequence[Indicator], **kwargs: Any) -> None:
        self.rows = rows
        self.saved: list[Read] = []
        self.left: list[Left] = []
        super().__init__(*args, **kwargs)

    def perform(self) -> None:
        """State every row that was read; the same table sent twice is stated once."""
        data = self.cleaned_data
        read, self.left = read_table(data["table"], self.rows)
        for row in read:
            try:
                self._state(row, data)
            except Refused as refused:
                self.left.append(row.refused(refused.sentence()))
            else:
                self.saved.append(row)

    def _state(self, row: Read, data: Mapping[str, Any]) -> None:
        day, source = row.on or data["on"], row.source or data["source"]
        words = f"{row.row.key} {row.value} {row.met} {day} {source}"
        acts.state_indicator(
            key=row.row.key, value=row.value, met=row.met,
            **{**self.said, "on": day, "source": source, "op_id": _part(data["op_id"], words)},
        )  # fmt: skip

    @property
    def rest(self) -> str:
        """What is left to be mended, as it was pasted."""
        return "\n".join(line.text for line in self.left)


def _part(operation: UUID, words: str) -> UUID:
    """An operation of its own for one line of a table."""
    return uuid5(operation, words)

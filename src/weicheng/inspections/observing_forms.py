"""The forms of an observation day: stops by name, number of papers, the grid of marks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weicheng.frame.forms import Form
from weicheng.inspections.models import PanelSheet, Plan, Stop
from weicheng.inspections.observation_page import StopPage
from weicheng.inspections.panel import tenths
from weicheng.places.models import Region, Site

NEAR = 3


class ObservationForm(Form):
    """A title, a day and the names of the stops, one a line, as they stand in the notice."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    day = forms.DateField(
        label=gettext_lazy("日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    region = forms.ModelChoiceField(Region.objects.none(), label=gettext_lazy("范围"))
    names = forms.CharField(
        label=gettext_lazy("点位"), widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("一行一个点位名称，可以直接从通知里粘过来。"),
    )  # fmt: skip
    keep_order = forms.BooleanField(label=gettext_lazy("按我写的顺序走，不重排"), required=False)
    basis = forms.CharField(
        label=gettext_lazy("超出年度计划的依据"), max_length=200, required=False,
        help_text=gettext_lazy("年内次数已满时才要写，例如：市指挥部会议要求。"),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.unknown: list[str] = []
        regions = Region.objects.filter(pk__in=user.scopes()).order_by("code")
        field: Any = self.fields["region"]
        field.queryset, field.empty_label = regions, None
        self.fields["day"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        """Turn the names into sites; every name that is not one site is told with its likes."""
        given: dict[str, Any] = super().clean() or {}
        region = given.get("region")
        if region is None or "names" not in given:
            return given
        rows = Site.objects.visible_to(self.user).filter(
            active=True, region__ancestors__contains=[region.pk]
        )
        sites: list[Site] = []
        for line in given["names"].splitlines():
            name = line.strip(" \t\u3000.、，,;；")
            if name:
                sites += self._found(name, rows)
        if self.unknown:
            self.add_error("names", "".join(self.unknown))
        given["sites"] = sites
        return given

    def _found(self, name: str, rows: Any) -> list[Site]:
        exact = list(rows.filter(name=name).select_related("region")[:2])
        if len(exact) == 1:
            return exact
        if exact:
            self.unknown.append(_("“%(name)s”不止一个，请写全名。") % {"name": name})
            return []
        like = list(rows.filter(name__icontains=name).values_list("name", flat=True)[: NEAR + 1])
        if len(like) == 1:
            return list(rows.filter(name=like[0]).select_related("region")[:1])
        words = _("没有找到“%(name)s”。") % {"name": name}
        if like:
            words += _("是不是：%(like)s？") % {"like": _("、").join(like[:NEAR])}
        self.unknown.append(words)
        return []


class PapersForm(Form):
    """How many papers the panel gets."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)
    n = forms.IntegerField(label=gettext_lazy("评分表张数"), min_value=1, max_value=60)

    def sentences(self) -> list[str]:
        """What is wrong, each as a sentence."""
        return [_("评分表的张数要在1到%(n)s之间。") % {"n": 60}] if self.errors else []


class MarksForm(forms.Form):
    """The grid: fields ``m-<paper>-<stop>`` and ``x-<paper>`` (why spoilt), and a pasted table.

    A row that was left as it was shown (``w-<paper>``) is not written, so that what a phone sent
    meanwhile stays; one that was emptied is. A pasted table has a row per paper: its number, then
    a mark for each stop in order; it stands for the whole paper.
    """

    def __init__(
        self, data: Mapping[str, Any] | None, *, plan: Plan, stops: Sequence[StopPage], op_id: UUID
    ) -> None:
        super().__init__(data)
        self.stops = stops
        self.rows = list(plan.panel_sheets.all())
        self.papers: dict[int, dict[UUID, int]] = {}
        self.spoilt: dict[int, str] = {}
        self.op_id = op_id
        self._anew: set[int] = set()

    def clean(self) -> dict[str, Any]:
        """Read every field; each wrong one is told with its paper and stop."""
        try:
            self.op_id = UUID(str(self.data.get("op_id", "")))
        except ValueError:
            self.add_error(None, _("页面已过期，请刷新后再录一次。"))
        for row in self.rows:
            self._row(row)
        known, pasted = {row.number for row in self.rows}, set[int]()
        for n, line in enumerate(self.data.get("pasted", "").splitlines(), 1):
            if line.strip():
                self._pasted(n, line, known, pasted)
        if not self.papers and not self.errors:
            self.add_error(None, _("还没有填分数，或和已录的一样。"))
        return {}

    def _row(self, row: PanelSheet) -> None:
        if f"x-{row.number}" not in self.data and not any(
            f"m-{row.number}-{page.stop.pk}" in self.data for page in self.stops
        ):
            return
        why = str(self.data.get(f"x-{row.number}", "")).strip()
        said = [str(self.data.get(f"m-{row.number}-{p.stop.pk}", "")).strip() for p in self.stops]
        now = self._as_kept(row)
        was = str(self.data.get(f"w-{row.number}", now))
        if self._told(said, why) == was:
            return
        if was != now:
            self._anew.add(row.number)
            words = _("%(number)s号表在您打开这一页以后又录过，现在显示的是新的，请核对后再存。")
            self.add_error(None, words % {"number": row.number})
            return
        marks = (self._mark(text, row.number, p) for text, p in zip(said, self.stops, strict=True))
        self.papers[row.number] = {
            page.stop.pk: mark for page, mark in zip(self.stops, marks, strict=True)
            if mark is not None
        }  # fmt: skip
        if why:
            self.spoilt[row.number] = why

    def _mark(self, said: str, number: int, page: StopPage) -> int | None:
        try:
            return tenths(said)
        except ValueError:
            self.add_error(None, _("%(number)s号表“%(site)s”的“%(said)s”不是0到100的分数。") % {
                "number": number, "site": page.site.name, "said": said,
            })  # fmt: skip
            return None

    def _pasted(self, n: int, line: str, known: set[int], before: set[int]) -> None:
        cells = [cell.strip() for cell in re.split(r"[\t,\uff0c]", line)]
        first = cells[0].removesuffix("号")
        if not (first.isascii() and first.isdigit()):
            if n > 1:
                self.add_error(None, _("粘贴的第%(n)s行不是以表号开头。") % {"n": n})
            return
        number = int(first)
        if wrong := self._wrong_line(number, len(cells) - 1, known, before):
            self.add_error(None, wrong % {"n": n, "number": number})
            return
        before.add(number)
        marks = {
            page.stop.pk: self._mark(said, number, page)
            for said, page in zip(cells[1:], self.stops, strict=False)
        }
        self.papers[number] = {stop: mark for stop, mark in marks.items() if mark is not None}
        if why := str(self.data.get(f"x-{number}", "")).strip():
            self.spoilt[number] = why

    def _wrong_line(self, number: int, marks: int, known: set[int], before: set[int]) -> str:
        if number not in known:
            return _("粘贴的第%(n)s行：没有%(number)s号评分表。")
        if number in before:
            return _("粘贴的第%(n)s行：%(number)s号表出现了两次。")
        return _("粘贴的第%(n)s行比点位多出了分数。") if marks > len(self.stops) else ""

    def _told(self, said: Sequence[str], why: str) -> str:
        """A row as it stands in the fields, so that two of them can be compared."""
        return "|".join([*(_plain(text) for text in said), why])

    def _as_kept(self, row: PanelSheet) -> str:
        return self._told([_shown(row.marks.get(str(p.stop.pk))) for p in self.stops], row.invalid)

    def grid(self) -> list[GridRow]:
        """The rows with what was typed or stands already."""
        table = []
        for row in self.rows:
            data = {} if row.number in self._anew else self.data
            cells = []
            for page in self.stops:
                name = f"m-{row.number}-{page.stop.pk}"
                kept = _shown(row.marks.get(str(page.stop.pk)))
                cells.append((name, str(data.get(name, kept)), page.site.name))
            kept_as = self._as_kept(row)
            table.append(GridRow(
                row.number, str(data.get(f"x-{row.number}", row.invalid)), cells,
                str(data.get(f"w-{row.number}", kept_as)), row.by_phone,
            ))  # fmt: skip
        return table


@dataclass(frozen=True)
class GridRow:
    """A paper in the grid: its number, why it is spoilt, (field, value, site) by stop, how it was
    when the page was opened, and whether its holder wrote it."""

    number: int
    why: str
    cells: list[tuple[str, str, str]]
    was: str
    by_phone: bool


def _shown(mark: int | None) -> str:
    return f"{mark / 10:g}" if mark is not None else ""


def _plain(text: str) -> str:
    """A mark in one way of writing it, anything else as it is."""
    try:
        return _shown(tenths(text))
    except ValueError:
        return text


class PaperMarksForm(forms.Form):
    """The marks of one paper, as its holder writes them on a phone: fields ``m-<stop>``."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, sheet: PanelSheet, stops: Sequence[Stop],
        op_id: UUID,
    ) -> None:  # fmt: skip
        super().__init__(data)
        self.sheet, self.stops, self.op_id = sheet, stops, op_id
        self.marks: dict[UUID, int] = {}
        self.wrong: dict[UUID, str] = {}

    def clean(self) -> dict[str, Any]:
        """Read every field; each wrong one is told where it stands."""
        try:
            self.op_id = UUID(str(self.data.get("op_id", "")))
        except ValueError:
            self.add_error(None, _("页面已过期，请刷新后再填一次。"))
        for stop in self.stops:
            try:
                mark = tenths(str(self.data.get(f"m-{stop.pk}", "")))
            except ValueError:
                self.wrong[stop.pk] = _("请填0到100的分数，可以有一位小数。")
            else:
                if mark is not None:
                    self.marks[stop.pk] = mark
        if self.wrong:
            self.add_error(
                None, _("有%(n)s处不是0到100的分数，请改好再存。") % {"n": len(self.wrong)}
            )
        elif not self.marks:
            self.add_error(None, _("还没有填分数。"))
        return {}

    def seen(self) -> str | None:
        """Which operation had written the marks on the page when it was opened."""
        return str(self.data["seen"]) if "seen" in self.data else None

    def written_by(self) -> str:
        """The operation that wrote the marks on this page, empty for none."""
        seen = self.seen()
        return seen if seen is not None else str(self.sheet.operation or "")

    def show_anew(self, sheet: PanelSheet) -> None:
        """Show what stands on the paper by now instead of what was typed."""
        self.sheet, self.data = sheet, {}

    def lines(self) -> list[tuple[Stop, str, str, str]]:
        """(stop, field, value, what is wrong with it)."""
        found = []
        for stop in self.stops:
            name, kept = f"m-{stop.pk}", _shown(self.sheet.marks.get(str(stop.pk)))
            value = str(self.data.get(name, kept))
            found.append((stop, name, value, self.wrong.get(stop.pk, "")))
        return found

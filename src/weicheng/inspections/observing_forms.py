"""The forms of an observation day: stops by name, number of papers, the grid of marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weicheng.frame.forms import Form
from weicheng.inspections.models import Plan
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

    A pasted table has a row per paper: its number, then a mark for each stop in order.
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

    def clean(self) -> dict[str, Any]:
        """Read every field; each wrong one is told with its paper and stop."""
        try:
            self.op_id = UUID(str(self.data.get("op_id", "")))
        except ValueError:
            self.add_error(None, _("页面已过期，请刷新后再录一次。"))
        for row in self.rows:
            self._row(row.number)
        for n, line in enumerate(self.data.get("pasted", "").splitlines(), 1):
            if line.strip():
                self._pasted(n, line)
        if not self.papers and not self.spoilt and not self.errors:
            self.add_error(None, _("还没有填分数。"))
        return {}

    def _row(self, number: int) -> None:
        why = str(self.data.get(f"x-{number}", "")).strip()
        found: dict[UUID, int] = {}
        for page in self.stops:
            said = str(self.data.get(f"m-{number}-{page.stop.pk}", ""))
            mark = self._mark(said, number, page)
            if mark is not None:
                found[page.stop.pk] = mark
        if found:
            self.papers[number] = found
        if why:
            self.spoilt[number] = why

    def _mark(self, said: str, number: int, page: StopPage) -> int | None:
        try:
            return tenths(said)
        except ValueError:
            self.add_error(None, _("%(number)s号表“%(site)s”的“%(said)s”不是0到100的分数。") % {
                "number": number, "site": page.site.name, "said": said,
            })  # fmt: skip
            return None

    def _pasted(self, n: int, line: str) -> None:
        cells = [cell.strip() for cell in line.replace(",", "\t").split("\t")]
        if not cells[0].isdigit():
            if n > 1:
                self.add_error(None, _("粘贴的第%(n)s行不是以表号开头。") % {"n": n})
            return
        number = int(cells[0])
        if len(cells) - 1 > len(self.stops):
            self.add_error(None, _("粘贴的第%(n)s行比点位多出了分数。") % {"n": n})
            return
        found = self.papers.setdefault(number, {})
        for said, page in zip(cells[1:], self.stops, strict=False):
            mark = self._mark(said, number, page)
            if mark is not None:
                found[page.stop.pk] = mark

    def grid(self) -> list[tuple[int, str, list[tuple[str, str, str]]]]:
        """(paper, why spoilt, [(field, value, site)]) with what was typed or stands already."""
        table = []
        for row in self.rows:
            cells = []
            for page in self.stops:
                name = f"m-{row.number}-{page.stop.pk}"
                kept = row.marks.get(str(page.stop.pk))
                shown = f"{kept / 10:g}" if kept is not None else ""
                cells.append((name, str(self.data.get(name, shown)), page.site.name))
            table.append((row.number, str(self.data.get(f"x-{row.number}", row.invalid)), cells))
        return table

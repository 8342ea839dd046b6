"""What was stated beside the visits, line by line: indicators, documents and our own survey, with
the points that the standard gives them and what is judged of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from weicheng.scoring.models import DocumentsMark, IndicatorValue, SatisfactionEstimate
from weicheng.scoring.reckoning import (
    DocumentMark,
    IndicatorRow,
    Judged,
    Satisfaction,
    judge,
    spread,
    trend_of,
)
from weicheng.standards.models import Aspect, Indicator, Item, Sheet, Standard

if TYPE_CHECKING:
    from datetime import datetime

    from weicheng.places.models import Region

SATISFACTION_MILLI = 114_000


@dataclass(frozen=True)
class IndicatorLine:
    """A row of the data table with what was stated of it, newest first, and the judgement."""

    row: Indicator
    judged: Judged
    values: Sequence[IndicatorValue]

    @property
    def latest(self) -> IndicatorValue | None:
        """What was stated last, or None."""
        return self.values[0] if self.values else None


@dataclass(frozen=True)
class DocumentLine:
    """An item with the points of its papers and the last mark."""

    item: Item
    mark: DocumentMark
    stated: DocumentsMark | None


@dataclass(frozen=True)
class Figures:
    """All three sheets; ``surveys`` newest first."""

    indicators: Sequence[IndicatorLine]
    documents: Sequence[DocumentLine]
    satisfaction: Satisfaction
    surveys: Sequence[SatisfactionEstimate]


def figures(region: Region, as_of: datetime) -> Figures:
    """What counts beside the visits, as it was known at the moment. A constant number of queries.

    Of several statements of one day the one written last counts.
    """
    standard = Standard.objects.order_by("-issued", "edition").first()
    day = timezone.localdate(as_of)
    surveys = SatisfactionEstimate.objects.filter(region=region, on__lte=day, written_at__lte=as_of)
    ordered = list(surveys.order_by("-on", "-written_at"))
    sheet = Sheet.objects.filter(standard=standard, key="satisfaction").first()
    of = sheet.milli if sheet is not None else SATISFACTION_MILLI
    return Figures(
        _indicators(standard, region, as_of, day), _documents(standard, region, as_of, day),
        Satisfaction(ordered[0].percent if ordered else None, of), ordered,
    )  # fmt: skip


def _indicators(
    standard: Standard | None, region: Region, as_of: datetime, day: date
) -> list[IndicatorLine]:
    rows = list(
        Indicator.objects.filter(standard=standard, target_of=None)
        .select_related("item__aspect").order_by("row", "key")
    )  # fmt: skip
    stated: defaultdict[str, list[IndicatorValue]] = defaultdict(list)
    values = IndicatorValue.objects.filter(region=region, on__lte=day, written_at__lte=as_of)
    for value in values.order_by("-on", "-written_at"):
        stated[value.indicator_key].append(value)
    points = _points_of(rows)
    return [_judged(row, stated[row.key], points.get(row.key, 0)) for row in rows]


def _points_of(rows: Sequence[Indicator]) -> dict[str, int]:
    """The points of an aspect's data table in equal whole parts over its rows: our own default."""
    by_aspect: defaultdict[Aspect, list[str]] = defaultdict(list)
    for row in rows:
        if row.item is not None:
            by_aspect[row.item.aspect].append(row.key)
    found: dict[str, int] = {}
    for aspect, keys in by_aspect.items():
        found |= spread(aspect.indicators_milli, keys)
    return found


def _judged(row: Indicator, values: list[IndicatorValue], milli: int) -> IndicatorLine:
    given = IndicatorRow(
        row.key, row.operator, milli, row.value,
        trend_of(row.words_zh) if row.operator == "trend" else "", trend_of(row.or_else_zh),
    )  # fmt: skip
    last = values[0] if values else None
    past = [
        (v.on.year, v.value)
        for v in reversed(values[1:])
        if last is not None and v.value is not None and v.on.year < last.on.year
    ]
    judged = judge(given, last.value if last else None, past, last.met if last else None)
    return IndicatorLine(row, judged, values)


def _documents(
    standard: Standard | None, region: Region, as_of: datetime, day: date
) -> list[DocumentLine]:
    marks = DocumentsMark.objects.filter(region=region, on__lte=day, written_at__lte=as_of)
    stated = {mark.item_key: mark for mark in marks.order_by("on", "written_at")}
    by_aspect: defaultdict[Aspect, list[Item]] = defaultdict(list)
    items = Item.objects.filter(standard=standard).select_related("aspect").order_by("number")
    for item in items:
        by_aspect[item.aspect].append(item)
    lines = []
    for aspect, members in by_aspect.items():
        points = spread(aspect.documents_milli, [item.key for item in members])
        for item in members:
            last = stated.get(item.key)
            mark = DocumentMark(item.key, points[item.key], last.percent if last else None)
            lines.append(DocumentLine(item, mark, last))
    return lines

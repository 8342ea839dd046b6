"""What the page of figures shows: the data table by aspect, the papers, our own surveys, lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weicheng.scoring.acts.writing import IN_WORDS
from weicheng.scoring.figures import DocumentLine, Figures, IndicatorLine, figures
from weicheng.scoring.models import IndicatorValue, SatisfactionEstimate, WarningLine
from weicheng.standards.models import Aspect

if TYPE_CHECKING:
    from weicheng.scoring.asking import Asked

STATES: Mapping[str, str | Promise] = {
    "met": _("达到"), "unmet": _("未达到"), "empty": _("还没有填"), "unsure": _("还判不了"),
}  # fmt: skip
BY: Mapping[str, str | Promise] = {
    "threshold": _("按阈值"), "trend": _("按历年走势"), "or_else": _("按持续改善"),
    "said": _("由人判定"),
}  # fmt: skip
MOST_YEARS, MOST_PAST = 6, 8


@dataclass(frozen=True)
class IndicatorEntry:
    """A row of the data table: what was stated, how it was judged, and its years."""

    line: IndicatorLine
    years: Sequence[tuple[int, str]]

    @property
    def state(self) -> str:
        """met, unmet, empty (nobody stated it) or unsure (the years do not tell)."""
        if self.line.judged.state != "unknown":
            return self.line.judged.state
        return "unsure" if self.line.latest is not None else "empty"

    @property
    def state_words(self) -> str:
        """The state in words."""
        return str(STATES[self.state])

    @property
    def by_words(self) -> str:
        """How it was judged, in words; empty when it was not."""
        return str(BY.get(self.line.judged.by, ""))

    @property
    def in_words(self) -> bool:
        """Whether the row is met or not met in words, without a number."""
        return self.line.row.operator in IN_WORDS

    @property
    def by_years(self) -> bool:
        """Whether its years may decide it."""
        return self.line.row.operator == "trend" or bool(self.line.row.or_else_zh)

    @property
    def past(self) -> list[tuple[IndicatorValue, str]]:
        """Everything that was stated, newest first, with its figure."""
        return [
            (value, "" if value.value is None else plain(value.value))
            for value in self.line.values[:MOST_PAST]
        ]

    @property
    def latest_words(self) -> str:
        """The latest figure; empty for words and for nothing."""
        last = self.line.latest
        return "" if last is None or last.value is None else plain(last.value)


@dataclass(frozen=True)
class AspectFigures:
    """An aspect with its rows; milli ``of`` = ``earned`` + ``lost`` + ``unknown``."""

    aspect: Aspect
    entries: Sequence[Any]
    of: int
    earned: int
    unknown: int
    filled: int


@dataclass(frozen=True)
class FiguresPage:
    """The page; ``given`` is everything behind it."""

    given: Figures
    indicators: Sequence[AspectFigures]
    documents: Sequence[AspectFigures]
    lines: Sequence[WarningLine]

    @property
    def surveys(self) -> list[tuple[SatisfactionEstimate, str]]:
        """Our own surveys with their percent, newest first; the first counts now."""
        return [(row, plain(row.percent)) for row in self.given.surveys[:MOST_YEARS]]

    @property
    def empty(self) -> int:
        """How many rows of the data table nobody filled in."""
        return sum(len(part.entries) - part.filled for part in self.indicators)

    @property
    def rows(self) -> int:
        """How many rows the data table has."""
        return sum(len(part.entries) for part in self.indicators)


def figures_page(asked: Asked, user: Any) -> FiguresPage:
    """Everything that the page shows, in a constant number of queries."""
    given = figures(asked.region, asked.as_of)
    lines = WarningLine.objects.visible_to(user).filter(region=asked.region, active=True)
    return FiguresPage(
        given, _indicators(given.indicators), _documents(given.documents), list(lines)
    )


def plain(value: Decimal) -> str:
    """A figure without trailing zeros: 36.5000 -> 36.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _years(line: IndicatorLine) -> list[tuple[int, str]]:
    """What counts of each year, newest first: the last statement of the year."""
    found: dict[int, str] = {}
    for value in line.values:
        if value.value is not None:
            found.setdefault(value.on.year, plain(value.value))
    return sorted(found.items(), reverse=True)[:MOST_YEARS]


def _indicators(lines: Sequence[IndicatorLine]) -> list[AspectFigures]:
    by_aspect: dict[Aspect, list[IndicatorEntry]] = {}
    for line in lines:
        if line.row.item is not None:
            entries = by_aspect.setdefault(line.row.item.aspect, [])
            entries.append(IndicatorEntry(line, _years(line)))
    return [
        AspectFigures(
            aspect, entries,
            sum(e.line.judged.of_milli for e in entries),
            sum(e.line.judged.milli or 0 for e in entries),
            sum(e.line.judged.of_milli for e in entries if e.line.judged.milli is None),
            sum(e.line.latest is not None for e in entries),
        )
        for aspect, entries in sorted(by_aspect.items(), key=lambda pair: pair[0].number)
    ]  # fmt: skip


def _documents(lines: Sequence[DocumentLine]) -> list[AspectFigures]:
    by_aspect: dict[Aspect, list[DocumentLine]] = {}
    for line in lines:
        by_aspect.setdefault(line.item.aspect, []).append(line)
    return [
        AspectFigures(
            aspect, entries,
            sum(e.mark.of_milli for e in entries), sum(e.mark.milli or 0 for e in entries),
            sum(e.mark.of_milli for e in entries if e.mark.milli is None),
            sum(e.stated is not None for e in entries),
        )
        for aspect, entries in sorted(by_aspect.items(), key=lambda pair: pair[0].number)
    ]  # fmt: skip

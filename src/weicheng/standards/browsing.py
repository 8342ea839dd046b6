"""What the standard's pages show: the tree of aspects and items, and what a search finds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from .models import Aspect, Certainty, Check, Indicator, Item, ProblemKind, SiteType, Standard

MOST = 40


@dataclass
class Tree:
    """The aspects with their items, and the figures of the head."""

    aspects: list[Aspect] = field(default_factory=list)
    certainties: Counter[str] = field(default_factory=Counter)
    items: int = 0
    milli: int = 0

    @property
    def sureness(self) -> list[tuple[str, int]]:
        """How many items are confirmed, recalled, defaults; without the empty ones."""
        return [(key, self.certainties[key]) for key in Certainty.values if self.certainties[key]]


@dataclass
class Found:
    """What a search found, at most MOST of each."""

    items: list[Item]
    indicators: list[Indicator]
    checks: list[Check]
    kinds: list[ProblemKind]

    @property
    def total(self) -> int:
        """How many rows are shown."""
        return len(self.items) + len(self.indicators) + len(self.checks) + len(self.kinds)


def current(user: Any) -> Standard | None:
    """The edition in use: the newest."""
    return Standard.objects.visible_to(user).first()


def items_of(standard: Standard) -> QuerySet[Item]:
    """The items with the number of their checks and data indicators."""
    return (
        Item.objects.filter(standard=standard)
        .select_related("aspect", "part", "standard")
        .annotate(
            checks_n=Count("checks", distinct=True),
            indicators_n=Count("indicators", filter=~Q(indicators__level="local"), distinct=True),
        )
        .order_by("number", "key")
    )


def tree(standard: Standard) -> Tree:
    """All aspects, each with `.rows` (its items) and `.rows_milli` (their points)."""
    found = Tree(aspects=list(standard.aspects.all()))
    by_aspect: dict[Any, list[Item]] = {}
    for item in items_of(standard):
        by_aspect.setdefault(item.aspect_id, []).append(item)
        found.certainties[item.certainty] += 1
    for aspect in found.aspects:
        rows = by_aspect.get(aspect.pk, [])
        milli = sum(item.onsite_milli for item in rows)
        vars(aspect).update(rows=rows, rows_milli=milli, rows_points=round(milli / 1000, -1))
        found.items += len(rows)
        found.milli += milli
    return found


def search(standard: Standard, text: str) -> Found:
    """Items, data indicators, checks and kinds whose words hold the text."""
    item = Q(name_zh__icontains=text) | Q(name_en__icontains=text) | Q(demand_zh__icontains=text)
    named = Q(name_zh__icontains=text) | Q(name_en__icontains=text)
    check = Q(text_zh__icontains=text) | Q(text_en__icontains=text)
    number = Q(number=int(text)) if text.isdecimal() and len(text) < 4 else Q()
    kinds = ProblemKind.objects.filter(named | Q(search_words__icontains=text), active=True)
    return Found(
        items=list(items_of(standard).filter(item | number)[:MOST]),
        indicators=list(standard.indicators.filter(named).select_related("item")[:MOST]),
        checks=list(
            Check.objects.filter(check, item__standard=standard).select_related(
                "site_type", "item"
            )[:MOST]
        ),
        kinds=list(kinds[:MOST]),
    )


def site_types(standard: Standard) -> list[SiteType]:
    """Site types by aspect, each with `.checks_n` and `.numbers` (quota by city size)."""
    rows: list[SiteType] = list(
        SiteType.objects.filter(aspect__standard=standard, active=True)
        .select_related("aspect")
        .prefetch_related("quotas")
        .annotate(checks_n=Count("checks"))
        .order_by("aspect__number", "order", "key")
    )
    for row in rows:
        vars(row)["numbers"] = {quota.city_size: quota.number for quota in row.quotas.all()}
    return rows


def kinds_with(rows: QuerySet[ProblemKind], text: str) -> QuerySet[ProblemKind]:
    """The kinds whose name, group or search words hold the text."""
    return rows.filter(
        Q(name_zh__icontains=text)
        | Q(name_en__icontains=text)
        | Q(group_zh__icontains=text)
        | Q(search_words__icontains=text)
    )

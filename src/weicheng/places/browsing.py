"""Sites by region, type and built-up area: the list and the figures beside each choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.http import urlencode

from weicheng.places.models import BuiltUp, Region, Site
from weicheng.places.pinyin import plain
from weicheng.standards.models import SiteType
from weicheng.standards.models.reader import in_language

if TYPE_CHECKING:
    from weicheng.places.models import SiteQuerySet

ORDER = ("pinyin", "id")


@dataclass(frozen=True)
class Wanted:
    """What a reader asked for; empty fields ask nothing. ``region`` is an id as text."""

    region: str = ""
    type: str = ""
    built_up: str = ""
    q: str = ""

    def address(self, **changes: str) -> str:
        """The query string with some points changed."""
        values = {**self.__dict__, **changes}
        return "?" + urlencode({k: v for k, v in values.items() if v})

    def is_all(self) -> bool:
        """Whether nothing was asked."""
        return self == Wanted()


@dataclass(frozen=True)
class Choice:
    """One line of the filters: words, figure, address, whether it is chosen, and its depth."""

    words: str
    n: int
    url: str
    is_on: bool = False
    below: bool = False


@dataclass(frozen=True)
class Choices:
    """The three filters with their figures."""

    regions: list[Choice]
    types: list[Choice]
    built_up: list[Choice]
    total: int


def wanted_of(query: Mapping[str, str]) -> Wanted:
    """The filters of an address; what is unknown is left out."""
    region = query.get("region", "")
    try:
        UUID(region)
    except ValueError:
        region = ""
    built_up = query.get("built_up", "")
    return Wanted(
        region, query.get("type", "")[:40], built_up if built_up in BuiltUp.values else "",
        query.get("q", "").strip()[:60],
    )  # fmt: skip


def sites(user: Any, wanted: Wanted) -> SiteQuerySet:
    """The sites that were asked for."""
    rows = _named(user, wanted)
    if wanted.region:
        rows = rows.filter(region__ancestors__contains=[UUID(wanted.region)])
    if wanted.type:
        rows = rows.filter(site_type_id=wanted.type)
    if wanted.built_up:
        rows = rows.filter(built_up=wanted.built_up)
    return rows.select_related("site_type", "region__parent")


def _named(user: Any, wanted: Wanted) -> SiteQuerySet:
    rows = Site.objects.visible_to(user).filter(active=True)
    words = plain(wanted.q).lower()
    if words:
        rows = rows.filter(
            Q(name__icontains=words) | Q(pinyin__icontains=words) | Q(address__icontains=words)
        )
    return rows


def choices(user: Any, wanted: Wanted) -> Choices:
    """Every choice with how many sites it would leave; three queries."""
    regions = {r.pk: r for r in Region.objects.visible_to(user).only(
        "name", "level", "ancestors", "code"
    )}  # fmt: skip
    groups = list(
        _named(user, wanted).order_by().values_list("region_id", "site_type_id", "built_up")
        .annotate(n=Count("id"))
    )  # fmt: skip
    by_region: Counter[Any] = Counter()
    by_type: Counter[str] = Counter()
    by_area: Counter[str] = Counter()
    total = 0
    for region, kind, area, n in groups:
        above = regions[region].ancestors if region in regions else []
        here = not wanted.region or UUID(wanted.region) in above
        typed = not wanted.type or kind == wanted.type
        inside = not wanted.built_up or area == wanted.built_up
        if typed and inside:
            by_region.update({i: n for i in above})
        if here and inside:
            by_type[kind] += n
        if here and typed:
            by_area[area] += n
        total += n if here and typed and inside else 0
    return Choices(
        _regions(regions, by_region, wanted), _types(by_type, wanted), _areas(by_area, wanted),
        total,
    )  # fmt: skip


def _regions(regions: dict[Any, Region], n: Counter[Any], wanted: Wanted) -> list[Choice]:
    """The towns, and below the chosen town its communities."""
    chosen = regions.get(UUID(wanted.region)) if wanted.region else None
    open_towns = set(chosen.ancestors) if chosen else set()
    several = sum(r.level == "county" for r in regions.values()) > 1
    found = []
    for region in sorted(regions.values(), key=lambda r: r.code):
        is_on = str(region.pk) == wanted.region
        below = region.level == "community"
        if below and not open_towns & set(region.ancestors[1:2]):
            continue
        if region.level in {"prefecture", "county"} and not (several and region.level == "county"):
            continue
        if n[region.pk] or is_on:
            url = replace(wanted, region="" if is_on else str(region.pk)).address()
            found.append(Choice(region.name, n[region.pk], url, is_on, below))
    return found


def _types(n: Counter[str], wanted: Wanted) -> list[Choice]:
    rows = SiteType.objects.filter(pk__in=n).order_by("order", "key")
    return [
        Choice(
            in_language(row, "name"), n[row.pk],
            wanted.address(type="" if row.pk == wanted.type else row.pk),
            row.pk == wanted.type,
        )
        for row in rows
    ]  # fmt: skip


def _areas(n: Counter[str], wanted: Wanted) -> list[Choice]:
    return [
        Choice(
            str(area.label), n[area.value],
            wanted.address(built_up="" if area == wanted.built_up else area.value),
            area == wanted.built_up,
        )
        for area in BuiltUp if n[area.value]
    ]  # fmt: skip

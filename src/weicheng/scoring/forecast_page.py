"""The page 能不能过 from a stored run: names beside keys, the worst first, shares and sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.utils import timezone

from weicheng.places.models import RegionLevel, Site
from weicheng.scoring import sentences, words
from weicheng.scoring.curve import PHONE_TREND, Curve, Trend, curve, trend
from weicheng.scoring.forecast_rows import (
    AspectRow,
    GateRow,
    PartRow,
    SheetRow,
    Sink,
    TypeRow,
)
from weicheng.scoring.gates import MUST, must_haves
from weicheng.scoring.models import ForecastRun
from weicheng.standards.models import Aspect, Certainty, Check, Item, Sheet, SiteType
from weicheng.standards.models.reader import in_language

if TYPE_CHECKING:
    from weicheng.places.models import Region

#: From deviation to the half width of the middle eight tenths of a normal curve.
EIGHTY: Final = 1.2816
LINE_WEEKS: Final = timedelta(weeks=13)
SHORT: Final = 8


@dataclass(frozen=True)
class Page:
    """Everything of the page."""

    run: ForecastRun
    headline: str
    why: str
    moved: str
    chances: list[tuple[str, str, str, str]]
    curve: Curve
    trend: Trend | None
    trend_small: Trend | None
    sheets: list[SheetRow]
    aspects: list[AspectRow]
    parts: list[PartRow]
    items: list[Sink]
    types: list[Sink]
    checks: list[Sink]
    reds: str
    city: list[Sink]
    whose: str
    gates: list[GateRow]
    seen: str
    coverage: str
    firstly: str
    type_rows: list[TypeRow]
    first: list[Site]
    walk: str
    walk_curve: Curve | None
    starts: list[Site]
    sure: str
    drawn: str
    unassessed: int

    @property
    def draws(self) -> str:
        """How many assessments were simulated: 100,000."""
        return f"{self.run.draws:,}"

    @property
    def unassessed_points(self) -> str:
        """Points of items that no site can be checked for."""
        return sentences.points(self.unassessed)


def page_of(run: ForecastRun) -> Page:
    """The page of a finished run. Ten queries or so, whatever the size of the district."""
    result, drawn = run.result, run.parameters.get("lines", [])
    quota, walk = result["quota"], result.get("walk")
    lines = _lines(quota, drawn)
    aspects = _aspects(quota["aspects"], quota.get("aspect_lines", []))
    parts = _parts(quota["parts"])
    items, city = _items(result["items"]), _items(result.get("city_items", []))
    checks = result["checks"][:SHORT]
    runs = weeks(run.region, run)
    past = [(r.as_of, r.result["quota"]) for r in runs]
    covered = result["coverage"]
    types = _types(covered["types"])
    first = _sites([row["site"] for row in covered["first"]])
    return Page(
        run, sentences.headline(quota, lines),
        sentences.why(items[0].name, parts[0].words) if items and parts else "",
        _moved(runs), _chances(lines), curve(quota["bins"], lines),
        trend(past, lines), trend(past, lines, PHONE_TREND),
        _sheets(result), aspects, parts, items[:SHORT],
        _sinks(result["types"], SiteType.objects.filter(key__in=_keys(result["types"])))[:SHORT],
        _sinks(checks, Check.objects.filter(key__in=_keys(checks)), "text"),
        sentences.reds(quota["reds"]), city[:SHORT], _whose(run.region, result),
        _gates(quota["gates"]), sentences.seen(result["seen"], result["sites"]), _coverage(types),
        _firstly(first), types, first,
        sentences.walking(quota, walk, _lines(walk, drawn)) if walk else "",
        curve(walk["bins"], lines) if walk else None,
        _sites(walk["starts"]) if walk else [],
        _sure(result), _drawn(run), result["unassessed"],
    )  # fmt: skip


def weeks(region: Region, run: ForecastRun) -> list[ForecastRun]:
    """The last run of each week before this one, and this one, oldest first."""
    rows = ForecastRun.objects.filter(
        region=region, as_of__gt=run.as_of - LINE_WEEKS, as_of__lt=run.as_of
    )
    found = {_week(row): row for row in rows.done().reverse()}
    found[_week(run)] = run
    return list(found.values())


def _week(run: ForecastRun) -> tuple[int, int]:
    """The week of a run by the district's own clock."""
    return timezone.localdate(run.as_of).isocalendar()[:2]


def _moved(runs: Sequence[ForecastRun]) -> str:
    if len(runs) < 2:
        return ""
    now, before = (r.result["quota"]["p50"] for r in (runs[-1], runs[-2]))
    return sentences.moved(now, before, timezone.localdate(runs[-2].as_of))


def _keys(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [row["key"] for row in rows]


def _lines(told: Mapping[str, Any], drawn: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Our own lines with the chance of reaching each, the lowest first."""
    rows = [
        {**line, "chance": chance}
        for line, chance in zip(drawn, told["chances"], strict=False)
    ]  # fmt: skip
    return sorted(rows, key=lambda line: line["milli"])


def _chances(lines: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str, str]]:
    """(name, points, percent, of a hundred) per line."""
    return [
        (x["name"], sentences.points(x["milli"]), f"{100 * x['chance']:.1f}",
         sentences.times(x["chance"]))
        for x in lines
    ]  # fmt: skip


def _aspects(
    rows: Sequence[Mapping[str, Any]], lines: Sequence[Mapping[str, Any]]
) -> list[AspectRow]:
    drawn: dict[str, list[tuple[str, str, str]]] = {}
    for line in sorted(lines, key=lambda line: line["milli"]):
        told = (line["name"], words.milli_words(line["milli"]), sentences.times(line["chance"]))
        drawn.setdefault(line["aspect"], []).append(told)
    names = {row.key: row for row in Aspect.objects.order_by("standard__issued")}
    found = [
        AspectRow(
            names[r["key"]], r["of"], r["p10"], r["p50"], r["p90"], drawn.get(r["key"], []),
        )
        for r in rows if r["key"] in names and r["of"]
    ]  # fmt: skip
    return sorted(found, key=lambda row: row.p50 / row.of)


def _parts(parts: Mapping[str, float]) -> list[PartRow]:
    whole = sum(parts.values()) or 1.0
    rows = sorted(parts.items(), key=lambda pair: -pair[1])
    return [
        PartRow(
            str(sentences.PARTS[name]), round(100 * value / whole),
            sentences.points(EIGHTY * sqrt(value), 1),
        )
        for name, value in rows
        if name in sentences.PARTS and value > 0
    ]  # fmt: skip


def _sinks(rows: Sequence[Mapping[str, Any]], named: Any, name: str = "name") -> list[Sink]:
    names = {row.key: in_language(row, name) for row in named}
    most = max((row["loss"] for row in rows), default=1)
    return [
        Sink(row["key"], names[row["key"]], row["loss"], row["of"], round(100 * row["loss"] / most))
        for row in rows if row["key"] in names
    ]  # fmt: skip


def _items(rows: Sequence[Mapping[str, Any]]) -> list[Sink]:
    return _sinks(rows, Item.objects.filter(key__in=_keys(rows)))


def _whose(region: Region, result: Mapping[str, Any]) -> str:
    """Our share and the city's; a city's own page needs no such sentence."""
    return (
        "" if region.level == RegionLevel.PREFECTURE else sentences.whose(result.get("whose", {}))
    )


def _gates(rows: Sequence[Mapping[str, Any]]) -> list[GateRow]:
    """The gates, those most likely to break first; those of which no check tells come last."""
    items = Item.objects.filter(veto=True)
    known: dict[str, Any] = {item.key: item for item in items}
    known |= {gate.key: gate for gate in must_haves()}
    found = [row for row in rows if row.get("key") in known]
    found.sort(key=lambda row: (row["chance"] is None, -(row["chance"] or 0.0)))
    return [
        GateRow(
            in_language(known[row["key"]]), row["key"].startswith(MUST),
            "" if row["chance"] is None else sentences.times(row["chance"]),
        )
        for row in found
    ]  # fmt: skip


def _sheets(result: Mapping[str, Any]) -> list[SheetRow]:
    beside = {row["key"]: row for row in result["sheets"]}
    rests = result.get("sure", {}).get("default", {})
    onsite = sum(row["p50"] for row in result["quota"]["aspects"])
    found = []
    for sheet in Sheet.objects.order_by("standard__issued", "order"):
        told = beside.get(sheet.key)
        milli, of = (told["mean"], told["of"]) if told else (onsite, result["onsite"])
        known = round(100 * told["known"] / (told["of"] or 1)) if told else 100
        certainty = str(Certainty.DEFAULT) if rests.get(sheet.key) else sheet.certainty
        found.append(SheetRow(
            in_language(sheet), milli, of, certainty, sheet.key == "satisfaction", known
        ))  # fmt: skip
    return found


def _sure(result: Mapping[str, Any]) -> str:
    """How many points rest on defaults; runs from before that was counted say nothing."""
    told = result.get("sure")
    return sentences.sure(sum(told["default"].values()), told["of"]) if told else ""


def _drawn(run: ForecastRun) -> str:
    """How many sites are drawn, what is missing for the quotas, and that grades count as pass or
    fail."""
    given = run.parameters
    short = given.get("short", [])
    names = {row.key: in_language(row) for row in SiteType.objects.filter(key__in=_keys(short))}
    missing = [
        (names[row["key"]], row["quota"], row["pool"]) for row in short if row["key"] in names
    ]
    drawn = given.get("drawn", given.get("quota", 0))
    words = sentences.drawn(drawn, run.seed, missing)
    return words + (sentences.banded(given["banded"]) if given.get("banded") else "")


def _types(rows: Sequence[Mapping[str, Any]]) -> list[TypeRow]:
    names = {row.key: in_language(row) for row in SiteType.objects.all()}
    found = [
        TypeRow(names.get(r["key"], r["key"]), r["sites"], round(r["sites"] * r["ever"]),
                round(r["sites"] * r["lately"]))
        for r in rows
    ]  # fmt: skip
    return sorted(found, key=lambda row: (-row.never, row.name))


def _coverage(types: Sequence[TypeRow]) -> str:
    if not types or not types[0].never:
        return ""
    worst = types[0]
    return sentences.coverage(worst.name, worst.never, worst.sites)


def _firstly(sites: Sequence[Site]) -> str:
    """The sites that narrow the interval most are of these types."""
    kinds = Counter(in_language(site.site_type) for site in sites)
    return sentences.first(kinds.most_common()) if kinds else ""


def _sites(keys: Sequence[str]) -> list[Site]:
    rows = Site.objects.filter(pk__in=keys).select_related("region", "site_type")
    found = {str(row.pk): row for row in rows}
    return [found[key] for key in keys if key in found]


def start_of(region: Region, key: UUID) -> Site | None:
    """A site of the region, as a place where assessors are set down."""
    rows = Site.objects.filter(region__ancestors__contains=[region.pk], active=True)
    return rows.select_related("region", "site_type").filter(pk=key).first()

"""Turns the document of an edition, of site types and of local targets into rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from .keeping import Edited, Tally, Values, put
from .models import (
    Aspect,
    Check,
    CitySize,
    Indicator,
    Item,
    Part,
    Quota,
    SiteType,
    Standard,
)
from .reading import Document, Row, mapping, rows, words
from .validation import number, weaker

Sources = Mapping[str, Row]
COMMON = ("key", "name_zh", "name_en")
NOTES = ("note_zh", "note_en")


def milli(value: Any) -> int:
    """Points as thousandths of a point."""
    return int(number(value or 0) * 1000)


def picked(row: Row, *names: str) -> Values:
    """These fields of a row as texts, absent ones empty."""
    return {name: str(row.get(name) or "") for name in names}


def sourced(row: Row, sources: Sources) -> Values:
    """Certainty, notes, and the sources' names in both languages."""
    named = [sources[key] for key in words(row, "sources") if key in sources]
    return {
        "certainty": str(row.get("certainty") or "default"),
        "source_zh": "；".join(str(source.get("name_zh")) for source in named),
        "source_en": "; ".join(str(source.get("name_en")) for source in named),
        **picked(row, *NOTES),
    }


def load_edition(document: Document, sources: Sources, edited: Edited, tally: Tally) -> Standard:
    """The standard with its sheets, aspects, parts, items and indicators."""
    given = mapping(document, "standard")
    standard = put(
        Standard.objects.filter(edition=str(given["edition"])),
        "edition",
        [_standard(given, sources)],
        tally=tally,
    )[str(given["edition"])]
    mine = {"standard": standard}
    put(standard.sheets.all(), "key", _sheets(document, sources), tally=tally, shared=mine)
    aspects = put(
        standard.aspects.all(), "key", _aspects(document, sources), tally=tally, shared=mine
    )
    parts = put(
        Part.objects.filter(aspect__standard=standard),
        "key",
        _parts(document, sources, aspects),
        tally=tally,
    )
    items = put(
        standard.items.all(),
        "key",
        _items(document, sources, aspects, parts),
        tally=tally,
        shared=mine,
        edited=edited,
    )
    national = standard.indicators.exclude(level="local")
    given_rows = _indicators(document, sources, items)
    put(national, "key", given_rows, tally=tally, shared=mine)
    return standard


def _standard(given: Row, sources: Sources) -> Values:
    issued = given.get("issued")
    return {
        "edition": str(given["edition"]),
        "issued": date.fromisoformat(str(issued)) if issued else None,
        "level": str(given.get("level") or "national"),
        "site_points_min": int(given.get("site_points_min") or 0),
        **picked(given, "name_zh", "name_en", "short_zh", "short_en", "doc_no"),
        **sourced(given, sources),
    }


def _sheets(document: Document, sources: Sources) -> list[Values]:
    return [
        {
            **picked(row, *COMMON),
            "milli": milli(row.get("points")),
            "order": order,
            **sourced(row, sources),
        }
        for order, row in enumerate(rows(document, "sheets"), 1)
    ]


def _aspects(document: Document, sources: Sources) -> list[Values]:
    return [
        {
            **picked(row, *COMMON, "short_zh", "short_en"),
            "number": int(row.get("number") or order),
            **{
                f"{sheet}_milli": milli(mapping(row, "points").get(sheet))
                for sheet in ("onsite", "indicators", "documents")
            },
            "points_certainty": str(row.get("points_certainty") or "default"),
            **sourced(row, sources),
        }
        for order, row in enumerate(rows(document, "aspects"), 1)
    ]


def _parts(document: Document, sources: Sources, aspects: Mapping[str, Aspect]) -> list[Values]:
    return [
        {
            **picked(row, *COMMON),
            "aspect": aspects[str(row["aspect"])],
            "milli": milli(row.get("points")),
            **sourced(row, sources),
        }
        for row in rows(document, "parts")
    ]


def _items(
    document: Document,
    sources: Sources,
    aspects: Mapping[str, Aspect],
    parts: Mapping[str, Part],
) -> list[Values]:
    texts = (*COMMON, "demand_zh", "demand_en", "whose", "usual_lead_zh", "usual_lead_en")
    return [
        {
            **picked(row, *texts),
            "aspect": aspects[str(row["aspect"])],
            "part": parts.get(str(row.get("part"))),
            "number": int(row["number"]),
            "number_certainty": str(row.get("number_certainty") or "default"),
            "onsite_milli": milli(row.get("points")),
            "points_certainty": str(row.get("points_certainty") or "default"),
            "veto": bool(row.get("veto")),
            **sourced(row, sources),
        }
        for row in rows(document, "items")
    ]


def threshold_values(row: Row, sources: Sources) -> Values:
    """The fields of an indicator that national rows and local targets share."""
    value = row.get("value")
    pairs = ("words_zh", "words_en", "unit_zh", "unit_en", "or_else_zh", "or_else_en")
    return {
        **picked(row, *COMMON, *pairs, "operator", "edition", "level"),
        "value": None if value is None else number(value),
        **sourced(row, sources),
    }


def _indicators(document: Document, sources: Sources, items: Mapping[str, Item]) -> list[Values]:
    return [
        {
            **threshold_values(row, sources),
            "row": row.get("row"),
            "row_certainty": str(row.get("row_certainty") or "default"),
            "item": items.get(str(row.get("item"))),
        }
        for row in rows(document, "indicators")
    ]


def load_local_targets(
    document: Document, standard: Standard, sources: Sources, tally: Tally
) -> list[Indicator]:
    """The district's own targets beside the national rows; the weaker ones are flagged."""
    national = {row.key: row for row in standard.indicators.exclude(level="local")}
    items = {item.key: item for item in standard.items.all()}
    found: list[Values] = []
    for row in rows(document, "local_targets"):
        values = threshold_values(row, sources)
        above = national.get(str(row.get("of")))
        values["target_of"] = above
        values["item"] = above.item if above else items.get(str(row.get("item")))
        values["weaker"] = above is not None and weaker(
            values["operator"], values["value"], above.operator, above.value
        )
        found.append(values)
    local = standard.indicators.filter(level="local")
    return list(put(local, "key", found, tally=tally, shared={"standard": standard}).values())


def load_site_types(document: Document, standard: Standard, sources: Sources, tally: Tally) -> None:
    """Site types with their quotas and check sheets."""
    aspects = {aspect.key: aspect for aspect in standard.aspects.all()}
    items = {item.key: item for item in standard.items.all()}
    given = rows(document, "site_types")
    types = put(
        SiteType.objects.all(),
        "key",
        [
            {
                **picked(row, *COMMON),
                "aspect": aspects[str(row["aspect"])],
                "search_words": words(row, "search_words"),
                "order": order,
                **sourced(row, sources),
            }
            for order, row in enumerate(given, 1)
        ],
        tally=tally,
    )
    since = timezone.now() if Check.objects.exists() else None
    put(
        Check.objects.all(), "key", _checks(given, types, items), tally=tally,
        shared={"since": since},
    )  # fmt: skip
    _load_quotas(given, types, tally)


def _checks(
    given: list[Row], types: Mapping[str, SiteType], items: Mapping[str, Item]
) -> list[Values]:
    return [
        {
            **picked(check, "key", "text_zh", "text_en", "severity", "tag"),
            "site_type": types[str(row["key"])],
            "item": items[str(check["item"])],
            "deduct_milli": milli(check.get("deduct")),
            "order": order,
        }
        for row in given
        for order, check in enumerate(rows(row, "checks"), 1)
    ]


def _load_quotas(given: list[Row], types: Mapping[str, SiteType], tally: Tally) -> None:
    for size in CitySize.values:
        quotas = [
            {
                "site_type_id": str(row["key"]),
                "number": int(mapping(row, "quotas")[size]),
                "certainty": str(row.get("certainty") or "default"),
            }
            for row in given
            if size in mapping(row, "quotas")
        ]
        existing = Quota.objects.filter(city_size=size, site_type__in=types)
        put(existing, "site_type_id", quotas, tally=tally, shared={"city_size": size})

"""Sheets from YAML files: all of a file or nothing, with the line of what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from .refusals import BadSheet
from .sheet import DEDUCTION, LOST, MARKED, MODES, Band, Penalty, Share, Sheet, Verdict
from .yaml_rows import MILLI, Place, Row, document, parsed

DATA = Path(__file__).resolve().parents[1] / "data"
CERTAINTIES = ("confirmed", "recalled", "default")
SHEET = (
    "key", "name_zh", "name_en", "mode", "example", "certainty", "source_zh", "source_en",
    "note_zh", "note_en", "total", "bands", "key_floor_percent", "failed_visit", "parts",
    "penalties", "verdicts",
)  # fmt: skip
NAMED = ("name_zh", "name_en")


@cache
def shipped() -> Mapping[str, Sheet]:
    """The sheets that come with the product, by key."""
    return MappingProxyType(dict(read_sheets(DATA / "sheets.yaml")))


def read_sheets(path: Path) -> Mapping[str, Sheet]:
    """The sheets of a YAML file, by key. Raises BadSheet; then nothing was loaded."""
    return _sheets(document(path))


def sheets_of(text: str, file: str = "sheets.yaml") -> Mapping[str, Sheet]:
    """The same from a text."""
    return _sheets(parsed(text, file))


def _sheets(root: Place) -> Mapping[str, Sheet]:
    if not isinstance(root.node, yaml.MappingNode):
        raise BadSheet("no_sheets", file=root.file)
    top = Row(root, ("sheets",))
    if not top.has("sheets") or not isinstance(top.fields["sheets"].node, yaml.SequenceNode):
        raise BadSheet("no_sheets", file=root.file)
    found: dict[str, Sheet] = {}
    for place in top.rows("sheets"):
        row = Row(place, SHEET)
        sheet = _sheet(row)
        if sheet.key in found:
            raise row.need("key").bad("twice", sheet.key)
        found[sheet.key] = sheet
    return found


def _sheet(row: Row) -> Sheet:
    total = row.milli("total") if row.has("total") else None
    return Sheet(
        key=row.text("key"),
        name=row.said("name"),
        mode=row.choice("mode", MODES, DEDUCTION),
        example=row.flag("example"),
        certainty=row.choice("certainty", CERTAINTIES),
        source=row.said("source"),
        note=row.said("note", needed=False),
        total_milli=total,
        bands=_bands(row),
        key_floor_percent=_percent(row, "key_floor_percent"),
        failed_visit=row.choice("failed_visit", (LOST, MARKED), LOST),
        parts=_parts(row, total),
        penalties=tuple(_penalty(place) for place in row.rows("penalties")),
        verdicts=tuple(_verdict(place) for place in row.rows("verdicts")),
    )


def _percent(row: Row, name: str) -> int | None:
    return row.percent(name) if row.has(name) else None


def _bands(row: Row) -> tuple[Band, ...]:
    found = []
    for place in row.rows("bands"):
        band = Row(place, (*NAMED, "from", "to"))
        low, high = band.milli("from"), band.milli("to")
        if low % MILLI or high % MILLI:
            raise place.bad("bands")
        found.append(Band(band.said("name"), low // MILLI, high // MILLI))
    covered = sorted(n for band in found for n in range(band.low, min(band.high, 11) + 1))
    if found and covered != list(range(11)):
        raise row.fields["bands"].bad("bands")
    return tuple(found)


def _parts(row: Row, total: int | None) -> tuple[Share, ...]:
    found: list[Share] = []
    for place in row.rows("parts"):
        part = Row(place, (*NAMED, "fact", "points"))
        fact = part.choice("fact", ("sites", "work"))
        if fact in {held.fact for held in found}:
            raise part.need("fact").bad("twice", fact)
        found.append(Share(fact, part.milli("points"), part.said("name")))
    if found and sum(part.milli for part in found) != total:
        raise row.place.bad("parts_sum")
    return tuple(found)


def _penalty(place: Place) -> Penalty:
    row = Row(place, (*NAMED, "fact", "points"))
    return Penalty(row.choice("fact", ("overdue", "again")), row.milli("points"), row.said("name"))


def _verdict(place: Place) -> Verdict:
    bounds = ("key_items_percent", "at_least_percent", "below_percent")
    row = Row(place, (*NAMED, "key", "at_least", *bounds))
    if not any(row.has(name) for name in ("at_least", *bounds)):
        raise place.bad("missing", "at_least")
    return Verdict(
        row.text("key"),
        row.said("name"),
        row.milli("at_least") if row.has("at_least") else None,
        *(_percent(row, name) for name in bounds),
    )

"""What the office chooses otherwise than a cell was read: another clause, unit or part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from weicheng.duties.models import DutyBatch, DutyCell, DutyPart
from weicheng.people.models import Unit
from weicheng.standards.models import Item

from .parts import NO_VERB, SCOPED, SEVERAL, TWO_LEADS

NEW, NONE = "new", "none"
#: The choice of a row's clause that keeps it to some of its kinds.
NARROW = "narrow"
ABOUT_PARTS = (TWO_LEADS, SEVERAL, NO_VERB, SCOPED)


def item_name(row: int) -> str:
    """The field of a row's clause."""
    return f"item-{row}"


def ok_name(row: int) -> str:
    """The field that says a row was looked at and is right."""
    return f"ok-{row}"


def claim_name(what: str, cell: DutyCell, number: int) -> str:
    """The field of a claim's unit or part."""
    return f"{what}-{cell.row}-{cell.column}-{number}"


def item_value(cell: DutyCell) -> str:
    """The present choice of a row's clause."""
    return NARROW if cell.reading["row"].get("kinds") else cell.item_key


def unit_value(claim: dict[str, Any]) -> str:
    """The present choice of a claim's unit, as its field holds it."""
    if claim["skip"] == NONE:
        return NONE
    return claim["unit"] or NEW


def apply_choices(batch: DutyBatch, chosen: Mapping[str, str]) -> int:
    """Take the fields of the preview; how many rows were changed by them."""
    if batch.state != DutyBatch.State.READ:
        return 0
    rows: dict[int, list[DutyCell]] = defaultdict(list)
    for cell in batch.cells.order_by("row", "column"):
        rows[cell.row].append(cell)
    known = _Known(
        {str(key) for key in Unit.objects.values_list("pk", flat=True)},
        {"", *Item.objects.values_list("key", flat=True)},
    )
    changed = [cells for cells in rows.values() if _row(cells, chosen, known)]
    touched = [cell for cells in changed for cell in cells]
    DutyCell.objects.bulk_update(touched, ["item_key", "reading", "doubt", "settled"])
    return len(changed)


@dataclass(frozen=True)
class _Known:
    """Ids of units and keys of clauses that may be chosen."""

    units: set[str]
    items: set[str]


def _row(cells: list[DutyCell], chosen: Mapping[str, str], known: _Known) -> bool:
    """Whether something of a row changed."""
    first = cells[0]
    present = item_value(first)
    item = chosen.get(item_name(first.row), present)
    moved = item != present and item in known.items
    parts = units_moved = False
    for cell in cells:
        for number, claim in enumerate(cell.reading.get("claims", [])):
            parts |= _part(claim, chosen.get(claim_name("part", cell, number)))
            units_moved |= _unit(claim, chosen.get(claim_name("unit", cell, number)), known.units)
    ok = ok_name(first.row) in chosen and not first.settled
    if not (moved or parts or units_moved or ok):
        return False
    for cell in cells:
        if moved:
            cell.item_key, cell.reading["row"]["kinds"] = item, []
        if moved or ok:
            cell.reading["row"]["unsure"] = False
        _settle(cell, everything=ok, parts=parts)
    return True


def _settle(cell: DutyCell, *, everything: bool, parts: bool) -> None:
    """The office looked: the doubts that it answered are gone."""
    claims = cell.reading.get("claims", [])
    for claim in claims:
        if everything or (parts and claim["doubt"] in ABOUT_PARTS):
            claim["doubt"], claim["chosen"] = "", True
    cell.doubt = next((claim["doubt"] for claim in claims if claim["doubt"]), "")
    cell.settled = True


def _part(claim: dict[str, Any], value: str | None) -> bool:
    if value is None or value == claim["part"] or value not in DutyPart.values:
        return False
    claim["part"], claim["chosen"] = value, True
    return True


def _unit(claim: dict[str, Any], value: str | None, units: set[str]) -> bool:
    if value is None or value == unit_value(claim):
        return False
    if not value or (value not in (NEW, NONE) and value not in units):
        return False
    claim["skip"] = NONE if value == NONE else ""
    claim["unit"] = value if value in units else ""
    claim["modern"] = ""
    claim["doubt"] = claim["doubt"] if claim["doubt"] in ABOUT_PARTS else ""
    claim["how"], claim["chosen"] = "chosen", True
    return True

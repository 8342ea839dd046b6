"""What the office chooses otherwise than a cell was read: another clause, unit or part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from weicheng.duties.models import DutyBatch, DutyCell, DutyPart
from weicheng.people.models import Unit
from weicheng.standards.models import Item

from .parts import NO_VERB, SCOPED, SEVERAL, TWO_LEADS

NEW, NONE = "new", "none"
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
    known = {str(key) for key in Unit.objects.values_list("pk", flat=True)}
    known |= {"", *Item.objects.values_list("key", flat=True)}
    changed = [cells for cells in rows.values() if _row(cells, chosen, known)]
    touched = [cell for cells in changed for cell in cells]
    DutyCell.objects.bulk_update(touched, ["item_key", "reading", "doubt", "settled"])
    return len(changed)


def _row(cells: list[DutyCell], chosen: Mapping[str, str], known: set[str]) -> bool:
    """Whether something changed; ``known`` are the ids of units and the keys of clauses."""
    first = cells[0]
    item = chosen.get(item_name(first.row), first.item_key)
    item = item if item in known else first.item_key
    moved = item != first.item_key
    parts = units_moved = False
    for cell in cells:
        for number, claim in enumerate(cell.reading.get("claims", [])):
            parts |= _part(claim, chosen.get(claim_name("part", cell, number)))
            units_moved |= _unit(claim, chosen.get(claim_name("unit", cell, number)), known)
    ok = ok_name(first.row) in chosen and not first.settled
    if not (moved or parts or units_moved or ok):
        return False
    for cell in cells:
        cell.item_key, cell.settled = item[:40], True
        for claim in cell.reading.get("claims", []):
            if ok or (parts and claim["doubt"] in ABOUT_PARTS):
                claim["doubt"], claim["chosen"] = "", True
        cell.doubt = next((c["doubt"] for c in cell.reading.get("claims", []) if c["doubt"]), "")
        if moved or ok:
            cell.reading["row"]["unsure"] = False
    return True


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

"""A table's rows become cells beside their reading, kept until the office takes them over.

The reading of a cell is JSON: ``claims`` (words, part, rules, unit, how, near, modern, scope,
section, doubt, skip), and for the whole row ``row`` (aspect, leaders, section, people, due words
and day, proposed clauses).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from weicheng.duties.aliases import UnitFinder, key_of
from weicheng.duties.models import DutyBatch, DutyCell
from weicheng.sheets.cells import tidy
from weicheng.sheets.deadlines import read_deadline

from .catalogue import clause_finder
from .clauses import SURE, ClauseFinder
from .narrowing import narrow
from .parts import Settled, settle
from .reading import Reading, read_cell
from .rows import TaskRow, UnitCell

if TYPE_CHECKING:
    from weicheng.people.models import User
    from weicheng.places.models import Region

#: From here on a proposed clause is filled in; what is less alike is only offered.
TAKEN = 0.25
MOST_WORDS = 500
#: Codes of doubts that stand in a cell.
UNSURE_UNIT, PERHAPS, NEAR, UNREAD, NOBODY = (
    "several_units", "old_name", "near_unit", "unread", "nobody",
)  # fmt: skip
_OF_MATCH = {"several": UNSURE_UNIT, "perhaps": PERHAPS}


@dataclass(frozen=True)
class Source:
    """Where the rows come from: the batch's id, the file, the district, who reads it, when."""

    id: UUID
    file_name: str
    district: Region
    by: User
    now: datetime


def draft(rows: list[TaskRow], source: Source) -> DutyBatch:
    """Keep the cells of a table with their reading; what the office chose before is kept."""
    batch, _made = DutyBatch.objects.update_or_create(
        id=source.id,
        defaults={"file_name": source.file_name[:200], "region": source.district,
                  "read_by": source.by, "created_at": source.now},
    )  # fmt: skip
    if batch.state != DutyBatch.State.READ:
        return batch
    chosen = {(c.row, c.column, c.words): c for c in batch.cells.filter(settled=True)}
    batch.cells.all().delete()
    read = [[read_cell(cell.words) for cell in row.cells] for row in rows]
    names = {claim.words for cells in read for one in cells for claim in one.claims}
    units, clauses = UnitFinder(source.district, also=names), clause_finder()
    found: list[DutyCell] = []
    for row in rows:
        found += _cells(batch, row, _Tools(units, clauses, timezone.localdate(source.now)))
    narrow(found)
    for cell in found:
        kept = chosen.get((cell.row, cell.column, cell.words))
        if kept is not None:
            _keep_choices(cell, kept)
    DutyCell.objects.bulk_create(found)
    return batch


@dataclass(frozen=True)
class _Tools:
    units: UnitFinder
    clauses: ClauseFinder
    today: date


def _cells(batch: DutyBatch, row: TaskRow, tools: _Tools) -> list[DutyCell]:
    about = _about(row, tools)
    read = [read_cell(cell.words, tools.units.known) for cell in row.cells]
    parts = settle([(c.part, r.claims) for c, r in zip(row.cells, read, strict=True)])
    item = about["items"][0][0] if about["items"] and about["items"][0][1] >= TAKEN else ""
    cells = row.cells or (UnitCell(0, "", "", ""),)
    readings = read or [Reading()]
    settled = parts or [[]]
    found = []
    seen: set[str] = set()
    for cell, reading, claims in zip(cells, readings, settled, strict=True):
        said = [_claim(one, tools.units, seen) for one in claims]
        unread = [cell.words[a:b] for a, b in reading.unread]
        found.append(DutyCell(
            batch=batch, table=0, row=row.row, column=cell.column, heading=cell.heading,
            clause_words=row.task[:MOST_WORDS], item_key=item, words=cell.words,
            reading={"claims": said, "row": about, "spans": [list(s) for s in reading.unread],
                     "people": list(reading.people), "others": reading.others},
            unread=unread, doubt=_doubt(said, unread),
        ))  # fmt: skip
    return found


def _about(row: TaskRow, tools: _Tools) -> dict[str, Any]:
    """What concerns the whole row."""
    deadline = read_deadline(row.due, today=tools.today, tz=timezone.get_default_timezone())
    day = deadline.moment.day.isoformat() if deadline and deadline.moment else ""
    proposals = tools.clauses.propose(row.task, row.aspect, row.demand)
    return {
        "aspect": row.aspect, "serial": row.serial, "leaders": list(row.leaders),
        "section": row.section, "people": list(row.people), "due_words": tidy(row.due)[:80],
        "due_on": day, "remark": row.remark[:200],
        "items": [[p.key, p.confidence, list(p.words)] for p in proposals],
        "kinds": [],
        "unsure": not proposals or proposals[0].confidence < SURE,
    }  # fmt: skip


def _claim(one: Settled, units: UnitFinder, seen: set[str]) -> dict[str, Any]:
    claim = one.claim
    said: dict[str, Any] = {
        "words": claim.words, "part": one.part, "rules": list(claim.rules), "unit": "",
        "how": "group", "near": [], "modern": "", "scope": claim.scope, "section": claim.section,
        "doubt": one.doubt, "skip": "",
    }  # fmt: skip
    if claim.rules:
        said["skip"] = "same" if set(claim.rules) <= seen else ""
        seen.update(claim.rules)
        return said
    match = units.find(claim.words)
    said["how"], said["modern"] = match.how, _here(match.modern, claim.words)
    said["near"] = [str(unit.id) for unit in match.near]
    if match.unit is not None:
        said["unit"] = str(match.unit.id)
    said["doubt"] = one.doubt or _OF_MATCH.get(match.how, "")
    if match.how == "unknown" and match.near:
        said["doubt"] = one.doubt or NEAR
    who = said["unit"] or key_of(said["modern"] or claim.words)
    said["skip"] = "same" if who in seen else ""
    seen.add(who)
    return said


def _here(modern: str, old: str) -> str:
    """A modern name with the prefix that the old one bore: 区工商局 → 区市场监管局."""
    prefix = re.match(r"[区县市](?=.{2})", old)
    bare = modern if not prefix or modern.startswith(prefix[0]) else prefix[0] + modern
    return bare if modern else ""


def _doubt(claims: list[dict[str, Any]], unread: list[str]) -> str:
    """The first thing in a cell that somebody should look at."""
    if not claims:
        return UNREAD if unread else NOBODY
    doubt = next((c["doubt"] for c in claims if c["doubt"] and not c["skip"]), "")
    return doubt or (UNREAD if unread else "")


def _keep_choices(cell: DutyCell, kept: DutyCell) -> None:
    """What the office chose on an earlier reading of the same cell stays chosen."""
    cell.item_key, cell.settled = kept.item_key, True
    cell.reading["row"]["kinds"] = kept.reading["row"].get("kinds", [])
    before = {c["words"]: c for c in kept.reading.get("claims", []) if c.get("chosen")}
    claims = cell.reading["claims"]
    for number, claim in enumerate(claims):
        claims[number] = before.get(claim["words"], claim)
    cell.doubt = _doubt(claims, cell.unread)

"""The cells of a table become duties: nothing twice, only what differs changes, with its trace.

A row that stands as it stood when a table was last taken over is left alone, whatever became of
its duties since. A row whose task was known but whose units differ ends what no longer stands.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from weicheng.duties.book import changed
from weicheng.duties.models import CLAUSE, Duty, DutyBatch, DutyCell
from weicheng.people.models import Unit
from weicheng.sheets.placenames import same_name_key

if TYPE_CHECKING:
    from weicheng.journal.models import Operation
    from weicheng.people.models import Person

#: Groups that are found at the place; others are words about many units and are only kept.
RULES = ("territory", "community", "sponsor", "operators")
MOST_WORDS = 500


class Maker(Protocol):
    """Finds or makes what a table names."""

    def unit(self, name: str) -> Unit:
        """The unit of that name."""

    def leader(self, name: str) -> Person:
        """The district's leader of that name."""

    def person(self, name: str, unit: Unit) -> Person:
        """The person of that name in the unit."""


@dataclass
class Outcome:
    """What taking a table over did: duties added and ended, rows known already."""

    added: int = 0
    ended: int = 0
    known: int = 0
    provisional: int = 0
    without_clause: list[int] = field(default_factory=list)
    without_unit: list[int] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    """Tasks that an earlier version of this table held and this one does not; left as they are."""


@dataclass
class _Work:
    batch: DutyBatch
    maker: Maker
    today: date
    operation: Operation | None
    outcome: Outcome = field(default_factory=Outcome)
    before: dict[str, list[DutyCell]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)


def adopt(
    batch: DutyBatch, maker: Maker, *, today: date, operation: Operation | None = None
) -> Outcome:
    """Take a read table over. Call it inside a transaction; a table taken before does nothing."""
    work = _Work(batch, maker, today, operation)
    if batch.state != DutyBatch.State.READ:
        return work.outcome
    work.before = _before(batch)
    rows: dict[int, list[DutyCell]] = defaultdict(list)
    for cell in batch.cells.order_by("row", "column"):
        rows[cell.row].append(cell)
    for number, cells in rows.items():
        _row(work, number, cells)
    work.outcome.gone = _gone(work, rows.values())
    batch.state, batch.operation, batch.since = DutyBatch.State.TAKEN, operation, today
    batch.save(update_fields=["state", "operation", "since"])
    changed()
    return work.outcome


def _before(batch: DutyBatch) -> dict[str, list[DutyCell]]:
    """The cells of the latest table that held a task, by the task's words."""
    taken = DutyBatch.State.TAKEN
    cells = DutyCell.objects.filter(batch__region=batch.region, batch__state=taken)
    found: dict[str, list[DutyCell]] = {}
    newest: dict[str, UUID] = {}
    order = ("-batch__since", "-batch__created_at", "batch_id", "row", "column")
    for cell in cells.exclude(batch=batch).order_by(*order):
        key = _task_key(cell)
        if newest.setdefault(key, cell.batch_id) == cell.batch_id:
            found.setdefault(key, []).append(cell)
    return found


def _task_key(cell: DutyCell) -> str:
    return same_name_key(cell.clause_words)


def _row(work: _Work, number: int, cells: list[DutyCell]) -> None:
    first = cells[0]
    wanted = [(cell, claim) for cell in cells for claim in _standing(cell)]
    older = work.before.get(_task_key(first), [])
    if older and _print(cells) in {c.reading.get("print") for c in older}:
        duties = _duties_of(older)
        _remember(cells, {first.pk: duties})
        work.outcome.known += 1
        return
    if not first.item_key:
        work.outcome.without_clause.append(number)
    elif not wanted:
        work.outcome.without_unit.append(number)
    made: dict[UUID, list[str]] = defaultdict(list)
    fresh: list[Duty] = []
    if first.item_key:
        for order, (cell, claim) in enumerate(wanted, 1):
            for duty in _duties(work, cell, claim, order):
                kept = _same(work, duty)
                made[cell.pk].append(str((kept or duty).pk))
                if kept is None:
                    fresh.append(duty)
    Duty.objects.bulk_create(fresh)
    work.outcome.added += len(fresh)
    work.outcome.provisional += sum(1 for duty in fresh if duty.provisional)
    stay = {key for keys in made.values() for key in keys}
    _end(work, [key for key in _duties_of(older) if key not in stay], fresh)
    _remember(cells, made)


def _standing(cell: DutyCell) -> list[dict[str, Any]]:
    """The claims of a cell that become duties."""
    claims = cell.reading.get("claims", [])
    return [c for c in claims if not c["skip"] and (not c["rules"] or _rules(c))]


def _rules(claim: dict[str, Any]) -> list[str]:
    return [rule for rule in claim["rules"] if rule in RULES]


def _print(cells: list[DutyCell]) -> str:
    """Equal for rows that say the same: clause, units with their parts, leader, persons."""
    about = cells[0].reading.get("row", {})
    said = [
        [c["part"], c["unit"] or c["modern"] or c["words"], c["rules"], c["section"], c["scope"]]
        for cell in cells for c in _standing(cell)
    ]  # fmt: skip
    about_row = [about.get(name) for name in ("leaders", "people", "section", "kinds")]
    return json.dumps([cells[0].item_key, said, about_row], ensure_ascii=False)


def _duties(work: _Work, cell: DutyCell, claim: dict[str, Any], order: int) -> list[Duty]:
    """The duties of one claim, not yet kept: for a unit or each group of places; for the clause
    or each of its kinds that the row is about."""
    kinds = cell.reading["row"].get("kinds", [])
    clauses = [{"kind_id": key} for key in kinds] or [{"item_key": cell.item_key}]
    return [duty for clause in clauses for duty in _of_clause(work, cell, claim, order, clause)]


def _of_clause(
    work: _Work, cell: DutyCell, claim: dict[str, Any], order: int, clause: dict[str, str]
) -> list[Duty]:
    about = cell.reading["row"]
    leads = claim["part"] == "lead"
    common: dict[str, Any] = {
        **clause, "region": work.batch.region, "part": claim["part"],
        "order": order, "provisional": bool(claim["doubt"]), "doubt": claim["doubt"],
        "section": (claim["section"] or (about["section"] if leads else ""))[:60],
        "words": cell.words[:MOST_WORDS], "batch": work.batch, "made_by": work.operation,
    }  # fmt: skip
    if leads and about["leaders"]:
        common["leader"] = _once(work, about["leaders"][0], work.maker.leader)
    if claim["rules"]:
        return [Duty(unit_rule=rule, **common) for rule in _rules(claim)]
    unit = _unit(work, claim)
    if leads and about["people"]:
        common["person"] = work.maker.person(about["people"][0], unit)
    return [Duty(unit=unit, **common)]


def _once(work: _Work, name: str, find: Callable[[str], Person]) -> Person:
    if name not in work.people:
        work.people[name] = find(name)
    return work.people[name]


def _unit(work: _Work, claim: dict[str, Any]) -> Unit:
    if claim["unit"]:
        found = Unit.objects.filter(pk=claim["unit"]).first()
        if found is not None:
            return found
    unit = work.maker.unit(claim["modern"] or claim["words"])
    claim["unit"] = str(unit.pk)
    return unit


def _same(work: _Work, duty: Duty) -> Duty | None:
    """The duty in force that says the same."""
    clause = {name: getattr(duty, name) for name in CLAUSE}
    standing = Duty.objects.on(work.today).filter(
        **clause, region=duty.region, site=None, part=duty.part, unit=duty.unit,
        unit_rule=duty.unit_rule, project="", leader=duty.leader, person=duty.person,
        section=duty.section,
    )  # fmt: skip
    return standing.first()


def _duties_of(cells: list[DutyCell]) -> list[str]:
    return [key for cell in cells for key in cell.reading.get("duties", [])]


def _end(work: _Work, keys: list[str], fresh: list[Duty]) -> None:
    """End what no longer stands; what began today never took effect."""
    heirs = {duty.part: duty for duty in reversed(fresh)}
    for duty in Duty.objects.on(work.today).filter(pk__in=keys):
        duty.superseded_by, duty.ended_by = heirs.get(duty.part), work.operation
        if duty.since is not None and duty.since >= work.today:
            duty.void = True
        else:
            duty.until = work.today - timedelta(days=1)
        duty.save(update_fields=["superseded_by", "ended_by", "void", "until"])
        work.outcome.ended += 1
    if keys:
        for duty in fresh:
            duty.since = work.today
        Duty.objects.bulk_update(fresh, ["since"])


def _remember(cells: list[DutyCell], made: dict[UUID, list[str]]) -> None:
    print_ = _print(cells)
    for cell in cells:
        cell.reading["print"] = print_
        cell.reading["duties"] = made.get(cell.pk, [])
    DutyCell.objects.bulk_update(cells, ["reading"])


def _gone(work: _Work, rows: Any) -> list[str]:
    """Tasks of the earlier version of this table, when at least half of it stands here again."""
    here = {_task_key(cells[0]) for cells in rows}
    batches: Counter[UUID] = Counter()
    for key, cells in work.before.items():
        if key in here:
            batches[cells[0].batch_id] += 1
    if not batches or batches.most_common(1)[0][1] * 2 < len(here):
        return []
    older = batches.most_common(1)[0][0]
    missing = [c[0] for k, c in work.before.items() if k not in here and c[0].batch_id == older]
    return [cell.clause_words for cell in missing]

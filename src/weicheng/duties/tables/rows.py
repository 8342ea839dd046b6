"""The rows of a duty table: task, cells about units, leader, section, person and time limit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from weicheng.sheets.cells import Cell, is_blank, tidy, tidy_lines
from weicheng.sheets.headers import records
from weicheng.sheets.names import split_names

from .verbs import LEAD, RESPONSIBLE, SUPERVISE, SUPPORT

if TYPE_CHECKING:
    from weicheng.sheets.headers import Layout, Record
    from weicheng.sheets.workbook import Table

#: Columns about units and the part that stands over them ('': the cell itself says it).
COLUMNS = {
    "assignment": "", "lead": LEAD, "responsible": RESPONSIBLE, "supporting": SUPPORT,
    "supervising": SUPERVISE,
}  # fmt: skip
_SAME = re.compile(r"同上|〃|\"|″|”|'")
_NOTHING = re.compile(r"[-—–/\\无]{1,3}|暂无|空")


@dataclass(frozen=True)
class UnitCell:
    """A cell about units: its column, the column's name and part, the words as they stand."""

    column: int
    heading: str
    part: str
    words: str


@dataclass(frozen=True)
class TaskRow:
    """One row of the table, numbered as the office counts the table's rows (from 1)."""

    row: int
    task: str
    aspect: str = ""
    demand: str = ""
    serial: str = ""
    cells: tuple[UnitCell, ...] = ()
    leaders: tuple[str, ...] = ()
    section: str = ""
    people: tuple[str, ...] = ()
    due: Cell = ""
    remark: str = ""


@dataclass
class _Above:
    """What the rows above say, for blanks and 同上."""

    values: dict[str, str] = field(default_factory=dict)
    heading: str = ""


def task_rows(table: Table, layout: Layout) -> list[TaskRow]:
    """Every row that holds a task or names units; headings between them name the aspect."""
    return list(_rows(table, layout))


def _rows(table: Table, layout: Layout) -> Iterator[TaskRow]:
    above = _Above()
    headings = dict(layout.groups)
    for record in records(table, layout):
        for at in [row for row in headings if row < record.rows[0]]:
            above.heading = tidy(headings.pop(at))
        row = _row(record, layout, above)
        if row is not None:
            yield row


def _row(record: Record, layout: Layout, above: _Above) -> TaskRow | None:
    cells = tuple(_cells(record, layout, above))
    task = _value(record, "task", above)
    if not task and cells:
        task = above.values.get("task", "")
    if not task and not cells:
        return None
    fresh = task != above.values.get("task")
    aspect = _value(record, "aspect", above) or above.values.get("aspect", "") or above.heading
    if fresh:
        above.values.pop("leader", None)
    leader = _value(record, "leader", above) or above.values.get("leader", "")
    above.values.update(task=task, aspect=aspect, leader=leader)
    return TaskRow(
        row=record.rows[0] + 1, task=task, aspect=aspect, demand=_value(record, "demand", above),
        serial=record.text("serial"), cells=cells,
        leaders=tuple(name.name for name in split_names(leader)),
        section=_value(record, "section", above), people=_people(record),
        due=record.get("deadline"), remark=record.text("remark"),
    )  # fmt: skip


def _cells(record: Record, layout: Layout, above: _Above) -> Iterator[UnitCell]:
    for name, part in COLUMNS.items():
        column = layout.columns.get(name)
        if column is None:
            continue
        words = tidy_lines(record.get(name))
        if _SAME.fullmatch(words):
            words = above.values.get(name, "")
        if is_blank(words) or _NOTHING.fullmatch(words):
            continue
        above.values[name] = words
        yield UnitCell(column, layout.labels[column][:80], part, words)


def _value(record: Record, name: str, above: _Above) -> str:
    text = tidy(record.get(name))
    if _SAME.fullmatch(text):
        return above.values.get(name, "")
    return "" if _NOTHING.fullmatch(text) else text


def _people(record: Record) -> tuple[str, ...]:
    """Who is named as 责任人, else as 联系人."""
    for name in ("person", "contact"):
        found = tuple(one.name for one in split_names(record.get(name)))
        if found:
            return found
    return ()

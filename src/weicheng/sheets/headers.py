"""Finds the head of a table, which column is which field, and where the rows begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .cells import Cell, is_blank, tidy
from .columns import LONGEST, assign
from .errors import SheetError
from .vocabulary import VOCABULARIES, Vocabulary, plain
from .workbook import Table

SEARCHED = 40
"""How many rows from the top may hold the head."""
DEPTH = 3
"""How many rows a head may have."""
_TOTAL = re.compile(r"(?:合|总|小|共)\s*计|总数|汇总")
_NOTE = re.compile(
    r"^[(（\[【*※★]*\s*(?:附?注|备注|说明|填表|填报|制表|制作|审核|审批|审签|负责人|单位负责|联系人|联系电话|统计人|编制|复核|报送|"
    r"截止|截至|此表|本表|以上|以下|名单如|如有|领导签|签字|盖章|[（(]盖章|日期)"
)


@dataclass
class Layout:
    """What a table's columns mean and where its rows are (all counted from 0)."""

    kind: str
    header_rows: range
    columns: dict[str, int]
    confidence: dict[str, float]
    labels: list[str]
    """Every column's name as shown, two-row heads joined by a space."""
    first_row: int
    last_row: int
    """The last row of data; before first_row if there is none."""
    notes: list[tuple[int, str]] = field(default_factory=list)
    """Foot notes: (row, text)."""
    groups: dict[int, str] = field(default_factory=dict)
    """Rows that hold only a heading for those below."""
    skipped: dict[int, str] = field(default_factory=dict)
    """Rows left out: 'header' (repeated head), 'total', 'blank'."""

    @property
    def unknown(self) -> dict[int, str]:
        """Named columns that are no known field."""
        known = set(self.columns.values())
        return {c: label for c, label in enumerate(self.labels) if label and c not in known}


@dataclass(frozen=True)
class Record:
    """One entry: its rows (more than one if merged cells join them) and its values by field."""

    rows: tuple[int, ...]
    values: dict[str, Cell]
    own: frozenset[str]
    """Fields written in the row itself, not carried from a merged cell above."""

    def get(self, name: str) -> Cell:
        """The value of a field, '' if absent."""
        return self.values.get(name, "")

    def text(self, name: str) -> str:
        """The value of a field as one tidy line."""
        return tidy(self.values.get(name, ""))


def recognise(
    table: Table, vocabulary: Vocabulary, mapping: Mapping[str, str] | None = None
) -> Layout:
    """The layout of a table taken as `vocabulary`'s kind.

    `mapping` (a column's name as in Layout.labels → field, '' for none) is what somebody corrected
    before; it wins. Raises SheetError no_header (param missing: needed fields that were not found).
    """
    head = _head(table, vocabulary, mapping or {})
    missing = _missing(head.columns if head else {}, vocabulary)
    if head is None or missing:
        raise SheetError("no_header", missing=missing)
    _find_rows(table, head)
    return head


def _head(table: Table, vocabulary: Vocabulary, mapping: Mapping[str, str]) -> Layout | None:
    """The best head; its rows of data are not yet looked for."""
    known = {plain(label): name for label, name in mapping.items()}
    best, most = None, 0.0
    for rows in _candidates(table):
        labels = _labels(table, rows)
        columns, confidence = assign(labels, vocabulary, known)
        score = sum(confidence.values())
        if columns and score > most + 1e-6:
            shown = [" ".join(parts) for parts in labels]
            best = Layout(vocabulary.kind, rows, columns, confidence, shown, rows.stop, 0)
            most = score
    return best


def guess_kind(table: Table) -> tuple[str, float] | None:
    """The kind of table ('duty', 'ledger', 'messages', 'places', 'people', 'regions') and how
    sure (0 to 1), or None."""
    found: list[tuple[float, str]] = []
    for vocabulary in VOCABULARIES:
        layout = _head(table, vocabulary, {})
        if layout is None or _missing(layout.columns, vocabulary):
            continue
        named = sum(1 for label in layout.labels if label)
        matched = sum(layout.confidence.values())
        share = matched / max(named, 1)
        if len(layout.columns) >= 2 and share >= 0.4:
            found.append((round(share * min(1.0, 0.6 + matched / 10), 4), vocabulary.kind))
    if not found:
        return None
    score, kind = max(found, key=lambda pair: pair[0])
    return kind, score


def records(table: Table, layout: Layout) -> Iterator[Record]:
    """The entries of a table; merged ranges count for each row they cover.

    A row that only continues merged cells and pictures belongs to the entry above it."""
    last: Record | None = None
    for row in range(layout.first_row, layout.last_row + 1):
        if row in layout.skipped or row in layout.groups:
            continue
        values, own = _read(table, layout, row)
        if not own and last is not None:
            last = Record((*last.rows, row), last.values, last.own)
            continue
        if last is not None:
            yield last
        last = Record((row,), values, own)
    if last is not None:
        yield last


def _read(table: Table, layout: Layout, row: int) -> tuple[dict[str, Cell], frozenset[str]]:
    values, own = dict[str, Cell](), set[str]()
    if not table.merges:
        line = table.rows[row]
        values = {n: line[c] for n, c in layout.columns.items() if not is_blank(line[c])}
        return values, frozenset(values)
    for name, column in layout.columns.items():
        value = table.filled(row, column)
        if not is_blank(value):
            values[name] = value
            place = table.merged(row, column)
            if place is None or place[0] == row:
                own.add(name)
    return values, frozenset(own)


def _candidates(table: Table) -> Iterator[range]:
    """Blocks of rows that may be the head, simple ones first."""
    for row in range(min(SEARCHED, len(table.rows))):
        names = [v for v in table.rows[row] if isinstance(v, str) and 0 < len(v) <= LONGEST]
        if len(names) < 2:
            continue
        for depth in range(1, DEPTH + 1):
            if depth > 1 and not _joined(table, row + depth - 2):
                break
            yield range(row, row + depth)


def _filled_count(table: Table, row: int) -> int:
    return sum(1 for value in table.rows[row] if not is_blank(value))


def _joined(table: Table, row: int) -> bool:
    """Whether the row and the one below it make one head."""
    if row + 1 >= len(table.rows):
        return False
    for top, left, bottom, right in table.merges:
        if top <= row < bottom and bottom - top < DEPTH and not is_blank(table.cell(top, left)):
            return True
        wide = top <= row <= bottom and right > left and right - left + 1 < table.width
        if wide and row == bottom and _names_below(table, row + 1, left, right):
            return True
    return _complements(table, row)


def _names_below(table: Table, row: int, left: int, right: int) -> bool:
    texts = [table.cell(row, c) for c in range(left, right + 1)]
    return all(isinstance(t, str) and 0 < len(tidy(t)) <= 12 for t in texts)


def _complements(table: Table, row: int) -> bool:
    """Without merges: names above leave gaps that names below fill, and the reverse."""
    above, below = table.rows[row], table.rows[row + 1]
    if not all(isinstance(v, str) for v in [*above, *below]):
        return False
    gaps = sum(1 for a, b in zip(above, below, strict=True) if is_blank(a) and not is_blank(b))
    rests = sum(1 for a, b in zip(above, below, strict=True) if not is_blank(a) and is_blank(b))
    short = all(len(tidy(v)) <= 12 for v in below)
    return not table.merges and short and gaps >= 1 and rests >= 2 and not is_blank(above[0])


def _labels(table: Table, rows: range) -> list[list[str]]:
    """Each column's names from top to bottom, merged names once."""
    labels: list[list[str]] = []
    for column in range(table.width):
        parts: list[str] = []
        for row in rows:
            name = tidy(_heading(table, row, column, rows))
            if name and (not parts or parts[-1] != name):
                parts.append(name)
        labels.append(parts)
    return labels


def _heading(table: Table, row: int, column: int, rows: range) -> Cell:
    value = table.filled(row, column)
    if not isinstance(value, str) or len(value) > 2 * LONGEST:
        return ""
    if is_blank(value) and row < rows[-1] and column and not table.merges:
        below = table.cell(row + 1, column)
        return table.cell(row, column - 1) if not is_blank(below) else value
    return value


def _missing(columns: Mapping[str, int], vocabulary: Vocabulary) -> list[str]:
    return [group[0] for group in vocabulary.needed if not any(name in columns for name in group)]


def _find_rows(table: Table, layout: Layout) -> None:
    """Sets last_row, notes, groups and skipped."""
    end = len(table.rows)
    head = _head_keys(table, layout)
    while end > layout.first_row:
        text = _lone_text(table, end - 1)
        if _filled_count(table, end - 1) and not (text and _is_foot(table, end - 1, text, layout)):
            break
        if text:
            layout.notes.insert(0, (end - 1, text))
        if _pictured(table, end - 1) and not text:
            break
        end -= 1
    layout.last_row = end - 1
    for row in range(layout.first_row, end):
        reason = _reason(table, row, head)
        if reason:
            layout.skipped[row] = reason
        else:
            text = _lone_text(table, row)
            if text and _is_heading(table, row, text, layout):
                layout.groups[row] = text


def _pictured(table: Table, row: int) -> bool:
    return any(place[0] == row for place in table.pictures) if table.pictures else False


def _continued(table: Table, row: int) -> bool:
    """Whether most of the row lies in merged cells from above that hold something."""
    above = (table.merged(row, column) for column in range(table.width))
    held = sum(
        1 for place in above if place and place[0] < row and not is_blank(table.cell(*place))
    )
    return held * 2 >= table.width


def _head_keys(table: Table, layout: Layout) -> set[tuple[str, ...]]:
    return {tuple(plain(str(v)) for v in table.rows[r]) for r in layout.header_rows}


def _reason(table: Table, row: int, head: set[tuple[str, ...]]) -> str:
    values = table.rows[row]
    first = next((v for v in values if not is_blank(v)), None)
    if first is None:
        return "" if _pictured(table, row) or _continued(table, row) else "blank"
    if not isinstance(first, str):
        return ""
    if len(first) <= 12 and _TOTAL.fullmatch(plain(first)):
        return "total"
    if len(first) <= 12 and tuple(plain(str(v)) for v in values) in head:
        return "header"
    return ""


def _lone_text(table: Table, row: int) -> str:
    """The text of a row that holds one single text (perhaps repeated), else ''."""
    only: Cell = ""
    for value in table.rows[row]:
        if value == only or is_blank(value):
            continue
        if not is_blank(only) or not isinstance(value, str):
            return ""
        only = value
    return tidy(only)


def _is_foot(table: Table, row: int, text: str, layout: Layout) -> bool:
    """A lone text at the end: a note by its words, its length, or a merge across the table."""
    column = next(c for c, v in enumerate(table.rows[row]) if not is_blank(v))
    across = _across(table, row, column)
    first = min(layout.columns.values(), default=0)
    starts = bool(_NOTE.match(text)) or bool(re.match(r"\d+[.、]", text))
    if column not in layout.columns.values() or column <= first + 1:
        return starts or across or (len(text) > 15 and column <= first)
    return starts and "：" in text


def _across(table: Table, row: int, column: int) -> bool:
    """Whether a merged range of three columns or more begins there."""
    spans = table.merges
    return any(s[0] == row and s[1] == column and s[3] - s[1] >= 2 for s in spans)


def _is_heading(table: Table, row: int, text: str, layout: Layout) -> bool:
    """A lone text among the rows: a heading if it stands first and is not itself a value."""
    column = next(c for c, v in enumerate(table.rows[row]) if not is_blank(v))
    across = _across(table, row, column)
    first = min(layout.columns.values(), default=0)
    if across:
        return len(text) <= 60
    serial = layout.columns.get("serial")
    return column <= first and not text.isdigit() and (column == serial or len(layout.columns) > 3)

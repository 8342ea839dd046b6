"""Any file that holds tables (xlsx, xls, ods, csv, html, docx) → its tables, cell by cell."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import python_calamine as calamine

from .archive import MAX_PACKED, Archive, open_source
from .cells import Cell, is_blank, unguard
from .errors import SheetError
from .extent import measure, refuse
from .opendocument import is_spreadsheet, merges_of
from .papers import read_paper
from .pictures import Picture, Pictures, Place, shows_picture
from .plaintext import read_csv, read_html

Span = tuple[int, int, int, int]
"""A merged range: first row, first column, last row, last column, all counted from 0."""
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK"


@dataclass
class Table:
    """One sheet: `rows` from A1 on, all of one length; '' is an empty cell."""

    sheet: str
    rows: list[list[Cell]]
    merges: list[Span] = field(default_factory=list)
    hidden: bool = False
    _finder: Pictures | None = field(default=None, repr=False)
    _member: str = ""

    @cached_property
    def pictures(self) -> Mapping[Place, list[Picture]]:
        """The pictures by (row, column); found when first asked for, their bytes later still."""
        return self._finder.on(self._member) if self._finder else {}

    @cached_property
    def width(self) -> int:
        """Number of columns."""
        return max(map(len, self.rows), default=0)

    @cached_property
    def _covers(self) -> dict[Place, Place]:
        return {
            (row, column): (top, left)
            for top, left, bottom, right in self.merges
            for row in range(top, min(bottom, len(self.rows) - 1) + 1)
            for column in range(left, min(right, self.width - 1) + 1)
        }

    def cell(self, row: int, column: int) -> Cell:
        """The value in the cell itself, '' outside the table."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    def filled(self, row: int, column: int) -> Cell:
        """The value shown there: of the merged range that covers the cell, if any."""
        return self.cell(*self._covers.get((row, column), (row, column)))

    def merged(self, row: int, column: int) -> Place | None:
        """The first cell of the merged range that covers the cell, else None."""
        return self._covers.get((row, column))

    def expanded(self) -> list[list[Cell]]:
        """All rows with every merged range filled with its value."""
        return [[self.filled(r, c) for c in range(self.width)] for r in range(len(self.rows))]

    def blank_row(self, row: int) -> bool:
        """Whether nothing is written in the row."""
        return all(is_blank(value) for value in self.rows[row])


def read_tables(source: Path | str | bytes, filename: str = "") -> list[Table]:
    """Every sheet that holds something, hidden ones last.

    The kind is told by content, the name only helps. Raises SheetError: empty, unsupported,
    broken, password, too_large, bomb, entities, too_many_rows, too_many_cells, encoding.
    """
    place = source if isinstance(source, bytes) else Path(source)
    name = filename or (place.name if isinstance(place, Path) else "")
    size = len(place) if isinstance(place, bytes) else place.stat().st_size
    if size == 0:
        raise SheetError("empty")
    if size > MAX_PACKED:
        raise SheetError("too_large", size=size, limit=MAX_PACKED)
    with open_source(place) as stream:
        head = stream.read(2048)
    tables = [_cut(table) for table in _tables(place, name, head)]
    refuse(sum(len(table.rows) for table in tables), 1)
    found = [table for table in tables if table.rows]
    if not found:
        raise SheetError("empty")
    return sorted(found, key=lambda table: table.hidden)


def _tables(source: Path | bytes, name: str, head: bytes) -> Iterator[Table]:
    if head.startswith(_ZIP):
        yield from _zipped(source)
    elif head.startswith(_OLE) or head[:2] == b"\x09\x08":
        for sheet in _sheets(source):
            yield _table(*sheet)
    else:
        with open_source(source) as stream:
            raw = stream.read()
        if b"<table" in raw[:200_000].lower():
            yield from (Table(f"{n}", rows) for n, rows in enumerate(read_html(raw), 1))
            return
        yield Table(Path(name).stem or "1", read_csv(raw))


def _zipped(source: Path | bytes) -> Iterator[Table]:
    archive = Archive(source)
    archive.check_xml()
    if "word/document.xml" in archive:
        for number, (rows, merges) in enumerate(read_paper(archive), 1):
            yield Table(f"{number}", rows, merges)
        return
    if is_spreadsheet(archive):
        yield from _opened(source, archive)
        return
    if "xl/workbook.xml" not in archive:
        raise SheetError("unsupported", kind="zip")
    members = _members(archive)
    for member in members.values():
        measure(lambda member=member: archive.chunks(member))  # type: ignore[misc]
    finder = Pictures(archive)
    for name, rows, merges, hidden in _sheets(source):
        yield _table(name, rows, merges, hidden, finder=finder, member=members.get(name, ""))


def _opened(source: Path | bytes, archive: Archive) -> Iterator[Table]:
    """The tables of an OpenDocument file; the library does not tell its merged ranges."""
    merges = merges_of(archive)
    for number, (name, rows, _none, hidden) in enumerate(_sheets(source)):
        yield _table(name, rows, merges[number] if number < len(merges) else [], hidden)


def _members(archive: Archive) -> dict[str, str]:
    """Sheet name → member of the archive, worksheets only."""
    relations = archive.relations("xl/workbook.xml")
    found = {}
    for element in archive.xml("xl/workbook.xml").iter():
        if element.tag.rsplit("}", 1)[-1] == "sheet":
            link = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            kind, member = relations.get(link, ("", ""))
            if kind == "worksheet" and member in archive:
                found[element.get("name", "")] = member
    return found


def _sheets(source: Path | bytes) -> Iterator[tuple[str, list[list[Any]], list[Span], bool]]:
    try:
        with open_source(source) as stream:
            book = calamine.CalamineWorkbook.from_filelike(stream)
            for about in book.sheets_metadata:
                if about.typ is calamine.SheetTypeEnum.WorkSheet:
                    sheet = book.get_sheet_by_name(about.name)
                    refuse(sheet.total_height, sheet.total_width)
                    spans = [(a, b, c, d) for (a, b), (c, d) in sheet.merged_cell_ranges or ()]
                    hidden = about.visible is not calamine.SheetVisibleEnum.Visible
                    yield about.name, sheet.to_python(skip_empty_area=False), spans, hidden
    except calamine.PasswordError as bad:
        raise SheetError("password") from bad
    except (calamine.CalamineError, ValueError, struct.error, OSError) as bad:
        raise SheetError("broken", detail=str(bad)[:200]) from bad


def _table(
    name: str,
    rows: list[list[Any]],
    merges: list[Span],
    hidden: bool,
    *,
    finder: Pictures | None = None,
    member: str = "",
) -> Table:
    for row in rows:
        for column, value in enumerate(row):
            if isinstance(value, str) and value:
                if value[0] == "'":
                    row[column] = unguard(value)
                elif "DISPIMG(" in value and shows_picture(value):
                    row[column] = ""
    return Table(name, rows, merges, hidden, finder, member)


def _cut(table: Table) -> Table:
    """Without the blank rows and columns at the end (pictures keep theirs)."""
    last = max((place[0] for place in table.pictures), default=-1)
    while len(table.rows) - 1 > last and table.blank_row(len(table.rows) - 1):
        table.rows.pop()
    return table

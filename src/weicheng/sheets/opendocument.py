"""How far an OpenDocument table (ods) reaches and what it merges, before a library lays it out.

An ods says "this row 1,000,000 times" in a few bytes, so its size is reckoned from the repeats.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from .archive import MAX_UNPACKED, Archive
from .errors import SheetError
from .extent import MAX_CELLS, refuse

KIND = b"application/vnd.oasis.opendocument.spreadsheet"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")
_VALUE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
Span = tuple[int, int, int, int]


def is_spreadsheet(archive: Archive) -> bool:
    """Whether the archive is an OpenDocument spreadsheet (or a template of one)."""
    if "mimetype" not in archive or archive.size("mimetype") > 200:
        return False
    return archive.read("mimetype").startswith(KIND) and "content.xml" in archive


def merges_of(archive: Archive) -> list[list[Span]]:
    """The merged ranges of each table in turn.

    Raises SheetError: password, too_many_rows, too_many_cells, bomb, broken, entities.
    """
    if "meta-inf/manifest.xml" in archive and b"encryption-data" in archive.read(
        "meta-inf/manifest.xml"
    ):
        raise SheetError("password")
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = reader.opened
    parser.EndElementHandler = reader.closed
    parser.CharacterDataHandler = reader.said
    parser.StartDoctypeDeclHandler = _refuse_entities
    parser.EntityDeclHandler = _refuse_entities
    try:
        for chunk in archive.chunks("content.xml"):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as bad:
        raise SheetError("broken", detail="content.xml") from bad
    return reader.merges


def _refuse_entities(*_: object) -> None:
    raise SheetError("entities", member="content.xml")


def _number(attributes: dict[str, str], name: str) -> int:
    said = attributes.get(_TABLE + name, "1")
    if not said.isascii() or not said.isdigit() or len(said) > 9:
        raise SheetError("broken", detail=name)
    return max(int(said), 1)


@dataclass
class _Reader:
    """Walks the tags; only what holds something counts, as the library drops empty ends."""

    merges: list[list[Span]] = field(default_factory=list)
    _row: int = 0
    _row_times: int = 1
    _column: int = 0
    _cell_times: int = 1
    _filled: bool = False
    _row_filled: bool = False
    _letters: int = 0
    _depth: int = 0
    _rows: int = 0
    _columns: int = 0
    _before: tuple[int, int] = (0, 0)
    _characters: int = 0
    _covered: int = 0

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """A tag begins."""
        start: dict[str, Callable[[dict[str, str]], None]] = {
            _TABLE + "table": self._table,
            _TABLE + "table-row": self._begin_row,
        }
        if tag in _CELLS:
            self._begin_cell(attributes)
        elif tag in start:
            start[tag](attributes)

    def closed(self, tag: str) -> None:
        """A tag ends."""
        if tag in _CELLS:
            self._end_cell()
        elif tag == _TABLE + "table-row":
            self._row += self._row_times
            if self._row_filled:
                self._rows = self._row
                self._check()
        elif tag == _TABLE + "table":
            rows, cells = self._before
            self._before = (rows + self._rows, cells + self._rows * self._columns)

    def said(self, words: str) -> None:
        """Text; what stands in a repeated cell is there as often as the cell."""
        if self._depth:
            self._letters += len(words)

    def _table(self, attributes: dict[str, str]) -> None:
        del attributes
        if self._depth:
            raise SheetError("unsupported", kind="ods")  # a table inside a cell
        self.merges.append([])
        self._row = self._rows = self._columns = 0

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._row_times = _number(attributes, "number-rows-repeated")
        self._column, self._row_filled = 0, False

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._letters = sum(len(value) for value in attributes.values())
        self._filled = _VALUE in attributes
        self._cell_times = _number(attributes, "number-columns-repeated")
        down = _number(attributes, "number-rows-spanned")
        across = _number(attributes, "number-columns-spanned")
        if (down > 1 or across > 1) and self.merges:
            found = self.merges[-1]
            found.append((self._row, self._column, self._row + down - 1, self._column + across - 1))
            self._covered += down * across
            if self._covered > MAX_CELLS:
                raise SheetError("bomb", why="merges")

    def _end_cell(self) -> None:
        self._depth -= 1
        self._column += self._cell_times
        if self._filled:
            self._row_filled = True
            self._columns = max(self._columns, self._column)
            self._characters += self._letters * self._cell_times * self._row_times
            if self._characters > MAX_UNPACKED:
                raise SheetError("bomb", why="repeats")

    def _check(self) -> None:
        rows, cells = self._before
        refuse(rows + self._rows, 1)
        refuse(1, cells + self._rows * self._columns)

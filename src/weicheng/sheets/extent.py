"""How far a worksheet reaches, read from its raw XML, before any library lays it out in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from .errors import SheetError

MAX_ROWS = 60_000
MAX_CELLS = 8_000_000
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\sr\s*=\s*[\"'](\d{1,7})")
_WIDE = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{2,3})\d")
_DEEP = re.compile(rb"\sr\s*=\s*[\"'][A-Z]{1,3}(\d{6,7})")
_FILLED = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*?\br\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}))[^>]*(?<!/)>(?!</)"
)


def column_number(letters: str) -> int:
    """'A' → 0, 'AA' → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def measure(chunks: Callable[[], Iterable[bytes]]) -> None:
    """Refuses a sheet that reaches too far; `chunks` gives its XML, once or twice.

    First a cheap upper bound; only if that is too far, the filled cells one by one (many real
    sheets carry styles down to the last row). Raises SheetError too_many_rows, too_many_cells."""
    rows, columns = 0, 26
    for part in _whole_tags(chunks()):
        rows = max(rows, _largest(_ROW, part), _largest(_DEEP, part))
        for letters in set(_WIDE.findall(part)):
            columns = max(columns, column_number(letters.decode()) + 1)
    if _fits(rows, columns):
        return
    rows = columns = 0
    for part in _whole_tags(chunks()):
        for letters, row in _FILLED.findall(part):
            rows = max(rows, int(row))
            columns = max(columns, column_number(letters.decode()) + 1)
    refuse(rows, columns)


def refuse(rows: int, columns: int) -> None:
    """Raises SheetError when a table of that size is too large."""
    if rows > MAX_ROWS:
        raise SheetError("too_many_rows", rows=rows, limit=MAX_ROWS)
    if rows * columns > MAX_CELLS:
        raise SheetError("too_many_cells", rows=rows, columns=columns, limit=MAX_CELLS)


def _fits(rows: int, columns: int) -> bool:
    return rows <= MAX_ROWS and rows * columns <= MAX_CELLS


def _largest(pattern: re.Pattern[bytes], part: bytes) -> int:
    return max(map(int, pattern.findall(part)), default=0)


def _whole_tags(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, cut only before a '<' that opens a tag with what follows it."""
    tail = b""
    for chunk in chunks:
        block = tail + chunk
        cut = max(block.rfind(b"<c"), block.rfind(b"<row"), block.rfind(b":c "))
        cut = block.rfind(b"<", 0, cut + 1) if cut > 0 else len(block)
        yield block[:cut]
        tail = block[cut:]
    yield tail

"""Tables in Word papers (docx): rows and merged ranges; a table inside a cell is left out."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from .archive import Archive, attribute, local
from .cells import Cell, unguard
from .extent import refuse

Span = tuple[int, int, int, int]


def read_paper(archive: Archive) -> list[tuple[list[list[Cell]], list[Span]]]:
    """Each outer table of the paper: its rows (of one length) and its merged ranges."""
    body = archive.xml("word/document.xml")
    tables = [e for e in body.iter() if local(e) == "tbl"]
    inner = {e for table in tables for e in table.iter() if local(e) == "tbl" and e is not table}
    return [_grid(table) for table in tables if table not in inner]


def _grid(table: Element) -> tuple[list[list[Cell]], list[Span]]:
    rows: list[list[Cell]] = []
    open_spans: dict[int, list[int]] = {}
    spans: list[list[int]] = []
    for number, line in enumerate(_inside(table, "tr")):
        row: list[Cell] = [""] * _before(line)
        for cell in _inside(line, "tc"):
            column, wide, merge = len(row), _wide(cell), _merge(cell)
            if merge == "continue" and column in open_spans:
                open_spans[column][2] = number
                row.extend([""] * wide)
                continue
            span = [number, column, number, column + wide - 1]
            spans.append(span)
            open_spans[column] = span
            row.extend([unguard(_text(cell)), *[""] * (wide - 1)])
        rows.append(row)
        refuse(len(rows), 1)
    width = max(map(len, rows), default=0)
    for row in rows:
        row.extend([""] * (width - len(row)))
    merged = [(a, b, c, d) for a, b, c, d in spans if (a, b) != (c, d)]
    return rows, merged


def _inside(element: Element, name: str) -> Iterator[Element]:
    """The elements of that name below, through wrappers (sdt), not through an inner table."""
    for below in element:
        if local(below) == name:
            yield below
        elif local(below) != "tbl":
            yield from _inside(below, name)


def _setting(element: Element, name: str) -> Element | None:
    """A setting of a row or cell: an element in its first child (trPr, tcPr)."""
    found = (e for e in element if local(e) in ("trPr", "tcPr"))
    return next((e for held in found for e in held if local(e) == name), None)


def _wide(cell: Element) -> int:
    return min(max(_number(cell, "gridSpan"), 1), 63)


def _before(line: Element) -> int:
    """How many columns the row leaves free on its left."""
    return min(_number(line, "gridBefore"), 63)


def _number(element: Element, name: str) -> int:
    found = _setting(element, name)
    text = "" if found is None else attribute(found, "val")
    return int(text) if text.isdigit() and len(text) < 4 else 0


def _merge(cell: Element) -> str:
    """'' (not merged), 'restart' or 'continue'."""
    found = _setting(cell, "vMerge")
    return "" if found is None else attribute(found, "val") or "continue"


def _text(cell: Element) -> str:
    lines = []
    for paragraph in _inside(cell, "p"):
        parts = []
        for element in paragraph.iter():
            if local(element) == "t":
                parts.append(element.text or "")
            elif local(element) in ("br", "tab"):
                parts.append("\n" if local(element) == "br" else " ")
        lines.append("".join(parts))
    return "\n".join(lines).strip()

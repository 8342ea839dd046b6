"""Tables in Word papers (docx): rows and merged ranges."""

from __future__ import annotations

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
    for number, line in enumerate(e for e in table if local(e) == "tr"):
        row: list[Cell] = []
        for cell in (e for e in line.iter() if local(e) == "tc"):
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


def _wide(cell: Element) -> int:
    text = next((attribute(e, "val") for e in cell.iter() if local(e) == "gridSpan"), "")
    return min(max(int(text), 1), 63) if text.isdigit() else 1


def _merge(cell: Element) -> str:
    """'' (not merged), 'restart' or 'continue'."""
    for element in cell.iter():
        if local(element) == "vMerge":
            return attribute(element, "val") or "continue"
    return ""


def _text(cell: Element) -> str:
    lines = []
    for paragraph in (e for e in cell.iter() if local(e) == "p"):
        parts = []
        for element in paragraph.iter():
            if local(element) == "t":
                parts.append(element.text or "")
            elif local(element) in ("br", "tab"):
                parts.append("\n" if local(element) == "br" else " ")
        lines.append("".join(parts))
    return "\n".join(lines).strip()

"""Makes the small files that the tests read: xlsx, WPS's xlsx, xls, ods, docx."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from PIL import Image

from weicheng.sheets.workbook import Table, read_tables

TZ = ZoneInfo("Asia/Shanghai")
TODAY = dt.date(2026, 11, 23)


def picture(colour: str = "red", size: tuple[int, int] = (60, 40)) -> io.BytesIO:
    """A small JPEG."""
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, "JPEG")
    stream.seek(0)
    return stream


def xlsx(
    rows: Any,
    *,
    merges: Sequence[str] = (),
    name: str = "Sheet1",
    also: Callable[[Any, Any], None] | None = None,
) -> bytes:
    """A workbook of one sheet; `merges` as 'B3:B6', their value is that of their first cell."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(name)
    for span in merges:
        sheet.merge_range(span, "")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value not in ("", None):
                sheet.write(number, column, value)
    if also:
        also(book, sheet)
    book.close()
    return stream.getvalue()


def table(rows: Any, *, merges: Sequence[str] = (), name: str = "Sheet1") -> Table:
    """The rows after a round through a real file."""
    return read_tables(xlsx(rows, merges=merges, name=name), "表.xlsx")[0]


def repacked(raw: bytes, changes: Mapping[str, bytes | Callable[[bytes], bytes]]) -> bytes:
    """The archive with members replaced, edited or added."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            change = changes.get(member)
            content = old.read(member)
            new.writestr(member, change(content) if callable(change) else change or content)
        for member, change in changes.items():
            if member not in old.namelist() and isinstance(change, bytes):
                new.writestr(member, change)
    return stream.getvalue()


_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>%s</office:spreadsheet></office:body>"
    "</office:document-content>"
)


def ods_cell(value: str | float, attributes: str = "") -> str:
    """A cell of an OpenDocument table; '' is an empty one."""
    if value == "":
        return f"<table:table-cell {attributes}/>"
    if isinstance(value, str):
        kind = 'office:value-type="string"'
    else:
        kind = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {attributes} {kind}><text:p>{value}</text:p></table:table-cell>"


def ods(rows: Sequence[Sequence[str | float]], *, also: str = "", manifest: str = "") -> bytes:
    """A workbook of one sheet as LibreOffice writes it; `also`: more rows, as XML."""
    laid = "".join(
        f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows
    )
    content = _ODS % f'<table:table table:name="表">{laid}{also}</table:table>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
    return stream.getvalue()


def wps(rows: Any, pictures: Mapping[str, bytes]) -> bytes:
    """A workbook as WPS saves it: cells '=DISPIMG("ID_…",1)' and xl/cellimages.xml."""
    drawn = "".join(
        f'<etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="{n}" name="{name}"/></xdr:nvPicPr>'
        f'<xdr:blipFill><a:blip r:embed="rId{n}"/></xdr:blipFill></xdr:pic></etc:cellImage>'
        for n, name in enumerate(pictures, 1)
    )
    images = (
        '<?xml version="1.0" encoding="UTF-8"?><etc:cellImages'
        ' xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        f' xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData">{drawn}</etc:cellImages>'
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="media/cell{n}.jpeg"/>'
        for n in range(1, len(pictures) + 1)
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{links}</Relationships>"
    )
    changes: dict[str, bytes | Callable[[bytes], bytes]] = {
        "xl/cellimages.xml": images.encode(),
        "xl/_rels/cellimages.xml.rels": relations.encode(),
    }
    for number, content in enumerate(pictures.values(), 1):
        changes[f"xl/media/cell{number}.jpeg"] = content

    def formulas(book: Any, sheet: Any) -> None:
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str) and value.startswith("ID_"):
                    formula = f'_xlfn.DISPIMG("{value}",1)'
                    sheet.write_formula(number, column, "=" + formula, None, "=" + formula[6:])

    plain = [["" if str(v).startswith("ID_") else v for v in row] for row in rows]
    return repacked(xlsx(plain, also=formulas), changes)


def xls(rows: Sequence[Sequence[str | float]]) -> bytes:
    """A BIFF8 workbook of one sheet in a compound file, as old Excel and WPS write .xls."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def text(value: str) -> bytes:
        return struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")

    cells = b""
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            place = struct.pack("<HHH", number, column, 0)
            if isinstance(value, str):
                cells += record(0x0204, place + text(value)) if value else b""
            else:
                cells += record(0x0203, place + struct.pack("<d", value))
    end = record(0x000A, b"")
    sheet = record(0x0809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6)) + cells + end
    name = struct.pack("<BB", 2, 1) + "表1".encode("utf-16-le")
    head = record(0x0809, struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 6))
    head += record(0x0042, struct.pack("<H", 1200))
    offset = len(head) + 4 + 6 + len(name) + len(end)
    book = head + record(0x0085, struct.pack("<IBB", offset, 0, 0) + name) + end + sheet
    return _compound(book.ljust(-(-max(len(book), 4096) // 512) * 512, b"\0"))


def _compound(stream: bytes) -> bytes:
    free, last, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    count = len(stream) // 512
    chain = [fat, last, *range(3, count + 2), last]
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 62, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, last, 0, last, 0
    )
    header += struct.pack("<I", 0) + struct.pack("<I", free) * 108

    def entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
        coded = (name + "\0").encode("utf-16-le") if name else b""
        links = struct.pack("<BBIII", kind, 1, free, free, child)
        return (
            coded.ljust(64, b"\0")
            + struct.pack("<H", len(coded))
            + links
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    folder = entry("Root Entry", 5, last, 0, 1) + entry("Workbook", 2, 2, len(stream), free)
    folder += entry("", 0, 0, 0, free) * 2
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    return header + table + folder + stream


def docx(
    rows: Sequence[Sequence[str]], *, merge_down: Sequence[tuple[int, int, int]] = ()
) -> bytes:
    """A Word paper with one table; `merge_down`: (column, first row, last row)."""
    import docx as word

    paper = word.Document()
    grid = paper.add_table(len(rows), len(rows[0]))
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            grid.cell(number, column).text = value
    for column, first, last in merge_down:
        text = rows[first][column]
        grid.cell(first, column).merge(grid.cell(last, column)).text = text
    stream = io.BytesIO()
    paper.save(stream)
    return stream.getvalue()

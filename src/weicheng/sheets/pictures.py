"""Pictures of a worksheet and the cell each belongs to: floating ones, and those inside cells."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from xml.etree.ElementTree import Element

from .archive import Archive, attribute, local
from .errors import SheetError
from .extent import column_number

MAX_PICTURE = 15 * 2**20
Place = tuple[int, int]
"""(row, column), counted from 0."""
_DISPIMG = re.compile(r'DISPIMG\(\s*"([^"]+)"')
_RAW_DISPIMG = re.compile(rb"DISPIMG\(\s*(?:&quot;|\")([^\"&]+)")
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_RICH = re.compile(rb"<(?:\w+:)?c\s[^>]*\bvm\s*=\s*[\"'](\d+)[\"'][^>]*>")
_EMU_POINT, _EMU_PIXEL = 12700, 9525


@dataclass(frozen=True)
class Picture:
    """One picture; its bytes are read from the workbook only when asked for."""

    extension: str
    size: int
    _archive: Archive = field(repr=False, compare=False)
    _member: str

    @property
    def bytes(self) -> bytes:
        """The stored bytes. Raises SheetError too_large above 15 MB, broken."""
        if self.size > MAX_PICTURE:
            raise SheetError("too_large", size=self.size, limit=MAX_PICTURE)
        return self._archive.read(self._member)


class Pictures:
    """Finds the pictures of one workbook, sheet by sheet."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._inner = self._images_of_wps()
        self._rich = self._images_of_excel()

    def on(self, sheet: str) -> dict[Place, list[Picture]]:
        """The pictures of the worksheet member `sheet`, top to bottom within each cell."""
        found: dict[Place, list[Picture]] = {}
        for place, picture in [*self._floating(sheet), *self._in_cells(sheet)]:
            kept = found.setdefault(place, [])
            if picture not in kept:
                kept.append(picture)
        return found

    def _picture(self, member: str) -> Picture | None:
        if member not in self._archive:
            return None
        extension = posixpath.splitext(member)[1].lstrip(".").lower()
        return Picture(extension, self._archive.size(member), self._archive, member)

    def _images_of_wps(self) -> dict[str, Picture]:
        """WPS keeps pictures of cells in xl/cellimages.xml, named by the id in DISPIMG()."""
        member, images = "xl/cellimages.xml", dict[str, Picture]()
        if member not in self._archive:
            return images
        relations = self._archive.relations(member)
        for drawn in self._archive.xml(member).iter():
            if local(drawn) == "pic":
                name = next((attribute(e, "name") for e in drawn.iter() if local(e) == "cNvPr"), "")
                for picture in self._embedded(drawn, relations):
                    images.setdefault(name, picture)
        return images

    def _images_of_excel(self) -> list[Picture | None]:
        """Excel 365 keeps pictures of cells as rich values; here by the cell's vm number - 1."""
        needed = ("xl/metadata.xml", "xl/richdata/rdrichvalue.xml", "xl/richdata/richvaluerel.xml")
        if any(member not in self._archive for member in needed):
            return []
        relations = self._archive.relations(needed[2])
        linked = [relations.get(attribute(e, "id")) for e in self._archive.xml(needed[2])]
        values = [_first_number(e) for e in self._archive.xml(needed[1]) if local(e) == "rv"]
        images: list[Picture | None] = []
        for number in _rich_numbers(self._archive.xml(needed[0])):
            index = values[number] if 0 <= number < len(values) else -1
            relation = linked[index] if 0 <= index < len(linked) else None
            images.append(self._picture(relation[1]) if relation else None)
        return images

    def _embedded(self, drawn: Element, relations: dict[str, tuple[str, str]]) -> Iterator[Picture]:
        seen = set[str]()
        for blip in drawn.iter():
            target = relations.get(attribute(blip, "embed")) if local(blip) == "blip" else None
            if target and target[1] not in seen:
                seen.add(target[1])
                picture = self._picture(target[1])
                if picture:
                    yield picture

    def _floating(self, sheet: str) -> Iterator[tuple[Place, Picture]]:
        for kind, drawing in self._archive.relations(sheet).values():
            if kind != "drawing" or drawing not in self._archive:
                continue
            relations = self._archive.relations(drawing)
            anchors = [e for e in self._archive.xml(drawing) if local(e).endswith("Anchor")]
            grid = Grid(self._archive, sheet) if anchors else None
            ordered = sorted((_corner(anchor), number) for number, anchor in enumerate(anchors))
            for _, number in ordered:
                for picture in self._embedded(anchors[number], relations):
                    if grid:
                        yield grid.place(anchors[number]), picture

    def _in_cells(self, sheet: str) -> Iterator[tuple[Place, Picture]]:
        if not self._inner and not self._rich:
            return
        raw = self._archive.read(sheet)
        for match in _RAW_DISPIMG.finditer(raw):
            start = raw.rfind(b"<c ", 0, match.start())
            picture = self._inner.get(match[1].decode("utf-8", "replace"))
            reference = _REFERENCE.search(raw, max(start, 0), match.start())
            if picture and reference:
                yield _place(reference), picture
        for match in _RICH.finditer(raw) if self._rich else ():
            reference, number = _REFERENCE.search(match[0]), int(match[1]) - 1
            image = self._rich[number] if 0 <= number < len(self._rich) else None
            if image and reference:
                yield _place(reference), image


def shows_picture(text: str) -> bool:
    """Whether a cell's text is only WPS's formula for a picture."""
    return bool(_DISPIMG.search(text)) and text.lstrip().startswith(("=", "_xlfn", "DISPIMG"))


def _place(reference: re.Match[bytes]) -> Place:
    return int(reference[2]) - 1, column_number(reference[1].decode())


def _first_number(element: Element) -> int:
    text = next((e.text for e in element if local(e) == "v"), "") or ""
    return int(text) if text.isdigit() else -1


def _rich_numbers(metadata: Element) -> list[int]:
    """For each valueMetadata record, the number of its rich value."""
    future = [int(attribute(e, "i") or -1) for e in metadata.iter() if local(e) == "rvb"]
    numbers = []
    for block in (e for e in metadata.iter() if local(e) == "valueMetadata"):
        for record in (e for e in block.iter() if local(e) == "rc"):
            index = int(attribute(record, "v") or -1)
            numbers.append(future[index] if 0 <= index < len(future) else -1)
    return numbers


def _number(element: Element | None, name: str) -> int:
    for child in element if element is not None else ():
        if local(child) == name:
            text = (child.text or "").strip()
            return int(text) if text.lstrip("-").isdigit() else 0
    return 0


def _child(anchor: Element, name: str) -> Element | None:
    return next((e for e in anchor if local(e) == name), None)


def _corner(anchor: Element) -> tuple[int, int, int, int]:
    start = _child(anchor, "from")
    return (
        _number(start, "row"),
        _number(start, "rowOff"),
        _number(start, "col"),
        _number(start, "colOff"),
    )


class Axis:
    """Where rows (or columns) begin, in EMU; sizes not given are the default."""

    def __init__(self, default: int, sizes: dict[int, int]) -> None:
        self._default = max(default, 1)
        last = max(sizes, default=-1)
        lengths = (max(sizes.get(i, self._default), 0) for i in range(last + 1))
        self._starts = [0, *accumulate(lengths)]

    def start(self, index: int) -> int:
        """EMU from the sheet's edge to the beginning of row or column `index`."""
        known = len(self._starts) - 1
        if index <= known:
            return self._starts[max(index, 0)]
        return self._starts[-1] + (index - known) * self._default

    def at(self, offset: int) -> int:
        """The row or column in which the offset lies."""
        if offset < self._starts[-1]:
            return max(bisect_right(self._starts, offset) - 1, 0)
        return len(self._starts) - 1 + (offset - self._starts[-1]) // self._default

    def home(self, begin: int, end: int) -> int:
        """Where a picture belongs: by its centre if it fits that cell, else where it begins."""
        centre = self.at((begin + end) // 2)
        room = self.start(centre + 1) - self.start(centre)
        if end - begin <= room * 1.15:
            return centre
        first = self.at(begin)
        room = self.start(first + 1) - self.start(first)
        return first + 1 if begin - self.start(first) > room * 0.6 else first


class Grid:
    """Row heights and column widths of one worksheet."""

    def __init__(self, archive: Archive, sheet: str) -> None:
        raw = archive.read(sheet)
        head = raw[: raw.find(b"<sheetData")] if b"<sheetData" in raw else raw
        base = re.search(rb"defaultRowHeight=\"([\d.]+)\"", head)
        wide = re.search(rb"defaultColWidth=\"([\d.]+)\"", head)
        heights = {}
        for tag in re.findall(rb"<row\s[^>]*>", raw):
            height, row = re.search(rb"\sht=\"([\d.]+)\"", tag), re.search(rb"\sr=\"(\d+)\"", tag)
            if height and row:
                heights[int(row[1]) - 1] = round(float(height[1]) * _EMU_POINT)
        widths = {}
        for tag in re.findall(rb"<col\s[^>]*>", head):
            low, high = re.search(rb"\bmin=\"(\d+)\"", tag), re.search(rb"\bmax=\"(\d+)\"", tag)
            width = re.search(rb"\bwidth=\"([\d.]+)\"", tag)
            if low and high and width:
                for column in range(int(low[1]) - 1, min(int(high[1]), 1024)):
                    widths[column] = _width(float(width[1]))
        row_height = round(float(base[1]) * _EMU_POINT) if base else 15 * _EMU_POINT
        self._rows = Axis(row_height, heights)
        self._columns = Axis(_width(float(wide[1]) if wide else 9.14), widths)

    def place(self, anchor: Element) -> Place:
        """The cell to which the picture of a drawing anchor belongs."""
        top, left, bottom, right = self._box(anchor)
        return self._rows.home(top, bottom), self._columns.home(left, right)

    def _box(self, anchor: Element) -> tuple[int, int, int, int]:
        start, end, size = (_child(anchor, name) for name in ("from", "to", "ext"))
        position = _child(anchor, "pos")
        if start is not None:
            top = self._rows.start(_number(start, "row")) + _number(start, "rowOff")
            left = self._columns.start(_number(start, "col")) + _number(start, "colOff")
        else:
            top, left = (_emu(position, name) for name in ("y", "x"))
        if end is not None:
            bottom = self._rows.start(_number(end, "row")) + _number(end, "rowOff")
            right = self._columns.start(_number(end, "col")) + _number(end, "colOff")
            return top, left, max(top, bottom), max(left, right)
        return top, left, top + _emu(size, "cy"), left + _emu(size, "cx")


def _emu(element: Element | None, name: str) -> int:
    text = attribute(element, name) if element is not None else ""
    return max(int(text), 0) if text.isdigit() else 0


def _width(characters: float) -> int:
    return round((characters * 7 + 5) * _EMU_PIXEL)

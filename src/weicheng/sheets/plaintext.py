"""Text files: which encoding, and tables in csv, tab-separated text or html under any name."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser

from .cells import Cell, tidy_lines, unguard
from .errors import SheetError
from .extent import MAX_CELLS, refuse

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_DELIMITERS = ",\t;|"


def decode(raw: bytes) -> str:
    """The text of a file in UTF-8, GB18030, UTF-16 (each with or without mark) or Big5.

    Raises SheetError encoding."""
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return _try(raw, encoding) or _fail()
    if b"\0" in raw[:4096]:
        even, odd = raw[:4096:2].count(0), raw[1:4096:2].count(0)
        text = _try(raw, "utf-16-be" if even > odd else "utf-16-le")
        return text if text is not None and "\0" not in text else _fail()
    for encoding in ("utf-8", "gb18030", "big5"):
        text = _try(raw, encoding)
        if text is not None:
            return text
    # one bad byte in a long GB18030 file must not refuse the whole
    text = raw.decode("gb18030", "replace")
    return text if text.count("\ufffd") * 1000 <= len(text) else _fail()


def _try(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _fail() -> str:
    raise SheetError("encoding")


def read_csv(raw: bytes) -> list[list[Cell]]:
    """Rows of one length; the delimiter is the one that gives the most even columns."""
    text = decode(raw).replace("\0", "")
    first = text[:12].lower()
    if first.startswith("sep=") and "\n" in text:
        text = text.split("\n", 1)[1]
    if not _printable(text[:4096]):
        raise SheetError("unsupported", kind="binary")
    rows: list[list[Cell]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    csv.field_size_limit(2**20)
    try:
        for row in reader:
            rows.append([unguard(value) for value in row])
            if len(rows) % 10_000 == 0:
                refuse(len(rows), 1)
    except csv.Error as bad:
        raise SheetError("broken", detail=str(bad)) from bad
    width = max(map(len, rows), default=0)
    refuse(len(rows), width)
    for line in rows:
        line.extend([""] * (width - len(line)))
    return rows


def _printable(text: str) -> bool:
    odd = sum(1 for sign in text if sign < " " and sign not in "\t\r\n\f\v")
    return odd * 50 <= len(text)


def _delimiter(text: str) -> str:
    lines = [line for line in text[:65536].splitlines()[:50] if line.strip()]
    best, delimiter = 0.0, "，" if lines and all("，" in line for line in lines) else ","
    for sign in _DELIMITERS:
        counts = sorted(line.count(sign) for line in lines)
        if counts and counts[-1]:
            usual = counts[len(counts) // 2]
            score = sum(1 for n in counts if n == usual) * min(usual, 20) + counts[-1] / 1000
            if score > best:
                best, delimiter = score, sign
    return delimiter


class _Tables(HTMLParser):
    """Collects the innermost tables; rowspan and colspan repeat the value."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[Cell]]] = []
        self._text: list[str] | None = None
        self._span = (1, 1)
        self._pending: dict[tuple[int, int], str] = {}
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._close()
            self.tables.append([])
            self._pending = {}
        elif tag == "tr" and self.tables:
            self._close()
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables:
            self._close()
            if not self.tables[-1]:
                self.tables[-1].append([])
            found = dict(attrs)
            self._span = (_small(found.get("rowspan")), _small(found.get("colspan")))
            self._text = []
        elif tag in ("br", "p", "div") and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._close()
        if tag == "tr" and self.tables and self.tables[-1]:
            self._fill(self.tables[-1][-1], len(self.tables[-1]) - 1)

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _close(self) -> None:
        if self._text is None:
            return
        value, self._text = unguard(tidy_lines("".join(self._text))), None
        rows = self.tables[-1]
        row, number = rows[-1], len(rows) - 1
        self._fill(row, number)
        for _ in range(self._span[1]):
            for below in range(1, self._span[0]):
                self._pending[number + below, len(row)] = value
            row.append(value)
        self._cells += self._span[0] * self._span[1]
        if self._cells > MAX_CELLS:
            raise SheetError("too_many_cells", rows=number, columns=len(row), limit=MAX_CELLS)

    def _fill(self, row: list[Cell], number: int) -> None:
        while (number, len(row)) in self._pending:
            row.append(self._pending.pop((number, len(row))))


def _small(text: str | None) -> int:
    return min(max(int(text), 1), 1000) if text and text.isdigit() else 1


def read_html(raw: bytes) -> list[list[list[Cell]]]:
    """The tables of a web page (many systems export html under the name .xls)."""
    parser = _Tables()
    parser.feed(decode(raw))
    parser.close()
    parser._close()
    for rows in parser.tables:
        width = max(map(len, rows), default=0)
        refuse(len(rows), width)
        for row in rows:
            row.extend([""] * (width - len(row)))
    return [rows for rows in parser.tables if rows]

"""One cell: its text, tidy text, half-width text, and our own guard against formulas (T-17)."""

from __future__ import annotations

import datetime as dt
import re

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta
"""A cell's value; the empty string is an empty cell. datetime is naive, as the sheet holds it."""

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_INVISIBLE = re.compile("[\u200b\u200c\u200e\u200f\u2060\ufeff\u00ad\x00]+")
_SPACES = re.compile(r"[ \t\u00a0\u2002-\u200a\u3000\r\f\v]+")
_LINES = re.compile(r" ?\n[ \n]*")
_UNTIDY = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff\x00]|_x000")
_ESCAPE = re.compile(r"_x000[dD]_\n?")
_DANGEROUS = re.compile(r"'*[\s\ufeff]*[=+\-@\t\r\x00＝＋－＠]")
EXACT_BELOW = 1e15
"""Numbers from here on lose digits in a spreadsheet."""


def text_of(value: Cell | None) -> str:
    """The text a clerk would read in the cell: 188006.0 → '188006', dates as 2026-11-03 07:11."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e21 else f"{value:.15g}"
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
    return str(value)


def tidy(value: Cell | None) -> str:
    """One line: invisible characters gone, runs of any space and line breaks one space, trimmed."""
    text = value if isinstance(value, str) else text_of(value)
    if not _UNTIDY.search(text):
        return text
    return _LINES.sub(" ", _tidied(text)).strip()


def tidy_lines(value: Cell | None) -> str:
    """Like tidy, but keeps line breaks (one each) between lines that hold something."""
    text = value if isinstance(value, str) else text_of(value)
    if not _UNTIDY.search(text):
        return text
    return _LINES.sub("\n", _tidied(text)).strip()


def _tidied(text: str) -> str:
    if "_x000" in text:
        text = _ESCAPE.sub("\n", text)
    return _SPACES.sub(" ", _INVISIBLE.sub("", text))


def half_width(text: str) -> str:
    """Full-width digits, letters, brackets and signs made half-width, for parsing only."""
    return text.translate(_WIDE)


def is_blank(value: Cell | None) -> bool:
    """Whether the cell shows nothing."""
    if not isinstance(value, str):
        return value is None
    if not value or value[0].isalnum():
        return not value
    text = value.strip()
    return not text or (not text[0].isalnum() and not tidy(text))


def guard(text: str) -> str:
    """The text as our CSV writes it: prefixed by ' where a spreadsheet might run it (T-17)."""
    return "'" + text if _DANGEROUS.match(text) else text


def unguard(text: str) -> str:
    """The inverse of guard: strips our own prefix and nothing else."""
    return text[1:] if text[:1] == "'" and _DANGEROUS.match(text[1:]) else text

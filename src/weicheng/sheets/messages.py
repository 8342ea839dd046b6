"""Tables of residents' messages (留言, 12345 工单) → rows with clean text and original times."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .cells import Cell, is_blank, text_of, tidy, tidy_lines
from .dates import Moment, read_moment
from .headers import Layout, Record, recognise, records
from .names import read_phones
from .vocabulary import MESSAGES
from .workbook import Table

_BETWEEN = re.compile(r"(?<=[，。！？、；：”“（）]) +(?=[㐀-鿿])")
_SHORT = 30


@dataclass(frozen=True)
class CitizenMessage:
    """One message. `at` is None only if the time cannot be read; its cell is then in `at_raw`.

    `problems`: codes of what is wrong ('at_unreadable', 'at_missing', 'text_missing',
    'id_missing'); a message is kept whatever they are. `row` counts from 1.
    """

    row: int
    external_id: str
    author: str
    title: str
    text: str
    at: Moment | None
    at_raw: str
    phone: str
    place: str
    extra: Mapping[str, str] = field(default_factory=dict)
    """Every other column by its field (town, category, likes …) or, if unknown, its name."""
    problems: tuple[str, ...] = ()


def clean_text(value: Cell | None) -> str:
    """A message's text: lines without indents, tabs and empty lines; spaces after Chinese
    punctuation, which only a web page put there, are dropped."""
    return _BETWEEN.sub("", tidy_lines(value)) if value else ""


def read_messages(
    table: Table, *, today: dt.date, tz: dt.tzinfo, layout: Layout | None = None
) -> Iterator[CitizenMessage]:
    """Every message of the table, none left out. Raises SheetError no_header."""
    layout = layout or recognise(table, MESSAGES)
    unknown = layout.unknown
    for record in records(table, layout):
        if record.values:
            yield _message(record, table, unknown, today, tz)


_OWN = frozenset({"external_id", "author", "title", "text", "at", "phone", "place"})


def _message(
    record: Record, table: Table, unknown: Mapping[int, str], today: dt.date, tz: dt.tzinfo
) -> CitizenMessage:
    at_cell = record.get("at")
    at = read_moment(at_cell, today=today, tz=tz)
    text, title = clean_text(record.get("text")), record.text("title")
    problems = []
    if at is None:
        problems.append("at_missing" if is_blank(at_cell) else "at_unreadable")
    if not text and not title:
        problems.append("text_missing")
    identity = record.text("external_id")
    if not identity:
        problems.append("id_missing")
    extra = {name: tidy(v) for name, v in record.values.items() if name not in _OWN}
    for column, label in unknown.items():
        value = table.filled(record.rows[0], column)
        if not is_blank(value):
            extra[label] = tidy(value)
    return CitizenMessage(
        row=record.rows[0] + 1,
        external_id=identity,
        author=record.text("author"),
        title=title or _first_words(text),
        text=text or title,
        at=at,
        at_raw=text_of(at_cell),
        phone=(read_phones(record.get("phone")) or [""])[0],
        place=record.text("place"),
        extra=extra,
        problems=tuple(problems),
    )


def _first_words(text: str) -> str:
    """A title for a message that has none: its first clause."""
    first = re.split(r"[。！？!?\n]", text, maxsplit=1)[0]
    return first if len(first) <= _SHORT else first[: _SHORT - 1] + "…"

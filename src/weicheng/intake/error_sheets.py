"""The rows that could not be taken, sent back as a spreadsheet with the reason of each."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from weicheng.intake.sentences import sentence

if TYPE_CHECKING:
    from weicheng.intake.gist import Note
    from weicheng.sheets.workbook import Table

WIDEST = 40
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def error_sheet(table: Table, notes: list[Note], *, kind: str, labels: list[str]) -> bytes:
    """An xlsx: which row, why, and the row's own cells under their heads."""
    why: dict[int, list[str]] = {}
    for note in notes:
        why.setdefault(note.row, []).append(sentence(note.code, note.params, kind=kind))
    rows: list[list[Any]] = [
        [number, _("；").join(reasons), *_cells(table, number)]
        for number, reasons in sorted(why.items())
    ]
    return written(_("没有导入的行"), [_("第几行"), _("为什么"), *labels], rows)


def _cells(table: Table, number: int) -> list[Any]:
    if not 0 < number <= len(table.rows):
        return []
    return [table.filled(number - 1, column) for column in range(table.width)]


def written(name: str, head: list[str], rows: list[list[Any]]) -> bytes:
    """One sheet with a bold, frozen head; texts stay texts, so no cell can become a formula."""
    import xlsxwriter  # large, and seldom needed

    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True, "bg_color": "#EAF2FB", "border": 1, "text_wrap": True})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
    looks = (plain, day)
    for column, title in enumerate(head):
        longest = max([len(title), *(len(str(r[column])) for r in rows[:50] if column < len(r))])
        sheet.set_column(column, column, min(max(10, 2 * longest), WIDEST))
        sheet.write_string(0, column, title, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write(sheet, (number, column), value, looks)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _write(sheet: Any, at: tuple[int, int], value: Any, looks: tuple[Any, Any]) -> None:
    (row, column), (plain, day) = at, looks
    if isinstance(value, datetime | date):
        moment = value.replace(tzinfo=None) if isinstance(value, datetime) else value
        sheet.write_datetime(row, column, moment, day)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value, plain)
    elif value not in ("", None):
        text = str(value)
        guarded = f"'{text}" if text.startswith(DANGEROUS) else text
        sheet.write_string(row, column, guarded, plain)

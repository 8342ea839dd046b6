"""Which column is which field: recognised, corrected by the office, and remembered by its head."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as Columns
from typing import TYPE_CHECKING, Any

from weicheng.intake.models import Mapping
from weicheng.sheets.cells import is_blank, tidy
from weicheng.sheets.errors import SheetError
from weicheng.sheets.headers import SEARCHED, Layout, recognise
from weicheng.sheets.vocabulary import VOCABULARIES, plain

if TYPE_CHECKING:
    from weicheng.sheets.workbook import Table

VOCABULARY = {v.kind: v for v in VOCABULARIES}
SAMPLES = 2
SAMPLE_LENGTH = 24


def layout_of(table: Table, kind: str, columns: Columns[str, str] | None = None) -> Layout:
    """The layout of a table as this kind; ``columns`` (label → field) is what somebody corrected.

    Without a correction the remembered one counts. Raises SheetError no_header.
    """
    if columns is None:
        columns = recalled(kind, labels_of(table, kind))
    return recognise(table, VOCABULARY[kind], columns)


def labels_of(table: Table, kind: str) -> list[str]:
    """The names over the columns; a guess at the head's row when it is not recognised."""
    try:
        return recognise(table, VOCABULARY[kind]).labels
    except (SheetError, KeyError):
        return [tidy(v) for v in table.rows[_likely_head(table)]]


def _likely_head(table: Table) -> int:
    """The first of the rows with the most short texts near the top."""
    best, most = 0, 0
    for number, row in enumerate(table.rows[:SEARCHED]):
        names = len({v for v in row if isinstance(v, str) and 0 < len(tidy(v)) <= 16})
        if names > most:
            best, most = number, names
    return best


def signature(labels: list[str]) -> str:
    """Equal for tables whose columns bear the same names in the same order."""
    return hashlib.sha256("|".join(plain(label) for label in labels).encode()).hexdigest()


def recalled(kind: str, labels: list[str]) -> dict[str, str]:
    """What an office corrected before on a head of the same wording."""
    row = Mapping.objects.filter(kind=kind, signature=signature(labels)).first()
    return dict(row.columns) if row else {}


def remember(kind: str, labels: list[str], columns: dict[str, str]) -> None:
    """Keep a correction for the next table with the same head."""
    Mapping.objects.update_or_create(
        kind=kind, signature=signature(labels), defaults={"columns": columns}
    )


def described(table: Table, kind: str, layout: Layout | None) -> list[dict[str, Any]]:
    """Each named column: its label, the field it is read as ('' for none), some of its cells."""
    labels = layout.labels if layout else labels_of(table, kind)
    first = layout.first_row if layout else _likely_head(table) + 1
    field_of = {column: name for name, column in layout.columns.items()} if layout else {}
    found = []
    for column, label in enumerate(labels):
        if label:
            cells = (
                table.cell(row, column) for row in range(first, min(first + 30, len(table.rows)))
            )
            shown = list(dict.fromkeys(tidy(v)[:SAMPLE_LENGTH] for v in cells if not is_blank(v)))
            found.append(
                {"label": label, "field": field_of.get(column, ""), "sample": shown[:SAMPLES]}
            )
    return found

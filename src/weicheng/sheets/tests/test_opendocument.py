"""Tables of LibreOffice (ods) are read like Excel's, and measured before they are laid out."""

from __future__ import annotations

import pytest

from weicheng.sheets.errors import SheetError
from weicheng.sheets.workbook import read_tables

from . import makers

ROWS: list[list[str | float]] = [
    ["序号", "地点", "问题"],
    [1, "人民路", "垃圾桶满溢"],
    [2, "", "路面破损"],
]
FULL = makers.ods_cell("x")


def row(cells: str, times: int = 1) -> str:
    """A row of the file, said to be there so many times."""
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


def refusal(raw: bytes) -> str:
    """The code with which the file is refused."""
    with pytest.raises(SheetError) as refused:
        read_tables(raw, "表.ods")
    return refused.value.code


def test_cells_are_read_where_they_stand() -> None:
    [table] = read_tables(makers.ods([["", "", ""], *ROWS]), "表.ods")
    assert table.sheet == "表"
    assert table.rows == [["", "", ""], *ROWS]


def test_a_merged_cell_fills_what_it_covers() -> None:
    span = 'table:number-rows-spanned="2" table:number-columns-spanned="1"'
    covered = row(makers.ods_cell("红叶镇", span) + makers.ods_cell("甲"))
    covered += row("<table:covered-table-cell/>" + makers.ods_cell("乙"))
    [table] = read_tables(makers.ods(ROWS, also=covered), "表.ods")
    assert table.filled(4, 0) == "红叶镇"
    assert table.cell(4, 1) == "乙"


def test_empty_rows_down_to_the_last_one_do_not_count() -> None:
    blank = row('<table:table-cell table:number-columns-repeated="16384"/>', 1_048_570)
    assert read_tables(makers.ods(ROWS, also=blank), "表.ods")[0].rows == ROWS


def test_a_row_repeated_too_often_is_refused_before_it_is_laid_out() -> None:
    assert len(read_tables(makers.ods(ROWS, also=row(FULL, 90)), "表.ods")[0].rows) == 93
    assert refusal(makers.ods(ROWS, also=row(FULL, 1_000_000))) == "too_many_rows"


def test_a_far_cell_after_empty_ones_is_refused() -> None:
    gap = '<table:table-cell table:number-columns-repeated="16000"/>'
    assert refusal(makers.ods(ROWS, also=row("", 2_000) + row(gap + FULL))) == "too_many_cells"


def test_a_long_text_repeated_is_a_bomb() -> None:
    long = makers.ods_cell("甲" * 10_000)
    assert refusal(makers.ods(ROWS, also=row(long, 30_000))) == "bomb"


def test_a_merged_range_without_end_is_a_bomb() -> None:
    span = 'table:number-rows-spanned="60000" table:number-columns-spanned="16384"'
    assert refusal(makers.ods(ROWS, also=row(makers.ods_cell("x", span)))) == "bomb"


def test_a_repeat_that_is_no_number_is_broken() -> None:
    odd = makers.ods_cell("x", 'table:number-columns-repeated="-5"')
    assert refusal(makers.ods(ROWS, also=row(odd))) == "broken"


def test_a_locked_file_and_declared_entities_are_refused() -> None:
    assert refusal(makers.ods(ROWS, manifest="<manifest:encryption-data/>")) == "password"
    raw = makers.ods(ROWS)
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'
    assert refusal(makers.repacked(raw, {"content.xml": laughs})) == "entities"
    assert refusal(raw[: len(raw) // 2]) == "broken"

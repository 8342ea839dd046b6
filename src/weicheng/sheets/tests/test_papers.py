"""Tables of Word papers in the shapes that Word and WPS give them; hostile papers are refused."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from weicheng.sheets.errors import SheetError
from weicheng.sheets.tests import makers
from weicheng.sheets.workbook import Table, read_tables


def saved(paper: Any) -> list[Table]:
    stream = io.BytesIO()
    paper.save(stream)
    return read_tables(stream.getvalue(), "分工.docx")


def test_a_cell_over_two_columns_keeps_the_columns_behind_it() -> None:
    paper = docx.Document()
    grid = paper.add_table(2, 3)
    grid.cell(0, 0).merge(grid.cell(0, 1)).text = "任务"
    grid.cell(0, 2).text = "单位"
    for column, words in enumerate(("一", "栏", "甲局")):
        grid.cell(1, column).text = words
    (table,) = saved(paper)
    assert table.rows == [["任务", "", "单位"], ["一", "栏", "甲局"]]
    assert table.filled(0, 1) == "任务"


def test_a_table_inside_a_cell_is_left_out() -> None:
    paper = docx.Document()
    grid = paper.add_table(1, 2)
    grid.cell(0, 0).text = "外面"
    inner = grid.cell(0, 0).add_table(2, 2)
    inner.cell(0, 0).text = "里面"
    grid.cell(0, 1).text = "甲局"
    (table,) = saved(paper)
    assert [[str(v).strip() for v in row] for row in table.rows] == [["外面", "甲局"]]


def test_a_row_that_begins_further_right_stays_under_its_columns() -> None:
    paper = docx.Document()
    grid = paper.add_table(2, 3)
    for column, words in enumerate(("类别", "任务", "单位")):
        grid.cell(0, column).text = words
        grid.cell(1, column).text = words
    line = grid.rows[1]._tr
    line.remove(line.tc_lst[0])
    before = OxmlElement("w:gridBefore")
    before.set(qn("w:val"), "1")
    line.get_or_add_trPr().append(before)
    (table,) = saved(paper)
    assert table.rows[1] == ["", "任务", "单位"]


def test_rows_inside_a_content_control_are_rows() -> None:
    paper = docx.Document()
    grid = paper.add_table(2, 1)
    grid.cell(0, 0).text, grid.cell(1, 0).text = "头", "甲局"
    row = grid.rows[1]._tr
    holder, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    row.addprevious(holder)
    content.append(row)
    holder.append(content)
    (table,) = saved(paper)
    assert [row[0] for row in table.rows] == ["头", "甲局"]


def test_every_table_of_a_paper_is_found() -> None:
    paper = docx.Document()
    for words in ("甲", "乙"):
        paper.add_paragraph("说明")
        paper.add_table(1, 1).cell(0, 0).text = words
    assert [(t.sheet, t.rows) for t in saved(paper)] == [("1", [["甲"]]), ("2", [["乙"]])]


def test_a_paper_that_declares_entities_is_refused() -> None:
    raw = makers.docx([["甲", "乙"]])

    def poisoned(xml: bytes) -> bytes:
        return xml.replace(b"<w:document", b'<!DOCTYPE a [<!ENTITY b "c">]><w:document', 1)

    with pytest.raises(SheetError) as refused:
        read_tables(makers.repacked(raw, {"word/document.xml": poisoned}), "分工.docx")
    assert refused.value.code == "entities"


def test_a_paper_that_would_unpack_too_large_is_refused() -> None:
    raw = makers.docx([["甲", "乙"]])
    huge = b" " * (60 * 2**20)
    with pytest.raises(SheetError) as refused:
        read_tables(makers.repacked(raw, {"word/extra.xml": huge}), "分工.docx")
    assert refused.value.code == "bomb"

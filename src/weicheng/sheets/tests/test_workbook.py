"""Files as offices have them, and files that wish us ill."""
# ruff: noqa: DTZ001  (a sheet's own datetimes are naive)

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weicheng.sheets.cells import guard, is_blank, text_of, tidy, tidy_lines, unguard
from weicheng.sheets.errors import SheetError
from weicheng.sheets.workbook import read_tables

from . import makers

ROWS = [["序号", "存在问题"], [1, "垃圾桶满溢"], [2, "小广告"]]


def refusal(raw: bytes, name: str = "表.xlsx") -> str:
    with pytest.raises(SheetError) as caught:
        for table in read_tables(raw, name):
            assert table.pictures is not None
    return caught.value.code


def test_cells_come_as_they_stand_in_the_sheet() -> None:
    when = dt.datetime(2026, 11, 3, 7, 11)
    raw = makers.xlsx([["文字", 188006, 3.5, True, dt.date(2026, 11, 2)], ["", "", "下一行"]])
    table = read_tables(raw, "a.xlsx")[0]
    assert table.rows[0] == ["文字", 188006.0, 3.5, True, dt.date(2026, 11, 2)]
    assert table.rows[1] == ["", "", "下一行", "", ""]
    assert [text_of(v) for v in table.rows[0][:3]] == ["文字", "188006", "3.5"]
    assert text_of(when) == "2026-11-03 07:11"


def test_rows_count_from_the_first_even_if_it_is_blank() -> None:
    table = makers.table([[], [], ["", "乙"]])
    assert table.rows == [["", ""], ["", ""], ["", "乙"]]


def test_merged_ranges_expand_on_demand_only() -> None:
    table = makers.table([["镇", "社区"], ["红叶镇", "甲"], ["", "乙"]], merges=["A2:A3"])
    assert table.rows[2][0] == ""
    assert table.filled(2, 0) == "红叶镇"
    assert table.expanded()[2] == ["红叶镇", "乙"]
    assert table.merged(2, 0) == (1, 0)
    assert table.merged(2, 1) is None


def test_every_sheet_is_read_and_hidden_ones_come_last() -> None:
    def more(book: Any, sheet: Any) -> None:
        sheet.hide()
        second = book.add_worksheet("第二张")
        second.write(0, 0, "乙")
        second.activate()
        second.set_first_sheet()
        book.add_worksheet("空的")

    tables = read_tables(makers.xlsx([["甲"]], name="第一张", also=more), "a.xlsx")
    assert [(t.sheet, t.hidden) for t in tables] == [("第二张", False), ("第一张", True)]


def test_trailing_blank_rows_are_cut() -> None:
    table = makers.table([*ROWS, ["", " "], ["", "\u3000"]])
    assert len(table.rows) == 3


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "big5"]
)
def test_csv_is_read_in_any_usual_encoding(encoding: str) -> None:
    text = (
        "編號,內容\r\n1,道路破損\r\n" if encoding == "big5" else "序号,问题\r\n1,“蜘蛛网”，很乱\r\n"
    )
    table = read_tables(text.encode(encoding), "台账.csv")[0]
    if encoding != "big5":
        assert table.rows == [["序号", "问题"], ["1", "“蜘蛛网”，很乱"]]
    assert table.width == 2


@pytest.mark.parametrize("sign", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(sign: str) -> None:
    text = "\n".join(
        sign.join(row)
        for row in [["序号", "问题", "时限"], ["1", "甲,乙" if sign == "\t" else "甲", "3天"]]
    )
    assert read_tables(text.encode(), "a.txt")[0].width == 3


def test_quoted_line_breaks_in_csv_stay_in_their_cell() -> None:
    table = read_tables('编号,内容\n1,"第一行\n第二行"\n'.encode(), "a.csv")[0]
    assert table.rows[1] == ["1", "第一行\n第二行"]


def test_html_under_the_name_xls_is_a_table() -> None:
    page = (
        "<html><table><tr><th rowspan=2>镇街</th><th colspan=2>问题</th></tr>"
        "<tr><td>甲</td><td>乙<br>丙</td></tr></table></html>"
    )
    table = read_tables(page.encode("gb18030"), "导出.xls")[0]
    assert table.rows == [["镇街", "问题", "问题"], ["镇街", "甲", "乙\n丙"]]


def test_rowspan_in_the_last_column_reaches_the_row_below() -> None:
    page = "<table><tr><td>甲</td><td rowspan=2>乙</td></tr><tr><td>丙</td></tr></table>"
    assert read_tables(page.encode(), "a.xls")[0].rows == [["甲", "乙"], ["丙", "乙"]]


def test_old_xls_is_read() -> None:
    raw = makers.xls([["序号", "存在问题"], [1.0, "垃圾桶满溢"]])
    table = read_tables(raw, "台账.xls")[0]
    assert table.rows == [["序号", "存在问题"], [1.0, "垃圾桶满溢"]]


def test_a_table_in_a_word_paper_is_read_with_its_merged_cells() -> None:
    rows = [["镇街", "小区", "单位"], ["红叶镇", "甲小区", "区住建局"], ["", "乙小区", "区环卫局"]]
    table = read_tables(makers.docx(rows, merge_down=[(0, 1, 2)]), "分工.docx")[0]
    assert table.filled(2, 0) == "红叶镇"
    assert table.rows[2][1:] == ["乙小区", "区环卫局"]


def test_a_file_may_be_given_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "问题 台账.xlsx"
    path.write_bytes(makers.xlsx(ROWS))
    assert read_tables(path)[0].rows[2][1] == "小广告"
    assert read_tables(str(path))[0].sheet == "Sheet1"


def test_our_own_guard_against_formulas_is_taken_off() -> None:
    table = read_tables(b"a,b\n'=1+1,'hello\n'-5,it's\n", "a.csv")[0]
    assert table.rows[1:] == [["=1+1", "'hello"], ["-5", "it's"]]


@given(st.text(alphabet=st.sampled_from("'=+-@＝＋－＠\t\r\0 　a甲1\"|"), max_size=8) | st.text())
def test_guarding_and_unguarding_gives_the_same_text(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).lstrip(" \u3000").startswith(("=", "+", "-", "@", "＝", "\t"))


@given(st.text())
def test_tidy_text_is_tidy_and_stays_so(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert once == once.strip() and "\n" not in once
    assert is_blank(text) == (once == "")
    assert tidy_lines(tidy_lines(text)) == tidy_lines(text)


@given(
    st.lists(
        st.lists(
            st.text(alphabet="甲乙丙ab1，。 ", min_size=1, max_size=6), min_size=3, max_size=3
        ),
        min_size=2,
        max_size=12,
    )
)
def test_csv_rows_survive_every_encoding(rows: list[list[str]]) -> None:
    import csv

    stream = io.StringIO()
    csv.writer(stream).writerows([["序号", "问题", "时限"], *rows])
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        read = read_tables(stream.getvalue().encode(encoding), "a.csv")[0]
        filled = [row for row in rows if any(map(str.strip, row))]
        assert [row for row in read.rows[1:] if any(map(tidy, row))] == filled


# ── files that wish us ill ──────────────────────────────────────────────────────────────────────


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == "empty"
    assert refusal(makers.xlsx([])) == "empty"


def test_a_broken_workbook_is_refused() -> None:
    raw = makers.xlsx(ROWS)
    assert refusal(raw[: len(raw) // 2]) == "broken"
    assert refusal(b"PK\x03\x04 not a zip") == "broken"


def test_other_archives_and_pictures_are_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "x")
    assert refusal(stream.getvalue()) == "unsupported"
    assert refusal(makers.picture().getvalue(), "a.xlsx") in ("unsupported", "encoding")


def test_more_than_a_thousand_members_are_refused() -> None:
    extra = {f"xl/media/{n}.bin": b"x" for n in range(1001)}
    assert refusal(makers.repacked(makers.xlsx(ROWS), extra)) == "bomb"


def test_a_member_packed_too_tightly_is_refused_before_unpacking() -> None:
    bomb = {"xl/media/big.xml": b"\0" * (11 * 2**20)}
    assert refusal(makers.repacked(makers.xlsx(ROWS), bomb)) == "bomb"


def test_more_than_two_hundred_megabytes_are_refused_by_the_directory_alone() -> None:
    stream = io.BytesIO(makers.xlsx(ROWS))
    raw = bytearray(stream.getvalue())
    at = raw.rfind(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<I", 201 * 2**20)
    assert refusal(bytes(raw)) == "bomb"


def test_a_member_that_lies_about_its_size_is_a_bomb() -> None:
    raw = makers.xlsx([["甲" * 50] for _ in range(200)])
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
        part = archive.read("xl/worksheets/sheet1.xml")[:100]
    real, lie = struct.pack("<I", size), struct.pack("<I", 100)
    crc = struct.pack("<I", zlib.crc32(part))
    forged = bytearray(raw.replace(real, lie))
    at = forged.rfind(b"xl/worksheets/sheet1.xml") - 46
    forged[at + 16 : at + 20] = crc
    assert refusal(bytes(forged)) == "bomb"


def test_declared_entities_are_refused() -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    raw = makers.xlsx(ROWS)
    assert refusal(makers.repacked(raw, {"xl/sharedStrings.xml": laughs})) == "entities"
    wide = laughs.decode().encode("utf-16")
    assert refusal(makers.repacked(raw, {"docProps/app.xml": wide})) == "entities"


def test_a_cell_at_the_far_end_is_refused_before_it_is_laid_out() -> None:
    def far(book: Any, sheet: Any) -> None:
        sheet.write(1_048_575, 16_383, "x")

    assert refusal(makers.xlsx(ROWS, also=far)) == "too_many_rows"

    def wide(book: Any, sheet: Any) -> None:
        sheet.write(50_000, 16_383, "x")

    assert refusal(makers.xlsx(ROWS, also=wide)) == "too_many_cells"


def test_styles_down_to_the_last_row_do_not_count() -> None:
    def styled(book: Any, sheet: Any) -> None:
        bold = book.add_format({"bold": True})
        for row in range(70_000, 70_050):
            sheet.write_blank(row, 3, None, bold)
        sheet.write_blank(1_048_575, 16_383, None, bold)

    assert len(read_tables(makers.xlsx(ROWS, also=styled), "a.xlsx")[0].rows) == 3


def test_sixty_thousand_rows_are_the_limit_of_a_file() -> None:
    text = "序号,问题\n" + "1,甲\n" * 60_000
    assert refusal(text.encode(), "a.csv") == "too_many_rows"
    assert len(read_tables(text[:-5].encode(), "a.csv")[0].rows) == 60_000


def test_an_encrypted_member_asks_for_the_password() -> None:
    raw = bytearray(makers.xlsx(ROWS))
    at = raw.find(b"PK\x01\x02")
    raw[at + 8] |= 1
    assert refusal(bytes(raw)) == "password"


@given(st.binary(max_size=400))
def test_any_bytes_give_tables_or_a_refusal(raw: bytes) -> None:
    for head in (b"", b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"), b"<table>"):
        try:
            tables = read_tables(head + raw, "a.xlsx")
        except SheetError:
            continue
        assert all(len(row) == table.width for table in tables for row in table.rows)

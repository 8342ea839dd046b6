"""Each picture belongs to the cell in which a clerk sees it."""

from __future__ import annotations

from typing import Any

import pytest

from weicheng.sheets.errors import SheetError
from weicheng.sheets.pictures import shows_picture
from weicheng.sheets.workbook import read_tables

from . import makers

RED, BLUE = makers.picture("red").getvalue(), makers.picture("blue").getvalue()


def placed(also: Any) -> dict[tuple[int, int], int]:
    rows = [["序号", "整改前", "整改后"], [1, "", ""], [2, "", ""], [3, "", ""]]
    table = read_tables(makers.xlsx(rows, also=also), "a.xlsx")[0]
    return {place: len(found) for place, found in table.pictures.items()}


def insert(sheet: Any, row: int, column: int, **options: Any) -> None:
    sheet.insert_image(row, column, "a.jpg", {"image_data": makers.picture("red"), **options})


def test_a_floating_picture_belongs_to_the_cell_that_holds_its_centre() -> None:
    def also(book: Any, sheet: Any) -> None:
        sheet.set_column(1, 2, 20)
        for row in (1, 2, 3):
            sheet.set_row(row, 80)
        insert(sheet, 1, 1, x_offset=5, y_offset=5)
        insert(sheet, 2, 2, x_offset=30, y_offset=30)
        blue = {"image_data": makers.picture("blue"), "x_offset": 10, "y_offset": 95}
        sheet.insert_image(1, 2, "b.jpg", blue)  # begins just above the border of row 3

    assert placed(also) == {(1, 1): 1, (2, 2): 2}


def test_a_picture_larger_than_its_cell_belongs_where_it_begins() -> None:
    def also(book: Any, sheet: Any) -> None:
        insert(sheet, 1, 1, x_scale=1, y_scale=4)

    assert placed(also) == {(1, 1): 1}


def test_several_pictures_in_one_cell_keep_their_order() -> None:
    def also(book: Any, sheet: Any) -> None:
        sheet.set_row(1, 120)
        sheet.set_column(1, 1, 40)
        second = {"image_data": makers.picture("blue"), "y_offset": 60}
        sheet.insert_image(1, 1, "b.jpg", second)
        insert(sheet, 1, 1)

    rows = [["序号", "照片"], [1, ""]]
    found = read_tables(makers.xlsx(rows, also=also), "a.xlsx")[0].pictures[1, 1]
    assert [picture.bytes for picture in found] == [RED, BLUE]
    assert {picture.extension for picture in found} <= {"jpg", "jpeg"}


def test_pictures_inside_cells_by_excel_are_found() -> None:
    def also(book: Any, sheet: Any) -> None:
        sheet.embed_image(1, 1, "a.jpg", {"image_data": makers.picture("red")})
        sheet.embed_image(3, 2, "b.jpg", {"image_data": makers.picture("blue")})

    rows = [["序号", "前", "后"], [1, "", ""], [2, "", ""], [3, "", ""]]
    pictures = read_tables(makers.xlsx(rows, also=also), "a.xlsx")[0].pictures
    assert {place: [p.bytes for p in found] for place, found in pictures.items()} == {
        (1, 1): [RED],
        (3, 2): [BLUE],
    }


def test_pictures_inside_cells_by_wps_are_found_and_their_formula_is_no_text() -> None:
    rows = [["序号", "整改前照片", "整改后照片"], [1, "ID_A1", "ID_B2"], [2, "ID_A1", ""]]
    table = read_tables(makers.wps(rows, {"ID_A1": RED, "ID_B2": BLUE}), "a.xlsx")[0]
    assert [p.bytes for p in table.pictures[1, 1]] == [RED]
    assert [p.bytes for p in table.pictures[1, 2]] == [BLUE]
    assert [p.bytes for p in table.pictures[2, 1]] == [RED]
    assert table.rows[1][1:] == ["", ""]


def test_the_formula_of_wps_is_known_in_its_shapes() -> None:
    assert shows_picture('=DISPIMG("ID_AB",1)')
    assert shows_picture('=_xlfn.DISPIMG("ID_AB",1)')
    assert not shows_picture("他写了 DISPIMG 三个字")


def test_a_row_with_nothing_but_a_picture_is_kept() -> None:
    def also(book: Any, sheet: Any) -> None:
        insert(sheet, 4, 1)

    table = read_tables(
        makers.xlsx([["序号", "照片"], [1, "甲"], [], [], []], also=also), "a.xlsx"
    )[0]
    assert (4, 1) in table.pictures


def test_a_missing_or_outside_picture_is_no_error() -> None:
    rows = [["序号", "照片"], [1, "ID_X"]]
    raw = makers.repacked(makers.wps(rows, {"ID_OTHER": RED}), {})
    assert not read_tables(raw, "a.xlsx")[0].pictures


def test_a_huge_picture_is_refused_only_when_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weicheng.sheets.pictures.MAX_PICTURE", 100)
    table = read_tables(makers.wps([["a", "b"], [1, "ID_A"]], {"ID_A": RED}), "a.xlsx")[0]
    with pytest.raises(SheetError) as caught:
        assert table.pictures[1, 1][0].bytes
    assert caught.value.code == "too_large"

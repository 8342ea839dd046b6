"""Ledgers: typed rows, raw values, and every doubtful cell by name."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weicheng.sheets.ledgers import LedgerRow, read_ledger, read_status
from weicheng.sheets.workbook import read_tables

from . import makers
from .makers import TODAY, TZ

HEAD = [
    "序号",
    "检查时间",
    "点位（地址）",
    "存在问题",
    "数量",
    "整改前照片",
    "整改后照片",
    "责任单位",
    "整改时限",
    "整改情况",
    "销号时间",
    "备注",
]


def line(**cells: Any) -> list[Any]:
    usual = {
        "序号": 1,
        "检查时间": "11月2日",
        "点位（地址）": "石桥镇南门社区人民路",
        "存在问题": "垃圾桶满溢",
        "数量": "3处",
        "责任单位": "区环卫局",
        "整改时限": "11月5日前",
        "整改情况": "整改中",
    }
    usual.update(cells)
    return [usual.get(name, "") for name in HEAD]


def read(*lines: list[Any], head: list[str] | None = None, **options: Any) -> list[LedgerRow]:
    rows = makers.table([["问题台账（11月）"], head or HEAD, *lines])
    return list(read_ledger(rows, today=TODAY, tz=TZ, **options))


def errors(row: LedgerRow) -> list[str]:
    return [error.code for error in row.errors]


def test_a_row_is_typed_and_its_raw_cells_kept() -> None:
    row = read(line(整改情况="已整改", 销号时间=dt.date(2026, 11, 4)))[0]
    assert (row.town, row.community, row.place) == ("石桥镇", "南门社区", "人民路")
    assert row.found_at and row.found_at.value == dt.date(2026, 11, 2)
    assert (
        row.deadline and row.deadline.moment and row.deadline.moment.value == dt.date(2026, 11, 5)
    )
    assert row.quantity and (row.quantity.number, row.quantity.unit) == (Decimal(3), "处")
    assert (row.status, row.responsible, row.row) == ("done", ("区环卫局",), 3)
    assert row.raw["found_at"] == "11月2日" and row.place_raw == "石桥镇南门社区人民路"
    assert row.usable and not row.errors


def test_ids_as_floats_lose_their_point() -> None:
    head = ["问题编号", "存在问题", "责任单位"]
    rows = read(
        [188006.0, "垃圾", "区环卫局"],
        ["HY-1", "垃圾", "区环卫局"],
        [188006, "另一处", "区环卫局"],
        head=head,
    )
    assert [row.external_id for row in rows] == ["188006", "HY-1", "188006"]
    assert errors(rows[2]) == ["id_repeated"] and rows[2].errors[0].params["first_row"] == 3


def test_ids_with_lost_digits_are_named() -> None:
    row = read(
        [1.2345678901234567e17, "垃圾", "区环卫局"], head=["工单号", "存在问题", "责任单位"]
    )[0]
    assert errors(row) == ["id_digits_lost"]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"检查时间": "上周的某天"}, "found_at_unreadable"),
        ({"检查时间": "2027-11-02"}, "found_at_future"),
        ({"检查时间": 11.2}, "found_at_doubtful"),
        ({"整改时限": "等通知"}, "deadline_unreadable"),
        ({"整改时限": "3"}, "deadline_doubtful"),
        ({"整改时限": "2026年10月1日"}, "deadline_before_found"),
        ({"数量": "好多"}, "quantity_unreadable"),
        ({"存在问题": "防护栏凸出39户", "数量": "9户"}, "quantity_differs"),
        ({"整改情况": "见附件"}, "status_unknown"),
        ({"整改情况": "已整改"}, "done_without_date"),
        ({"销号时间": "某日"}, "closed_at_unreadable"),
        ({"销号时间": "2026-11-01"}, "closed_before_found"),
    ],
)
def test_a_doubtful_cell_is_named_and_the_row_stays_usable(
    cells: dict[str, Any], code: str
) -> None:
    row = read(line(**cells))[0]
    assert code in errors(row)
    assert row.usable
    assert all(error.column for error in row.errors)


def test_a_row_without_description_cannot_be_used() -> None:
    row = read(line(存在问题=""))[0]
    assert "description_missing" in errors(row) and not row.usable


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("已整改", "done"),
        ("已销号", "done"),
        ("完成", "done"),
        ("已整改到位", "done"),
        ("是", "done"),
        ("√", "done"),
        ("整改完毕", "done"),
        ("整改中", "run"),
        ("未整改", "run"),
        ("正在整改", "run"),
        ("部分完成", "run"),
        ("否", "run"),
        ("未完成", "run"),
        ("尚未完成", "run"),
        ("已派单", "run"),
        ("未销号", "run"),
        ("不合格", "run"),
        ("待整改", "new"),
        ("待派", "new"),
        ("待处理", "new"),
        ("已完成整改，待验收", "check"),
        ("待复核", "check"),
        ("长期坚持", "long"),
        ("", ""),
        ("/", ""),
        ("无", ""),
        ("见附件", None),
        ("已清理", "done"),
        ("已完成", "done"),
    ],
)
def test_words_of_status(text: str, status: str | None) -> None:
    assert read_status(text) == status


def test_a_closing_date_alone_means_done() -> None:
    assert read(line(整改情况="", 销号时间="2026-11-04"))[0].status == "done"
    assert read(line(整改情况=""))[0].status == ""


def test_a_quantity_may_stand_only_in_the_sentence() -> None:
    found = read(line(存在问题="防护栏凸出38户未拆除", 数量=""))[0].quantity
    assert found and (found.number, found.unit) == (Decimal(38), "户")


def test_days_in_the_column_name_make_a_bare_number_plain() -> None:
    head = ["序号", "检查时间", "存在问题", "责任单位", "整改时限（天）"]
    row = read([1, "11月2日", "垃圾", "区环卫局", 3], head=head)[0]
    assert row.deadline and row.deadline.span == dt.timedelta(days=3)
    assert not row.errors


def test_known_towns_help_to_split_a_place() -> None:
    place = {"点位（地址）": "凤凰办向阳 北巷12号"}
    row = read(line(**place), towns=("凤凰街道",), communities=("向阳社区",))[0]
    assert (row.town, row.community) == ("凤凰街道", "向阳社区") and "北巷12号" in row.place


def test_a_heading_gives_the_town_of_the_rows_below() -> None:
    head = ["序号", "点位", "存在问题", "责任单位", "整改时限"]
    body = [1, "人民路", "垃圾", "区环卫局", "3天"]
    rows = makers.table(
        [head, ["一、红叶镇（1处）"], body, ["二、石桥镇（1处）"], body], merges=["A2:E2", "A4:E4"]
    )
    assert [row.town for row in read_ledger(rows, today=TODAY, tz=TZ)] == ["红叶镇", "石桥镇"]


def test_several_units_leaders_and_phones() -> None:
    head = [
        "存在问题",
        "牵头单位",
        "责任单位",
        "配合单位",
        "包保领导",
        "责任人",
        "联系电话",
        "天气",
    ]
    row = read(
        [
            "垃圾",
            "区创卫办",
            "区环卫局、石桥镇",
            "区住建局\n区水务局",
            "马桂英（副区长）",
            "张三",
            13800000000.0,
            "晴",
        ],
        head=head,
    )[0]
    assert (row.lead, row.responsible, row.supporting) == (
        ("区创卫办",),
        ("区环卫局", "石桥镇"),
        ("区住建局", "区水务局"),
    )
    assert (row.leader[0].title, row.contact[0].name, row.phone, row.extra) == (
        "副区长",
        "张三",
        "13800000000",
        {"天气": "晴"},
    )


def test_pictures_go_to_before_after_and_elsewhere() -> None:
    red, blue, green = (makers.picture(c).getvalue() for c in ("red", "blue", "green"))
    rows = [HEAD, line(整改前照片="ID_A", 整改后照片="ID_B", 备注="ID_C"), line(序号=2)]
    raw = makers.wps(rows, {"ID_A": red, "ID_B": blue, "ID_C": green})
    found = list(read_ledger(read_tables(raw, "a.xlsx")[0], today=TODAY, tz=TZ))
    assert [p.bytes for p in found[0].before] == [red]
    assert [p.bytes for p in found[0].after] == [blue]
    assert [p.bytes for p in found[0].other_pictures] == [green]
    assert not found[1].before


def test_a_picture_column_reaches_over_the_unnamed_columns_beside_it() -> None:
    red, blue = (makers.picture(c).getvalue() for c in ("red", "blue"))
    rows = [
        ["序号", "存在问题", "现场照片", "", "责任单位"],
        [1, "垃圾", "ID_A", "ID_B", "区环卫局"],
    ]
    raw = makers.wps(rows, {"ID_A": red, "ID_B": blue})
    row = next(read_ledger(read_tables(raw, "a.xlsx")[0], today=TODAY, tz=TZ))
    assert [p.bytes for p in row.before] == [red, blue]


def test_no_row_is_lost_in_a_large_ledger_and_it_is_fast() -> None:
    text = ",".join(HEAD) + "\n"
    usual = ",".join(str(cell) for cell in line())
    text += "\n".join(usual.replace("1,11月", f"{n},11月", 1) for n in range(1, 5001))
    rows = read_tables(text.encode(), "a.csv")[0]
    start = time.process_time()
    found = list(read_ledger(rows, today=TODAY, tz=TZ))
    assert [row.serial for row in found] == [str(n) for n in range(1, 5001)]
    assert time.process_time() - start < 4


@given(
    st.lists(
        st.text(max_size=12) | st.floats() | st.integers() | st.booleans(), min_size=12, max_size=12
    )
)
def test_no_cell_breaks_a_row(cells: list[Any]) -> None:
    from weicheng.sheets.workbook import Table

    table = Table("a", [list(HEAD), cells, line()])
    assert read_ledger(table, today=TODAY, tz=TZ) is not None
    found = list(read_ledger(table, today=TODAY, tz=TZ))
    assert found[-1].responsible == ("区环卫局",)

"""Duty sheets: nothing is lost, nothing is carried where it does not belong."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from weicheng.sheets.duties import DutySheet, read_duties

from .makers import table

HEAD = [
    "序号",
    "镇（街道）",
    "社区",
    "小区（巷道）",
    "包保领导",
    "包保单位",
    "联系人",
    "联系电话",
    "备注",
]


def line(number: int, town: str, place: str, unit: str = "区住建局", **more: str) -> list[Any]:
    contact, phone = more.get("contact", "张三"), more.get("phone", "13800000000")
    leader = more.get("leader", "马桂英（副区长）")
    return [number, town, more.get("community", "甲社区"), place, leader, unit, contact, phone, ""]


def read(rows: Any, merges: list[str] | None = None, name: str = "Sheet1") -> DutySheet:
    return read_duties(table(rows, merges=merges or [], name=name))


def codes(sheet: DutySheet) -> list[tuple[str, int]]:
    return [(notice.code, notice.row) for notice in sheet.notices]


def test_a_row_is_typed() -> None:
    row = read([["分工表"], HEAD, line(1, "红叶镇", "北巷")], ["A1:I1"]).rows[0]
    assert (row.town, row.community, row.place, row.unit) == (
        "红叶镇",
        "甲社区",
        "北巷",
        "区住建局",
    )
    assert (row.leader, row.leader_title, row.contact) == ("马桂英", "副区长", "张三")
    assert (row.phone, row.row, row.town_kind) == ("13800000000", 3, "town")


def test_merged_towns_reach_exactly_as_far_as_they_are_merged() -> None:
    rows = [
        HEAD,
        line(1, "红叶镇", "一巷"),
        line(2, "", "二巷"),
        line(3, "", "三巷"),
        line(4, "", "四巷"),
    ]
    sheet = read(rows, ["B2:B4"])
    assert [row.town for row in sheet.rows] == ["红叶镇", "红叶镇", "红叶镇", ""]
    assert codes(sheet) == [("town_missing", 5)]


def test_blank_rows_inside_a_merged_range_end_nothing() -> None:
    rows = [HEAD, line(1, "红叶镇", "一巷"), [], line(2, "", "二巷"), line(3, "石桥镇", "三巷")]
    sheet = read(rows, ["B2:B4"])
    assert [(row.town, row.row) for row in sheet.rows] == [
        ("红叶镇", 2),
        ("红叶镇", 4),
        ("石桥镇", 5),
    ]
    assert not sheet.notices


def test_blanks_below_a_town_without_merged_cells_are_carried_and_said() -> None:
    rows = [
        HEAD,
        line(1, "红叶镇", "一巷"),
        line(2, "", "二巷"),
        line(3, "", "三巷"),
        line(4, "石桥镇", "四巷"),
        line(5, "", "五巷"),
    ]
    sheet = read(rows)
    assert [row.town for row in sheet.rows] == ["红叶镇"] * 3 + ["石桥镇"] * 2
    assert sheet.notices[0].code == "carried" and sheet.notices[0].params == {
        "field": "town",
        "count": 3,
    }


def test_a_town_written_in_nearly_every_row_is_not_carried_into_a_gap() -> None:
    rows = [
        HEAD,
        line(1, "红叶镇", "一巷"),
        line(2, "红叶镇", "二巷"),
        line(3, "", "三巷"),
        line(4, "石桥镇", "四巷"),
    ]
    sheet = read(rows)
    assert sheet.rows[2].town == ""
    assert codes(sheet) == [("town_missing", 4)]


def test_carrying_stops_at_a_blank_row_unless_the_numbers_run_on() -> None:
    rows = [
        HEAD,
        line(1, "红叶镇", "一巷"),
        line(2, "", "二巷"),
        [],
        line(3, "", "三巷"),
        [],
        line(1, "", "四巷"),
        line(2, "石桥镇", "五巷"),
        line(3, "", "六巷"),
    ]
    sheet = read(rows)
    assert [row.town for row in sheet.rows] == ["红叶镇"] * 3 + ["", "石桥镇", "石桥镇"]
    assert ("carried_over_gap", 5) in codes(sheet)
    assert ("town_missing", 7) in codes(sheet)


def test_a_leader_is_not_carried_into_the_next_town() -> None:
    rows = [
        HEAD,
        line(1, "红叶镇", "一巷", leader="马桂英"),
        line(2, "", "二巷", leader=""),
        line(3, "石桥镇", "三巷", leader=""),
        line(4, "", "四巷", leader=""),
    ]
    sheet = read(rows)
    assert [row.leader for row in sheet.rows] == ["马桂英", "马桂英", "", ""]
    assert ("leader_missing", 4) in codes(sheet)


def test_a_missing_unit_is_named_and_the_row_kept() -> None:
    sheet = read(
        [HEAD, line(1, "红叶镇", "一巷"), line(2, "红叶镇", "二巷", "", contact="", phone="")]
    )
    assert len(sheet.rows) == 2 and sheet.rows[1].unit == ""
    assert codes(sheet) == [("unit_missing", 3)]


def test_dashes_and_words_for_none_are_gaps() -> None:
    sheet = read([HEAD, line(1, "红叶镇", "一巷", "待定", contact="—", phone="/")])
    assert codes(sheet) == [("unit_missing", 2)]


def test_a_place_with_two_units_is_kept_twice() -> None:
    sheet = read([HEAD, line(1, "红叶镇", "一院", "区妇联"), line(2, "红叶镇", "一院", "区法院")])
    assert [row.unit for row in sheet.rows] == ["区妇联", "区法院"]
    assert codes(sheet) == [("repeated_place", 3)]
    assert sheet.notices[0].params == {"place": "一院", "first_row": 2}


def test_places_of_one_name_in_two_towns_are_no_repeat() -> None:
    assert not read([HEAD, line(1, "红叶镇", "一院"), line(2, "石桥镇", "一院")]).notices


def test_several_units_and_contacts_in_one_cell() -> None:
    rows = [
        HEAD,
        line(
            1,
            "红叶镇",
            "一院",
            "区妇联、区法院",
            contact="张三、李四",
            phone="13800000001/13800000002",
        ),
    ]
    row = read(rows).rows[0]
    assert row.units == ("区妇联", "区法院")
    assert [(c.name, c.phone) for c in row.contacts] == [
        ("张三", "13800000001"),
        ("李四", "13800000002"),
    ]


def test_a_phone_in_the_contacts_cell_and_phones_as_numbers() -> None:
    rows = [
        HEAD,
        line(1, "红叶镇", "一院", contact="张三 138-0000-0001", phone=""),
        line(2, "红叶镇", "二院"),
    ]
    rows[2][7] = 13397842651
    assert [row.phone for row in read(rows).rows] == ["13800000001", "13397842651"]


def test_an_unreadable_phone_is_named() -> None:
    sheet = read([HEAD, line(1, "红叶镇", "一院", phone="1380000")])
    assert [(n.code, n.params.get("phone")) for n in sheet.notices] in (
        [("phone_unreadable", "1380000")],
        [],
    )
    sheet = read([HEAD, line(1, "红叶镇", "一院", phone="138000000")])
    assert codes(sheet) == [("phone_unreadable", 2)]


def test_notes_at_the_foot_are_kept_apart() -> None:
    rows = [
        HEAD,
        line(1, "红叶镇", "一巷"),
        [],
        ["注：1.各包保单位主要负责人为第一责任人；"],
        ["2.名单如有变动及时报区创卫办。"],
    ]
    sheet = read(rows)
    assert len(sheet.rows) == 1
    assert [row for row, _ in sheet.notes] == [4, 5]


def test_the_town_may_stand_in_a_heading_the_sheet_name_or_the_title() -> None:
    head = ["序号", "小区", "包保单位", "联系人", "电话"]
    body = [1, "一院", "区妇联", "张三", "13800000000"]
    rows = [head, ["一、红叶镇"], body, ["二、凤凰街道办事处"], body]
    sheet = read(rows, ["A2:E2", "A4:E4"])
    assert [row.town for row in sheet.rows] == ["红叶镇", "凤凰街道"]
    assert [n.code for n in sheet.notices].count("heading") == 2
    assert read([head, body], name="红叶镇").rows[0].town == "红叶镇"
    assert read([["石桥镇包保小区分工表"], head, body], ["A1:E1"]).rows[0].town == "石桥镇"


def test_town_and_community_in_one_cell_or_before_the_place() -> None:
    rows = [["所属镇街社区", "小区", "包保单位"], ["红叶镇向阳社区", "北巷", "区妇联"]]
    row = read(rows).rows[0]
    assert (row.town, row.community, row.place) == ("红叶镇", "向阳社区", "北巷")
    row = read([["小区名称", "包联单位"], ["红叶镇向阳社区文化小区", "区妇联"]]).rows[0]
    assert (row.town, row.community, row.place) == ("红叶镇", "向阳社区", "文化小区")


def test_columns_in_any_order_and_unknown_ones_are_kept() -> None:
    rows = [["包保单位", "楼栋数目", "小区", "街道"], ["区妇联", 12, "一院", "东关街道"]]
    row = read(rows).rows[0]
    assert (row.unit, row.place, row.town, row.extra) == (
        "区妇联",
        "一院",
        "东关街道",
        {"楼栋数目": "12"},
    )
    assert row.town_kind == "street"


def test_a_unit_merged_over_its_compounds_counts_for_each() -> None:
    rows = [HEAD, line(1, "红叶镇", "一巷"), line(2, "红叶镇", "二巷", "", contact="", phone="")]
    sheet = read(rows, ["F2:F3", "G2:G3", "H2:H3"])
    assert [(row.unit, row.contact, row.phone) for row in sheet.rows] == [
        ("区住建局", "张三", "13800000000")
    ] * 2
    assert not sheet.notices


PLACES = st.lists(
    st.tuples(st.sampled_from(["红叶镇", "石桥镇", "东关街道"]), st.integers(1, 5)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, deadline=None)
@given(PLACES, st.booleans())
def test_every_line_comes_back_with_its_town(groups: list[tuple[str, int]], merged: bool) -> None:
    rows, merges, wanted = [HEAD], list[str](), list[str]()
    for town, count in groups:
        first = len(rows) + 1
        for n in range(count):
            rows.append(line(len(rows), town if n == 0 or not merged else "", f"{len(rows)}号院"))
            wanted.append(town)
        if merged and count > 1:
            merges.append(f"B{first}:B{first + count - 1}")
    rows += [[], ["注：名单如有变动及时报区创卫办。"]]
    sheet = read(rows, merges)
    assert [row.town for row in sheet.rows] == wanted
    assert len(sheet.notes) == 1

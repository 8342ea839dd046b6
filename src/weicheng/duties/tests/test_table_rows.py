"""Duty tables of several shapes become rows: merged cells, heads of two rows, notes at the foot."""

from __future__ import annotations

from typing import Any

import pytest

from weicheng.duties.tables.rows import TaskRow, task_rows
from weicheng.sheets.errors import SheetError
from weicheng.sheets.headers import guess_kind, recognise
from weicheng.sheets.tests.makers import docx, xlsx
from weicheng.sheets.vocabulary import DUTIES
from weicheng.sheets.workbook import Table, read_tables

HEAD = ["类别", "序号", "工作任务", "牵头领导", "责任分工", "完成时限"]
ROWS = [
    HEAD,
    ["健康教育", "1", "办好健康专栏", "李一", "区委宣传部牵头，区卫健局配合", "长期坚持"],
    ["健康教育", "2", "设宣传栏", "李一", "各社区", "12月20日前"],
]


def rows_of(table: Table) -> list[TaskRow]:
    return task_rows(table, recognise(table, DUTIES))


def in_word(rows: Any, **more: Any) -> list[TaskRow]:
    return rows_of(read_tables(docx(rows, **more), "分工.docx")[0])


def test_a_category_merged_downwards_counts_for_each_row() -> None:
    first, second = in_word(ROWS, merge_down=[(0, 1, 2)])
    assert (first.aspect, first.task, first.leaders) == ("健康教育", "办好健康专栏", ("李一",))
    assert (second.aspect, second.cells[0].words, second.due) == (
        "健康教育",
        "各社区",
        "12月20日前",
    )
    assert (first.row, second.row) == (2, 3)


def test_a_task_merged_over_two_rows_has_the_units_of_both() -> None:
    rows = [HEAD, ["", "1", "办好专栏", "", "区委宣传部", ""], ["", "", "", "", "区卫健局配合", ""]]
    found = in_word(rows, merge_down=[(2, 1, 2)])
    assert [(r.task, r.cells[0].words) for r in found] == [
        ("办好专栏", "区委宣传部"), ("办好专栏", "区卫健局配合"),
    ]  # fmt: skip


def test_a_cell_of_units_merged_over_two_tasks_counts_for_both() -> None:
    rows = [HEAD, ["", "1", "办好专栏", "", "区委宣传部", ""], ["", "2", "设宣传栏", "", "", ""]]
    assert [r.cells[0].words for r in in_word(rows, merge_down=[(4, 1, 2)])] == ["区委宣传部"] * 2


def test_same_as_above_is_what_stands_above() -> None:
    rows = [
        HEAD,
        ["", "1", "办好专栏", "李一", "区委宣传部", ""],
        ["", "2", "设栏", "", "同上", ""],
    ]
    assert [r.cells[0].words for r in in_word(rows)] == ["区委宣传部", "区委宣传部"]


def test_columns_of_their_own_say_the_part() -> None:
    head = ["指标", "牵头单位", "责任单位", "配合单位", "分管领导", "责任科室", "责任人", "时限"]
    row = [
        "无旱厕",
        "区城管局",
        "区环卫中心",
        "各镇街",
        "王二（副区长）",
        "公厕科",
        "赵三",
        "2026年底",
    ]
    (found,) = rows_of(read_tables(xlsx([head, row]), "分工.xlsx")[0])
    assert [(c.part, c.words) for c in found.cells] == [
        ("lead", "区城管局"), ("responsible", "区环卫中心"), ("support", "各镇街"),
    ]  # fmt: skip
    assert (found.leaders, found.section, found.people) == (("王二",), "公厕科", ("赵三",))


def test_a_head_of_two_rows_below_a_title_and_a_note_at_the_foot() -> None:
    rows = [
        ["凤鸣区任务分解表", "", "", ""],
        ["序号", "工作任务", "责任分工", ""],
        ["", "", "牵头单位", "配合单位"],
        [1, "办好专栏", "区委宣传部", "区卫健局"],
        ["注：各单位每月报一次进展。", "", "", ""],
    ]
    merges = ("A1:D1", "A2:A3", "B2:B3", "C2:D2", "A5:D5")
    table = read_tables(xlsx(rows, merges=merges), "分工.xlsx")[0]
    (found,) = rows_of(table)
    assert [(c.part, c.words) for c in found.cells] == [
        ("lead", "区委宣传部"), ("support", "区卫健局"),
    ]  # fmt: skip
    assert recognise(table, DUTIES).notes[0][1].startswith("注：")


def test_a_heading_between_the_rows_names_the_aspect() -> None:
    rows = [["序号", "工作任务", "责任单位", "完成时限"], ["一、市容环境", "", "", ""],
            ["1", "无旱厕", "区城管局", "长期"]]  # fmt: skip
    (found,) = rows_of(read_tables(xlsx(rows, merges=("A2:D2",)), "分工.xlsx")[0])
    assert (found.aspect, found.task) == ("一、市容环境", "无旱厕")


@pytest.mark.parametrize(
    "head",
    [
        HEAD, ["项目", "牵头单位", "配合单位"], ["内容", "责任单位", "责任人", "联系人"],
        ["指标", "责任单位", "配合单位", "完成时限"], ["序号", "考核指标", "责任分工"],
    ],
)  # fmt: skip
def test_a_duty_table_is_told_by_its_head(head: list[str]) -> None:
    row = ["甲"] * len(head)
    guessed = guess_kind(read_tables(xlsx([head, row]), "x.xlsx")[0])
    assert guessed is not None and guessed[0] == "duties"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (["序号", "镇街", "社区", "小区", "包保领导", "包保单位", "联系电话"], "duty"),
        (["编号", "检查时间", "点位", "存在问题", "责任单位", "整改时限", "整改情况"], "ledger"),
        (["序号", "存在问题", "对应标准", "责任单位", "整改要求", "整改时限"], "ledger"),
        (["姓名", "单位", "职务", "电话"], "people"),
    ],
)
def test_other_tables_stay_what_they_are(head: list[str], kind: str) -> None:
    guessed = guess_kind(read_tables(xlsx([head, ["甲"] * len(head)]), "x.xlsx")[0])
    assert guessed is not None and guessed[0] == kind


def test_a_table_without_tasks_says_what_it_lacks() -> None:
    table = read_tables(xlsx([["姓名", "单位"], ["张三", "区城管局"]]), "x.xlsx")[0]
    with pytest.raises(SheetError) as refused:
        recognise(table, DUTIES)
    assert refused.value.params["missing"] == ["task", "assignment"]

"""Column names in their many forms, and where the rows begin and end."""

from __future__ import annotations

import pytest

from weicheng.sheets.errors import SheetError
from weicheng.sheets.headers import guess_kind, recognise, records
from weicheng.sheets.vocabulary import (
    DUTY,
    LEDGER,
    MESSAGES,
    PEOPLE,
    PLACES,
    REGIONS,
    VOCABULARIES,
    plain,
)

from .makers import table

LEDGER_HEAD = [
    "序号",
    "检查时间",
    "点位（地址）",
    "存在问题",
    "数量",
    "责任单位",
    "整改时限",
    "整改情况",
    "备注",
]
LEDGER_ROW = [
    1,
    "11月2日",
    "石桥镇南门社区",
    "垃圾桶满溢",
    "3处",
    "区环卫局",
    "11月5日前",
    "已整改",
    "",
]


def columns(head: list[str], kind: str) -> dict[str, int]:
    vocabulary = next(v for v in VOCABULARIES if v.kind == kind)
    return recognise(table([head, ["甲"] * len(head)]), vocabulary).columns


def test_spaces_brackets_signs_and_full_width_do_not_matter() -> None:
    assert plain(" 整 改　时限（天）＊ ") == "整改时限"
    assert plain("镇（街道）") == "镇"
    assert plain("责任单位/部门：") == "责任单位部门"
    assert plain("（备注）") == "备注"


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (
            [
                "序号",
                "问题编号",
                "发现日期",
                "所属街道",
                "所属社区",
                "问题地点",
                "主要问题",
                "整改责任单位",
                "完成时限",
                "是否整改",
                "完成时间",
            ],
            (
                "serial external_id found_at town community place description responsible "
                "deadline status closed_at"
            ),
        ),
        (
            [
                "案卷号",
                "上报时间",
                "镇街",
                "案件类别",
                "具体位置",
                "问题描述",
                "现场照片",
                "处置照片",
                "处置单位",
                "处置时限",
                "办理状态",
            ],
            (
                "external_id found_at town kind place description before after responsible "
                "deadline status"
            ),
        ),
        (
            [
                "督查日期",
                "具体点位",
                "存在问题",
                "整改前图片",
                "整改后图片",
                "牵头单位",
                "责 任 单 位",
                "配合单位",
                "整改期限",
                "整改措施",
            ],
            "found_at place description before after lead responsible supporting deadline measure",
        ),
        (
            [
                "序号",
                "街道辖区",
                "点位名称",
                "督查发现问题",
                "承办单位",
                "包保领导",
                "包保单位",
                "责任人",
                "联系电话",
                "要求完成时间",
                "进展情况",
            ],
            (
                "serial town place description responsible leader sponsor contact phone "
                "deadline status"
            ),
        ),
        (
            [
                "序号",
                "来源",
                "对应标准（方面-条款）",
                "问题类别",
                "存在的问题",
                "整改要求",
                "整改时限（天）",
                "销号情况",
                "销号时间",
                "备注",
            ],
            "serial source standard kind description requirement deadline status closed_at remark",
        ),
    ],
)
def test_ledgers_under_other_names(head: list[str], wanted: str) -> None:
    assert columns(head, "ledger") == {name: n for n, name in enumerate(wanted.split())}
    guess = guess_kind(table([head, ["甲"] * len(head)]))
    assert guess is not None and guess[0] == "ledger"


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (
            ["序号", "镇街", "社区", "小区", "包联领导", "包联单位", "联络员", "手机"],
            "serial town community place leader unit contact phone",
        ),
        (
            ["包保单位", "包保小区", "所属社区", "所属街道", "责任人", "联系方式", "备注"],
            "unit place community town contact phone remark",
        ),
        (
            ["街道", "社区", "街巷名称", "区级领导", "电话", "包抓单位", "联系人", "联系电话"],
            "town community place leader leader_phone unit contact phone",
        ),
        (
            [
                "乡镇（街道）",
                "村（社区）",
                "院落",
                "县级领导",
                "职务",
                "责任单位",
                "单位负责人",
                "社区责任人",
            ],
            "town community place leader leader_title unit unit_leader territory",
        ),
        (
            [
                "序号",
                "小区名称",
                "地址",
                "户数",
                "物业公司",
                "挂包单位",
                "包保干部",
                "社区书记",
                "社区电话",
            ],
            "serial place address households manager unit contact territory territory_phone",
        ),
    ],
)
def test_duty_sheets_under_other_names(head: list[str], wanted: str) -> None:
    assert columns(head, "duty") == {name: n for n, name in enumerate(wanted.split())}
    guess = guess_kind(table([head, ["甲"] * len(head)]))
    assert guess is not None and guess[0] == "duty"


@pytest.mark.parametrize(
    ("head", "kind", "wanted"),
    [
        (
            ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数"],
            "messages",
            "external_id author title at text dislikes likes",
        ),
        (
            ["工单编号", "来电时间", "来电人", "来电号码", "诉求内容", "事发地址", "承办单位"],
            "messages",
            "external_id at author phone text place unit",
        ),
        (
            ["编号", "标题", "内容", "反映时间", "联系人", "联系电话", "诉求类型"],
            "messages",
            "external_id title text at author phone category",
        ),
        (
            ["点位名称", "点位类型", "镇街", "社区", "详细地址", "经度", "纬度", "是否建成区"],
            "places",
            "name type town community address longitude latitude built_up",
        ),
        (
            ["序号", "姓名", "工作单位", "职务", "手机号码", "原单位"],
            "people",
            "serial name unit title phone home_unit",
        ),
        (
            ["姓名", "抽调单位", "所在组", "联系电话", "分工"],
            "people",
            "name home_unit unit phone role",
        ),
        (
            ["行政区划代码", "名称", "级别", "上级区划", "首字母"],
            "regions",
            "code name level parent letters",
        ),
    ],
)
def test_other_kinds(head: list[str], kind: str, wanted: str) -> None:
    assert columns(head, kind) == {name: n for n, name in enumerate(wanted.split())}
    guess = guess_kind(table([head, ["甲"] * len(head)]))
    assert guess is not None and guess[0] == kind


def test_a_table_of_no_known_kind_is_not_guessed() -> None:
    assert guess_kind(table([["一级分类", "二级分类"], ["城乡建设", "安全生产"]])) is None
    assert guess_kind(table([["1", "2"], ["3", "4"]])) is None


def test_title_rows_above_the_head_are_passed_over() -> None:
    rows = [
        ["凤凰区创卫问题整改台账"],
        ["填报单位：区创卫办", "", "", "截止时间：11月20日"],
        LEDGER_HEAD,
        LEDGER_ROW,
    ]
    layout = recognise(table(rows, merges=["A1:I1"]), LEDGER)
    assert (layout.header_rows, layout.first_row, layout.last_row) == (range(2, 3), 3, 3)


def test_a_head_of_two_rows_with_merged_cells() -> None:
    head = [
        ["序号", "问题情况", "", "", "整改情况", "", "", "备注"],
        ["", "发现时间", "点位", "存在问题", "责任单位", "整改时限", "整改前照片", ""],
    ]
    rows = [*head, [1, "11月2日", "人民路", "垃圾", "区环卫局", "3天", "", ""]]
    layout = recognise(table(rows, merges=["A1:A2", "B1:D1", "E1:G1", "H1:H2"]), LEDGER)
    wanted = [
        "serial",
        "found_at",
        "place",
        "description",
        "responsible",
        "deadline",
        "before",
        "remark",
    ]
    assert layout.columns == {name: n for n, name in enumerate(wanted)}
    assert layout.first_row == 2


def test_a_head_of_two_rows_whose_lower_names_need_the_upper() -> None:
    head = [
        ["镇街", "小区", "包保领导", "", "包保单位", "", ""],
        ["", "", "姓名", "职务", "名称", "联系人", "电话"],
    ]
    rows = [*head, ["红叶镇", "甲小区", "马桂英", "副区长", "区住建局", "张三", "13800000000"]]
    for merges in (["A1:A2", "B1:B2", "C1:D1", "E1:G1"], []):
        layout = recognise(table(rows, merges=merges), DUTY)
        wanted = ["town", "place", "leader", "leader_title", "unit", "contact", "phone"]
        assert layout.columns == {name: n for n, name in enumerate(wanted)}, merges
        assert layout.first_row == 2


def test_foot_notes_totals_and_repeated_heads_are_no_rows() -> None:
    rows = [
        LEDGER_HEAD,
        LEDGER_ROW,
        LEDGER_HEAD,
        [2, *LEDGER_ROW[1:]],
        [],
        ["合计", "", "", "", "6处"],
        ["注：1.请各单位按时整改。"],
        ["2.联系人：张三"],
        ["填表人：李四　审核人：王五"],
    ]
    sheet = table(rows)
    layout = recognise(sheet, LEDGER)
    assert [record.rows[0] for record in records(sheet, layout)] == [1, 3]
    assert [row for row, _ in layout.notes] == [6, 7, 8]
    assert layout.skipped == {2: "header", 4: "blank", 5: "total"}


def test_headings_between_the_rows_are_groups() -> None:
    rows = [
        LEDGER_HEAD,
        ["一、红叶镇（2处）"],
        LEDGER_ROW,
        ["二、石桥镇（1处）"],
        [2, *LEDGER_ROW[1:]],
    ]
    sheet = table(rows, merges=["A2:I2", "A4:I4"])
    layout = recognise(sheet, LEDGER)
    assert layout.groups == {1: "一、红叶镇（2处）", 3: "二、石桥镇（1处）"}
    assert len(list(records(sheet, layout))) == 2


def test_a_problem_over_two_merged_rows_is_one_entry() -> None:
    rows = [
        ["序号", "存在问题", "责任单位", "照片"],
        [1, "垃圾", "区环卫局", ""],
        ["", "", "", ""],
        [2, "小广告", "区环卫局", ""],
    ]
    sheet = table(rows, merges=["A2:A3", "B2:B3", "C2:C3"])
    entries = list(records(sheet, recognise(sheet, LEDGER)))
    assert [entry.rows for entry in entries] == [(1, 2), (3,)]


def test_a_corrected_mapping_wins_and_is_remembered_by_name() -> None:
    head = ["序号", "事由", "谁来改", "整改时限"]
    sheet = table([head, [1, "垃圾", "区环卫局", "3天"]])
    with pytest.raises(SheetError) as caught:
        recognise(sheet, LEDGER)
    assert caught.value.code == "no_header"
    layout = recognise(sheet, LEDGER, {"事由": "description", "谁来改": "responsible", "序号": ""})
    assert layout.columns == {"description": 1, "responsible": 2, "deadline": 3}


def test_unknown_columns_keep_their_names() -> None:
    layout = recognise(table([[*LEDGER_HEAD, "天气情况备案号"], [*LEDGER_ROW, "晴"]]), LEDGER)
    assert layout.unknown == {9: "天气情况备案号"}
    assert layout.confidence["description"] == 1.0


def test_one_column_is_one_field_and_one_field_one_column() -> None:
    head = ["责任单位", "牵头责任单位", "存在问题", "问题", "整改时限", "时限"]
    found = columns(head, "ledger")
    assert len(set(found.values())) == len(found)
    assert found["description"] == 2 and found["lead"] == 1 and found["responsible"] == 0


def test_every_name_of_every_vocabulary_is_understood() -> None:
    for vocabulary in (LEDGER, DUTY, MESSAGES, PLACES, PEOPLE, REGIONS):
        firsts = {name: words[0] for name, words in vocabulary.words.items()}
        found = columns(list(firsts.values()), vocabulary.kind)
        assert set(found) == set(firsts), vocabulary.kind

"""Names of people, units and places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weicheng.sheets.names import Name, read_phones, split_name, split_names, split_units
from weicheng.sheets.placenames import same_name_key, split_place, town_kind


@pytest.mark.parametrize(
    ("text", "name", "title", "phone"),
    [
        ("马桂英（副区长）", "马桂英", "副区长", ""),
        ("副区长马桂英", "马桂英", "副区长", ""),
        ("马桂英 副区长", "马桂英", "副区长", ""),
        ("区委常委、副区长 马桂英", "马桂英", "区委常委、副区长", ""),
        ("主任（李四）", "李四", "主任", ""),
        ("马 英", "马英", "", ""),
        ("张三 13800000000", "张三", "", "13800000000"),
        ("李四：138-0000-0000", "李四", "", "13800000000"),
        ("联系人：王五", "王五", "", ""),
        ("买买提·吐尔逊", "买买提·吐尔逊", "", ""),
        ("王主任", "王主任", "", ""),
        ("", "", "", ""),
    ],
)
def test_one_person(text: str, name: str, title: str, phone: str) -> None:
    assert split_name(text) == Name(name, title, phone)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("张三 13800000000、李四", ["张三13800000000", "李四"]),
        ("张三13800000000\n李四 138 0000 0001", ["张三13800000000", "李四13800000001"]),
        ("张三（局长）、李四（副局长）", ["张三", "李四"]),
        ("张三 李四", ["张三", "李四"]),
        ("张三 13800000000 李四 13800000001", ["张三13800000000", "李四13800000001"]),
        ("张三/李四", ["张三", "李四"]),
        ("马桂英，副区长", ["马桂英"]),
        ("", []),
    ],
)
def test_several_people_in_one_cell(text: str, names: list[str]) -> None:
    assert [person.name + person.phone for person in split_names(text)] == names


@pytest.mark.parametrize(
    ("value", "phones"),
    [
        (13397842651.0, ["13397842651"]),
        ("13397842651.0", ["13397842651"]),
        ("+86 133-9784-2651", ["13397842651"]),
        ("0912-8280001", ["0912-8280001"]),
        ("(0912)8280001", ["0912-8280001"]),
        ("0912-8280001转12", ["0912-8280001转12"]),
        ("１３３９７８４２６５１", ["13397842651"]),
        ("13397842651/13397842652", ["13397842651", "13397842652"]),
        ("8280001", ["8280001"]),
        ("12345", ["12345"]),
        ("无", []),
        ("1339784265", []),
        (None, []),
    ],
)
def test_phones(value: str | float | None, phones: list[str]) -> None:
    assert read_phones(value) == phones


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("区住建局、各镇街", ["区住建局", "各镇街"]),
        (
            "区住建局，区环卫局/石桥镇\n红叶镇；区水务局",
            ["区住建局", "区环卫局", "石桥镇", "红叶镇", "区水务局"],
        ),
        ("1.区住建局 2.区环卫局", ["区住建局", "区环卫局"]),
        ("区住建局（物业、房管）、区环卫局", ["区住建局（物业、房管）", "区环卫局"]),
        ("区住建局、区住建局", ["区住建局"]),
        ("", []),
    ],
)
def test_several_units_in_one_cell(text: str, units: list[str]) -> None:
    assert split_units(text) == units


@pytest.mark.parametrize(
    "names",
    [
        ["凤凰区住房和城乡建设局", "区住建局", "住建局", "区住建局（本级）"],
        ["区市场监督管理局", "市场监管局", "凤凰区市场监管局", "区市场监督局管理局"][:3],
        ["中国电信股份有限公司凤凰分公司", "电信公司", "中国电信公司"],
        ["区城市管理执法局", "区综合执法局", "综合行政执法局"],
        ["红叶镇人民政府", "红叶镇"],
        ["凤凰街道办事处", "凤凰街道"],
        ["文化1号院", "文化一号院", "文化 １ 号院"],
        ["凤凰区人民法院", "区法院"],
        ["向阳社区居委会", "向阳社区"],
    ],
)
def test_spellings_of_one_name_share_a_key(names: list[str]) -> None:
    assert len({same_name_key(name) for name in names}) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("桃园小区（东区）", "桃园小区（西区）"),
        ("文化1号院", "文化2号院"),
        ("电信公司", "移动公司"),
        ("区公安局", "公安局家属院"),
        ("市场街", "场街"),
        ("红叶镇", "红叶社区"),
        ("区教体局", "区文旅局"),
    ],
)
def test_different_things_have_different_keys(first: str, second: str) -> None:
    assert same_name_key(first) != same_name_key(second)


@given(st.text())
def test_a_key_is_stable_and_empty_only_for_nothing(text: str) -> None:
    assert same_name_key(text) == same_name_key(f" {text}\n")
    split_names(text)
    split_units(text)
    split_place(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("石桥镇南门社区", ("石桥镇", "南门社区", "")),
        ("石桥镇南门社区金桥小区3号楼", ("石桥镇", "南门社区", "金桥小区3号楼")),
        ("凤凰街道办学府社区", ("凤凰街道", "学府社区", "")),
        ("凤凰街道-学府社区-东门", ("凤凰街道", "学府社区", "东门")),
        ("凤凰区红叶镇张家沟村", ("红叶镇", "张家沟村", "")),
        ("学府路人行道", ("", "", "学府路人行道")),
        ("南门路34号门前", ("", "", "南门路34号门前")),
        ("", ("", "", "")),
    ],
)
def test_places_are_split(text: str, parts: tuple[str, str, str]) -> None:
    towns, communities = ["石桥镇", "凤凰街道", "红叶镇"], ["南门社区", "学府社区"]
    assert split_place(text, towns, communities) == parts
    assert split_place(text) == parts


def test_known_names_are_found_in_short_form() -> None:
    assert split_place("凤凰 学府", ["凤凰街道"], ["学府社区"]) == ("凤凰街道", "学府社区", "")


def test_kinds_of_towns_by_suffix() -> None:
    names = ["红叶镇", "凤凰街道", "东关街道办事处", "西乡", "城关办", "某处"]
    assert [town_kind(name) for name in names] == [
        "town",
        "street",
        "street",
        "township",
        "street",
        "",
    ]

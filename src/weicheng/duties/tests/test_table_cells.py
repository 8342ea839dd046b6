"""Duty cells as offices write them, and what each of them says."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weicheng.duties.tables.parts import settle
from weicheng.duties.tables.reading import read_cell

SHOWN = {"lead": "牵头", "responsible": "责任", "support": "配合", "supervise": "督促"}
PART_OF = {words: part for part, words in SHOWN.items()}


def said(cell: str, column: str = "") -> str:
    """The reading in short: 牵头 甲、乙?；配合 丙=community<什么事>｜没读懂的字. ? is 暂定."""
    read = read_cell(cell)
    groups: list[tuple[str, list[str]]] = []
    for one in settle([(column, read.claims)])[0]:
        claim = one.claim
        words = claim.words
        words += f"={'+'.join(claim.rules)}" if claim.rules else ""
        words += f"/{claim.section}" if claim.section else ""
        words += f"<{claim.scope}>" if claim.scope else ""
        words += "?" if one.doubt else ""
        if groups and groups[-1][0] == one.part:
            groups[-1][1].append(words)
        else:
            groups.append((one.part, [words]))
    parts = "；".join(f"{SHOWN[part]} {'、'.join(names)}" for part, names in groups)
    unread = "、".join(cell[a:b] for a, b in read.unread)
    return parts + (f"｜{unread}" if unread else "")


CELLS = (
    ("区工信局统筹，电信、移动公司具体负责", "牵头 区工信局；责任 电信、移动公司"),
    ("区水利局牵头，各镇街按属地管理原则负责", "牵头 区水利局；责任 各镇街=territory"),
    ("属地镇街负责，行业部门指导", "牵头 属地镇街=territory；督促 行业部门=members"),
    ("各乡镇人民政府，区直有关单位", "牵头 各乡镇人民政府=territory?；责任 区直有关单位=members?"),
    ("由区城管局牵头负责、区环卫中心具体实施", "牵头 区城管局；责任 区环卫中心"),
    ("市生态环境局凤鸣分局牵头", "牵头 市生态环境局凤鸣分局"),
    ("区住建局负责，物业企业具体实施", "牵头 区住建局；责任 物业企业=keeper"),
    ("由区住建局牵头", "牵头 区住建局"),
    ("区住建局牵头，区城管局配合", "牵头 区住建局；配合 区城管局"),
    ("区住建局牵头；区城管局配合", "牵头 区住建局；配合 区城管局"),
    ("区住建局牵头,区城管局配合.", "牵头 区住建局；配合 区城管局"),
    ("区住建局牵头、区城管局配合", "牵头 区住建局；配合 区城管局"),
    ("区住建局牵头区城管局配合", "牵头 区住建局；配合 区城管局"),
    ("区住建局牵头负责，各镇街具体落实", "牵头 区住建局；责任 各镇街=territory"),
    ("区农业农村局负责牵头，区水利局协助", "牵头 区农业农村局；配合 区水利局"),
    ("区城管局主责，区交警大队协办", "牵头 区城管局；配合 区交警大队"),
    ("区城管局主办；区公安局承办", "牵头 区城管局；责任 区公安局"),
    ("区委宣传部、区融媒体中心、区教体局负责", "牵头 区委宣传部?；责任 区融媒体中心、区教体局"),
    ("区委宣传部，区融媒体中心，区教体局负责", "牵头 区委宣传部?；责任 区融媒体中心、区教体局"),
    ("区委宣传部 区融媒体中心 区教体局", "牵头 区委宣传部?；责任 区融媒体中心?、区教体局?"),
    ("区委宣传部/区融媒体中心", "牵头 区委宣传部?；责任 区融媒体中心?"),
    (
        "区委宣传部和区融媒体中心共同牵头，区教体局参与",
        "牵头 区委宣传部?、区融媒体中心?；配合 区教体局",
    ),
    (
        "区商务局牵头，会同区市场监管局、区公安局，各社区落实",
        "牵头 区商务局；配合 区市场监管局、区公安局；责任 各社区=community",
    ),
    (
        "牵头单位：区民政局；责任单位：区残联、区妇联；配合单位：各乡镇（街道）",
        "牵头 区民政局；责任 区残联、区妇联；配合 各乡镇（街道）=territory",
    ),
    ("牵头单位：区民政局", "牵头 区民政局"),
    ("配合单位：区妇联", "配合 区妇联"),
    ("责任单位：区园林中心、区环卫中心", "牵头 区园林中心?；责任 区环卫中心"),
    ("责任部门：区园林中心", "牵头 区园林中心"),
    ("牵头:区园林中心 配合:区环卫中心", "牵头 区园林中心；配合 区环卫中心"),
    ("区园林中心（牵头）、区环卫中心、区住建局", "牵头 区园林中心；配合 区环卫中心?、区住建局?"),
    ("区园林中心（牵头）、区环卫中心（配合）", "牵头 区园林中心；配合 区环卫中心"),
    ("区住建局（人防办）", "牵头 区住建局（人防办）"),
    (
        "区水利局（区河长办）牵头，各镇（街道）、村（社区）落实",
        "牵头 区水利局（区河长办）；责任 各镇（街道）=territory、村（社区）=community",
    ),
    ("区卫健局（爱卫股）负责", "牵头 区卫健局/爱卫股"),
    ("区城管局市容股、区环卫中心清运科", "牵头 区城管局/市容股?；责任 区环卫中心/清运科?"),
    ("各乡镇（街道）", "牵头 各乡镇（街道）=territory"),
    ("各镇街、各社区", "牵头 各镇街=territory；责任 各社区=community"),
    ("各乡镇、街道办事处", "牵头 各乡镇=territory；责任 街道办事处=territory"),
    ("属地街道负责", "牵头 属地街道=territory"),
    ("各街道、社区负责，区民政局督促", "牵头 各街道=territory；责任 社区=community；督促 区民政局"),
    ("各村（社区）", "牵头 各村（社区）=community"),
    ("各包保单位", "牵头 各包保单位=sponsor"),
    ("各区直包联单位负责本小区", "牵头 各区直包联单位=sponsor<本小区>"),
    ("三大运营商、广电公司", "牵头 三大运营商=operators?；责任 广电公司?"),
    ("各通信运营商负责", "牵头 各通信运营商=operators"),
    ("联通、移动、电信、铁塔公司负责", "牵头 联通?；责任 移动、电信、铁塔公司"),
    ("联通公司、移动公司等通信运营商负责", "牵头 联通公司?；责任 移动公司"),
    ("各成员单位", "牵头 各成员单位=members"),
    ("区直各部门、各镇街", "责任 区直各部门=members?；牵头 各镇街=territory?"),
    ("区城管局牵头，相关部门配合", "牵头 区城管局；配合 相关部门=members"),
    ("区城管局等单位负责", "牵头 区城管局"),
    ("区城管局、区住建局等部门按职责分工负责", "牵头 区城管局?；责任 区住建局"),
    ("各物业服务企业负责，区住建局督促落实", "牵头 各物业服务企业=keeper；督促 区住建局"),
    ("区疾控中心负责指导，各单位负责本单位", "督促 区疾控中心；牵头 各单位=members<本单位>"),
    (
        "区疾控中心负责技术指导，各包保单位负责本辖区",
        "牵头 区疾控中心<技术指导>?；责任 各包保单位=sponsor<本辖区>",
    ),
    (
        "区教体局负责学校，区卫健局负责医院，区商务局负责商超",
        "牵头 区教体局<学校>?；责任 区卫健局<医院>、区商务局<商超>",
    ),
    (
        "路面保洁由区环卫中心负责，绿化带由区园林中心负责",
        "牵头 区环卫中心<路面保洁>?；责任 区园林中心<绿化带>",
    ),
    (
        "1.区城管局负责占道经营；2.区交警大队负责乱停乱放",
        "牵头 区城管局<占道经营>?；责任 区交警大队<乱停乱放>",
    ),
    ("一、区城管局负责；二、区交警大队配合", "牵头 区城管局；配合 区交警大队"),
    ("①区城管局牵头②区交警大队配合", "牵头 区城管局；配合 区交警大队"),
    ("（1）区城管局牵头（2）区交警大队配合", "牵头 区城管局；配合 区交警大队"),
    ("区自然资源和规划局、区工业和信息化局牵头", "牵头 区自然资源和规划局?、区工业和信息化局?"),
    (
        "区文化广电和旅游局牵头，区人力资源和社会保障局配合",
        "牵头 区文化广电和旅游局；配合 区人力资源和社会保障局",
    ),
    ("区发展和改革委员会和区财政局保障", "配合 区发展和改革委员会、区财政局"),
    ("区市场监督管理局负责，区卫生监督所配合", "牵头 区市场监督管理局；配合 区卫生监督所"),
    ("区市场监督管理局监督，各市场主办方负责", "督促 区市场监督管理局；牵头 各市场主办方=keeper"),
    ("区委督查室督办，区纪委监委监督", "督促 区委督查室、区纪委监委"),
    ("区城管局负责，区委督查室督查", "牵头 区城管局；督促 区委督查室"),
    ("区城管局，区住建局配合", "牵头 区城管局?；配合 区住建局"),
    ("城管、住建、环卫等部门负责", "牵头 城管?；责任 住建、环卫"),
    ("住建部门牵头，城管部门配合", "牵头 住建部门；配合 城管部门"),
    ("加强日常巡查，区城管局负责", "牵头 区城管局｜加强日常巡查"),
    ("区城管局负责，做到日产日清", "牵头 区城管局｜做到日产日清"),
    (
        "区城管局负责日常管理、清扫保洁，区财政局支持",
        "牵头 区城管局<日常管理、清扫保洁>；配合 区财政局",
    ),
    ("责任人：李明", ""),
    ("区卫健局负责（联系人：李明）", "牵头 区卫健局"),
    ("责任科室：爱卫股", ""),
    ("区卫健局\u3000区教体局", "牵头 区卫健局?；责任 区教体局?"),
    ("区政府办、区委办，区城管局", "牵头 区政府办?；责任 区委办?、区城管局?"),
    ("供电公司、自来水公司、燃气公司", "牵头 供电公司?；责任 自来水公司?、燃气公司?"),
    (
        "区消防救援大队牵头，区应急局、区公安局配合，各镇街落实",
        "牵头 区消防救援大队；配合 区应急局、区公安局；责任 各镇街=territory",
    ),
    (
        "区住建局牵头，各小区物业公司落实，区房管中心指导",
        "牵头 区住建局；责任 各小区物业公司=keeper；督促 区房管中心",
    ),
    ("区委、区政府", "牵头 区委?；责任 区政府?"),
    ("\u3000", ""),
    ("无关文字", "｜无关文字"),
    ("区城管局负责；", "牵头 区城管局"),
    ("全区各级各部门", "牵头 全区各级各部门=members"),
    ("区城管局牵头抓总，区交警大队、区公安局密切配合", "牵头 区城管局；配合 区交警大队、区公安局"),
    ("区市场监管局全面负责，各镇街协同配合", "牵头 区市场监管局；配合 各镇街=territory"),
    ("区住建局督促，区城管局指导", "督促 区住建局、区城管局"),
    ("区生态环境分局、区气象局", "牵头 区生态环境分局?；责任 区气象局?"),
    (
        "牵头单位：区民政局\n责任单位：区残联\n配合单位：区妇联",
        "牵头 区民政局；责任 区残联；配合 区妇联",
    ),
    ("区城管局\n区住建局\n区交通局", "牵头 区城管局?；责任 区住建局?、区交通局?"),
    ("区城管局\n区住建局配合", "牵头 区城管局?；配合 区住建局"),
    ("区综合行政\n执法局负责", "牵头 区综合行政执法局"),
    ("区园林局", "牵头 区园林局"),
    ("区残联负责", "牵头 区残联"),
    ("责任单位：区残联", "牵头 区残联"),
)


@pytest.mark.parametrize(("cell", "reading"), CELLS, ids=[cell for cell, _ in CELLS])
def test_a_cell_says(cell: str, reading: str) -> None:
    assert said(cell) == reading


COLUMNS = (
    ("lead", "区民政局", "牵头 区民政局"),
    ("lead", "区民政局、区残联", "牵头 区民政局?、区残联?"),
    ("responsible", "区民政局", "牵头 区民政局"),
    ("responsible", "区民政局、各镇街", "牵头 区民政局；责任 各镇街=territory"),
    ("responsible", "区民政局牵头，区残联", "牵头 区民政局；责任 区残联"),
    ("support", "区民政局、区残联", "配合 区民政局、区残联"),
    ("supervise", "区委督查室", "督促 区委督查室"),
)


@pytest.mark.parametrize(("column", "cell", "reading"), COLUMNS)
def test_the_column_says_the_part_where_the_cell_does_not(
    column: str, cell: str, reading: str
) -> None:
    assert said(cell, column) == reading


def test_with_a_lead_in_its_own_column_nobody_else_is_taken_for_one() -> None:
    lead, others = read_cell("区民政局"), read_cell("区残联负责，区妇联配合")
    first, second = settle([("lead", lead.claims), ("responsible", others.claims)])
    assert [one.part for one in first + second] == ["lead", "responsible", "support"]
    assert not any(one.doubt for one in first + second)


def test_a_name_that_the_directory_knows_is_a_unit_however_odd_it_is() -> None:
    assert said("凤城的光负责") == "｜凤城的光负责"
    read = read_cell("凤城的光负责", known=lambda name: name == "凤城的光")
    assert [c.words for c in read.claims] == ["凤城的光"] and read.unread == ()


def test_persons_and_sections_of_a_cell_are_no_units() -> None:
    read = read_cell("区卫健局负责，责任人：李明；责任科室：爱卫股")
    assert [c.words for c in read.claims] == ["区卫健局"]
    assert read.people == ("责任人:李明", "责任科室:爱卫股")


UNITS = ("区城管局", "区住建局", "区卫健局", "区市场监督管理局", "区工业和信息化局", "区疾控中心",
         "区交警大队", "区委宣传部", "各乡镇（街道）", "各包保单位", "各社区")  # fmt: skip
VERBS = (("牵头", "lead"), ("负责", "responsible"), ("配合", "support"), ("督促", "supervise"),
         ("牵头负责", "lead"), ("具体落实", "responsible"), ("配合落实", "support"))  # fmt: skip
LISTS = st.lists(st.sampled_from(UNITS), min_size=1, max_size=4, unique=True)
CLAUSES = st.lists(st.tuples(LISTS, st.sampled_from(VERBS)), min_size=1, max_size=4)


@given(CLAUSES, st.sampled_from("，,；;。\n"), st.sampled_from("、/"))
def test_every_unit_of_a_plain_cell_is_found_in_its_part(
    clauses: list[tuple[list[str], tuple[str, str]]], stop: str, comma: str
) -> None:
    cell = stop.join(comma.join(units) + verb for units, (verb, _) in clauses)
    wanted = [(unit, part) for units, (_, part) in clauses for unit in units]
    read = read_cell(cell)
    assert [(c.words, c.part) for c in read.claims] == wanted
    assert read.unread == ()


@given(CLAUSES)
def test_somebody_leads_wherever_a_unit_leads_or_is_responsible(
    clauses: list[tuple[list[str], tuple[str, str]]],
) -> None:
    cell = "，".join("、".join(units) + verb for units, (verb, _) in clauses)
    parts = [one.part for one in settle([("", read_cell(cell).claims)])[0]]
    able = {part for _, (_, part) in clauses} & {"lead", "responsible"}
    assert ("lead" in parts) == bool(able)


@given(
    st.text(alphabet="区城管局住建，、；：。（）负责牵头配合 各镇街\n1.①等和由张三A", max_size=60)
)
def test_no_cell_breaks_the_reader_and_nothing_is_read_twice(cell: str) -> None:
    read = read_cell(cell)
    spans = sorted((c.start, c.end) for c in read.claims)
    assert all(0 <= a <= b <= len(cell) for a, b in [*spans, *read.unread])
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    settle([("", read.claims)])


@given(st.text(max_size=80))
def test_any_text_at_all_can_stand_in_a_cell(text: str) -> None:
    settle([("", read_cell(text).claims)])

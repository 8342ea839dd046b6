"""Blank spreadsheets to fill in: the heads that we read, with example rows."""

from __future__ import annotations

from typing import Any

from weicheng.intake.error_sheets import written

Blank = tuple[str, list[str], list[list[Any]]]

#: These are what the office reads in Excel, so they stay Chinese in every language.
BLANKS: dict[str, Blank] = {
    "regions": (
        "区划", ["代码", "名称", "级别", "上级"],
        [["410102", "示例区", "区", ""], ["410102101", "红叶镇", "镇街", "示例区"],
         ["410102101001", "张家沟社区", "社区", "红叶镇"]],
    ),
    "places": (
        "点位", ["编号", "点位名称", "类型", "镇街", "社区", "地址", "经度", "纬度", "是否建成区",
                 "管理单位", "行业主管", "联系人", "电话"],
        [["D001", "张家沟小区", "居民小区", "红叶镇", "张家沟社区", "建设路12号", 113.6521, 34.7652,
          "是", "张家沟社区", "区住建局", "李×", "13800000000"]],
    ),
    "people": (
        "人员", ["姓名", "单位", "职务", "电话", "原单位"],
        [["王×", "创卫办", "副主任", "13800000000", "区卫健局"]],
    ),
    "duty-sheet": (
        "包保分工表",
        ["序号", "镇街", "社区", "小区（巷道）", "包保领导", "包保单位", "联系人", "联系电话",
         "备注"],
        [[1, "红叶镇", "张家沟社区", "张家沟小区", "李×（副区长）", "区档案局", "赵×",
          "13800000000", "示范小区"]],
    ),
    "duties": (
        "责任分工",
        ["类别", "序号", "工作任务", "牵头领导", "责任分工", "完成时限"],
        [["市容环境", 1, "主次干道路面平整，无乱停乱放", "李×",
          "区综合执法局牵头，区交警大队负责，各镇街配合", "长期坚持"]],
    ),
    "problems": (
        "问题台账",
        ["编号", "检查时间", "镇街", "社区", "点位", "存在问题", "数量", "责任单位", "整改时限",
         "整改情况", "销号时间", "整改前照片", "整改后照片"],
        [["2026-0001", "2026-11-02", "红叶镇", "张家沟社区", "张家沟小区7号楼", "楼道堆放杂物",
          "3处", "红叶镇", "11月5日前", "整改中", "", "", ""]],
    ),
    "messages": (
        "群众留言", ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "地点"],
        [["L20261102001", "市民甲", "反映小区垃圾没人清", "2026-11-02 09:30",
          "张家沟小区7号楼旁垃圾堆了三天，没人清运。", "张家沟小区"]],
    ),
}  # fmt: skip


def blank(name: str) -> bytes:
    """The blank spreadsheet of a kind as xlsx. Raises KeyError for an unknown kind."""
    sheet, head, rows = BLANKS[name]
    return written(sheet, head, rows)


def filename(name: str) -> str:
    """What the blank is called when it is saved."""
    return f"{BLANKS[name][0]}模板.xlsx"

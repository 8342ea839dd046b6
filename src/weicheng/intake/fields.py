"""The fields of each kind of table in the office's words, and how a column is named to a person."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, Promise] = {
    "serial": _("序号"), "external_id": _("编号"), "code": _("代码"), "found_at": _("发现时间"),
    "town": _("镇街"), "community": _("社区"), "place": _("点位或小区"), "site_type": _("点位类型"),
    "description": _("存在问题"), "quantity": _("数量"), "unit": _("单位"),
    "before": _("整改前照片"), "during": _("整改中照片"), "after": _("整改后照片"),
    "lead": _("牵头单位"), "responsible": _("责任单位"), "supporting": _("配合单位"),
    "sponsor": _("包保单位"), "leader": _("包保领导"), "leader_title": _("领导职务"),
    "leader_phone": _("领导电话"), "contact": _("联系人"), "contact_title": _("联系人职务"),
    "phone": _("电话"), "deadline": _("整改时限"), "requirement": _("整改要求"),
    "measure": _("整改措施"), "status": _("整改情况"), "closed_at": _("销号时间"),
    "source": _("来源"), "finder": _("检查人"), "standard": _("对应标准"), "kind": _("问题类别"),
    "severity": _("严重程度"), "verifier": _("验收人"), "remark": _("备注"),
    "address": _("地址"), "unit_leader": _("单位负责人"), "territory": _("社区责任人"),
    "territory_phone": _("社区电话"), "manager": _("物业"), "households": _("户数"),
    "author": _("留言人"), "title": _("标题"), "text": _("内容"), "at": _("时间"),
    "channel": _("渠道"), "category": _("分类"), "reply": _("答复"), "replied_at": _("答复时间"),
    "likes": _("点赞数"), "dislikes": _("反对数"), "name": _("名称"), "type": _("类型"),
    "region": _("所属区划"), "longitude": _("经度"), "latitude": _("纬度"),
    "position": _("经纬度"), "built_up": _("是否建成区"), "keeper": _("管理单位"),
    "bureau": _("行业主管"), "home_unit": _("原单位"), "role": _("分工"), "gender": _("性别"),
    "username": _("用户名"), "since": _("到岗时间"), "until": _("离岗时间"),
    "task": _("工作任务"), "aspect": _("类别"), "demand": _("工作要求"),
    "assignment": _("责任分工"), "supervising": _("督促单位"), "section": _("科室"),
    "person": _("责任人"), "guess": _("像是"),
    "level": _("级别"), "parent": _("上级"), "letters": _("首字母"), "short": _("简称"),
}  # fmt: skip

#: Where a kind of table calls a field otherwise.
OWN_NAMES: dict[tuple[str, str], Promise] = {
    ("duty", "unit"): _("包保单位"),
    ("duty", "place"): _("小区或街巷"),
    ("duties", "leader"): _("牵头领导"),
    ("duties", "deadline"): _("完成时限"),
    ("ledger", "unit"): _("计量单位"),
    ("ledger", "place"): _("点位或地点"),
    ("ledger", "contact"): _("责任人"),
    ("messages", "unit"): _("承办单位"),
    ("messages", "place"): _("地点"),
    ("messages", "external_id"): _("留言编号"),
    ("people", "name"): _("姓名"),
    ("people", "title"): _("职务"),
}

#: What a table must tell, as the sentence “找不到……这一列” names it.
NEEDED: dict[str, Promise] = {
    "description": _("存在问题"),
    "found_at": _("发现时间、点位或责任单位"),
    "unit": _("包保单位或包保领导"),
    "place": _("小区、社区或镇街"),
    "text": _("留言内容"),
    "author": _("留言人、时间或编号"),
    "name": _("名称或姓名"),
    "type": _("类型或地址"),
    "code": _("代码、级别或上级"),
    "task": _("工作任务或指标"),
    "assignment": _("责任分工或责任单位"),
}


def field_name(kind: str, name: str) -> str:
    """The name of a field as the office says it."""
    return str(OWN_NAMES.get((kind, name)) or NAMES.get(name) or name)

"""The typed words of a problem: statuses, sources, outcomes, reasons and their Chinese names."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from weicheng.standards.models import Severity
from weicheng.standards.models import Verification as Level

__all__ = [
    "FROM_ABOVE",
    "FROM_CITIZENS",
    "LEVEL_ORDER",
    "OPEN_STATUSES",
    "Channel",
    "DeclineReason",
    "DisputeReason",
    "ExtensionReason",
    "Level",
    "Measure",
    "Outcome",
    "Part",
    "PauseReason",
    "ReopenReason",
    "SendBackReason",
    "Severity",
    "Source",
    "Status",
]


class Status(models.TextChoices):
    NEW = "new", _("待派")
    RUN = "run", _("整改中")
    CHECK = "check", _("待验收")
    DONE = "done", _("已销号")
    LONG = "long", _("长期推进")


OPEN_STATUSES = (Status.NEW, Status.RUN, Status.CHECK, Status.LONG)


class Source(models.TextChoices):
    DAILY = "daily", _("日检查")
    UNDERCOVER = "undercover", _("暗访")
    SELF = "self", _("自查")
    WECHAT = "wechat", _("微信群")
    LEDGER = "ledger", _("台账导入")
    CITIZEN = "citizen", _("群众反映")
    HOTLINE = "hotline", _("12345热线")
    LEADER = "leader", _("领导交办")
    PROVINCE = "province", _("省级反馈")
    OTHER = "other", _("其他")


#: Sources that came from above: verified by a superior, shown with their own flag.
FROM_ABOVE = frozenset({Source.PROVINCE})
#: Sources from residents.
FROM_CITIZENS = frozenset({Source.CITIZEN, Source.HOTLINE})


class Outcome(models.TextChoices):
    FIXED = "fixed", _("验收合格")
    GONE = "gone", _("自然消失")
    DUPLICATE = "duplicate", _("重复件")
    CANNOT = "cannot", _("无法整改")
    DECLINED = "declined", _("不予受理")
    SPLIT = "split", _("已拆分")


class DeclineReason(models.TextChoices):
    OUTSIDE = "outside", _("不属于创卫范围")
    UNCLEAR = "unclear", _("地点或内容不清")
    NOT_FOUND = "not_found", _("现场核实不存在")
    REPEATED = "repeated", _("已有同一问题")


class SendBackReason(models.TextChoices):
    UNFINISHED = "unfinished", _("未到位")
    ANGLE = "angle", _("照片角度不符")
    PLACE = "place", _("地点不符")
    NO_PAIR = "no_pair", _("无前后对比")
    NO_SWEEP = "no_sweep", _("未举一反三")


class ReopenReason(models.TextChoices):
    RELAPSED = "relapsed", _("反弹")
    NOT_FIXED = "not_fixed", _("复查不通过")
    MISTAKE = "mistake", _("销号有误")


class ExtensionReason(models.TextChoices):
    WORKS = "works", _("工程量大")
    WEATHER = "weather", _("天气原因")
    MATERIAL = "material", _("材料设备未到")
    FUNDS = "funds", _("资金未落实")
    OTHERS = "others", _("等别的单位先办")
    OTHER = "other", _("其他")


class PauseReason(models.TextChoices):
    SEASON = "season", _("冬季不能施工")
    WEATHER = "weather", _("雨雪冰冻")
    PROCEDURE = "procedure", _("正在走法定程序")
    DISPUTED = "disputed", _("涉诉涉访")
    OTHER = "other", _("其他")


class DisputeReason(models.TextChoices):
    PLACE = "place", _("不在本单位辖区")
    DUTY = "duty", _("不是本单位职责")
    OWNER = "owner", _("产权属于别的单位")
    KIND = "kind", _("问题类别有误")


class Measure(models.TextChoices):
    CLEAN = "clean", _("清理")
    REPAIR = "repair", _("修复")
    REPLACE = "replace", _("更换")
    REMOVE = "remove", _("拆除")
    TIDY = "tidy", _("规整")
    ENFORCE = "enforce", _("执法")
    OTHER = "other", _("其他")


LEVEL_ORDER = {Level.PICTURE: 0, Level.ONSITE: 1, Level.ABOVE: 2}


class Part(models.TextChoices):
    """Why somebody may see a problem."""

    REGION = "region", _("辖区")
    TERRITORY = "territory", _("属地")
    BUREAU = "bureau", _("行业主管")
    SPONSOR = "sponsor", _("包保单位")
    LEAD = "lead", _("牵头单位")
    RESPONSIBLE = "responsible", _("责任单位")
    SUPPORT = "support", _("配合单位")
    FINDER = "finder", _("上报单位")
    SETTLER = "settler", _("裁定单位")


class Channel(models.TextChoices):
    """How somebody told the office what they did (代录)."""

    PHONE = "phone", _("电话")
    PAPER = "paper", _("纸质")
    WECHAT = "wechat", _("微信")
    TABLE = "table", _("表格")

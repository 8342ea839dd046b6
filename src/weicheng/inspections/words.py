"""The typed words of checks: kinds of plan, states, outcomes of a visit, why a site was drawn."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanKind(models.TextChoices):
    DAILY = "daily", _("日检查")
    UNDERCOVER = "undercover", _("旬暗访")
    MONTHLY = "monthly", _("月评估")
    OBSERVATION = "observation", _("现场观摩")
    SPECIAL = "special", _("专项督查")
    CROSS = "cross", _("交叉检查")
    LOOK_BACK = "look_back", _("回头看")


class PlanState(models.TextChoices):
    """Drafted, drawn and locked, under way, released; or dropped."""

    DRAFT = "draft", _("拟定")
    LOCKED = "locked", _("已锁定")
    RUNNING = "running", _("进行中")
    RELEASED = "released", _("已发布")
    DROPPED = "dropped", _("已取消")


class Because(models.TextChoices):
    """Why a site is on a plan."""

    CHANCE = "chance", _("随机抽取")
    COVERAGE = "coverage", _("轮到必查")
    CHOSEN = "chosen", _("指定")
    CARRIED = "carried", _("上次未完成")
    ALL = "all", _("全面检查")


class VisitOutcome(models.TextChoices):
    PASS = "pass", _("合格")
    FAIL = "fail", _("有问题")
    CLOSED = "closed", _("未能检查")


class VisitChannel(models.TextChoices):
    PHONE = "phone", _("手机")
    PAPER = "paper", _("纸质代录")
    ONLINE = "online", _("在线填写")


#: The source a finding of each kind of plan is filed under (problems.words.Source values).
SOURCE_OF_PLAN = {
    PlanKind.UNDERCOVER: "undercover",
    PlanKind.CROSS: "undercover",
    PlanKind.DAILY: "daily",
    PlanKind.MONTHLY: "daily",
    PlanKind.OBSERVATION: "leader",
    PlanKind.SPECIAL: "daily",
    PlanKind.LOOK_BACK: "daily",
}

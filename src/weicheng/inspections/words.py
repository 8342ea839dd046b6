"""The typed words of checks: kinds of plan, states, outcomes of a visit, why a site was drawn; and
what is said beside the time of a fact that came late or from a phone whose clock was wrong."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.frame import moments

#: A clock that is wrong by more than this is told beside the time (seconds).
SKEW = 5 * 60


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


UNDER_WAY = (PlanState.LOCKED, PlanState.RUNNING)


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


def skew_words(offset_seconds: int | None) -> str:
    """How wrong a phone's clock was, as "手机时间偏差 +47分"; empty up to five minutes.

    ``offset_seconds``: device minus server.
    """
    if offset_seconds is None or abs(offset_seconds) <= SKEW:
        return ""
    sign, minutes = ("+" if offset_seconds > 0 else "-"), abs(offset_seconds) // 60
    if minutes < 120:
        return gettext("手机时间偏差 %(sign)s%(n)s分") % {"sign": sign, "n": minutes}
    hours = f"{minutes / 60:.1f}".removesuffix(".0")
    return gettext("手机时间偏差 %(sign)s%(n)s小时") % {"sign": sign, "n": hours}


def late_words(received_at: datetime) -> str:
    """ "迟报，12月3日 09:00收到"."""
    return gettext("迟报，%(at)s收到") % {"at": moments.moment(received_at)}

"""The typed words of notices: what is told, over which channel, and how a delivery stands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sort(models.TextChoices):
    """What somebody is told. The order of ``LEVEL`` says how bad it is."""

    LATE = "late", _("超期")
    SENT_BACK = "sent_back", _("退回")
    LEADER_WORDS = "leader_words", _("领导批示")
    SETTLE = "settle", _("请定责任")
    SIGN_LATE = "sign_late", _("超期未签收")
    VERIFY_LATE = "verify_late", _("超期未验收")
    REOPENED = "reopened", _("重开")
    SOON = "soon", _("将到期")
    ASSIGNED = "assigned", _("派单")
    OWED = "owed", _("配合事项")
    TIMED = "timed", _("时限有变")
    ASKED = "asked", _("申请待审")
    DENIED = "denied", _("申请不同意")
    GRANTED = "granted", _("申请同意")
    TAKEN_AWAY = "taken_away", _("改派")
    ANSWER = "answer", _("办理答复")


#: How bad a sort is: 0 first on every list.
LEVEL: dict[str, int] = {
    Sort.LATE: 0, Sort.SENT_BACK: 0, Sort.LEADER_WORDS: 0, Sort.SETTLE: 0,
    Sort.SIGN_LATE: 1, Sort.VERIFY_LATE: 1, Sort.REOPENED: 1, Sort.SOON: 1,
    Sort.ASSIGNED: 2, Sort.OWED: 2, Sort.TIMED: 2, Sort.ASKED: 2, Sort.DENIED: 2, Sort.GRANTED: 2,
    Sort.TAKEN_AWAY: 3, Sort.ANSWER: 3,
}  # fmt: skip

#: What is pushed at all, besides standing at the bell and in the digest.
PUSHED = frozenset(
    {
        Sort.SOON, Sort.SENT_BACK, Sort.LEADER_WORDS, Sort.LATE, Sort.SETTLE, Sort.ASSIGNED,
        Sort.REOPENED,
    }
)  # fmt: skip

#: What passes the day's allowance: 催办 before the due time, 退回, 领导批示.
BREAKS_THROUGH = frozenset({Sort.SOON, Sort.SENT_BACK, Sort.LEADER_WORDS})


class ChannelSort(models.TextChoices):
    WECOM = "wecom", _("企业微信群机器人")
    DINGTALK = "dingtalk", _("钉钉群机器人")
    FEISHU = "feishu", _("飞书群机器人")
    MAIL = "mail", _("邮件")


ROBOTS = (ChannelSort.WECOM, ChannelSort.DINGTALK, ChannelSort.FEISHU)


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("待发")
    SENDING = "sending", _("正在发")
    SENT = "sent", _("已送达")
    DIGEST = "digest", _("并入摘要")
    UNSURE = "unsure", _("未确认送达")

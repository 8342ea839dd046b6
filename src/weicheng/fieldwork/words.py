"""The typed words of field work."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActType(models.TextChoices):
    """What a phone may send."""

    VISIT = "visit", _("检查点位")
    FINDING = "finding", _("发现问题")
    ACCEPT = "accept", _("现场验收")
    LOOK_BACK = "look_back", _("回头看")
    REMARK = "remark", _("附言")
    HAND_IN = "hand_in", _("交整改")
    AMEND = "amend", _("更正")


class SentState(models.TextChoices):
    """What became of an act that a phone sent."""

    RECEIVED = "received", _("已收到")
    WAITING = "waiting_photos", _("等照片")
    REMARK = "remark", _("已留作附言")
    QUARANTINED = "quarantined", _("待创卫办处理")


class UploadState(models.TextChoices):
    WAITING = "waiting", _("等待上传")
    UPLOADING = "uploading", _("上传中")
    RECEIVED = "received", _("已收到")


class HeldEnd(models.TextChoices):
    RELEASED = "released", _("已放行")
    DROPPED = "dropped", _("已作废")

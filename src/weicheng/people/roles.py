"""The roles a person may hold, in the field's words."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    LEADER = "leader", _("指挥长")
    AREA = "area", _("包片领导")
    OFFICE = "office", _("创卫办")
    UNIT = "unit", _("责任单位")
    TOWN = "town", _("镇街")
    COMMUNITY = "community", _("社区")
    SPONSOR = "sponsor", _("包保单位")
    INSPECTOR = "inspector", _("检查员")
    AUDITOR = "auditor", _("督查审计")
    ADMIN = "admin", _("系统管理员")
    SECURITY = "security", _("安全管理员")


#: Roles that see every problem of the regions their working unit belongs to.
REGION_WIDE = frozenset({Role.LEADER, Role.OFFICE, Role.INSPECTOR, Role.AUDITOR})
#: Roles that may see no problem at all: they keep accounts and machines.
BLIND = frozenset({Role.ADMIN, Role.SECURITY})
#: Roles that must show a second factor: administrators and signers.
SECOND_FACTOR = frozenset({Role.ADMIN, Role.SECURITY, Role.LEADER})

"""The fixed signs of the look: five statuses, the flags, three certainties, each icon + word."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: status -> (icon, word)
STATUSES: dict[str, tuple[str, Promise]] = {
    "new": ("s-new", _("待派")),
    "run": ("s-run", _("整改中")),
    "check": ("s-check", _("待验收")),
    "done": ("s-done", _("已销号")),
    "long": ("s-long", _("长期推进")),
}

#: flag -> (icon, class suffix, word; %(n)s is the number or the span)
FLAGS: dict[str, tuple[str, str, Promise]] = {
    "late": ("clock", "late", _("超期%(n)s")),
    "left": ("alert", "soon", _("剩%(n)s")),
    "soon": ("alert", "soon", _("将到期")),
    "back": ("back", "back", _("退回%(n)s次")),
    "again": ("again", "again", _("反弹%(n)s次")),
    "extended": ("calendar", "", _("延期中")),
    "province": ("flag", "", _("省级反馈")),
    "leader": ("pen", "leader", _("领导批示")),
    "public": ("people", "", _("群众")),
}

CERTAINTIES: dict[str, Promise] = {
    "confirmed": _("已核实"),
    "recalled": _("凭记忆，待核"),
    "default": _("默认值"),
}

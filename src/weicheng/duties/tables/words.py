"""The doubts of a duty table in words, for the preview and for 责任待明确."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Why a duty is 暂定 or a cell needs a look, by code.
DOUBTS: dict[str, Promise] = {
    "two_leads": _("写了几个牵头单位，先按第一个"),
    "several": _("几个单位都写“负责”，先按第一个牵头"),
    "no_verb": _("没有写谁牵头、谁配合，先按排在前面的牵头"),
    "scoped": _("各管一段，先按第一个牵头"),
    "several_units": _("有几个单位叫这个名字，先按第一个"),
    "old_name": _("可能是旧称，先按现在的单位"),
    "near_unit": _("没有这个单位，有名字相近的，先按新单位登记"),
    "unread": _("有没读懂的字"),
    "nobody": _("没有写责任单位"),
}


def doubt_words(code: str) -> str:
    """The doubt in the reader's language; '' for none."""
    return str(DOUBTS.get(code, ""))

"""Why a sheet or a snapshot cannot be reckoned with: typed errors with a sentence each."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "no_file": _("找不到评分办法文件“%(file)s”。"),
    "not_text": _("评分办法文件“%(file)s”读不出来，请存成UTF-8编码的文本。"),
    "not_yaml": _("评分办法文件“%(file)s”第%(line)s行格式有误，不是有效的YAML。"),
    "no_sheets": _("评分办法文件“%(file)s”里没有评分办法的列表。"),
    "not_mapping": _("评分办法文件“%(file)s”第%(line)s行应当是“字段: 值”的形式。"),
    "missing": _("评分办法文件“%(file)s”第%(line)s行起的一项缺少“%(field)s”。"),
    "unknown_field": _("评分办法文件“%(file)s”第%(line)s行的字段“%(field)s”不认识。"),
    "not_number": _("评分办法文件“%(file)s”第%(line)s行“%(field)s”应当是不小于0的数。"),
    "too_fine": _("评分办法文件“%(file)s”第%(line)s行“%(field)s”最多写到小数点后三位。"),
    "percent": _("评分办法文件“%(file)s”第%(line)s行“%(field)s”应当在0到100之间。"),
    "choice": _("评分办法文件“%(file)s”第%(line)s行“%(field)s”只能是：%(allowed)s。"),
    "not_list": _("评分办法文件“%(file)s”第%(line)s行“%(field)s”应当是列表。"),
    "not_words": _("评分办法文件“%(file)s”第%(line)s行“%(field)s”应当是文字。"),
    "twice": _("评分办法文件“%(file)s”第%(line)s行的键“%(field)s”已经用过。"),
    "bands": _("评分办法文件“%(file)s”第%(line)s行的分档要把0到10每个整数恰好包括一次。"),
    "parts_sum": _("评分办法文件“%(file)s”第%(line)s行起的各部分合计不等于总分。"),
    "knots": _("评分办法文件“%(file)s”第%(line)s行的折线要从0到100，百分比逐个变大、得分不下降。"),
    "unknown_item": _("检查项“%(check)s”对应的指标“%(item)s”不存在。"),
    "check_twice": _("检查项“%(check)s”出现了两次。"),
    "item_twice": _("指标“%(item)s”出现了两次。"),
    "negative": _("“%(name)s”的分值或数目不能小于0。"),
    "persons": _("只比较地方和单位，不比较个人。"),
    "share_range": _("“%(place)s”里有不在0到1之间的数，不能比较。"),
    "place_twice": _("“%(place)s”在同一组里出现了两次。"),
    "other_standard": _("两次评分用的办法不同，不能逐项比较。"),
}


class Unreckonable(ValueError):
    """``code`` with its parameters; ``sentence()`` is for the reader."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(f"{code} {params}")
        self.code = code
        self.params = params

    def sentence(self) -> str:
        """The reason in the reader's language."""
        return str(SENTENCES[self.code]) % self.params


class BadSheet(Unreckonable):
    """A file of sheets is malformed; nothing of it was loaded. ``line`` counts from 1."""


class BadSnapshot(Unreckonable):
    """Items, checks or visits do not fit together."""


class NotComparable(Unreckonable):
    """These may not be set side by side."""

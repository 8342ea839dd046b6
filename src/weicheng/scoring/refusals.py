"""Why an act on scores was refused: a code with parameters, put into words for the reader."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weicheng.journal.refusals import Refusal

SENTENCES: dict[str, Promise] = {
    "not_yours": _("这里的数据由当地创卫办填写，您不能改。"),
    "not_your_switch": _("只有指挥长和创卫办主任能打开或关闭这一项。"),
    "other_body": _("同一个操作编号已用于别的内容，这一次没有保存。请刷新页面重新提交。"),
    "unknown_indicator": _("没有“%(key)s”这项数据指标，请从表里选择。"),
    "unknown_item": _("没有“%(key)s”这条指标，请从表里选择。"),
    "need_number": _("“%(name)s”要填一个数，例如 36.5。"),
    "need_yes_or_no": _("“%(name)s”请选择达到或未达到。"),
    "percent_range": _("“%(name)s”要在0到100之间。"),
    "need_answers": _("请填写收回的有效问卷份数。"),
    "day_ahead": _("日期不能晚于今天。"),
    "need_name": _("请给预警线起一个名字。"),
    "line_range": _("预警线要在0到%(most)s分之间。"),
    "crews_range": _("施工组数要在0到%(most)s之间，可以填一位小数。"),
    "days_range": _("工作日要在0到%(most)s之间，可以填一位小数。"),
    "yuan_range": _("金额要填整数元。"),
    "no_sites": _("请至少选一个点位。"),
    "too_many_sites": _("一个专项检查计划最多%(most)s个点位，请先按单位或镇街筛选。"),
    "unknown_unit": _("没有找到这个单位，没有保存。请刷新后再填。"),
    "not_your_line": _("预警线只由指挥长和创卫办主任来定。"),
    "line_twice": _("已经有一条叫“%(name)s”的预警线。"),
}


class Refused(Refusal):
    """An act on scores that may not happen."""

    SENTENCES = SENTENCES

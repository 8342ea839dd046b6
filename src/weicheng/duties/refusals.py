"""Why an act on duties was refused: a code, put into words for the reader."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weicheng.journal.refusals import Refusal

SENTENCES: dict[str, Promise] = {
    "not_yours": _("这里的责任由当地创卫办分工，您不能改。"),
    "one_clause": _("条目、问题类别、检查项、点位类型只能选一个。"),
    "nobody": _("请写清由谁负责：单位或人至少一个。"),
    "ends_before": _("结束日期早于开始日期。"),
    "over_already": _("这条责任已经结束，请看最新的分工。"),
    "unit_gone": _("%(unit)s已经停用，请选现在的单位。"),
    "person_gone": _("%(person)s那天没有在任的岗位，请先在单位里登记。"),
    "same_person": _("交接的两个人是同一个人。"),
    "same_unit": _("合并的两个单位是同一个单位。"),
    "day_ahead": _("交接日不能晚于今天，请到那天再办。"),
    "nothing_to_hand_over": _("%(name)s名下没有要交接的责任。"),
    "nothing_to_settle": _("这条责任没有要明确的地方。"),
    "other_body": _("这次提交的编号已经用过，内容却不一样。请刷新后再试。"),
}


class Refused(Refusal):
    """An act on duties that may not happen."""

    SENTENCES = SENTENCES

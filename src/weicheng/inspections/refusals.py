"""Why an act on checks was refused: a code with parameters, put into words for the reader."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weicheng.journal.once import ForeignOperation
from weicheng.journal.refusals import Refusal

SENTENCES: dict[str, Promise] = {
    "not_yours": _("这一步不由您办理。"),
    "other_body": _("同一个操作编号已用于别的内容，这一次没有保存。请刷新页面重新提交。"),
    "site_gone": _("“%(site)s”已经停用，这次检查没有计入；内容已保留，请交创卫办处理。"),
    "wrong_check": _("“%(key)s”不是这类点位的检查项。请更新检查表后再交。"),
    "two_answers": _("检查项“%(key)s”同时有两种结论，请只选一种。"),
    "need_reason_closed": _("没有检查成的，请写一句原因。"),
    "need_place": _("请选择点位或写明地点。"),
    "need_kind": _("请选择问题类别。"),
    "wrong_band": _("“%(key)s”的得分要在0到10之间。"),
    "wrong_state": _("这个计划现在是“%(state)s”，不能办这一步。请刷新后再看。"),
    "need_title": _("请给这次检查起一个名字。"),
    "need_stops": _("请至少选一个点位。"),
    "too_many_stops": _("一次观摩最多%(n)s个点位，请减少一些。"),
    "stop_twice": _("同一个点位选了两次，请去掉一个。"),
    "papers_range": _("评分表的张数要在1到%(n)s之间。"),
    "no_such_paper": _("没有%(number)s号评分表。"),
    "other_stop": _("%(number)s号评分表里有不在这次路线上的点位，这次没有保存。"),
    "mark_range": _("%(number)s号评分表的分数要在0到100之间，这次没有保存。"),
    "busy": _("这件正在被别人处理，请稍候再试。"),
    "paper_changed": _("%(number)s号评分表刚才在别处录过，下面是现在的分数，请核对后再改。"),
    "paper_spoilt": _("%(number)s号评分表已作废，不能再打分。请交办公室处理。"),
    "no_marks": _("还没有填分数。"),
    "no_papers": _("还没有录入有效的评分表，不能公布成绩。"),
    "other_place": _("“%(site)s”不在您检查的地区。"),
    "looked_already": _("这一件已经有人回头看过，不用再看。"),
    "look_back_dropped": _("这一件已经重开或作废，这次回头看取消。"),
    "looked_first": _("这一件是您验收的，回头看要换一位。"),
    "own_unit_fixed": _("这一件是您所在单位整改的，回头看要由与整改单位无关的人来看。"),
    "no_such_check": _("没有编号为“%(key)s”的检查项，请从列表里选。"),
    "need_ruling_words": _("请写口径的原话，不超过%(n)s字。"),
    "need_said_by": _("请写这个口径是谁定的。"),
    "ruling_day": _("口径的日期要在2000年以后、今天以前。"),
    "ruling_replaced": _("这条口径已经被后来的口径替换，请到新的那一条上替换。"),
    "ruling_choice": _("请选择级别，并选择比以前更严、更松还是一样。"),
    "need_inspectors": _("请至少选一位检查员。"),
    "per_person_range": _("每人的点位数要在1到%(n)s之间。"),
    "day_past": _("这一天已经过去，请选择今天或以后的日期。"),
    "sheet_entered": _("这张表已经录入过，没有再记一次。再查一次的，请重新打印一张。"),
    "no_sites_left": _("这个地区没有可排的点位：都停用、在建成区外，或这一天已经排了。"),
    "plan_days": _("结束日期不能早于开始日期。"),
    "plan_days_past": _("检查日期已经过去，请选择今天或以后的日期。"),
    "plan_too_long": _("一次检查最长%(n)s天，请缩短或分几次安排。"),
    "plan_region": _("检查范围不在您的地区内。"),
    "over_year": _("%(year)s年的%(kind)s计划%(count)s次，已经安排满。确需再查，请写明依据。"),
    "year_unset": _("%(year)s年还没有定%(kind)s的次数。请先在年度计划里定次数，或写明依据。"),
    "year_unseen": _(
        "您所在的单位（含原单位）负责这里的一些点位，年内已用的次数您看不全，看到的已过半。"
        "请写明依据，或由别的同志安排。"
    ),
    "not_taking_part": _("%(region)s没有参加这次创建，不能抽取。"),
    "year_count": _("次数要在0到%(n)s之间。"),
    "rounds_range": _("轮数要在1到%(n)s之间。"),
    "doubled_range": _("双人背对背的比例要在0到100之间。"),
    "double_needs_two": _("双人背对背检查至少要有两个组，请再编一个组。"),
    "need_teams": _("请先编组：至少一个组，每组有一位带队的人。"),
    "team_leader": _("“%(team)s”要有且只有一位带队的人。"),
    "team_twice": _("%(person)s编进了两个组，请只留一个。"),
    "team_stranger": _("%(person)s不能参加这次检查：没有检查的职责，或不在这个地区。"),
    "own_stop": _("“%(site)s”由%(person)s所在的单位（含原单位）负责，交叉检查要由别人来查。"),
    "own_stops": _("%(person)s所在的单位（含原单位）负责这个组的%(n)s个点位，请换一位。"),
    "stops_barred": _("有%(n)s个点位，各组都有人所在的单位（含原单位）负责，请换人或再编一个组。"),
    "guest_too_late": _("这次检查已经发布，外来人员补交的问题由创卫办核对后录入。"),
    "team_concerned": _("%(person)s所在的单位（含原单位）负责这次可能抽到的点位，请换一位。"),
    "you_concerned": _("您所在的单位（含原单位）负责这个范围里的点位，暗访请由别的同志安排。"),
    "sealed_already": _("随机种子已经封存，不能再改范围。请直接锁定抽取，或取消这次检查。"),
    "nothing_to_draw": _("这个范围里没有可抽的点位：要在建成区内、没有停用、有抽查数。"),
    "not_your_route": _("路线只能由本组带队的人启封。"),
    "no_such_team": _("这次检查没有这个组。"),
    "route_not_yet": _("出发日期是%(day)s，到那天才能启封。"),
    "need_reason": _("请写一句原因。"),
    "nothing_released": _("还没有一个点位检查过，不能发布结果。不查了可以取消这次检查。"),
    "dropped_with_visits": _("已经有检查记录，不能取消；请发布结果。"),
    "guest_name": _("请写姓名和来自哪里。"),
    "guest_until": _("账号到期的时间要在今天以后、检查结束后%(n)s天以内。"),
    "guest_kind": _("只有交叉检查、月评估和现场观摩可以请外来人员。"),
}


class Refused(Refusal):
    """An act on checks that may not happen."""

    SENTENCES = SENTENCES


#: Refusals by the year's count; a form shows them where the paper is named.
YEAR_CODES = frozenset({"over_year", "year_unset", "year_unseen"})


def sentence(refused: Refusal | ForeignOperation) -> str:
    """Why, in words; an operation of another account is one that was used for other things."""
    return refused.sentence() if isinstance(refused, Refusal) else Refused("other_body").sentence()

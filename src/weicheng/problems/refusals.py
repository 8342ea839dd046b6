"""Why an act is refused: codes with parameters, put into the reader's words at the edge."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weicheng.journal.refusals import Refusal

SENTENCES: dict[str, Promise] = {
    "not_yours": _("这一步不由您办理。"),
    "wrong_state": _("这件现在是“%(status)s”，不能办这一步。请刷新后再看。"),
    "voided": _("这件已作废，编号保留，不再办理。"),
    "own_fix": _("整改的单位和人不能验收自己的整改。请换一位与整改单位无关的人验收。"),
    "nameless_verifier": _("验收人必须是具名的人。请选择验收人。"),
    "holding_open": _("还有%(n)s项销号前必办事项没有办完：%(words)s。办完后才能销号。"),
    "level_too_low": _("这件须“%(level)s”，不能只看照片。"),
    "above_only": _("上级交来的问题由上级验收。"),
    "op_reused": _("同一个操作编号已用于别的内容，这一次没有保存。请刷新页面重新提交。"),
    "busy": _("这件正在被别人处理，请稍候再试。"),
    "need_reason": _("请选择原因。"),
    "need_lead": _("请选择牵头单位。"),
    "need_due": _("请选择整改时限。"),
    "due_past": _("整改时限已经过去，请选择以后的时间。"),
    "need_photo_after": _("请附一张整改后的照片。"),
    "need_photo_before": _("请附一张整改前的照片。"),
    "need_place": _("请填写地点。"),
    "need_kind": _("请选择问题类别。"),
    "need_agreed": _("“无法整改”要写明经谁同意。"),
    "need_letter": _("挂账要写明致函单位和函的内容。"),
    "need_review": _("挂账要定下次研究的日期。"),
    "need_milestone": _("长期推进要至少有一个节点。"),
    "need_words": _("请写一句说明。"),
    "need_quantity": _("请填写数量，按%(unit)s计。"),
    "line_unknown": _("“%(label)s”权属不明，不能剪。请先由运营商认领或书面放弃。"),
    "line_needs_reconnect": _("在用线缆要先登记接通时间和责任人，才能剪。"),
    "line_needs_phone": _("废弃线缆要先登记应急电话，才能剪。"),
    "line_needs_signer": _("每根线缆要由运营商签认。"),
    "lines_unclassified": _("线缆还没有逐根签认，先认线，再整改。"),
    "duplicate_of": _("请选择重复的是哪一件。"),
    "undo_too_late": _("已超过 10 秒，不能撤销。"),
    "undo_moved_on": _("之后又有人办理了这件，不能撤销。"),
    "undo_not_this": _("这一步不能撤销。"),
    "already_settled": _("这一项已经办结。"),
    "already_asking": _("这件已有一项申请在等答复，不能再提。可以先撤回那一项。"),
    "nothing_asked": _("这件没有等答复的申请，可能已经有人答复了。请刷新后再看。"),
    "own_request": _("本单位的申请不能由本单位的人答复。请换一位与申请单位无关的人。"),
    "extension_late": _("已过时限，不能再申请延期。请先交整改，或请创卫办写明理由改时限。"),
    "extension_used": _("这件已经延期%(n)s次，不能再申请。请先交整改，确实不行请创卫办定。"),
    "extension_not_later": _("新的时限要晚于现在的时限，请选择以后的时间。"),
    "beyond_limit": _(
        "最晚要在%(limit)s前办结（上级或全程的期限），时限不能晚于那时。请选择更早的时间。"
    ),
    "need_until": _("请选择到哪一天为止。"),
    "until_past": _("这一天已经过去，请选择以后的日期。"),
    "not_paused": _("这件没有缓办，不用恢复。"),
    "fix_first": _(
        "轻微、立行立改和有危险的问题，先处置、后分责：请先交整改，交了以后再提“不属于我”。"
    ),
    "need_suggested": _("请写明应由哪个单位办。"),
    "suggested_self": _("现在就是这个单位在办，请换一个单位。"),
    "group_decides": _("这件已经第%(n)s次退转，由%(unit)s定，请等它的裁定。"),
    "merged_away": _("这件已并入%(number)s，请到那一件上办；并错了请先拆开。"),
    "not_merged": _("这件没有并入别的问题，不用拆开。"),
    "merge_into": _("请选择要并入的那一件。"),
    "merge_self": _("不能并入它自己，请选择另一件。"),
    "need_pieces": _("拆分至少写出两件，每件都要有类别和地点。"),
    "need_person": _("请选择由谁经办。"),
    "not_of_lead": _("%(person)s不在%(unit)s任职，请选择%(unit)s的人。"),
    "same_person": _("现在就是%(person)s在经办，不用换。"),
    "need_due_reason": _("改时限要写明理由。"),
    "too_many_photos": _("一次最多 9 张照片。"),
}


class Refused(Refusal):
    """An act that the rules of the loop do not allow."""

    SENTENCES = SENTENCES


def refuse(code: str, **params: Any) -> None:
    """Stop the act."""
    raise Refused(code, **params)

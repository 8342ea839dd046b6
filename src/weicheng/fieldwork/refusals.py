"""Why something from a phone was not taken as it came: codes of all rooms, put into words here."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weicheng.evidence.refusals import SENTENCES as OF_EVIDENCE
from weicheng.inspections.refusals import SENTENCES as OF_INSPECTIONS
from weicheng.problems.refusals import SENTENCES as OF_PROBLEMS

#: What the phone did wrong: it keeps what it has.
MALFORMED: dict[str, str | Promise] = {
    "not_json": _("手机传来的内容读不出来，服务器没有收下。本机内容没有丢，请更新页面后重传。"),
    "no_list": _("手机传来的内容里没有要交的事项。请更新页面后重传。"),
    "too_many_acts": _("一次最多交%(limit)s件，这次有%(n)s件。请分几次传，本机内容没有丢。"),
    "too_long": _("这次传的内容太大（上限%(limit)s），服务器没有收下。请分几次传。"),
    "no_op_id": _("这一件没有操作编号，服务器没有收下，仍在本机。请更新页面后重传。"),
    "unknown_type": _("服务器不认得“%(type)s”这种事项，没有收下，仍在本机。请更新页面。"),
    "no_time": _("这一件的时间读不出来，服务器没有收下，仍在本机。请更新页面后重传。"),
    "wrong_field": _("这一件的“%(field)s”不对，服务器没有收下，仍在本机。请改正后重传。"),
    "too_many_photos": _("这一件有%(n)s张照片，最多%(limit)s张。请去掉几张后重传，仍在本机。"),
    "other_body": _("同一个操作编号已用于别的内容，这一次没有保存，仍在本机。请更新页面后重传。"),
    "foreign": _("这个操作编号属于别的人，没有保存。请用原来的账号登录后重传。"),
    "busy": _("服务器正忙，这一件稍后自动重传，本机内容没有丢。"),
    "moved": _("这件的内容在您离线期间被别人改过，先按服务器的保留。您可以再改一次。"),
    "wrong_hash": _("照片编号不对，服务器没有收下，仍在本机。请更新页面后重传。"),
    "wrong_size": _("照片大小不对（最大%(limit)s MB），服务器没有收下，仍在本机。"),
    "piece_too_big": _("一次最多传256 KB，请分块传。"),
    "broken": _("照片传到后与原来的不一致，已从头重传，本机照片没有丢。"),
    "full": _("服务器存储已满，已保存在本机，稍后自动重传"),
    "line_full": _("您在传的照片太多，请等前面的传完，本机照片没有丢。"),
    "not_a_queue": _("这不是从手机导出的待传文件，请选“导出待传”得到的文件。"),
    "writer_unknown": _("文件里的账号不在本区，不能导入。请在原来的账号所在地导入。"),
    "broken_photo": _("照片在文件里不完整，没有收下。请从手机重新导出。"),
    "unknown_photo": _("服务器还不知道这张照片，请重新开始传。"),
    "no_pack": _("您现在的岗位不做现场检查。本机没传完的照样会交上去，由创卫办决定是否放行。"),
    "not_here": _("服务器上没有这一项，或已不归您办。"),
}
#: Why an act waits for the office, or was kept as a remark; the content is kept in both cases.
KEPT: dict[str, str | Promise] = {
    "disabled": _("交来时账号已停用，内容已保留，由创卫办决定是否放行。"),
    "no_field_work": _("交来时已不做现场检查，内容已保留，由创卫办决定是否放行。"),
    "other_writer": _("由别人代为导入，内容已保留，由创卫办核对后放行。"),
    "site_unknown": _("点位找不到了，或已不在您的地区；内容已保留，由创卫办处理。"),
    "plan_gone": _("这个计划已取消，或不再由您检查；内容已保留，由创卫办处理。"),
    "plan_dropped": _("计划“%(plan)s”已取消；内容已保留，由创卫办处理。"),
    "kind_unknown": _("问题类别“%(kind)s”已不用了；内容已保留，由创卫办处理。"),
    "problem_unknown": _("这件问题找不到了，或已不归您办；内容已保留，由创卫办处理。"),
    "look_back_unknown": _("这次回头看已不由您办；内容已保留，由创卫办处理。"),
    "happened": _("您离线期间，这件%(what)s。您交的内容和照片已作为附言留在这件上。"),
    "as_remark": _("%(why)s 您交的内容和照片已作为附言留在这件上。"),
    "dropped": _("创卫办已作废：%(words)s"),
    "no_person": _("交来的账号没有对应的人，不能放行。请先给账号指定人员。"),
    "photos_missing": _("还缺%(n)s张照片，照片到齐后才能放行。"),
    "need_drop_reason": _("作废要写明原因。"),
    "ended_already": _("这一件已经处理过了，请刷新后再看。"),
    "check_elsewhere": _("检查项“%(check)s”不在这个点位的检查单上；问题已收下，没有记在这一项。"),
    "late": _("迟报：收到时距发生已超过24小时，照常受理。"),
    "near": _("附近有一件类似的（%(number)s），两件都保留，由创卫办看是否合并。"),
}

_ROOMS: dict[str, dict[str, Any]] = {
    "inspections": dict(OF_INSPECTIONS),
    "problems": dict(OF_PROBLEMS),
    "evidence": dict(OF_EVIDENCE),
}


def sentence(reason: str, params: dict[str, Any] | None = None) -> str:
    """A kept reason in the reader's language. ``reason``: a code of this room, or room.code."""
    if not reason:
        return ""
    room, _dot, code = reason.rpartition(".")
    from django.utils.translation import gettext

    said = _ROOMS[room][code] if room else (MALFORMED.get(code) or KEPT[code])
    words = gettext(said) if type(said) is str else str(said)
    given = dict(params or {})
    if isinstance(given.get("because"), list):
        given["why"] = sentence(*given.pop("because"))
    if isinstance(given.get("acts"), list):
        from weicheng.fieldwork.conflicts import happened

        given["what"] = happened(given.pop("acts"))
    return words % given


class Malformed(Exception):
    """What came cannot be read: nothing is stored, the phone keeps it and shows the sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def sentence(self) -> str:
        """What the phone shows."""
        return sentence(self.code, self.params)


class Conflict(Exception):
    """A field was changed by somebody else meanwhile: both values, the server's stays."""

    def __init__(self, *, problem: Any, server: dict[str, str], yours: dict[str, str]) -> None:
        super().__init__("moved")
        self.problem = problem
        self.server = server
        self.yours = yours


class Wait(Exception):
    """The act may not be carried out now: it waits for the office with all that it said."""

    def __init__(self, reason: str, **params: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params


class NotReleased(Exception):
    """What stands against the release of something held; it goes on waiting."""

    def __init__(self, reason: str, **params: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params

    def sentence(self) -> str:
        """What the office reads."""
        return sentence(self.reason, self.params)

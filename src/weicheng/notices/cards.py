"""What a message says: number, place and time, nothing about persons."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as later
from django.utils.translation import override

from weicheng.frame.moments import moment
from weicheng.notices import digest
from weicheng.notices.models import Delivery
from weicheng.notices.robots import Message
from weicheng.notices.words import Sort

if TYPE_CHECKING:
    from weicheng.problems.models import Problem

#: One sentence a sort; %(due)s may be empty.
SENTENCES: dict[str, str] = {
    Sort.LATE: later("超期未办结，应于%(due)s前办结"),
    Sort.SENT_BACK: later("整改被退回，请重新整改，%(due)s前办结"),
    Sort.LEADER_WORDS: later("领导有批示，请打开查看"),
    Sort.SETTLE: later("三次退单，请您定责任单位"),
    Sort.SIGN_LATE: later("超期未签收"),
    Sort.VERIFY_LATE: later("超期未验收"),
    Sort.REOPENED: later("已重开，请再整改，%(due)s前办结"),
    Sort.SOON: later("将到期，请在%(due)s前办结"),
    Sort.ASSIGNED: later("派给你单位，%(due)s前办结"),
    Sort.OWED: later("你单位有配合或必办事项，%(due)s前办结"),
    Sort.ASKED: later("有申请待审"),
    Sort.DENIED: later("申请没有同意，时限不变"),
    Sort.GRANTED: later("申请已同意"),
    Sort.TAKEN_AWAY: later("已不再由你单位牵头"),
    Sort.ANSWER: later("你反映的问题已有结果"),
}
NO_DUE = later("时限内")


def sentence(sort: str, due_at: datetime | None, now: datetime) -> str:
    """What happened, in one sentence of the reader's language."""
    due = moment(due_at, now) if due_at else _(NO_DUE)
    if not due_at:
        return _(SENTENCES[sort]).replace("%(due)s前", due) % {"due": due}
    return _(SENTENCES[sort]) % {"due": due}


def message(row: Delivery, now: datetime) -> Message:
    """The words of a delivery, in the language of the house; a repeat says that it is one."""
    with override(settings.LANGUAGE_CODE):
        found = _message(row, now)
        if row.unsure and row.kind != Delivery.Kind.TEST:
            return Message(_("（重发，可能已收到）") + found.title, found.lines, found.link)
        return found


def _message(row: Delivery, now: datetime) -> Message:
    if row.kind == Delivery.Kind.TEST:
        return Message(_("【卫城】测试消息"), (_("收到这条，说明通道可用。"),), settings.ADDRESS)
    if row.problem is None:
        return digest.message(row.channel, now)
    return _of_problem(row.sort, row.problem, now)


def _of_problem(sort: str, problem: Problem, now: datetime) -> Message:
    title = _("【卫城】%(sort)s") % {"sort": Sort(sort).label}
    told = sentence(sort, problem.due_at, now)
    link = settings.ADDRESS + reverse("problems:detail", args=[problem.pk])
    return Message(
        title, (f"{problem.number} {problem.title()}", told), link if settings.ADDRESS else ""
    )

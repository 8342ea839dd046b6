"""What a message says: number, place and time, nothing about persons."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from weicheng.frame.moments import moment
from weicheng.notices import digest
from weicheng.notices.models import Delivery
from weicheng.notices.robots import Message
from weicheng.notices.words import Sort

if TYPE_CHECKING:
    from weicheng.problems.models import Problem

#: One sentence a sort; %(due)s is “今天 16:00前”, or “时限内” where there is no time.
SENTENCES: dict[str, str] = {
    Sort.LATE: _("超期未办结，应于%(due)s办结"),
    Sort.SENT_BACK: _("整改被退回，请重新整改，%(due)s办结"),
    Sort.LEADER_WORDS: _("领导有批示，请打开查看"),
    Sort.SETTLE: _("三次退单，请您定责任单位"),
    Sort.SIGN_LATE: _("超期未签收"),
    Sort.VERIFY_LATE: _("超期未验收"),
    Sort.REOPENED: _("已重开，请再整改，%(due)s办结"),
    Sort.SOON: _("将到期，请在%(due)s办结"),
    Sort.ASSIGNED: _("派给你单位，%(due)s办结"),
    Sort.OWED: _("你单位有配合或必办事项，%(due)s办结"),
    Sort.TIMED: _("时限有变，现在应于%(due)s办结"),
    Sort.ASKED: _("有申请待审"),
    Sort.DENIED: _("申请没有同意，时限不变"),
    Sort.GRANTED: _("申请已同意"),
    Sort.TAKEN_AWAY: _("已不再由你单位牵头"),
    Sort.ANSWER: _("你反映的问题已有结果"),
}


def sentence(sort: str, due_at: datetime | None, now: datetime) -> str:
    """What happened, in one sentence of the reader's language."""
    due = gettext("时限内")
    if due_at is not None:
        due = gettext("%(moment)s前") % {"moment": moment(due_at, now)}
    return gettext(SENTENCES[sort]) % {"due": due}


def message(row: Delivery, now: datetime) -> Message:
    """The words of a delivery, in the language of the house; a repeat says that it is one."""
    with override(settings.LANGUAGE_CODE):
        found = _message(row, now)
        if row.unsure and row.kind != Delivery.Kind.TEST:
            return Message(gettext("（重发，可能已收到）") + found.title, found.lines, found.link)
        return found


def _message(row: Delivery, now: datetime) -> Message:
    if row.kind == Delivery.Kind.TEST:
        return Message(
            gettext("【卫城】测试消息"), (gettext("收到这条，说明通道可用。"),), settings.ADDRESS
        )
    if row.problem is None:
        return digest.message(row.channel, now)
    return _of_problem(row.sort, row.problem, now)


def _of_problem(sort: str, problem: Problem, now: datetime) -> Message:
    title = gettext("【卫城】%(sort)s") % {"sort": Sort(sort).label}
    told = sentence(sort, problem.due_at, now)
    link = settings.ADDRESS + reverse("problems:detail", args=[problem.pk])
    return Message(
        title, (f"{problem.number} {problem.title()}", told), link if settings.ADDRESS else ""
    )

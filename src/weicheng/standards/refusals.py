"""Why an edit of the standard was refused: a code, put into words for the reader."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weicheng.journal.refusals import Refusal

SENTENCES: dict[str, Promise] = {
    "office_only": _("只有创卫办能改标准和问题类别。"),
    "not_editable": _("“%(field)s”不能在这里改。"),
    "bad_value": _("“%(field)s”填得不对：%(why)s"),
    "no_change": _("没有改动，不用保存。"),
    "changed_meanwhile": _("您打开以后，这一条又被改过。请先看最新内容，再改一次。"),
    "other_body": _("这次提交的编号已经用过，内容却不一样。请刷新后再试。"),
}


class Refused(Refusal):
    """An edit of the standard that may not happen."""

    SENTENCES = SENTENCES

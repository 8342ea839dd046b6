"""Which form belongs to which act, in the order of the menu 更多."""

from __future__ import annotations

from weicheng.problems.forms import (
    assigning,
    dispatching,
    fixing,
    linking,
    naming,
    requests,
    verifying,
)
from weicheng.problems.forms.base import ActForm

_ALL: tuple[type[ActForm], ...] = (
    dispatching.Dispatch, requests.Grant, requests.Deny,
    fixing.Sign, fixing.HandIn, fixing.ReportProgress, fixing.Settle,
    verifying.Pass, verifying.SendBack, verifying.Reopen, fixing.Withdraw,
    requests.AskExtension, requests.AskPause, requests.Dispute, requests.DropRequest,
    requests.Resume, requests.SetDue, naming.NamePerson,
    fixing.ClassifyLine, fixing.CutLine, assigning.Amend, assigning.Recall,
    linking.SayAgain, linking.Merge, linking.Unmerge, linking.Split,
    assigning.SetLongTerm, assigning.Park, assigning.Unpark, assigning.Decline,
    verifying.Close, assigning.Void, verifying.Say,
)  # fmt: skip

FORMS: dict[str, type[ActForm]] = {form.act: form for form in _ALL}


def form_of(act: str) -> type[ActForm] | None:
    """The form of an act; None when there is no such act."""
    return FORMS.get(act)

"""The acts on a problem, one function each, named by the field's verbs."""

from weicheng.problems.acts.cables import Line, classify_line, cut_line
from weicheng.problems.acts.filing import (
    Correction,
    Finding,
    adopt,
    amend,
    decline,
    file,
    fix_on_spot,
    void,
)
from weicheng.problems.acts.undoing import undo
from weicheng.problems.acts.verifying import close, pass_fix, reopen, send_back
from weicheng.problems.acts.waiting import park, report_progress, set_long_term, unpark
from weicheng.problems.acts.working import (
    Duty,
    Fix,
    dispatch,
    hand_in,
    recall,
    remark,
    settle,
    sign,
    withdraw,
)

__all__ = [
    "Correction",
    "Duty",
    "Finding",
    "Fix",
    "Line",
    "adopt",
    "amend",
    "classify_line",
    "close",
    "cut_line",
    "decline",
    "dispatch",
    "file",
    "fix_on_spot",
    "hand_in",
    "park",
    "pass_fix",
    "recall",
    "remark",
    "reopen",
    "report_progress",
    "send_back",
    "set_long_term",
    "settle",
    "sign",
    "undo",
    "unpark",
    "void",
    "withdraw",
]

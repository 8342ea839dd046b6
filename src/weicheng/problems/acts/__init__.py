"""The acts on a problem, one function each, named by the field's verbs."""

from weicheng.problems.acts.arriving import photos_arrive
from weicheng.problems.acts.asking import ask_extension, ask_pause, dispute, drop_request
from weicheng.problems.acts.cables import Line, classify_line, cut_line
from weicheng.problems.acts.deciding import deny, grant, resume, set_due
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
from weicheng.problems.acts.linking import Piece, merge, say_again, split, unmerge
from weicheng.problems.acts.naming import name_person, succeed_unit
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
    "Piece",
    "adopt",
    "amend",
    "ask_extension",
    "ask_pause",
    "classify_line",
    "close",
    "cut_line",
    "decline",
    "deny",
    "dispatch",
    "dispute",
    "drop_request",
    "file",
    "fix_on_spot",
    "grant",
    "hand_in",
    "merge",
    "name_person",
    "park",
    "pass_fix",
    "photos_arrive",
    "recall",
    "remark",
    "reopen",
    "report_progress",
    "resume",
    "say_again",
    "send_back",
    "set_due",
    "set_long_term",
    "settle",
    "sign",
    "split",
    "succeed_unit",
    "undo",
    "unmerge",
    "unpark",
    "void",
    "withdraw",
]

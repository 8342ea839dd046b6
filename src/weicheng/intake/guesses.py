"""What a message seems to be, in a line: “垃圾桶满溢　很像”, “不属于创卫　转住建部门”."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from weicheng.problems import catalogue
from weicheng.triage.outside import where_outside
from weicheng.triage.words import how_sure

OURS, OTHERS, UNTOLD = "ours", "others", ""


def code(proposed: Mapping[str, Any]) -> str:
    """A guess as it is kept: "ours|bin_overflow|85", "others|housing|90", ""."""
    if proposed["proposal_id"] is not None:
        return f"{OURS}|{proposed['proposal_id']}|{proposed['confidence']}"
    if proposed["outside"] is not None:
        return f"{OTHERS}|{proposed['outside']}|{proposed['confidence']}"
    return UNTOLD


def line(kept: str) -> str:
    """A guess in the reader's words."""
    if kept == UNTOLD:
        return _("看不出是哪一类")
    sort, key, confidence = kept.split("|")
    if sort == OTHERS:
        return _("不属于创卫　转%(where)s") % {"where": where_outside(key)}
    return f"{catalogue.name(key)}　{how_sure(int(confidence) / 100)}"


def summary(counted: Mapping[str, int]) -> str:
    """“其中566条像创卫的事，2478条看来不属于创卫，12条看不出”."""
    values = {name: counted.get(key, 0) for name, key in _NAMES.items()}
    return _("其中%(ours)s条像创卫的事，%(others)s条看来不属于创卫，%(untold)s条看不出") % values


_NAMES = {"ours": OURS, "others": OTHERS, "untold": UNTOLD}

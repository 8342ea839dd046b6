"""How sure a proposal is, in words."""

from __future__ import annotations

from django.utils.translation import gettext

from weicheng.triage.judging import LIKELY, MAYBE


def how_sure(confidence: float) -> str:
    """很像, 可能 or 不确定."""
    if confidence >= LIKELY:
        return gettext("很像")
    return gettext("可能") if confidence >= MAYBE else gettext("不确定")

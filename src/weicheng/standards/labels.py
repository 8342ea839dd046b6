"""What the fields of the standard are called, and how a changed value is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from .models import (
    Certainty,
    Haste,
    ObligationParty,
    ObligationSort,
    ProblemKind,
    Proof,
    QuantityUnit,
    Revision,
    Severity,
    Tag,
    Verification,
    Whose,
)
from .models.edition import points

FIELDS: dict[str, Any] = {
    "name_zh": _("名称"),
    "name_en": _("英文名称"),
    "demand_zh": _("要求"),
    "demand_en": _("英文要求"),
    "whose": _("归属"),
    "onsite_milli": _("现场分值"),
    "points_certainty": _("分值的把握"),
    "certainty": _("条文的把握"),
    "source_zh": _("出处"),
    "note_zh": _("说明"),
    "usual_lead_zh": _("常见牵头单位"),
    "group_zh": _("归组"),
    "group_en": _("英文归组"),
    "tag": _("净序证"),
    "severity": _("程度"),
    "unit": _("计量单位"),
    "haste": _("时限类别"),
    "due_hours": _("建议时限（小时）"),
    "due_days": _("建议时限（天）"),
    "direct": _("直派"),
    "duplicate_radius_m": _("重复提示半径（米）"),
    "bureau_words": _("行业主管"),
    "search_words": _("识别用词"),
    "verification": _("验收方式"),
    "proof": _("佐证"),
    "obligations": _("后续事项"),
    "active": _("启用"),
}

CHOICES: dict[str, Any] = {
    "whose": Whose,
    "points_certainty": Certainty,
    "certainty": Certainty,
    "tag": Tag,
    "severity": Severity,
    "unit": QuantityUnit,
    "haste": Haste,
}


@dataclass(frozen=True)
class Line:
    """One changed field: its label, what it said before, what it says now."""

    label: str
    before: str
    after: str


def diff_lines(revision: Revision) -> list[Line]:
    """The changes of a revision in words."""
    return [
        Line(str(FIELDS.get(name, name)), shown(name, pair[0]), shown(name, pair[1]))
        for name, pair in revision.changes.items()
    ]


def shown(name: str, value: Any) -> str:
    """A stored value as people say it; an empty one as “空”."""
    if value in (None, "", [], {}):
        return gettext("空")
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if name in CHOICES:
        return str(CHOICES[name](value).label)
    if name == "onsite_milli":
        return gettext("%(n)s分") % {"n": points(int(value))}
    if isinstance(value, (list, Mapping)):
        return _several(name, value)
    return str(value)


def _several(name: str, value: Any) -> str:
    if name == "proof":
        return gettext("、").join(str(Proof(word).label) for word in value)
    if name == "verification":
        return gettext("、").join(
            gettext("%(severity)s：%(level)s")
            % {"severity": Severity(severity).label, "level": Verification(level).label}
            for severity, level in value.items()
        )
    if name == "obligations":
        return gettext("；").join(obligation_line(duty) for duty in value)
    return gettext("、").join(str(word) for word in value)


def obligation_line(duty: Mapping[str, str]) -> str:
    """An obligation template as a line: 销号前必办｜运营商｜在用线缆已接通."""
    sort = ObligationSort(duty["sort"]).label
    return f"{sort}｜{ObligationParty(duty['party']).label}｜{duty['zh']}"


@dataclass(frozen=True)
class Duty:
    """An obligation template in the reader's words."""

    sort: str
    sort_word: str
    party_word: str
    text: str

    @classmethod
    def of(cls, duty: Mapping[str, str]) -> Duty:
        """Made from a template of a kind."""
        english = (get_language() or "").startswith("en")
        return cls(
            sort=duty["sort"],
            sort_word=str(ObligationSort(duty["sort"]).label),
            party_word=str(ObligationParty(duty["party"]).label),
            text=duty["en"] if english else duty["zh"],
        )


def verification_lines(kind: ProblemKind) -> list[str]:
    """How each severity is verified: “轻微：图核”."""
    return [
        gettext("%(severity)s：%(level)s")
        % {
            "severity": severity.label,
            "level": Verification(kind.verification_for(severity.value)).label,
        }
        for severity in Severity
    ]

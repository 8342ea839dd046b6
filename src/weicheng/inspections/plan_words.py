"""What is said of a draw: what was missing, what was promised, what is still to be decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from weicheng.standards.models import SiteType

if TYPE_CHECKING:
    from weicheng.inspections.odds import Gap
    from weicheng.inspections.pool import TypeLine


def short(name: str, wanted: int, found: int) -> str:
    """“公共厕所应抽12个，建成区内只有9个，全部抽取。”"""
    given = {"type": name, "wanted": wanted, "found": found}
    if not found:
        return _("%(type)s应抽%(wanted)s个，建成区内一个也没有，这次不抽。") % given
    return _("%(type)s应抽%(wanted)s个，建成区内只有%(found)s个，全部抽取。") % given


def shorts_of_lines(lines: Iterable[TypeLine]) -> list[str]:
    """Sentences about the types with too few sites, before the draw."""
    return [short(line.name, line.wanted, line.available) for line in lines if line.short]


def shorts_of(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The same of a drawn plan, from what it kept."""
    rows = list(rows)
    names = {t.pk: str(t) for t in SiteType.objects.filter(pk__in=[r["site_type"] for r in rows])}
    return [short(names.get(r["site_type"], r["site_type"]), r["wanted"], r["found"]) for r in rows]


def gap(name: str, one: Gap) -> str:
    """“3轮查不完72个公共厕所，至少要6轮；先按18轮安排。”"""
    if one.needed > one.rounds:
        words = _(
            "%(type)s有%(sites)s个，%(rounds)s轮查不完，至少要%(needed)s轮；先按%(kept)s轮排。"
        )
    else:
        words = _("%(type)s有%(late)s个已等过%(rounds)s轮，这一轮排不下，要到下一轮。")
    return words % {
        "type": name, "sites": one.sites, "rounds": one.rounds, "needed": one.needed,
        "kept": one.kept, "late": one.late,
    }  # fmt: skip

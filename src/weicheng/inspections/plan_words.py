"""What is said of a draw: what was missing, what was promised, what is still to be decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from weicheng.inspections.pool import least_of_edition
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


def too_few(total: int) -> str | None:
    """“这次共抽150个点位，比评审抽查的最少数179个少。”, of a draw below the edition's minimum."""
    least = least_of_edition()
    if total >= least:
        return None
    words = _("这次共抽%(n)s个点位，比评审抽查的最少数%(least)s个少。")
    return words % {"n": total, "least": least}


def rounds_changed(before: int, now: int) -> str:
    """What is said when a series is promised in another number of rounds than the last time."""
    words = _("上一轮的覆盖是“%(before)s”，这次是“%(now)s”。等过的轮数照算，承诺的轮数变了。")
    return words % {"before": _promise(before), "now": _promise(now)}


def _promise(rounds: int) -> str:
    return _("%(n)s轮之内") % {"n": rounds} if rounds else _("轮数自动定")


def drawn_again(n: int) -> str:
    """“同一范围第2次抽取：前面抽过的都取消了……”"""
    return _("同一范围第%(n)s次抽取：前面抽过的都取消了，仍占年度次数，种子已公开。") % {"n": n}


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

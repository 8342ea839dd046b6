"""What a forecast says in sentences that a leader understands. The real line is not known: every
line here is one that the district drew for itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: Parts of the width, in words.
PARTS: Mapping[str, Promise] = {
    "strictness": gettext_lazy("外来评估员比我们严多少"),
    "others": gettext_lazy("数据指标、资料和满意度怎么评"),
    "outcomes": gettext_lazy("同一个点位，当天碰上不碰上"),
    "ageing": gettext_lazy("很久没看，情况可能变了"),
    "rates": gettext_lazy("看得不够多，失分率估得粗"),
    "lots": gettext_lazy("抽签的运气：抽到哪些点位"),
    "unvisited": gettext_lazy("有的类别从没看过"),
    "clusters": gettext_lazy("成片出问题：同一家物业、同一个社区"),
    "areas": gettext_lazy("镇街之间的差别"),
    "starts": gettext_lazy("评估组从哪里落脚"),
}


def points(milli: float, places: int = 0) -> str:
    """Thousandths of a point as points: 907, or 12.3."""
    return f"{milli / 1000:.{places}f}"


def times(chance: float) -> str:
    """A chance as so many of a hundred draws, never a flat never or always while unsure; it stands
    before what happens so often: “100次里没有一次能到900分”."""
    n = int(100 * chance + 0.5)
    if n == 0:
        return _("没有一次") if chance == 0 else _("不到1次")
    if n == 100:
        return _("每一次都") if chance == 1 else _("99次以上")
    return _("大约%(n)s次") % {"n": n}


def headline(told: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> str:
    """照现在的样子，100次抽查里大约62次能到…… Lines carry their chance, the lowest line first."""
    if not lines:
        return _("照现在的样子，最可能的总分是%(p50)s，八成可能在%(p10)s到%(p90)s之间。") % _range(
            told
        )
    reached = _("，").join(
        _("%(times)s能到%(name)s%(line)s分") % {
            "times": times(line["chance"]), "name": line["name"], "line": points(line["milli"]),
        }
        for line in lines[:2]
    )  # fmt: skip
    return _(
        "照现在的样子，100次抽查里%(reached)s；"
        "最可能的总分是%(p50)s，八成可能在%(p10)s到%(p90)s之间。"
    ) % {"reached": reached, **_range(told)}  # fmt: skip


def _range(told: Mapping[str, Any]) -> dict[str, str]:
    return {name: points(told[name]) for name in ("p10", "p50", "p90")}


def why(worst: str, width: str) -> str:
    """What costs most, and what makes it uncertain."""
    return _("失分最多的是%(worst)s。结果有起伏，主要看%(width)s。") % {
        "worst": worst, "width": width,
    }  # fmt: skip


def moved(now: float, before: float, since: date) -> str:
    """How the likeliest total moved since the forecast before, of another day."""
    change = round((now - before) / 1000)
    day = date_format(since, _("n月j日"))
    if change == 0:
        return _("和%(day)s那次推算相比没有变化。") % {"day": day}
    if change > 0:
        return _("比%(day)s那次推算高了%(n)s分。") % {"day": day, "n": change}
    return _("比%(day)s那次推算低了%(n)s分。") % {"day": day, "n": -change}


def percent(part: int, whole: int) -> str:
    """A share in whole percent, never none or all of it unless it is."""
    share = round(100 * part / whole) if whole else 0
    if part > 0 and share == 0:
        return _("不到1%")
    if part < whole and share == 100:
        return _("99%以上")
    return f"{share}%"


def coverage(name: str, never: int, sites: int) -> str:
    """41 % of public toilets never visited."""
    return _("%(share)s的%(name)s从没看过（%(sites)s处里有%(never)s处）。") % {
        "share": percent(never, sites), "name": name, "sites": sites, "never": never,
    }  # fmt: skip


def first(kinds: Sequence[tuple[str, int]]) -> str:
    """Which sites to look at first, of which types: (name, how many), the most first."""
    told = _("、").join(_("%(name)s%(n)s处") % {"name": name, "n": n} for name, n in kinds)
    return _("先看下面这%(n)s处（%(kinds)s），最能缩小误差。") % {
        "n": sum(n for _name, n in kinds), "kinds": told,
    }  # fmt: skip


def whose(told: Mapping[str, Mapping[str, int]]) -> str:
    """Our share of the expected loss, and what only the city can mend."""
    lost = {key: row["loss"] for key, row in told.items()}
    if not lost.get("city"):
        return ""
    return _(
        "现场预计失%(whole)s分：区里自己的和市区共担的%(ours)s分，市级指标%(city)s分，只有市里能补。"
    ) % {
        "whole": points(sum(lost.values()), 1), "city": points(lost["city"], 1),
        "ours": points(sum(n for key, n in lost.items() if key != "city"), 1),
    }  # fmt: skip


def seen(count: int, sites: int) -> str:
    """How much of the pool was ever visited."""
    return _("能被抽到的%(sites)s个点位里，看过%(n)s个（%(share)s）。") % {
        "sites": sites, "n": count, "share": percent(count, sites),
    }  # fmt: skip


def reds(told: Mapping[str, Any]) -> str:
    """The red points to be expected in one assessment."""
    return _("一次抽查平均会碰到%(mean)s个红点；100次里%(none)s能一个都不碰上。") % {
        "mean": f"{told['mean']:.1f}", "none": times(told["none"]),
    }  # fmt: skip


def sure(default: int, whole: int) -> str:
    """How many of the points rest on default values."""
    return _("满分%(whole)s分里，有%(default)s分的分值还没有核实，用的是默认分值。") % {
        "whole": points(whole), "default": points(default),
    }  # fmt: skip


def drawn(sites: int, seed: int, short: Sequence[tuple[str, int, int]]) -> str:
    """How many sites an assessment draws; ``short``: (type, quota, sites there are) of the types
    with too few."""
    told = _(
        "每次按规定的类别和数量抽%(quota)s个点位，种子%(seed)s，同一种子可以重算出同样的结果。"
    ) % {"quota": sites, "seed": seed}
    if not short:
        return told
    named = _("、").join(
        _("%(name)s应抽%(quota)s处，只有%(pool)s处") % {"name": name, "quota": quota, "pool": pool}
        for name, quota, pool in short
    )
    return told + _("有的类别点位不够，有几处抽几处：%(named)s。") % {"named": named}


def banded(sites: int) -> str:
    """That grades are forecast as pass or fail."""
    return _("有%(n)s处点位最近一次按分档打分，推算时只看合格不合格，不看档次。") % {"n": sites}


def walking(quota: Mapping[str, Any], walk: Mapping[str, Any], lines: Sequence[Any]) -> str:
    """What changes when the assessors walk; ``lines`` carry the chance under this draw."""
    wide = [(told["p90"] - told["p10"]) for told in (quota, walk)]
    told = _(
        "如果评估组从落脚点步行，就近抽查：最可能%(p50)s分，八成在%(p10)s到%(p90)s之间"
    ) % _range(walk)
    change = round((wide[1] - wide[0]) / 1000)
    if change > 0:
        told += _("，起伏大了%(n)s分") % {"n": change}
    if lines:
        told += _("；100次里%(times)s能到%(line)s分") % {
            "times": times(lines[0]["chance"]), "line": points(lines[0]["milli"]),
        }  # fmt: skip
    return told + _("。")

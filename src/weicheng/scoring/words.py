"""Points in words, and what a line of a score is called."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SHEETS: Mapping[str, str | Promise] = {
    "onsite": gettext_lazy("现场"), "indicators": gettext_lazy("数据指标"),
    "documents": gettext_lazy("资料"), "satisfaction": gettext_lazy("群众满意度"),
}  # fmt: skip
WHOSE: Mapping[str, str | Promise] = {
    "district": gettext_lazy("本区的"), "shared": gettext_lazy("市区共担的"),
    "city": gettext_lazy("市级的"),
}  # fmt: skip
CAUSES: Mapping[str, str | Promise] = {
    "replaced": gettext_lazy("复查"), "added": gettext_lazy("新查"),
    "removed": gettext_lazy("不再计入"), "reweighted": gettext_lazy("各类点位的比重变了"),
    "opened": gettext_lazy("首次查到的指标"), "closed": gettext_lazy("不再查到的指标"),
    "standard": gettext_lazy("标准或分值改了"),
}  # fmt: skip
GREEN, AMBER, RED = "green", "amber", "red"


def milli_words(milli: int | None) -> str:
    """Thousandths as points with no trailing zeros: 56821 -> '56.821', 42000 -> '42'."""
    if milli is None:
        return ""
    text = f"{Decimal(milli) / 1000:.3f}".rstrip("0").rstrip(".")
    return text if text not in {"-0", ""} else "0"


def tenth_words(milli: int) -> str:
    """Thousandths as points to one decimal, for bars and headlines: 56821 -> '56.8'."""
    return f"{Decimal(milli) / 1000:.1f}"


def percent_words(share: Fraction | float | None) -> str:
    """A share as a whole percentage: 0.9 -> '90%'."""
    return "" if share is None else f"{round(float(share) * 100)}%"


def light(low: int, high: int, lines: Mapping[str, int]) -> str:
    """The traffic light against our own warning lines: green when even the lowest total is on or
    above all of them, red when even the highest is below one, amber between. Empty without lines.
    """
    if not lines:
        return ""
    least, most = min(lines.values()), max(lines.values())
    if low >= most:
        return GREEN
    return RED if high < least else AMBER


def light_words(colour: str) -> str:
    """What the light says, in a sentence; never a chance."""
    return {
        GREEN: _("在内部预警线以上"),
        AMBER: _("离内部预警线很近"),
        RED: _("低于内部预警线"),
        "": _("还没有设内部预警线"),
    }[colour]

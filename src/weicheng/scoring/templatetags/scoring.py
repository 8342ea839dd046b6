"""Tags of the scores: points, signed points, and the bar of a portion drawn by the server."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from weicheng.scoring import words

register = template.Library()
WIDTH = 1000


@register.filter
def pts(milli: int | None) -> str:
    """Thousandths as points, whole: 56821 -> 56.821."""
    return words.milli_words(milli)


@register.filter
def pts1(milli: int | None) -> str:
    """Thousandths as points to one decimal: 56821 -> 56.8."""
    return "" if milli is None else words.tenth_words(milli)


@register.filter
def signed(milli: int) -> str:
    """Thousandths as signed points: +1.5, −0.25, 0."""
    text = words.milli_words(abs(milli))
    if text == "0":
        return "0"
    return f"+{text}" if milli > 0 else f"−{text}"


@register.filter
def to_the_last(milli: int) -> str:
    """Thousandths as signed points to the last one, for columns that add up: +1.500, −0.250."""
    return f"{'−' if milli < 0 else '+'}{abs(milli) // 1000}.{abs(milli) % 1000:03d}"


@register.filter
def share(value: Any) -> str:
    """A share as a whole percentage."""
    return words.percent_words(value)


@register.inclusion_tag("scoring/bar.html")
def portion_bar(portion: Any) -> dict[str, Any]:
    """The bar of a portion: earned filled, lost hatched, not inspected dotted; widths of 1000."""
    of = portion.of or 1
    earned = round(WIDTH * portion.earned / of)
    lost = round(WIDTH * portion.lost / of)
    return {
        "earned": earned, "lost": lost, "lost_at": earned, "blind_at": earned + lost,
        "blind": max(0, WIDTH - earned - lost),
        "label": _("得%(earned)s分，失%(lost)s分，未检查%(blind)s分") % {
            "earned": words.milli_words(portion.earned), "lost": words.milli_words(portion.lost),
            "blind": words.milli_words(portion.not_inspected),
        },
    }  # fmt: skip


@register.filter
def said(name: Any) -> str:
    """A wording that carries both languages, in the reader's."""
    english = (get_language() or "").startswith("en")
    return str(name.en if english and name.en else name.zh)

"""Tags of the standard's pages: the reader's language of a catalogue row, points, thresholds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext

from weicheng.standards.labels import Line, diff_lines
from weicheng.standards.models import Indicator, Revision
from weicheng.standards.models.edition import points as as_points
from weicheng.standards.models.reader import in_language

register = template.Library()
SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "="}


@register.filter
def say(row: Any, name: str = "name") -> str:
    """{{ item|say:"demand" }}: the text in the reader's language."""
    return in_language(row, name)


@register.filter
def points(milli: int | None) -> Decimal | str:
    """Thousandths as points: 34000 -> 34."""
    found = as_points(milli)
    return "" if found is None else found


@register.filter
def threshold(row: Indicator) -> str:
    """≥80%, ≤55 dB(A), or the words of a row without a number; with 'or else' behind."""
    if row.value is None:
        text = in_language(row, "words")
    else:
        sign, unit = SIGNS.get(row.operator, ""), in_language(row, "unit")
        gap = " " if unit[:1].isascii() and unit[:1].isalpha() else ""
        text = f"{sign}{row.value.normalize():f}{gap}{unit}"
    extra = in_language(row, "or_else")
    if not extra:
        return text
    return gettext("%(text)s，%(extra)s") % {"text": text, "extra": extra}


@register.filter
def lines(revision: Revision) -> list[Line]:
    """The diff of a revision, field by field, in words."""
    return diff_lines(revision)


@register.filter
def counted(number: int) -> str:
    """The Chinese numeral of an aspect: 三; a plain number in other languages."""
    names = gettext("一,二,三,四,五,六,七,八,九,十").split(",")
    return names[number - 1] if 0 < number <= len(names) else str(number)

"""Tags about a problem's due time: a year whose holidays are not published, said beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from weicheng.frame.templatetags.frame import icon
from weicheng.problems.deadlines import uncertain_year
from weicheng.problems.due_words import unpublished_words

if TYPE_CHECKING:
    from weicheng.problems.models import Problem

register = template.Library()


@register.simple_tag
def due_uncertain(problem: Problem) -> SafeString | str:
    """A flag beside a due time that rests on a year without a list; nothing otherwise."""
    year = uncertain_year(problem)
    if year is None:
        return ""
    return format_html(
        '<span class="flag flag-soon" title="{}">{}{}</span>',
        unpublished_words(year),
        icon("alert"),
        gettext("放假安排未公布"),
    )

"""Words of the papers for templates."""

from __future__ import annotations

from django import template

from weicheng.orders import word
from weicheng.problems.models import Problem

register = template.Library()


@register.filter
def due_words(problem: Problem) -> str:
    """“12月3日 16:00前”, or long-term."""
    return word.due_words(problem)

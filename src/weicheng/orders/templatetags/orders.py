"""Words of the papers for templates."""

from __future__ import annotations

from django import template

from weicheng.orders import word
from weicheng.problems.models import Obligation, Problem

register = template.Library()


@register.filter
def due_words(problem: Problem) -> str:
    """“12月3日 16:00前”, or long-term."""
    return word.due_words(problem)


@register.filter
def duty_words(duty: Obligation) -> str:
    """One line of what else a unit owes."""
    return word.duty_words(duty)

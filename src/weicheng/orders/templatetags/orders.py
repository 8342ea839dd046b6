"""Words of the papers for templates."""

from __future__ import annotations

from django import template

from weicheng.orders import phrases
from weicheng.problems.models import Obligation, Problem

register = template.Library()


@register.filter
def due_words(problem: Problem) -> str:
    """“12月3日 16:00前”, or long-term."""
    return phrases.due_words(problem)


@register.filter
def duty_words(duty: Obligation) -> str:
    """One line of what else a unit owes."""
    return phrases.duty_words(duty)

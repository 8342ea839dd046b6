"""Tags of the command pages: a fresh operation id, spans of time, numbers for drawings."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone

from weicheng.frame.moments import span_words
from weicheng.journal.ids import uuid7

register = template.Library()


@register.simple_tag
def fresh_id() -> str:
    """An operation id for a form."""
    return str(uuid7())


@register.filter
def since_words(at: datetime | None) -> str:
    """How long ago a moment was: “3小时”."""
    return span_words(timezone.now() - at) if at else ""


@register.filter
def plain_number(value: float) -> str:
    """A number as SVG wants it, whatever the language."""
    return f"{value:g}"

"""Tags of the command pages: a fresh operation id, spans of time, numbers for drawings."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from weicheng.frame.moments import span_words
from weicheng.journal.ids import uuid7

register = template.Library()
WEEK = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


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


@register.filter
def weekday_words(at: datetime) -> str:
    """“周四”."""
    return gettext(WEEK[timezone.localtime(at).weekday()])

"""The four kinds of time in which a limit is given."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TimeKind(models.TextChoices):
    """How an amount of time is counted (数字城管: 紧急工作时、工作时、工作日、自然日)."""

    URGENT = "urgent", _("紧急工作时")  # hours of the clock, nights and holidays included
    HOURS = "hours", _("工作时")  # hours within working hours of working days
    DAYS = "days", _("工作日")  # ends at the close of work of the nth working day
    NATURAL = "natural", _("自然日")  # days of the calendar

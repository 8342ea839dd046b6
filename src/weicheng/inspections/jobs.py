"""Background work on checks: the daily draw of second looks."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from weicheng.inspections.acts.looking_back import draw_look_backs

logger = logging.getLogger(__name__)


@app.periodic(cron="20 * * * *")
@app.task(queueing_lock="inspections.draw_second_looks", lock="inspections.draw_second_looks")
def draw_second_looks(timestamp: int) -> None:
    """Draws today's 回头看, and those of days that an outage missed; every hour, once a day."""
    if drawn := draw_look_backs(timezone.localdate()):
        logger.info("%s second looks drawn", drawn)

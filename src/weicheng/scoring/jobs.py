"""Background work on scores: tonight's forecast, and the one that somebody asked for."""

from __future__ import annotations

import logging
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from weicheng.scoring import running

logger = logging.getLogger(__name__)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="scoring.foretell_due", lock="scoring.foretell")
def foretell_due(timestamp: int) -> None:
    """Makes the forecast of the night (from 03:00), the first one, and the weeks of the trend."""
    if made := running.make_due(timezone.now()):
        logger.info("%s forecasts made", made)


@app.task(lock="scoring.foretell")
def foretell_now(run: str) -> None:
    """Makes the forecast that somebody asked for."""
    running.make_asked(UUID(run))

"""Background work of the field: half photos that nobody sends on, and acts that wait for photos."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from weicheng.fieldwork import acts

logger = logging.getLogger(__name__)


@app.periodic(cron="25 4 * * *")
@app.task(queueing_lock="fieldwork.clean")
def clean(timestamp: int) -> None:
    """Drops photos that stopped half-way thirty days ago."""
    if gone := acts.clean():
        logger.info("%s half photos dropped", gone)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="fieldwork.settle")
def settle(timestamp: int) -> None:
    """Gives photos to the acts that listed them, should an answer have been cut in between."""
    acts.settle_waiting(ready=True)

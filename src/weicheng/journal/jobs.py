"""Jobs that look after the queue itself, the news in the outbox, and the nightly backup."""

from __future__ import annotations

import logging
import time

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from weicheng.journal import outbox
from weicheng.server import backup
from weicheng.server.layout import Layout

logger = logging.getLogger(__name__)

SILENT = 20  # seconds without a heartbeat after which a worker counts as dead (it beats every 5)
LONGEST_TURN = 50.0  # seconds of one look into the outbox


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="journal.return_stalled")
async def return_stalled(timestamp: int) -> None:
    """Hands the jobs of killed workers back to the queue; every task is idempotent by its key."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT):
        logger.warning("job %s of a dead worker goes back to the queue", job.id)
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:  # an equal job already waits, so this one is not missed
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="journal.hand_on_news")
def hand_on_news(timestamp: int) -> None:
    """Hands what the acts left in the outbox to those who listen; ends after a minute at most."""
    until = time.monotonic() + LONGEST_TURN
    while outbox.drain(now=timezone.now()) == outbox.CHUNK and time.monotonic() < until:
        continue


@app.periodic(cron="*/20 * * * *")
@app.task(queueing_lock="journal.back_up_nightly", lock="journal.back_up_nightly")
def back_up_nightly(timestamp: int) -> None:
    """Takes the nightly backup when it is due; asked often, as machines are off at night."""
    if made := backup.nightly(Layout.of_environment()):
        logger.info("backup taken: %s", made)

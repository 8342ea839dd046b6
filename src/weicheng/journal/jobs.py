"""Jobs that look after the queue itself, and the nightly backup."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from weicheng.server import backup
from weicheng.server.layout import Layout

logger = logging.getLogger(__name__)

SILENT = 20  # seconds without a heartbeat after which a worker counts as dead (it beats every 5)


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


@app.periodic(cron="*/20 * * * *")
@app.task(queueing_lock="journal.back_up_nightly", lock="journal.back_up_nightly")
def back_up_nightly(timestamp: int) -> None:
    """Takes the nightly backup when it is due; asked often, as machines are off at night."""
    if made := backup.nightly(Layout.of_environment()):
        logger.info("backup taken: %s", made)

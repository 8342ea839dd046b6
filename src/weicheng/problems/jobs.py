"""Background work on problems: watchdogs, folding the tallies, the nightly look for differences."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from weicheng.problems import tallies
from weicheng.problems.verify import verify_tallies
from weicheng.problems.watching import watch

logger = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="problems.fold_tallies", lock="problems.fold_tallies")
def fold_tallies(timestamp: int) -> None:
    """Folds the deltas that the acts appended."""
    tallies.fold()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="problems.watch_deadlines", lock="problems.watch_deadlines")
def watch_deadlines(timestamp: int) -> None:
    """Writes down what became due soon or late; a late run names the true moments."""
    if rang := watch(timezone.now()):
        logger.info("%s moments came true", len(rang))


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="problems.check_tallies")
def check_tallies(timestamp: int) -> None:
    """Fails loudly when a count on screen is not the count of the rows."""
    differences = verify_tallies()
    if differences:
        raise RuntimeError(f"tallies differ: {differences[:5]}")
    logger.info("tallies are exact")

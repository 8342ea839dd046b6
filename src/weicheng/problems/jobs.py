"""Background work on problems: folding the tallies, and the nightly look for differences."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from weicheng.problems import tallies
from weicheng.problems.verify import verify_tallies

logger = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="problems.fold_tallies", lock="problems.fold_tallies")
def fold_tallies(timestamp: int) -> None:
    """Folds the deltas that the acts appended."""
    tallies.fold()


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="problems.check_tallies")
def check_tallies(timestamp: int) -> None:
    """Fails loudly when a count on screen is not the count of the rows."""
    differences = verify_tallies()
    if differences:
        raise RuntimeError(f"tallies differ: {differences[:5]}")
    logger.info("tallies are exact")

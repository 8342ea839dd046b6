"""Makes a new model in the worker when the office has decided more texts."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from weicheng.triage import learning


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="triage.learn", lock="triage.learn", pass_context=False)
def train_often(timestamp: int) -> None:
    """Learns from new decisions, seconds at most; without new ones it does nothing."""
    learning.train(now=timezone.now())

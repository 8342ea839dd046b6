"""Background work: digests at their hour, messages on their way, old notices let go."""

from __future__ import annotations

import logging
import time
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from weicheng.notices import bell, digests, pushing
from weicheng.notices.models import Delivery
from weicheng.notices.words import DeliveryState
from weicheng.workdays.book import calendar

logger = logging.getLogger(__name__)

LONGEST_TURN = 30.0  # seconds one channel may keep a worker busy


@app.periodic(cron="* * * * * */15")
@app.task(queueing_lock="notices.send_on")
def send_on(timestamp: int) -> None:
    """Plans what is due, and gives every channel with waiting messages a job of its own.

    A channel that hangs therefore keeps nobody else waiting.
    """
    now = timezone.now()
    digests.plan(now=now, days=calendar())
    waiting = Delivery.objects.filter(
        state__in=(DeliveryState.WAITING, DeliveryState.SENDING), not_before__lte=now
    )
    for channel in waiting.values_list("channel_id", flat=True).distinct():
        defer(channel)


def defer(channel: UUID) -> None:
    """Queue the channel's job, unless it already waits."""
    try:
        with transaction.atomic():  # a refusal of the lock must not spoil the caller's work
            send.configure(
                queueing_lock=f"notices.send:{channel}", lock=f"notices:{channel}"
            ).defer(channel=str(channel))
    except AlreadyEnqueued:
        logger.debug("channel %s already waits", channel)


@app.task(name="notices.send")
def send(channel: str) -> None:
    """Sends what may leave over one channel now."""
    until = time.monotonic() + LONGEST_TURN
    while time.monotonic() < until and pushing.step(UUID(channel), now=timezone.now()):
        continue


@app.periodic(cron="50 19 * * *")  # UTC: 03:50 in Asia/Shanghai
@app.task(queueing_lock="notices.fade_nightly")
def fade_nightly(timestamp: int) -> None:
    """Old notices fade out."""
    logger.info("%s old rows let go", bell.fade(now=timezone.now()))

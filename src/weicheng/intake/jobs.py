"""Background work of intake: reading and taking in large batches, and throwing old drops away."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from weicheng.intake import batches, leads
from weicheng.intake.models import Batch, Drop
from weicheng.triage.proposing import newer_than

DROP_DAYS = 7


@app.task(name="intake.read_batch")
def read_batch(batch_id: str) -> None:
    """Reads a large batch for its preview."""
    batch = Batch.objects.select_related("district", "by").get(pk=batch_id)
    if batch.state == Batch.State.READING:
        batches.read(batch)


@app.task(name="intake.take_batch")
def take_batch(batch_id: str) -> None:
    """Takes a confirmed batch in; a repeated job adds nothing."""
    batches.take(Batch.objects.select_related("district", "by").get(pk=batch_id))


def later(task: str, batch: Batch) -> None:
    """Enqueue work on a batch in the caller's transaction; one at a time for each district."""
    job = {"read": read_batch, "take": take_batch}[task]
    try:
        with transaction.atomic():
            job.configure(
                lock=f"intake.{batch.district_id}", queueing_lock=f"intake.{task}.{batch.pk}"
            ).defer(batch_id=str(batch.pk))
    except AlreadyEnqueued:
        pass


@app.periodic(cron="2-59/5 * * * *")
@app.task(queueing_lock="intake.propose_again", lock="intake.propose_again", pass_context=False)
def propose_again(timestamp: int) -> None:
    """A model was made since the last look: the waiting leads profit from what was learnt."""
    if newer_than(timezone.now() - timedelta(minutes=6)):
        leads.propose_again()


@app.periodic(cron="10 19 * * *")  # UTC: 03:10 in Asia/Shanghai
@app.task(queueing_lock="intake.sweep_nightly", pass_context=False)
def sweep_nightly(timestamp: int) -> None:
    """Drops that nobody confirmed for a week go; waiting leads are proposed for anew."""
    before = timezone.now() - timedelta(days=DROP_DAYS)
    for batch in Batch.objects.filter(state=Batch.State.READ, created_at__lt=before):
        batches.discard(batch)
    Drop.objects.filter(received_at__lt=before, batches__isnull=True).delete()
    leads.propose_again()

"""An imported table taken back on its day: what it made never counted, what it ended goes on."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from weicheng.duties.book import changed
from weicheng.duties.models import Duty, DutyBatch


def may_take_back(batch: DutyBatch, today: date) -> bool:
    """Only on the day of the import, and while nobody changed or settled what it made."""
    if batch.state != DutyBatch.State.TAKEN or batch.since != today:
        return False
    mine = Duty.objects.filter(batch=batch)
    touched = mine.exclude(ended_by=None) | mine.exclude(settled_by=None)
    return not touched.exclude(until=None, void=False, settled_by=None).exists()


@transaction.atomic
def take_back(batch: DutyBatch, today: date) -> bool:
    """Take the table back; False when that is no longer possible."""
    held = DutyBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if not may_take_back(held, today):
        return False
    Duty.objects.filter(batch=held).update(void=True)
    if held.operation_id:
        ended = Duty.objects.filter(ended_by_id=held.operation_id)
        ended.update(until=None, void=False, superseded_by=None, ended_by=None)
    held.state = DutyBatch.State.DROPPED
    held.save(update_fields=["state"])
    changed()
    return True

"""Who did what, once (Operation), and the news an act leaves for other rooms (Outbox)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from weicheng.journal.ids import uuid7


class Operation(models.Model):
    """One act asked for by a person, written in the act's own transaction.

    ``op_id`` is made by the caller; asking again with the same id and body gives the stored
    response. ``body_hash`` is the SHA-256 of the canonical request (bytes, 32).
    """

    op_id = models.UUIDField(primary_key=True, default=uuid7)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    act = models.CharField(max_length=40)
    behalf_person = models.UUIDField(null=True)
    behalf_unit = models.UUIDField(null=True)
    channel = models.CharField(max_length=12, blank=True)
    body_hash = models.BinaryField(max_length=32)
    response = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    device_offset_seconds = models.IntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.act} {self.op_id}"


class Outbox(models.Model):
    """News for one consumer; deleted when handled. ``ready_at`` leaves ten seconds for an undo.

    ``tries`` counts failures of the handler, ``error`` names the last one.
    """

    id = models.BigAutoField(primary_key=True)
    consumer = models.CharField(max_length=40)
    topic = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    operation = models.UUIDField(null=True)
    ready_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["consumer", "ready_at"], name="outbox_due"),
            models.Index(fields=["id"], name="outbox_stuck", condition=models.Q(tries__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.consumer}:{self.topic}"

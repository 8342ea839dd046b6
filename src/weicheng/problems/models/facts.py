"""What happened to a problem: events without words, and the erasable words and photos beside."""

from __future__ import annotations

from django.db import models

from weicheng.journal.ids import uuid7


class Event(models.Model):
    """One fact of a problem's life, never changed and never deleted.

    ``data`` holds codes, ids, numbers and a keyed HMAC of the words, never words themselves.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    problem = models.ForeignKey(
        "problems.Problem", on_delete=models.PROTECT, related_name="events", db_index=False
    )
    seq = models.IntegerField()
    operation = models.ForeignKey("journal.Operation", on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=24)
    schema = models.PositiveSmallIntegerField(default=1)
    person = models.UUIDField(null=True)
    unit = models.UUIDField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["problem", "seq"], name="event_order")]

    def __str__(self) -> str:
        return f"{self.act} {self.seq}"


class Remark(models.Model):
    """The words said with an event; erasable, leaving a tombstone."""

    event = models.OneToOneField(
        Event, primary_key=True, on_delete=models.PROTECT, related_name="remark"
    )
    text = models.TextField()
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.text[:40]


class Photo(models.Model):
    """A photo as proof of one event of a problem."""

    class Stage(models.TextChoices):
        BEFORE = "before"
        AFTER = "after"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    problem = models.ForeignKey("problems.Problem", on_delete=models.CASCADE, related_name="photos")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="photos")
    attachment = models.ForeignKey(
        "evidence.Attachment", on_delete=models.PROTECT, related_name="problem_photos"
    )
    stage = models.CharField(max_length=6, choices=Stage.choices)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.stage} {self.attachment_id}"

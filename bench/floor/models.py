"""Two plain tables, the least that a matter with a history could be."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone


class Plain(models.Model):
    """A matter in one row with four indexes, the key included."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    status = models.CharField(max_length=6, default="new")
    kind = models.CharField(max_length=40)
    area = models.UUIDField()
    place = models.CharField(max_length=200)
    words = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["status", "-at"], name="floor_open"),
            models.Index(fields=["kind", "-at"], name="floor_kind"),
            models.Index(fields=["area", "-at"], name="floor_area"),
        ]

    def __str__(self) -> str:
        return self.place


class Step(models.Model):
    """What happened to it."""

    id = models.BigAutoField(primary_key=True)
    plain = models.ForeignKey(Plain, on_delete=models.CASCADE)
    act = models.CharField(max_length=24)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.act

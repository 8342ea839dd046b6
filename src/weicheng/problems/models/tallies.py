"""Counts per reader's scope, appended as deltas by the acts and folded behind."""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    """How many problems of one status a scope holds, up to the last fold."""

    id = models.BigAutoField(primary_key=True)
    scope = models.UUIDField()
    key = models.CharField(max_length=20)
    n = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key} {self.n}"


class TallyDelta(models.Model):
    """A change not yet folded."""

    id = models.BigAutoField(primary_key=True)
    scope = models.UUIDField()
    key = models.CharField(max_length=20)
    delta = models.SmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["scope", "key"], include=["delta"], name="tally_delta")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key} {self.delta:+}"

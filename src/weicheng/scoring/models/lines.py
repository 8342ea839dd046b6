"""内部预警线, and the switch that shows the chance of passing to two people.

The real pass line is not known; nothing here is one.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from weicheng.journal.ids import uuid7

from .values import RegionalQuerySet


class WarningLine(models.Model):
    """A line of our own that we do not want to fall below: over all 1000, or on one aspect.

    ``milli`` in thousandths of a point; ``aspect`` empty = the total.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    aspect = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=40)
    milli = models.PositiveIntegerField()
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)
    operation = models.UUIDField(null=True)

    objects = RegionalQuerySet["WarningLine"].as_manager()

    class Meta:
        ordering = ["order", "-milli"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "aspect", "name"],
                condition=models.Q(active=True),
                name="warning_line_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ForecastSwitch(models.Model):
    """Every turn of the switch, newest counts: whether commander and office director see the
    chance of passing. Off until one of them turned it on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    on = models.BooleanField()
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    operation = models.UUIDField(unique=True)

    objects = RegionalQuerySet["ForecastSwitch"].as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["region", "-at"], name="forecast_switch_latest")]

    def __str__(self) -> str:
        return f"{self.region_id} {self.on}"

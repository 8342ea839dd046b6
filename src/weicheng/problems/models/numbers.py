"""Number series per town and day, and ranges held by bulk acts."""

from __future__ import annotations

from django.db import models


class NumberSeries(models.Model):
    """The last number given in a town on a local day."""

    id = models.BigAutoField(primary_key=True)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "day"], name="series_once")]

    def __str__(self) -> str:
        return f"{self.region_id} {self.day} {self.last}"


class NumberHold(models.Model):
    """Numbers first..last reserved by a bulk act, given back if the act never commits."""

    id = models.BigAutoField(primary_key=True)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    first = models.IntegerField()
    last = models.IntegerField()
    held_until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["region", "day", "held_until"], name="hold_free")]

    def __str__(self) -> str:
        return f"{self.day} {self.first}-{self.last}"

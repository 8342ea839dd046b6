"""What the office itself says of the calendar; it lies over the shipped lists."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Year(models.Model):
    """A year whose list the office put in itself; the shipped list of that year is left aside.

    ``listed``: ISO day -> [worked, name], as it stood in the notice; single days may differ since.
    """

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(_("依据"), max_length=200)
    listed = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)


class Day(models.Model):
    """A day the office set as worked or free, whatever the week and the shipped list say."""

    day = models.DateField(primary_key=True)
    working = models.BooleanField()
    name = models.CharField(max_length=20, blank=True)
    operation = models.UUIDField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class Hours(models.Model):
    """Working hours from a day on; the noon break has no length where there is none."""

    since = models.DateField(primary_key=True)
    opens = models.TimeField()
    noon_from = models.TimeField()
    noon_to = models.TimeField()
    closes = models.TimeField()
    operation = models.UUIDField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["since"]
        constraints = [
            models.CheckConstraint(
                name="hours_in_order",
                condition=Q(opens__lt=F("noon_from"))
                & Q(noon_from__lte=F("noon_to"))
                & Q(noon_to__lt=F("closes")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.since}"


class CalendarStamp(models.Model):
    """One row that moves when the calendar is changed, so that other processes notice."""

    id = models.SmallIntegerField(primary_key=True)
    n = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.n)

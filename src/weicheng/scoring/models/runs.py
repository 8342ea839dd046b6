"""Stored runs of the forecast, what each failing check would bring back, how fast units work."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weicheng.journal.ids import uuid7

from .lines import ForecastSwitch
from .seats import seats_of
from .values import RegionalQuerySet


class RunQuerySet(models.QuerySet["ForecastRun"]):
    """Runs hold the chance of passing: for the two, while the switch is on, and for nobody else."""

    def visible_to(self, user: Any) -> RunQuerySet:
        """Runs of the regions whose commander or office director this person is."""
        regions = seats_of(user)
        if not regions:
            return self.none()
        latest = ForecastSwitch.objects.filter(region=models.OuterRef("region"))
        return self.filter(region__in=regions).filter(
            models.Exists(latest.filter(pk=models.Subquery(latest.values("pk")[:1]), on=True))
        )

    def done(self) -> RunQuerySet:
        """Runs that came to an end with a result, the newest facts first."""
        return self.filter(state=ForecastRun.State.DONE).order_by("-as_of", "-id")


class ForecastRun(models.Model):
    """One forecast of a region: as of when, from which seed, how many draws, with which result.

    ``parameters``: what it was told (edition, lines, other sheets); ``result``: what
    ``scoring.foretelling`` makes of it, points in milli. A run waits until a worker made it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待推算")
        DONE = "done", _("已推算")
        FAILED = "failed", _("没有算成")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    as_of = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True)
    seed = models.BigIntegerField()
    draws = models.PositiveIntegerField()
    parameters = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    why = models.CharField(max_length=200, blank=True)  # code of what stood in the way
    operation = models.UUIDField(null=True, unique=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-as_of", "-id"]
        indexes = [models.Index(fields=["region", "state", "-as_of"], name="forecast_run_latest")]

    def __str__(self) -> str:
        return f"{self.region_id} {self.as_of:%Y-%m-%d} {self.seed}"


class Regain(models.Model):
    """What mending checks is worth, by a run: ``pairs`` is site id -> check key -> milli.

    Kept beside the run so that reading a run stays light; no chance is in it.
    """

    run = models.OneToOneField(
        ForecastRun, primary_key=True, on_delete=models.CASCADE, related_name="regain"
    )
    pairs = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.run_id)


class Strength(models.Model):
    """How many crews a unit of a region puts on mending, in tenths; one when nobody said."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    crews_tenths = models.PositiveSmallIntegerField(default=10)
    written_by = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now)
    operation = models.UUIDField(null=True)

    objects = RegionalQuerySet["Strength"].as_manager()

    class Meta:
        ordering = ["unit"]
        constraints = [
            models.UniqueConstraint(fields=["region", "unit"], name="strength_once_per_unit")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.crews_tenths / 10}"


class Outlay(models.Model):
    """What somebody said that one work takes: tenths of a working day, and yuan where known."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    work = models.CharField(max_length=60)  # "problem:<id>" or "site:<id>"
    days_tenths = models.PositiveIntegerField(null=True)
    yuan = models.PositiveBigIntegerField(null=True)
    written_by = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now)
    operation = models.UUIDField(null=True)

    objects = RegionalQuerySet["Outlay"].as_manager()

    class Meta:
        ordering = ["work"]
        constraints = [models.UniqueConstraint(fields=["region", "work"], name="outlay_once")]

    def __str__(self) -> str:
        return self.work

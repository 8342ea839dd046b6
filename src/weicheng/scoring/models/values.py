"""Figures of the other three sheets: data indicators, documents, and the satisfaction estimate.

Each row is a dated statement with its source; the latest of a key in a region counts, older ones
are the history that 'or keeps improving' is judged by.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from weicheng.journal.ids import uuid7
from weicheng.people.roles import BLIND, REGION_WIDE

CONDITION = "item:"


def condition_key(item: str) -> str:
    """Under which key the state of a must-have item is kept among the indicators."""
    return CONDITION + item


Row = TypeVar("Row", bound=models.Model)


class RegionalQuerySet(models.QuerySet[Row]):
    """Rows of a region, for those who see the whole region."""

    def visible_to(self, user: Any) -> RegionalQuerySet[Row]:
        """Rows inside the scopes of office, leaders, inspectors and auditors; nobody else's."""
        if user.role in BLIND or user.role not in REGION_WIDE or not user.is_active:
            return self.none()
        return self.filter(region__ancestors__overlap=user.scopes())


class Stated(models.Model):
    """A figure of a region on a day, with where it comes from and who wrote it down."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    source = models.CharField(max_length=200, blank=True)
    written_by = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now)
    operation = models.UUIDField(unique=True)

    class Meta:
        abstract = True
        ordering = ["on", "id"]


class IndicatorValue(Stated):
    """The value of one row of the data table: a number, or whether a wording is met."""

    indicator_key = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    met = models.BooleanField(null=True)  # for rows that are words

    objects = RegionalQuerySet["IndicatorValue"].as_manager()

    class Meta(Stated.Meta):
        indexes = [
            models.Index(fields=["region", "indicator_key", "on"], name="indicator_value_history")
        ]

    def __str__(self) -> str:
        return f"{self.indicator_key} {self.value if self.value is not None else self.met}"


class DocumentsMark(Stated):
    """How complete the papers of one item are, by the office's own reading: 0..100 percent."""

    item_key = models.SlugField(max_length=40)
    percent = models.PositiveSmallIntegerField()

    objects = RegionalQuerySet["DocumentsMark"].as_manager()

    class Meta(Stated.Meta):
        indexes = [models.Index(fields=["region", "item_key", "on"], name="documents_mark_history")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent__lte=100), name="documents_percent_at_most_100"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_key} {self.percent}"


class SatisfactionEstimate(Stated):
    """An own survey: satisfied percent and how many answered. Never the national result."""

    percent = models.DecimalField(max_digits=5, decimal_places=2)
    answers = models.PositiveIntegerField()

    objects = RegionalQuerySet["SatisfactionEstimate"].as_manager()

    class Meta(Stated.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent__gte=0, percent__lte=100),
                name="satisfaction_percent_range",
            )
        ]

    def __str__(self) -> str:
        return f"{self.percent} ({self.answers})"

"""One edition of the standard: aspects, scoring sheets, parts, items and indicators."""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from weicheng.journal.ids import uuid7

from .shelf import Shelf
from .vocabulary import Certainty, Level, Whose

MILLI = 1000


def points(milli: int | None) -> Decimal | None:
    """Thousandths of a point as points: 34000 -> Decimal('34'); None stays None."""
    if milli is None:
        return None
    value = Decimal(milli) / MILLI
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


class Sourced(models.Model):
    """A figure or wording with its certainty and where it came from."""

    certainty = models.CharField(max_length=12, choices=Certainty, default=Certainty.DEFAULT)
    source_zh = models.CharField(max_length=200, blank=True)
    source_en = models.CharField(max_length=400, blank=True)
    note_zh = models.CharField(max_length=400, blank=True)
    note_en = models.CharField(max_length=800, blank=True)

    class Meta:
        abstract = True


class Standard(Sourced):
    """An edition such as 国家卫生城市标准(2021版); `version` grows with each office edit."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    edition = models.CharField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200)
    short_zh = models.CharField(max_length=60, blank=True)
    short_en = models.CharField(max_length=100, blank=True)
    doc_no = models.CharField(max_length=60, blank=True)
    issued = models.DateField(null=True, blank=True)
    level = models.CharField(max_length=12, choices=Level, default=Level.NATIONAL)
    version = models.PositiveIntegerField(default=1)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="descendants"
    )
    site_points_min = models.PositiveIntegerField(default=0)

    objects = Shelf["Standard"].as_manager()

    class Meta:
        ordering = ["-issued", "edition"]

    def __str__(self) -> str:
        return self.name_zh


class Sheet(Sourced):
    """A component of the 1000 points: 现场评估, 群众满意度, 数据指标, 资料评审."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    standard = models.ForeignKey(Standard, models.CASCADE, related_name="sheets")
    key = models.SlugField(max_length=20)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80)
    milli = models.PositiveIntegerField()
    order = models.PositiveSmallIntegerField(default=0)

    objects = Shelf["Sheet"].as_manager()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "key"], name="one_sheet_per_key"),
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def points(self) -> Decimal | None:
        """Points of this sheet."""
        return points(self.milli)


class Aspect(Sourced):
    """One of the seven aspects (方面) with its points by sheet, in thousandths."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    standard = models.ForeignKey(Standard, models.CASCADE, related_name="aspects")
    key = models.CharField(max_length=12)
    number = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120)
    short_zh = models.CharField(max_length=20, blank=True)
    short_en = models.CharField(max_length=40, blank=True)
    onsite_milli = models.PositiveIntegerField(default=0)
    indicators_milli = models.PositiveIntegerField(default=0)
    documents_milli = models.PositiveIntegerField(default=0)
    points_certainty = models.CharField(max_length=12, choices=Certainty, default=Certainty.DEFAULT)

    objects = Shelf["Aspect"].as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "key"], name="one_aspect_per_key"),
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def points(self) -> Decimal | None:
        """On-site points of this aspect."""
        return points(self.onsite_milli)


class Part(Sourced):
    """A part of an aspect's on-site points named in public (市容市貌 42 …)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    aspect = models.ForeignKey(Aspect, models.CASCADE, related_name="parts")
    key = models.CharField(max_length=12)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120)
    milli = models.PositiveIntegerField()

    objects = Shelf["Part"].as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["aspect", "key"], name="one_part_per_key"),
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def points(self) -> Decimal | None:
        """On-site points of this part."""
        return points(self.milli)


class Item(Sourced):
    """One of the 45 items (指标): a stable key, a number that may be provisional, its demand."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    standard = models.ForeignKey(Standard, models.CASCADE, related_name="items")
    aspect = models.ForeignKey(Aspect, models.PROTECT, related_name="items")
    part = models.ForeignKey(Part, models.SET_NULL, null=True, blank=True, related_name="items")
    key = models.SlugField(max_length=40)
    number = models.PositiveSmallIntegerField()
    number_certainty = models.CharField(max_length=12, choices=Certainty, default=Certainty.DEFAULT)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=160)
    demand_zh = models.TextField()
    demand_en = models.TextField(blank=True)
    whose = models.CharField(max_length=12, choices=Whose, default=Whose.DISTRICT)
    onsite_milli = models.PositiveIntegerField(default=0)
    indicators_milli = models.PositiveIntegerField(null=True, blank=True)
    documents_milli = models.PositiveIntegerField(null=True, blank=True)
    points_certainty = models.CharField(max_length=12, choices=Certainty, default=Certainty.DEFAULT)
    veto = models.BooleanField(default=False)
    usual_lead_zh = models.CharField(max_length=80, blank=True)
    usual_lead_en = models.CharField(max_length=160, blank=True)

    objects = Shelf["Item"].as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "key"], name="one_item_per_key"),
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def points(self) -> Decimal | None:
        """On-site points of this item."""
        return points(self.onsite_milli)


class Indicator(Sourced):
    """A row of the data table: a threshold with operator and unit, or a wording."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    standard = models.ForeignKey(Standard, models.CASCADE, related_name="indicators")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="indicators")
    key = models.CharField(max_length=40)
    row = models.PositiveSmallIntegerField(null=True, blank=True)
    row_certainty = models.CharField(max_length=12, choices=Certainty, default=Certainty.DEFAULT)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=160)
    operator = models.CharField(max_length=8)  # >= > <= < = trend level text
    value = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    words_zh = models.CharField(max_length=120, blank=True)
    words_en = models.CharField(max_length=200, blank=True)
    unit_zh = models.CharField(max_length=40, blank=True)
    unit_en = models.CharField(max_length=40, blank=True)
    or_else_zh = models.CharField(max_length=60, blank=True)
    or_else_en = models.CharField(max_length=120, blank=True)
    edition = models.CharField(max_length=40)
    level = models.CharField(max_length=12, choices=Level, default=Level.NATIONAL)
    target_of = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="local_targets"
    )
    weaker = models.BooleanField(default=False)

    objects = Shelf["Indicator"].as_manager()

    class Meta:
        ordering = ["row", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "key", "level"], name="one_indicator_per_key"
            ),
        ]

    def __str__(self) -> str:
        return self.name_zh

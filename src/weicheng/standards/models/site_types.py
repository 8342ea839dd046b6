"""Site types (点位类型), how many are drawn per city size, and what is checked on them."""

from __future__ import annotations

from django.db import models

from weicheng.journal.ids import uuid7

from .edition import Aspect, Item, Sourced
from .reader import in_language
from .shelf import Shelf
from .vocabulary import CitySize, Severity, Tag


class SiteType(Sourced):
    """A type of check site, e.g. 农贸市场; the key is readable in every foreign key."""

    key = models.SlugField(max_length=40, primary_key=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80)
    aspect = models.ForeignKey(Aspect, models.PROTECT, related_name="site_types")
    search_words = models.JSONField(default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    objects = Shelf["SiteType"].as_manager()

    class Meta:
        ordering = ["order", "key"]

    def __str__(self) -> str:
        return in_language(self)


class Quota(Sourced):
    """How many sites of a type are drawn at least in a city of this size."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site_type = models.ForeignKey(SiteType, models.CASCADE, related_name="quotas")
    city_size = models.CharField(max_length=12, choices=CitySize)
    number = models.PositiveSmallIntegerField()

    objects = Shelf["Quota"].as_manager()

    class Meta:
        ordering = ["site_type", "city_size"]
        constraints = [
            models.UniqueConstraint(
                fields=["site_type", "city_size"], name="one_quota_per_type_and_size"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_type_id} {self.city_size} {self.number}"


class Check(Sourced):
    """One line of a site's check sheet, tied to an item of the standard."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.SlugField(max_length=60, unique=True)
    site_type = models.ForeignKey(SiteType, models.CASCADE, related_name="checks")
    item = models.ForeignKey(Item, models.PROTECT, related_name="checks")
    text_zh = models.CharField(max_length=120)
    text_en = models.CharField(max_length=240)
    severity = models.CharField(max_length=12, choices=Severity, default=Severity.NORMAL)
    deduct_milli = models.PositiveIntegerField()
    tag = models.CharField(max_length=2, choices=Tag)
    order = models.PositiveSmallIntegerField(default=0)
    # When it came to sheets that were in use; a look before then has not seen it. None: at once.
    since = models.DateTimeField(null=True, editable=False)

    objects = Shelf["Check"].as_manager()

    class Meta:
        ordering = ["site_type", "order"]

    def __str__(self) -> str:
        return self.text_zh

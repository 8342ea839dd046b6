"""The campaign of this database, its regions and its sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weicheng.journal.ids import uuid7

if TYPE_CHECKING:
    from uuid import UUID


class RegionLevel(models.TextChoices):
    PREFECTURE = "prefecture", _("地级市")
    COUNTY = "county", _("区县")
    TOWN = "town", _("镇街")
    COMMUNITY = "community", _("社区")


class RegionQuerySet(models.QuerySet["Region"]):
    """Regions are known to every signed-in person; districts outside one's own are not."""

    def visible_to(self, user: Any) -> RegionQuerySet:
        """Regions inside the root regions of this user (the whole campaign for the applicant)."""
        roots = user.region_roots()
        if roots is None:
            return self
        return self.filter(ancestors__overlap=roots) if roots else self.none()


class Region(models.Model):
    """A place of the administrative tree: county 6 digits, town +3, community +3.

    ``ancestors`` holds the ids of the region itself and of everything above it, nearest first.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=15, unique=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=12, choices=RegionLevel.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    ancestors = ArrayField(models.UUIDField(), default=list)
    letters = models.CharField(max_length=4, blank=True)
    pinyin = models.CharField(max_length=120, blank=True)
    polygon = models.JSONField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [GinIndex(fields=["ancestors"], name="region_ancestors")]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="region_name_once_per_parent")
        ]

    def __str__(self) -> str:
        return self.name


class BuiltUp(models.TextChoices):
    INSIDE = "inside", _("建成区内")
    OUTSIDE = "outside", _("建成区外")
    UNDECIDED = "undecided", _("待定")


class SiteQuerySet(models.QuerySet["Site"]):
    """Sites seen through their region."""

    def visible_to(self, user: Any) -> SiteQuerySet:
        """Sites inside the regions of this user."""
        roots = user.region_roots()
        if roots is None:
            return self
        return self.filter(region__ancestors__overlap=roots) if roots else self.none()


class Site(models.Model):
    """A check site (点位); position in WGS84 degrees, optional and learnt later."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site_type = models.ForeignKey(
        "standards.SiteType", on_delete=models.PROTECT, related_name="sites"
    )
    name = models.CharField(max_length=120)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="sites")
    address = models.CharField(max_length=200, blank=True)
    built_up = models.CharField(max_length=10, choices=BuiltUp.choices, default=BuiltUp.UNDECIDED)
    tag = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=60, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    h3 = models.CharField(max_length=16, blank=True)
    pinyin = models.CharField(max_length=250, blank=True)
    active = models.BooleanField(default=True)
    entered_at = models.DateTimeField(default=timezone.now, editable=False)
    #: Since when it could be drawn for a check; none while it is closed or not built up.
    drawable_since = models.DateTimeField(null=True, editable=False)

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["pinyin", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "site_type", "name"], name="site_once_per_region"
            )
        ]
        indexes = [models.Index(fields=["region", "pinyin"], name="site_by_region")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the site, and since when it could be drawn: a decision or a reopening counts from
        now, not from when the site was entered."""
        before = self.drawable_since
        if not self.drawable:
            self.drawable_since = None
        elif before is None:
            self.drawable_since = timezone.now()
        fields = kwargs.get("update_fields")
        if fields is not None and self.drawable_since != before:
            kwargs["update_fields"] = {*fields, "drawable_since"}
        super().save(*args, **kwargs)

    @property
    def drawable(self) -> bool:
        """Whether a check may draw it: in use, and decided to lie in the built-up area."""
        return self.active and self.built_up == BuiltUp.INSIDE


class SizeClass(models.TextChoices):
    SMALL = "small", _("50万人以下")
    MEDIUM = "medium", _("50万至200万人")
    LARGE = "large", _("200万人以上")


class Campaign(models.Model):
    """The one campaign of this database: an applicant, its edition and its size class."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    applicant = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    edition = models.CharField(max_length=20, default="2021")
    size_class = models.CharField(max_length=10, choices=SizeClass.choices, default=SizeClass.SMALL)
    only = models.BooleanField(default=True, unique=True, editable=False)

    def __str__(self) -> str:
        return self.name


class Participation(models.Model):
    """A district's part in the campaign: the applicant itself, or taking part in its city's."""

    class Part(models.TextChoices):
        APPLICANT = "applicant", _("主申报")
        MEMBER = "member", _("参与创建")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="participations")
    region = models.OneToOneField(Region, on_delete=models.PROTECT, related_name="participation")
    part = models.CharField(max_length=10, choices=Part.choices)

    def __str__(self) -> str:
        return f"{self.region} {self.get_part_display()}"


class Gate(models.Model):
    """A dated gate of the campaign (省级初审, 国家暗访 …)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="gates")
    name = models.CharField(max_length=60)
    on = models.DateField()
    certain = models.BooleanField(default=True)

    class Meta:
        ordering = ["on"]

    def __str__(self) -> str:
        return self.name


def root_of(region: Region) -> UUID:
    """The id of the topmost region above this one."""
    return list(region.ancestors)[-1]

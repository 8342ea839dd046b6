"""口径库: what an expert or the province ruled about a check, so that a quarrel ends once."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weicheng.journal.ids import uuid7


class RulingQuerySet(models.QuerySet["Ruling"]):
    """Rulings are for everybody inside the campaign: they say how checks are judged."""

    def visible_to(self, user: Any) -> RulingQuerySet:
        """All for a signed-in, active person."""
        return self.all() if user.is_authenticated and user.is_active else self.none()

    def in_force(self) -> RulingQuerySet:
        """Rulings that no later one replaced."""
        return self.filter(replaced_by=None)


class Ruling(models.Model):
    """Who said, when, and in which words, how one check is to be judged.

    ``strictness`` in -1, 0, 1: judged more mildly, as before, or more strictly than we did.
    A later ruling replaces an older one, which stays to be read.
    """

    class Level(models.TextChoices):
        NATIONAL = "national", _("国家专家")
        PROVINCE = "province", _("省级")
        CITY = "city", _("市级")
        EXPERT = "expert", _("邀请专家")
        OFFICE = "office", _("区创卫办")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    check_key = models.CharField(max_length=60)
    words = models.CharField(max_length=400)
    said_by = models.CharField(max_length=60)
    level = models.CharField(max_length=8, choices=Level.choices)
    document = models.CharField(max_length=80, blank=True)
    strictness = models.SmallIntegerField(default=0)
    on = models.DateField()
    written_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    replaced_by = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="replaces"
    )
    operation = models.UUIDField(unique=True)

    objects = RulingQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["check_key", "-on"], name="ruling_by_check")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(strictness__in=[-1, 0, 1]), name="ruling_strictness"
            )
        ]

    def __str__(self) -> str:
        return self.words[:40]

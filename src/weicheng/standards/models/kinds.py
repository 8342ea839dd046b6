"""Problem kinds (问题类别) and the dated code sets of 数字城管 they answer to."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from weicheng.journal.ids import uuid7

from .reader import in_language
from .shelf import Shelf
from .site_types import Check
from .vocabulary import Haste, QuantityUnit, Severity, Tag, Verification


class ProblemKind(models.Model):
    """One kind of problem with everything a dispatch needs to suggest.

    `obligations`: list of {"sort": "holding"|"after", "key", "zh", "en", "party"}.
    `proof`: list of vocabulary.Proof values. `verification`: severity -> Verification value.
    `bureau_words`, `search_words`: lists of Chinese words. `due_hours`/`due_days`: at most one
    is set; only a suggestion for the due time at dispatch.
    """

    key = models.SlugField(max_length=40, primary_key=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=100)
    group_zh = models.CharField(max_length=20)
    group_en = models.CharField(max_length=60)
    tag = models.CharField(max_length=2, choices=Tag)
    item_key = models.SlugField(max_length=40, blank=True)
    severity = models.CharField(max_length=12, choices=Severity, default=Severity.NORMAL)
    unit = models.CharField(max_length=12, choices=QuantityUnit, default=QuantityUnit.PLACE)
    haste = models.CharField(max_length=12, choices=Haste, default=Haste.LIMITED)
    due_hours = models.PositiveIntegerField(null=True, blank=True)
    due_days = models.PositiveIntegerField(null=True, blank=True)
    obligations = models.JSONField(default=list, blank=True)
    proof = models.JSONField(default=list, blank=True)
    verification = models.JSONField(default=dict, blank=True)
    direct = models.BooleanField(default=False)  # 直派
    duplicate_radius_m = models.PositiveIntegerField(default=30)
    bureau_words = models.JSONField(default=list, blank=True)
    search_words = models.JSONField(default=list, blank=True)
    is_local = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    checks = models.ManyToManyField(Check, blank=True, related_name="kinds")

    objects = Shelf["ProblemKind"].as_manager()

    class Meta:
        ordering = ["order", "key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_hours__isnull=True) | Q(due_days__isnull=True),
                name="kind_due_in_hours_or_in_days",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self)

    def verification_for(self, severity: str, *, from_above: bool = False) -> str:
        """Level of verification (picture|onsite|above) for a problem of this severity."""
        if from_above:
            return Verification.ABOVE.value
        level = self.verification.get(severity)
        if level:
            return str(level)
        grave = severity in (Severity.SERIOUS, Severity.KEY)
        return Verification.ONSITE.value if grave else Verification.PICTURE.value


class CodeSet(models.Model):
    """One edition of a code standard and the dates it is in force."""

    key = models.SlugField(max_length=40, primary_key=True)
    standard = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=160)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    note_zh = models.CharField(max_length=400, blank=True)
    note_en = models.CharField(max_length=800, blank=True)

    objects = Shelf["CodeSet"].as_manager()

    class Meta:
        ordering = ["-valid_from", "key"]

    def __str__(self) -> str:
        return f"{self.standard}-{self.edition}"

    def in_force(self, day: date) -> bool:
        """Whether the set is in force on this day; an open end counts as in force."""
        started = self.valid_from is None or self.valid_from <= day
        return started and (self.valid_to is None or day <= self.valid_to)


class KindCode(models.Model):
    """A code of a set; 部件 and 事项 use the same digits, so the sort is part of the key.

    Several kinds may answer to one code: `kinds` links them.
    """

    class Sort(models.TextChoices):
        COMPONENT = "component", "部件"
        MATTER = "matter", "事项"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code_set = models.ForeignKey(CodeSet, models.CASCADE, related_name="codes")
    sort = models.CharField(max_length=12, choices=Sort)
    code = models.CharField(max_length=12)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120, blank=True)
    kinds = models.ManyToManyField(ProblemKind, blank=True, related_name="codes")

    objects = Shelf["KindCode"].as_manager()

    class Meta:
        ordering = ["code_set", "sort", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code_set", "sort", "code"], name="one_code_per_set_and_sort"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"

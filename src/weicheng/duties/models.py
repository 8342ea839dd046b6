"""Duties with their dates, other names of units, and the tables that duties were read from."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weicheng.journal.ids import uuid7

if TYPE_CHECKING:
    from datetime import date

#: The columns that name a clause; at most one is filled, none means everything at the place.
CLAUSE = ("check_key", "kind", "site_type_key", "item_key")


class DutyPart(models.TextChoices):
    LEAD = "lead", _("牵头")
    RESPONSIBLE = "responsible", _("责任")
    SUPPORT = "support", _("配合")
    SUPERVISE = "supervise", _("督促")


class UnitRule(models.TextChoices):
    """Units that are found at the place instead of being named: “各乡镇（街道）”."""

    TERRITORY = "territory", _("所在镇街")
    COMMUNITY = "community", _("所在社区")
    SPONSOR = "sponsor", _("包保单位")
    OPERATORS = "operators", _("四大运营商")


def _clause_once() -> Q:
    """Of two clause columns one is always empty."""
    together = Q()
    for one, other in combinations(CLAUSE, 2):
        together &= _empty(one) | _empty(other)
    return together


def _empty(name: str) -> Q:
    return Q(kind__isnull=True) if name == "kind" else Q(**{name: ""})


class DutyQuerySet(models.QuerySet["Duty"]):
    """Duties seen through their place; those of the whole campaign are known to all its people."""

    def visible_to(self, user: Any) -> DutyQuerySet:
        """Duties in the regions of this user and those without a place."""
        roots = user.region_roots()
        if roots is None:
            return self
        if not roots:
            return self.none()
        return self.filter(
            Q(region=None, site=None)
            | Q(region__ancestors__overlap=roots)
            | Q(site__region__ancestors__overlap=roots)
        )

    def on(self, day: date) -> DutyQuerySet:
        """Duties in force on a day; both ends count."""
        return self.filter(
            Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gte=day), void=False
        )


class Duty(models.Model):
    """Who answers for a clause at a place, in which part, from a day to a day.

    A duty is ended or superseded, never deleted; ``void`` marks one that never counted (written by
    mistake and taken back before it took effect). Without a region and a site it holds in the
    whole campaign.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    item_key = models.SlugField(max_length=40, blank=True)
    check_key = models.SlugField(max_length=60, blank=True)
    kind = models.ForeignKey(
        "standards.ProblemKind", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    site_type_key = models.SlugField(max_length=40, blank=True)
    project = models.CharField(max_length=80, blank=True)
    region = models.ForeignKey(
        "places.Region", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    site = models.ForeignKey(
        "places.Site", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    part = models.CharField(max_length=12, choices=DutyPart.choices, default=DutyPart.LEAD)
    unit = models.ForeignKey(
        "people.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="duties"
    )
    unit_rule = models.CharField(max_length=10, choices=UnitRule.choices, blank=True)
    leader = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    section = models.CharField(max_length=60, blank=True)
    person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="duties"
    )
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    provisional = models.BooleanField(default=False)
    doubt = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=500, blank=True)
    batch = models.ForeignKey(
        "DutyBatch", null=True, blank=True, on_delete=models.PROTECT, related_name="duties"
    )
    superseded_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="supersedes"
    )
    void = models.BooleanField(default=False)
    made_by = models.ForeignKey(
        "journal.Operation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_by = models.ForeignKey(
        "journal.Operation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_by = models.ForeignKey(
        "journal.Operation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]
        indexes = [
            models.Index(fields=["item_key"], name="duty_by_item"),
            models.Index(fields=["batch"], name="duty_by_batch"),
        ]
        constraints = [
            models.CheckConstraint(name="duty_one_clause", condition=_clause_once()),
            models.CheckConstraint(
                name="duty_one_place", condition=Q(region__isnull=True) | Q(site__isnull=True)
            ),
            models.CheckConstraint(
                name="duty_has_somebody",
                condition=Q(unit__isnull=False) | ~Q(unit_rule="") | Q(person__isnull=False)
                | Q(leader__isnull=False),
            ),
            models.CheckConstraint(
                name="duty_unit_named_or_found", condition=Q(unit__isnull=True) | Q(unit_rule="")
            ),
            models.CheckConstraint(
                name="duty_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(since__isnull=True)
                | Q(until__gte=models.F("since")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        clause = self.check_key or self.kind_id or self.site_type_key or self.item_key
        return f"{clause} {self.part}"

    def in_force(self, day: date) -> bool:
        """Whether the duty holds on a day; both ends count."""
        started = self.since is None or self.since <= day
        return not self.void and started and (self.until is None or day <= self.until)


class UnitAlias(models.Model):
    """Another name of a unit: an old one from before a merger, a short or a wrong one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80)
    unit = models.ForeignKey("people.Unit", on_delete=models.CASCADE, related_name="aliases")
    note = models.CharField(max_length=120, blank=True)
    since = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name", "unit"], name="unit_alias_once"),
        ]

    def __str__(self) -> str:
        return self.name


class DutyBatch(models.Model):
    """One table of the office (Word or Excel) as it was read; taken over once, whole."""

    class State(models.TextChoices):
        READ = "read", _("待确认")
        TAKEN = "taken", _("已导入")
        DROPPED = "dropped", _("已放弃")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, blank=True)
    region = models.ForeignKey(
        "places.Region", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.READ)
    since = models.DateField(null=True, blank=True)
    columns = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    operation = models.ForeignKey(
        "journal.Operation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name


class DutyCell(models.Model):
    """One cell of a table beside its reading: what was understood and what could not be read.

    ``reading`` is JSON of the reader's own shape; ``unread`` lists the words that nobody is known
    by; ``doubt`` is the code of the first ambiguity; ``settled`` says that the office looked.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(DutyBatch, on_delete=models.CASCADE, related_name="cells")
    table = models.PositiveSmallIntegerField(default=0)
    row = models.PositiveIntegerField()
    column = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=80, blank=True)
    clause_words = models.CharField(max_length=500, blank=True)
    item_key = models.SlugField(max_length=40, blank=True)
    words = models.TextField(blank=True)
    reading = models.JSONField(default=dict, blank=True)
    unread = models.JSONField(default=list, blank=True)
    doubt = models.CharField(max_length=40, blank=True)
    settled = models.BooleanField(default=False)

    class Meta:
        ordering = ["batch", "table", "row", "column"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "table", "row", "column"], name="duty_cell_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table}.{self.row}.{self.column}"

"""What the office changed in the shipped content: one numbered revision per edit, with its diff."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from weicheng.journal.ids import uuid7
from weicheng.journal.models import Operation

from .edition import Standard
from .kinds import ProblemKind
from .shelf import Shelf


class Revision(models.Model):
    """One edit of a standard's item or of a problem kind; `number` is the version it made.

    `changes`: field name -> [before, after], values as in JSON. Who asked is the operation's
    actor.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    standard = models.ForeignKey(
        Standard, models.CASCADE, null=True, blank=True, related_name="revisions"
    )
    item_key = models.SlugField(max_length=40, blank=True)
    kind = models.ForeignKey(
        ProblemKind, models.CASCADE, null=True, blank=True, related_name="revisions"
    )
    number = models.PositiveIntegerField()
    changes = models.JSONField()
    operation = models.OneToOneField(Operation, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = Shelf["Revision"].as_manager()

    class Meta:
        ordering = ["-at", "-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(standard__isnull=False, kind__isnull=True)
                | Q(standard__isnull=True, kind__isnull=False),
                name="revision_of_one_thing",
            ),
            models.UniqueConstraint(fields=["standard", "number"], name="one_standard_version"),
            models.UniqueConstraint(fields=["kind", "number"], name="one_kind_version"),
        ]

    def __str__(self) -> str:
        return f"{self.item_key or self.kind_id} {self.number}"

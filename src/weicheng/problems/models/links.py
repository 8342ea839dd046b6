"""How problems hang together: merged, split; and the voices that said the same."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weicheng.journal.ids import uuid7
from weicheng.problems.words import Source


class Link(models.Model):
    """``problem`` was merged into ``other``, or was split from ``other``; never deleted, ended."""

    class Sort(models.TextChoices):
        MERGED = "merged", _("并入")
        SPLIT = "split", _("拆分自")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    problem = models.ForeignKey("problems.Problem", on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey("problems.Problem", on_delete=models.CASCADE, related_name="joined")
    sort = models.CharField(max_length=8, choices=Sort.choices)
    at = models.DateTimeField()
    operation = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_operation = models.UUIDField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["problem"], condition=Q(sort="merged", ended_at=None), name="merged_once"
            ),
            models.CheckConstraint(
                name="linked_to_another", condition=~Q(problem=models.F("other"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.problem_id} {self.sort} {self.other_id}"


class Voice(models.Model):
    """+1: somebody reported the same matter again; its answer goes to that reporter too."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    problem = models.ForeignKey("problems.Problem", on_delete=models.CASCADE, related_name="voices")
    person = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey("people.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=12, choices=Source.choices)
    external_source = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    operation = models.UUIDField()
    ended_operation = models.UUIDField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["external_source", "external_id"],
                condition=~Q(external_id="") & Q(ended_operation=None),
                name="voice_external_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.problem_id} +1"

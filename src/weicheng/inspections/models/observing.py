"""现场观摩: the anonymous sheets of the panel, one row per numbered paper."""

from __future__ import annotations

from django.db import models

from weicheng.journal.ids import uuid7


class PanelSheet(models.Model):
    """One paper of the panel, known by its number alone. ``marks``: stop id -> tenths of a point
    (0..1000, that is 0..100 points). Entered by the office, or ``by_phone`` by whoever holds the
    paper, through the address printed on it (see ``panel_links``)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(
        "inspections.Plan", on_delete=models.CASCADE, related_name="panel_sheets"
    )
    number = models.PositiveSmallIntegerField()
    marks = models.JSONField(default=dict, blank=True)
    invalid = models.CharField(max_length=80, blank=True)  # a spoilt paper and why
    entered_at = models.DateTimeField(null=True)
    by_phone = models.BooleanField(default=False)
    operation = models.UUIDField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="panel_number_once")]

    def __str__(self) -> str:
        return str(self.number)

"""What a unit asks about its problem and others decide: more time, a pause, another unit."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weicheng.journal.ids import uuid7


class Request(models.Model):
    """One question (申请) on one problem; at most one of them waits at a time."""

    class Sort(models.TextChoices):
        EXTENSION = "extension", _("申请延期")
        PAUSE = "pause", _("申请缓办")
        DISPUTE = "dispute", _("不属于我")

    class State(models.TextChoices):
        WAITING = "waiting", _("待审")
        GRANTED = "granted", _("同意")
        DENIED = "denied", _("不同意")
        DROPPED = "dropped", _("已撤回")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    problem = models.ForeignKey(
        "problems.Problem", on_delete=models.CASCADE, related_name="requests"
    )
    sort = models.CharField(max_length=10, choices=Sort.choices)
    unit = models.ForeignKey("people.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=20, blank=True)
    until = models.DateTimeField(null=True)
    suggested = models.ForeignKey(
        "people.Unit", null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    operation = models.UUIDField()
    ended_operation = models.UUIDField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["asked_at"], name="request_waiting", condition=Q(state="waiting"))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["problem"], condition=Q(state="waiting"), name="request_one_waits"
            ),
            models.CheckConstraint(
                name="request_decided_has_time",
                condition=Q(state="waiting", decided_at=None)
                | ~Q(state="waiting") & Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sort_display()} {self.problem_id}"

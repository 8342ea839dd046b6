"""How long a problem may take: the rules table of time limits, and the moments that came true."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weicheng.journal.ids import uuid7
from weicheng.problems.words import Severity
from weicheng.standards.models import Haste
from weicheng.workdays.kinds import TimeKind


class DueRule(models.Model):
    """One row of the table of time limits; the first row that fits wins.

    Empty tests fit everything. Amounts are whole hours for the two kinds counted in hours and
    whole days for the two counted in days.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.PositiveIntegerField()
    kind = models.ForeignKey(
        "standards.ProblemKind", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    condition = models.CharField(max_length=40, blank=True)
    severity = models.CharField(max_length=8, blank=True, choices=Severity.choices)
    haste = models.CharField(max_length=12, blank=True, choices=Haste.choices)
    region = models.ForeignKey(
        "places.Region", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    fix_amount = models.PositiveSmallIntegerField()
    fix_kind = models.CharField(max_length=8, choices=TimeKind.choices)
    sign_amount = models.PositiveSmallIntegerField(null=True, blank=True)
    sign_kind = models.CharField(max_length=8, blank=True, choices=TimeKind.choices)
    verify_amount = models.PositiveSmallIntegerField(null=True, blank=True)
    verify_kind = models.CharField(max_length=8, blank=True, choices=TimeKind.choices)
    whole_amount = models.PositiveSmallIntegerField(null=True, blank=True)
    whole_kind = models.CharField(max_length=8, blank=True, choices=TimeKind.choices)
    note = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                name="due_rule_stages_have_kinds",
                condition=(Q(sign_amount=None) | ~Q(sign_kind=""))
                & (Q(verify_amount=None) | ~Q(verify_kind=""))
                & (Q(whole_amount=None) | ~Q(whole_kind="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.kind_id or '*'}"


class Alarm(models.Model):
    """A moment of a problem's clock that came true; ``at`` is that moment, not its discovery.

    One row per problem, sort and due time, so that nothing is said twice across restarts.
    """

    class Sort(models.TextChoices):
        SOON = "soon", _("将到期")
        LATE = "late", _("超期")
        SIGN_LATE = "sign_late", _("超期未签收")
        VERIFY_LATE = "verify_late", _("超期未验收")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    problem = models.ForeignKey("problems.Problem", on_delete=models.CASCADE, related_name="alarms")
    sort = models.CharField(max_length=12, choices=Sort.choices)
    due_at = models.DateTimeField()
    at = models.DateTimeField()
    noticed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["problem", "sort", "due_at"], name="alarm_once")
        ]

    def __str__(self) -> str:
        return f"{self.problem_id} {self.sort}"

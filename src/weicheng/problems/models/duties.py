"""What is owed on a problem: obligations, cable lines, milestones, the letter of a parked one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weicheng.journal.ids import uuid7


class Obligation(models.Model):
    """What one unit owes on one problem.

    ``main`` is the fix; ``holding`` (销号前必办) holds the closing; ``after`` (后续事项) does not.
    """

    class Sort(models.TextChoices):
        MAIN = "main", _("整改")
        HOLDING = "holding", _("销号前必办")
        AFTER = "after", _("后续事项")

    class State(models.TextChoices):
        OPEN = "open", _("未办")
        DONE = "done", _("已办")
        WAIVED = "waived", _("免办")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    problem = models.ForeignKey(
        "problems.Problem", on_delete=models.CASCADE, related_name="obligations"
    )
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="obligations")
    part = models.CharField(max_length=12)
    sort = models.CharField(max_length=8, choices=Sort.choices, default=Sort.MAIN)
    key = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=200, blank=True)
    person_name = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    households = models.IntegerField(null=True, blank=True)
    due_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    done_at = models.DateTimeField(null=True)
    proof = models.ForeignKey(
        "evidence.Attachment", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    operation = models.UUIDField()
    ended_operation = models.UUIDField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["unit", "state", "due_at"], name="obligation_by_unit"),
            models.Index(
                fields=["due_at"],
                name="obligation_holding",
                condition=Q(state="open", sort="holding"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="obligation_done_has_time",
                condition=Q(state="done", done_at__isnull=False)
                | ~Q(state="done") & Q(done_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.words or self.get_sort_display()}"


class CableLine(models.Model):
    """One line of a 蜘蛛网 case: 废弃, 在用 or 权属不明, signed by its operator before any cut."""

    class State(models.TextChoices):
        ABANDONED = "abandoned", _("废弃")
        LIVE = "live", _("在用")
        UNKNOWN = "unknown", _("权属不明")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    problem = models.ForeignKey(
        "problems.Problem", on_delete=models.CASCADE, related_name="cable_lines"
    )
    label = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices)
    operator = models.ForeignKey(
        "people.Unit", null=True, on_delete=models.PROTECT, related_name="+"
    )
    signer = models.CharField(max_length=40, blank=True)
    emergency_phone = models.CharField(max_length=30, blank=True)
    cut_at = models.DateTimeField(null=True)
    obligation = models.OneToOneField(
        Obligation, null=True, on_delete=models.SET_NULL, related_name="cable_line"
    )
    operation = models.UUIDField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="cable_cut_only_when_owned",
                condition=Q(cut_at__isnull=True) | ~Q(state="unknown"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.get_state_display()}"


class Milestone(models.Model):
    """A step of a long-term problem."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    problem = models.ForeignKey(
        "problems.Problem", on_delete=models.CASCADE, related_name="milestones"
    )
    on = models.DateField()
    words = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True)
    operation = models.UUIDField()

    class Meta:
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return self.words


class Parking(models.Model):
    """挂账提级: a problem that is nobody's or not ours, with a letter and a date to look again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    problem = models.ForeignKey(
        "problems.Problem", on_delete=models.CASCADE, related_name="parkings"
    )
    addressee = models.CharField(max_length=80)
    words = models.TextField()
    review_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    operation = models.UUIDField()
    ended_operation = models.UUIDField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.addressee

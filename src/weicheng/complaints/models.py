"""What somebody complained about or proposed, and the answers: only ever added to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from weicheng.journal.ids import uuid7


class About(models.TextChoices):
    SYSTEM = "system", _("这个系统")
    BURDEN = "burden", _("增加基层负担")
    UNIT = "unit", _("某个单位的办理")
    OFFICE = "office", _("创卫办的工作")
    IDEA = "idea", _("建议")


class Complaint(models.Model):
    """One complaint or suggestion. The app may not change or delete it; nobody has to give a name.

    ``number`` is the receipt; the code that goes with it is derived from the id and never kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=20, unique=True)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=8, choices=About.choices)
    text = models.TextField()
    page = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["region", "-at"], name="complaint_of_region")]

    def __str__(self) -> str:
        return self.number


class Reply(models.Model):
    """An answer to a complaint; a later one stands beside it, never instead of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="replies")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("people.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.at:%m-%d}"

"""The ordered table that says who is proposed for what and where."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from weicheng.journal.ids import uuid7
from weicheng.problems.words import Severity, Source


class RouteRule(models.Model):
    """One row: tests (empty ones fit everything) and whom it proposes; the first that fits wins.

    ``others_by``: "part:who" for each unit beside the lead, who being a ``By`` or "operators".
    ``site_tag`` fits a site whose tag holds it.
    """

    class By(models.TextChoices):
        DUTY = "duty", _("责任分解")
        BUREAU = "bureau", _("行业主管")
        TERRITORY = "territory", _("属地镇街")
        COMMUNITY = "community", _("社区")
        SPONSOR = "sponsor", _("包保单位")
        UNIT = "unit", _("指定单位")

    class Verifier(models.TextChoices):
        OFFICE = "office", _("创卫办")
        INSPECTOR = "inspector", _("检查员")
        SUPERIOR = "superior", _("上级")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    kind = models.ForeignKey(
        "standards.ProblemKind", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    group_zh = models.CharField(max_length=20, blank=True)
    item_key = models.SlugField(max_length=40, blank=True)
    severity = models.CharField(max_length=8, blank=True, choices=Severity.choices)
    source = models.CharField(max_length=12, blank=True, choices=Source.choices)
    site_type_key = models.CharField(max_length=40, blank=True)
    site_tag = models.CharField(max_length=40, blank=True)
    region = models.ForeignKey(
        "places.Region", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    lead_by = models.CharField(max_length=10, choices=By.choices)
    lead_unit = models.ForeignKey(
        "people.Unit", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    others_by = models.JSONField(default=list, blank=True)
    verifier = models.CharField(max_length=10, blank=True, choices=Verifier.choices)
    note = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                name="route_names_its_unit",
                condition=~Q(lead_by="unit") | Q(lead_unit__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.name}"

    @property
    def title(self) -> str:
        """The name in the reader's language; as the office wrote it where English lacks."""
        return (
            self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name
        )

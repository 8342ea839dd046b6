"""回头看: closed problems looked at again on day 3, 7 and 30, never by who verified them first."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from weicheng.journal.ids import uuid7
from weicheng.people.models import Unit, UnitKind
from weicheng.people.roles import BLIND, REGION_WIDE
from weicheng.problems.models import Party
from weicheng.problems.words import Part

from .concealment import TERRITORIAL, units_of


class LookBackQuerySet(models.QuerySet["LookBack"]):
    """Second looks are the work of those who check, and are not announced to who is checked."""

    def visible_to(self, user: Any) -> LookBackQuerySet:
        """Those of the regions of somebody who sees the whole region; others see none, and nobody
        those of a problem to which an own unit (原单位 included) is a party."""
        if user.role in BLIND or user.role not in REGION_WIDE or not user.is_active:
            return self.none()
        own = Party.objects.filter(problem=OuterRef("problem"), scope__in=_own(user))
        own = own.exclude(part__in=[Part.FINDER, Part.SETTLER])
        here = self.filter(problem__region__ancestors__overlap=user.scopes())
        return here.exclude(Exists(own))


def _own(user: Any) -> list[Any]:
    """The units of this person, with those above and below and the towns that are theirs. The
    office's own unit is no party to what it has looked at again."""
    posts = [p for p in user.posts_on(timezone.localdate()) if p.unit.kind != UnitKind.OFFICE]
    units: list[Any] = units_of(posts)
    towns = [p.unit.region_id for p in posts if p.unit.kind in TERRITORIAL and p.unit.region_id]
    below = Unit.objects.filter(parent__in=units).values_list("pk", flat=True) if units else ()
    return [*units, *below, *towns]


class LookBack(models.Model):
    """One drawn second look. ``not_by`` verified the fix and may not look again.

    ``held`` is None until somebody looked: True it held, False it relapsed (反弹).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    problem = models.ForeignKey(
        "problems.Problem", on_delete=models.CASCADE, related_name="look_backs"
    )
    closed_at = models.DateTimeField()
    day = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    not_by = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    held = models.BooleanField(null=True)
    looked_by = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    looked_at = models.DateTimeField(null=True)
    photos = models.ManyToManyField("evidence.Attachment", blank=True, related_name="+")
    dropped = models.CharField(max_length=20, blank=True)  # reopened, overtaken
    operation = models.UUIDField(null=True)

    objects = LookBackQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["problem", "closed_at", "day"], name="look_back_once_per_day"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="look_back_waiting",
                condition=models.Q(held__isnull=True, dropped=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.problem_id} {self.day}"

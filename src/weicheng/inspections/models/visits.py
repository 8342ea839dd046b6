"""What was seen on a site: visits and findings, facts that are only ever added to."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from weicheng.inspections.words import VisitChannel, VisitOutcome, late_words, skew_words
from weicheng.journal.ids import uuid7
from weicheng.people.models import SiteParty
from weicheng.people.roles import BLIND, REGION_WIDE, Role

from .plans import Member, Plan


class SealedQuerySet(models.QuerySet[Any]):
    """Facts with a site and a plan; those of a hidden plan are seen by whom it may not harm."""

    def visible_to(self, user: Any) -> SealedQuerySet:
        """Open facts of the person's places; sealed ones for their own team, and for office and
        leaders that the plan does not concern."""
        if user.role in BLIND or not user.is_active:
            return self.none()
        scopes = user.scopes()
        place = Q(site__region__ancestors__overlap=scopes)
        if user.role not in REGION_WIDE:
            place |= Q(Exists(SiteParty.objects.filter(site=OuterRef("site"), unit__in=scopes)))
        team = Q(Exists(Member.objects.filter(team__plan=OuterRef("plan"), person=user.person_id)))
        sealed = Q(sealed=True) & team
        if user.role in {Role.OFFICE, Role.LEADER}:
            concerning = Plan.objects.concerning(user).filter(pk=OuterRef("plan"))
            sealed |= Q(sealed=True) & place & ~Q(Exists(concerning))
        return self.filter(Q(sealed=False) & place | sealed)


class Visit(models.Model):
    """One look at one site by a named person. Never changed; ``sealed`` ends at the release.

    ``failed``, ``not_applicable`` and ``unseen`` hold keys of checks of the site's sheet; every
    other check of the sheet (edition and version kept) passed. ``bands``: key of a check or item
    -> 0..10, in band mode only. ``received_at`` is server time and orders everything;
    ``occurred_at`` is device time with ``offset_seconds`` measured (device minus server).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey("places.Site", on_delete=models.PROTECT, related_name="visits")
    site_type = models.CharField(max_length=40)
    plan = models.ForeignKey(
        "inspections.Plan", null=True, on_delete=models.PROTECT, related_name="visits"
    )
    stop = models.ForeignKey(
        "inspections.Stop", null=True, on_delete=models.PROTECT, related_name="visits"
    )
    inspector = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("people.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    outside = models.BooleanField(default=False)  # province, third party: an outside assessor
    channel = models.CharField(max_length=8, choices=VisitChannel.choices)
    outcome = models.CharField(max_length=8, choices=VisitOutcome.choices)
    failed = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    not_applicable = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    unseen = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    bands = models.JSONField(default=dict, blank=True)
    edition = models.CharField(max_length=40, blank=True)
    sheet_version = models.PositiveIntegerField(default=1)
    photos = models.ManyToManyField("evidence.Attachment", blank=True, related_name="visits")
    photos_listed = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    note = models.CharField(max_length=400, blank=True)
    blind = models.BooleanField(default=False)  # the second of a double visit
    sealed = models.BooleanField(default=False)
    late = models.BooleanField(default=False)  # 迟报: received long after it happened
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    offset_seconds = models.IntegerField(null=True)
    operation = models.UUIDField(unique=True)

    objects = SealedQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_at", "-id"]
        indexes = [
            models.Index(fields=["site", "-occurred_at"], name="visit_by_site"),
            models.Index(fields=["plan", "site"], name="visit_by_plan"),
            models.Index(fields=["occurred_at"], name="visit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.outcome} {self.occurred_at:%m-%d}"

    @property
    def time_words(self) -> str:
        """What is odd about the times; what was typed from paper says so by itself."""
        late = self.late and self.channel == VisitChannel.PHONE
        said = [late_words(self.received_at) if late else "", skew_words(self.offset_seconds)]
        return "　".join(words for words in said if words)


class Found(models.Model):
    """One thing found on a site. An open one is filed as a problem at once; a sealed one waits
    here, without a number, until its plan is released.

    Position: one fix at the shutter (``latitude`` …, WGS84, ``accuracy_m`` metres); a place set
    right by hand stands beside it (``corrected_*``) and never overwrites it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="found")
    site = models.ForeignKey(
        "places.Site", null=True, on_delete=models.PROTECT, related_name="found"
    )
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(
        "inspections.Plan", null=True, on_delete=models.PROTECT, related_name="found"
    )
    kind = models.ForeignKey("standards.ProblemKind", on_delete=models.PROTECT, related_name="+")
    check_key = models.CharField(max_length=60, blank=True)
    severity = models.CharField(max_length=8, blank=True)
    place = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    voice = models.ForeignKey(
        "evidence.Attachment", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    photos = models.ManyToManyField("evidence.Attachment", blank=True, related_name="found")
    photos_listed = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    corrected_latitude = models.FloatField(null=True)
    corrected_longitude = models.FloatField(null=True)
    inspector = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    on_paper = models.BooleanField(default=False)
    sealed = models.BooleanField(default=False)
    late = models.BooleanField(default=False)
    problem = models.ForeignKey(
        "problems.Problem", null=True, on_delete=models.PROTECT, related_name="found"
    )
    near = models.ForeignKey(  # proposed merge: within 30 m, same kind, 2 hours
        "problems.Problem", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    offset_seconds = models.IntegerField(null=True)
    operation = models.UUIDField(unique=True)

    objects = SealedQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_at", "-id"]
        indexes = [
            models.Index(fields=["site", "-occurred_at"], name="found_by_site"),
            models.Index(fields=["plan"], name="found_by_plan"),
            models.Index(fields=["problem"], name="found_by_problem"),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.occurred_at:%m-%d}"

"""What phones in the field sent: photos in pieces, acts, and acts that wait for the office."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from weicheng.fieldwork.words import ActType, HeldEnd, SentState, UploadState
from weicheng.inspections.models import Plan
from weicheng.journal.ids import uuid7
from weicheng.people.roles import Role


class Upload(models.Model):
    """One photo on its way from one phone, known by its SHA-256 (hex, lower case).

    ``size`` and ``have`` in bytes; ``have`` counts what arrived in order. ``taken_at`` is server
    time reckoned from the device's by ``offset_seconds`` (device minus server). The row stays
    after the photo is whole: it is the receipt.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    have = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=9, choices=UploadState.choices, default=UploadState.WAITING)
    purpose = models.CharField(max_length=8)
    taken_at = models.DateTimeField(null=True)
    offset_seconds = models.IntegerField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    attachment = models.ForeignKey(
        "evidence.Attachment", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    refused = models.CharField(max_length=200, blank=True)  # why the bytes were no photo
    keeping_since = models.DateTimeField(null=True)  # one process is looking into the whole bytes
    begun_at = models.DateTimeField()
    moved_at = models.DateTimeField()  # the last byte
    received_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "sha256"], name="upload_once_per_user")
        ]
        indexes = [
            models.Index(
                fields=["moved_at"], name="upload_unfinished", condition=Q(received_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.have}/{self.size}"


class Piece(models.Model):
    """Up to 256 KiB of a photo from ``offset`` on; gone when the photo is whole."""

    id = models.BigAutoField(primary_key=True)
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="pieces")
    offset = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "offset"], name="piece_once_per_offset")
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} @{self.offset}"


class Sent(models.Model):
    """One act that a phone sent, and what became of it: the receipt, and the act that waits.

    ``told`` is the act as it came, kept while photos are missing. ``done`` says that it was
    carried out; one that cannot be without its photos (交整改) waits with ``done`` False.
    ``missing``: hashes of listed photos that are not whole yet. ``reason``/``params``: a code of
    this room's sentences.
    """

    op_id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sort = models.CharField(max_length=10, choices=ActType.choices)
    told = models.JSONField(default=dict)
    body_hash = models.BinaryField(max_length=32)
    photos = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    missing = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    state = models.CharField(max_length=14, choices=SentState.choices)
    done = models.BooleanField(default=False)
    reason = models.CharField(max_length=40, blank=True)
    params = models.JSONField(default=dict, blank=True)
    problem = models.ForeignKey(
        "problems.Problem", null=True, on_delete=models.PROTECT, related_name="+"
    )
    visit_op = models.UUIDField(null=True, db_index=True)  # the look during which it was found
    operation = models.UUIDField(null=True)  # of the problem's event that the photos belong to
    occurred_at = models.DateTimeField()
    offset_seconds = models.IntegerField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["user", "received_at"],
                name="sent_waiting_for_photos",
                condition=~Q(missing=[]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.sort} {self.state}"


class HeldQuerySet(models.QuerySet["Held"]):
    """What is held is the office's to decide, in its own places."""

    def visible_to(self, user: Any) -> HeldQuerySet:
        """For the office: of its regions, or of no known region; those of a hidden plan only to
        whom the plan may be known."""
        if user.role != Role.OFFICE or not user.is_active:
            return self.none()
        here = Q(region=None) | Q(region__ancestors__overlap=user.scopes())
        known = Q(plan=None) | Q(plan__in=Plan.objects.visible_to(user))
        return self.filter(here & known)


class Held(models.Model):
    """An act that may not simply be carried out: it waits for the office with all that it said.

    ``told`` is the act as the phone sent it; nothing of it is ever thrown away, also after 作废.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    op_id = models.UUIDField(unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sort = models.CharField(max_length=10, choices=ActType.choices)
    told = models.JSONField(default=dict)
    photos = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    reason = models.CharField(max_length=40)
    params = models.JSONField(default=dict, blank=True)
    region = models.ForeignKey(
        "places.Region", null=True, on_delete=models.PROTECT, related_name="+"
    )
    plan = models.ForeignKey(
        "inspections.Plan", null=True, on_delete=models.PROTECT, related_name="+"
    )
    occurred_at = models.DateTimeField()
    offset_seconds = models.IntegerField(null=True)
    received_at = models.DateTimeField()
    ended = models.CharField(max_length=8, choices=HeldEnd.choices, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=200, blank=True)  # why it was dropped
    problem = models.ForeignKey(
        "problems.Problem", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = HeldQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "id"]
        indexes = [models.Index(fields=["received_at"], name="held_waiting", condition=Q(ended=""))]
        constraints = [
            models.CheckConstraint(
                name="held_end_is_whole",
                condition=Q(ended="", ended_at__isnull=True)
                | ~Q(ended="") & Q(ended_at__isnull=False, ended_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.sort} {self.reason}"

"""Notices at a person's bell, channels out of the house, and every delivery over them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from weicheng.journal.ids import uuid7
from weicheng.notices.words import ChannelSort, DeliveryState, Sort


class Notice(models.Model):
    """One thing told to one person. ``key`` names what happened, so that it is told once.

    Whether it was read is a mark, not a time: nobody's reading is counted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="notices")
    problem = models.ForeignKey(
        "problems.Problem", on_delete=models.CASCADE, related_name="notices"
    )
    sort = models.CharField(max_length=14, choices=Sort.choices)
    key = models.CharField(max_length=120)
    level = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    unread = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["person"], name="notice_unread", condition=Q(unread=True)),
            models.Index(fields=["person", "-unread", "level", "-at"], name="notice_of_person"),
            models.Index(fields=["at"], name="notice_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.sort}"


class PrivateHost(models.Model):
    """A host of the government's own network that robots may stand on: exact name and port.

    It counts only when a second person has approved it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    host = models.CharField(max_length=120)
    port = models.PositiveIntegerField(default=443)
    note = models.CharField(max_length=120, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["host", "port"]
        constraints = [
            models.UniqueConstraint(fields=["host", "port"], name="private_host_once"),
            models.CheckConstraint(
                name="private_host_by_two",
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_at__isnull=False) & ~Q(approved_by=F("proposed_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Channel(models.Model):
    """A way out of the house: a group's robot, or one person's mail address.

    ``target`` and ``secret`` are sealed; only ``host`` is ever shown. ``unit`` None means the whole
    district's group. ``tokens`` is the bucket of the robot; ``fails`` and ``open_until`` its
    circuit.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sort = models.CharField(max_length=10, choices=ChannelSort.choices)
    name = models.CharField(max_length=60)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        "people.Unit", null=True, blank=True, on_delete=models.CASCADE, related_name="channels"
    )
    person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.CASCADE, related_name="channels"
    )
    host = models.CharField(max_length=120, blank=True)
    target = models.TextField()
    secret = models.TextField(blank=True)
    active = models.BooleanField(default=True)
    tokens = models.FloatField(default=18)
    filled_at = models.DateTimeField(null=True)
    fails = models.PositiveIntegerField(default=0)
    open_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="channel_mail_is_personal",
                condition=Q(sort="mail", person__isnull=False, unit=None)
                | ~Q(sort="mail") & Q(person=None),
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(sort="mail"), name="channel_one_mail"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One message over one channel, once: ``key`` names what it tells.

    ``unsure`` counts attempts whose answer never came: the message may have arrived. After one
    such attempt it is repeated, marked as a repeat; after two it is left alone and shown.
    """

    class Kind(models.TextChoices):
        PUSH = "push"
        DIGEST = "digest"
        TEST = "test"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="deliveries")
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    sort = models.CharField(max_length=14, choices=Sort.choices, blank=True)
    problem = models.ForeignKey(
        "problems.Problem", null=True, on_delete=models.CASCADE, related_name="+"
    )
    persons = ArrayField(models.UUIDField(), default=list)
    urgent = models.BooleanField(default=False)
    planned_at = models.DateTimeField()
    not_before = models.DateTimeField()
    state = models.CharField(
        max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    tries = models.PositiveSmallIntegerField(default=0)
    unsure = models.PositiveSmallIntegerField(default=0)
    held_until = models.DateTimeField(null=True)
    counted_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "key"], name="delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["channel", "not_before", "id"],
                name="delivery_waiting",
                condition=Q(state__in=["waiting", "sending"]),
            ),
            models.Index(fields=["planned_at"], name="delivery_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.key}"


class PushDay(models.Model):
    """How many pushes we sent to one person on one day: the allowance, kept for a week."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    n = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="push_day_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day} {self.n}"

"""Tables of log-in: second factors, one-time links, old passwords, running sessions, counted tries.

Nothing here counts how often or when somebody worked; a session's row goes when the session ends.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

from weicheng.journal.ids import uuid7


class SecondFactor(models.Model):
    """An authenticator: its secret encrypted, the last step used, recovery codes hashed."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="second_factor",
    )
    secret = models.TextField()
    last_step = models.BigIntegerField(default=0)
    recovery = ArrayField(models.CharField(max_length=64), default=list)
    enrolled_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.user_id)


class LoginLink(models.Model):
    """A link that logs one account in once; only the hash of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="login_links"
    )
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.id)


class OldPassword(models.Model):
    """A password this account had before, so that the last five are not taken again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="old_passwords"
    )
    encoded = models.CharField(max_length=128)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.id)


class Tries(models.Model):
    """Moments at which a secret was checked, under a keyed hash of the account or address."""

    key = models.CharField(max_length=64, primary_key=True)
    moments = ArrayField(models.DateTimeField(), default=list)
    last_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.key[:8]


class Session(AbstractBaseSession):
    """A running session with its owner, so that they can see and end it."""

    public_id = models.UUIDField(default=uuid7, db_index=True, editable=False)  # outlives cycle_key
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="sessions"
    )
    device = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField(null=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The engine that writes this table."""
        from weicheng.people.sessions import SessionStore

        return SessionStore

"""One-time links: 32 random bytes, kept as a hash, that log one account in once, for a while."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from weicheng.people.credentials import LoginLink
from weicheng.people.founding import found
from weicheng.people.models import UnitKind, User
from weicheng.people.roles import Role

if TYPE_CHECKING:
    from django.db.models import QuerySet

LIFE = timedelta(minutes=10)
DEMO_LIFE = timedelta(hours=24)


def link_for(user: User, base_url: str, *, now: datetime | None = None) -> str:
    """A fresh link for the account, for a person who asked the console for it."""
    now = now or timezone.now()
    LoginLink.objects.filter(expires_at__lt=now - DEMO_LIFE).delete()
    secret = secrets.token_urlsafe(32)
    life = DEMO_LIFE if settings.DEMO else LIFE
    expires = min(now + life, user.ends_at or now + life)
    LoginLink.objects.create(user=user, digest=_digest(secret), expires_at=expires)
    return base_url.rstrip("/") + reverse("people:link", args=[secret])


def demo_links(base_url: str) -> list[tuple[str, str]]:
    """One link for each role that the demo has an account of, and one for a group (专责组), which
    settles disputes: (label, address)."""
    links = []
    active = User.objects.filter(is_active=True, ends_at=None).order_by("username")
    group = active.filter(person__posts__unit__kind=UnitKind.GROUP).first()
    for role in Role:
        first = active.filter(role=role).first()
        shown = [first, group if group is not None and group.role == role else None]
        users = [user for user in dict.fromkeys(shown) if user is not None]
        links += [(label_of(user), link_for(user, base_url)) for user in users]
    return links


def first_office_link(base_url: str) -> str | None:
    """The way into an empty installation; None once somebody of the office has a password.

    Makes the campaign, the office and its first account when there is none.
    """
    office = User.objects.filter(role=Role.OFFICE, is_active=True).order_by("username")
    if any(user.has_usable_password() for user in office):
        return None
    user = office.first()
    if user is None:
        user = found()
    return link_for(user, base_url)


def label_of(user: User) -> str:
    """“创卫办 王×（区创卫办）”, as far as these are known."""
    role, name = user.get_role_display(), str(user.person or user.username)
    units = user.working_units()
    if not units:
        return _("%(role)s %(name)s") % {"role": role, "name": name}
    return _("%(role)s %(name)s（%(unit)s）") % {"role": role, "name": name, "unit": units[0]}


def peek(secret: str, *, now: datetime | None = None) -> LoginLink | None:
    """The link if it still opens; looking at it does not use it."""
    return _open(secret, now).select_related("user__person").first()


def use(secret: str, *, now: datetime | None = None) -> User | None:
    """Take the link: its account, once; None when it was used, has expired or never was."""
    now = now or timezone.now()
    link = peek(secret, now=now)
    if link is None or not _open(secret, now).update(used_at=now):
        return None
    return link.user


def _open(secret: str, now: datetime | None) -> QuerySet[LoginLink]:
    return LoginLink.objects.filter(
        digest=_digest(secret),
        used_at=None,
        expires_at__gt=now or timezone.now(),
        user__is_active=True,
    ).exclude(user__ends_at__lte=now or timezone.now())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

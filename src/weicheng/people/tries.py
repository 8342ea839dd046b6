"""How often a secret may be tried: ten times an account, a hundred times an address, in 15 minutes.

Every check is counted before it is made, in one row lock, so parallel tries cannot slip through;
names and addresses are kept only as keyed hashes. An account's lock therefore ends after at most
15 minutes, and links from the console pass it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from weicheng.people.credentials import Tries

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_ADDRESS = 100
PER_CODE = 5
KEPT = timedelta(days=1)


def admit(kind: str, name: str, limit: int, *, now: datetime | None = None) -> timedelta:
    """Count one check of `name`; how long to wait when the limit is reached, else zero."""
    now = now or timezone.now()
    with transaction.atomic():
        Tries.objects.get_or_create(key=_key(kind, name))
        row = Tries.objects.select_for_update().get(key=_key(kind, name))
        recent = [moment for moment in row.moments if moment > now - WINDOW]
        if len(recent) >= limit:
            return recent[0] + WINDOW - now
        row.moments, row.last_at = [*recent, now], now
        row.save()
    return timedelta()


def forgive(kind: str, name: str) -> None:
    """After a success: the account starts afresh."""
    Tries.objects.filter(key=_key(kind, name)).delete()


def take_back(kind: str, name: str) -> None:
    """After a success: this one check does not count against the address that others share."""
    with transaction.atomic():
        row = Tries.objects.select_for_update().filter(key=_key(kind, name)).first()
        if row is not None and row.moments:
            row.moments = row.moments[:-1]
            row.save(update_fields=["moments"])


def sweep(*, now: datetime | None = None) -> int:
    """Throw away rows that have rested for a day; how many."""
    gone, _by_table = Tries.objects.filter(last_at__lt=(now or timezone.now()) - KEPT).delete()
    return gone


def _key(kind: str, name: str) -> str:
    return salted_hmac(f"weicheng.tries.{kind}", name.casefold(), algorithm="sha256").hexdigest()

"""Taking in a complaint, looking it up by receipt and code, answering it; nothing is changed.

The code is derived from the id with the installation's key: whoever has the receipt can prove it,
and nobody can read it from the table.
"""

from __future__ import annotations

from datetime import datetime
from secrets import compare_digest
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from weicheng.complaints.models import About, Complaint, Reply
from weicheng.people.roles import Role

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from weicheng.places.models import Region

MOST = 2000
#: Complaints from one address in a quarter of an hour: a whole office may share an address.
PER_ADDRESS = 15
#: Looks with one receipt number in a quarter of an hour.
PER_RECEIPT = 10
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def take_in(
    *, key: UUID, region: Region, about: str, text: str, page: str, now: datetime
) -> Complaint | None:
    """Keep it, once for one key; None when the key was used for other words."""
    local = timezone.localtime(now)
    number = f"TS{local:%y%m%d}-{_letters('number', key, 5)}"
    row = Complaint(id=key, number=number, region=region, about=about, text=text, page=page, at=now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return Complaint.objects.filter(pk=key, text=text, region=region).first()
    return row


def code_of(complaint: Complaint) -> str:
    """Eight letters that go with the receipt."""
    return _letters("code", complaint.pk, 8)


def look_up(number: str, code: str) -> Complaint | None:
    """The complaint of a receipt, when the code is right."""
    wanted = number.strip().upper()
    row = Complaint.objects.filter(number=wanted).prefetch_related("replies__unit").first()
    right = code_of(row) if row else _letters("code", wanted, 8)
    same = compare_digest(right.encode(), code.strip().upper().replace("-", "").encode())
    return row if row is not None and same else None


def queue_of(user: Any) -> QuerySet[Complaint]:
    """What this reader may see: the auditor all of the regions, the office all but its own case."""
    found = Complaint.objects.filter(region__ancestors__overlap=user.scopes())
    if user.role == Role.AUDITOR:
        return found
    if user.role == Role.OFFICE:
        return found.exclude(about=About.OFFICE)
    return found.none()


def answer(complaint: Complaint, *, text: str, by: Any, key: UUID, now: datetime) -> Reply:
    """Add an answer, once for one key."""
    units = by.working_units()
    fields = {"complaint": complaint, "by": by, "unit": units[0] if units else None,
              "text": text, "at": now}  # fmt: skip
    row, _made = Reply.objects.get_or_create(pk=key, defaults=fields)
    return row


def _letters(use: str, key: object, n: int) -> str:
    digest = salted_hmac(f"weicheng.complaint.{use}", str(key), algorithm="sha256").digest()
    return "".join(_LETTERS[b % len(_LETTERS)] for b in digest[:n])

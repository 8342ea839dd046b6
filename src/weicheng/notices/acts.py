"""What the keepers of channels and the owners of mail boxes may do."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from weicheng.notices.models import Channel, Delivery, PrivateHost
from weicheng.notices.permissions import may_approve
from weicheng.notices.seals import seal
from weicheng.notices.targets import is_name, parse
from weicheng.notices.words import ChannelSort

if TYPE_CHECKING:
    from weicheng.people.models import Person, Unit
    from weicheng.places.models import Region


def connect(
    *, sort: str, name: str, url: str, secret: str, region: Region, unit: Unit | None
) -> Channel:
    """A group's robot; ``targets.Refused`` when the address may not be spoken to."""
    from weicheng.notices.robots import approved_hosts

    target = parse(url, sort, approved_hosts())
    shown = target.host if target.port == 443 else f"{target.host}:{target.port}"
    return Channel.objects.create(
        sort=sort, name=name, region=region, unit=unit, host=shown, target=seal(url),
        secret=seal(secret),
    )  # fmt: skip


def keep_mail(person: Person, address: str, region: Region) -> Channel:
    """The person's one mail box; only its domain is ever shown again."""
    fields = {
        "name": str(person), "region": region, "host": address.rpartition("@")[2],
        "target": seal(address), "active": True, "fails": 0, "open_until": None, "error": "",
    }  # fmt: skip
    row, _made = Channel.objects.update_or_create(
        sort=ChannelSort.MAIL, person=person, defaults=fields
    )
    return row


def drop_mail(person: Person) -> None:
    """No more mail to this person."""
    Channel.objects.filter(sort=ChannelSort.MAIL, person=person).delete()


def switch(channel: Channel, *, active: bool) -> None:
    """Pause a channel, or let it go on with a closed circuit."""
    channel.active, channel.fails, channel.open_until = active, 0, None
    channel.save(update_fields=["active", "fails", "open_until"])


def test(channel: Channel, *, key: UUID, now: datetime) -> Delivery:
    """Put a test message on its way; the same key asks once."""
    row, _made = Delivery.objects.get_or_create(
        channel=channel, key=f"test:{key}",
        defaults={"kind": Delivery.Kind.TEST, "planned_at": now, "not_before": now},
    )  # fmt: skip
    return row


def propose(*, host: str, port: int, note: str, by: Any, now: datetime) -> PrivateHost | None:
    """Propose a private host; None when it is no plain name, or already there."""
    if not is_name(host) or not 0 < port < 65536:
        return None
    row, made = PrivateHost.objects.get_or_create(
        host=host, port=port, defaults={"note": note, "proposed_by": by, "proposed_at": now}
    )
    return row if made else None


def approve(entry: PrivateHost, *, by: Any, now: datetime | None = None) -> bool:
    """The second person's yes; False when it is the first person's own proposal."""
    with transaction.atomic():
        row = PrivateHost.objects.select_for_update().get(pk=entry.pk)
        if not may_approve(by, row):
            return False
        row.approved_by, row.approved_at = by, now or timezone.now()
        row.save(update_fields=["approved_by", "approved_at"])
        return True

"""Each act on scores happens once: the operation is claimed, or the earlier answer stands."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from weicheng.journal import once
from weicheng.scoring.refusals import Refused

if TYPE_CHECKING:
    from weicheng.people.models import User


def claim(
    *, by: User, act: str, body: dict[str, Any], op_id: UUID, now: datetime | None = None
) -> bool:
    """Claim the operation inside the caller's transaction; False when the same was done before.

    Raises Refused("other_body"), journal.once.ForeignOperation.
    """
    moment = now or timezone.now()
    try:
        return once.begin(
            op_id=op_id, actor=by.pk, act=act, body=body, behalf_person=None, behalf_unit=None,
            channel="", occurred_at=moment, recorded_at=moment, device_offset_seconds=None,
        )  # fmt: skip
    except once.OtherBody as wrong:
        raise Refused("other_body") from wrong

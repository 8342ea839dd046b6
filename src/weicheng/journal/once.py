"""Every act happens once: the same op_id gets the same answer, with another body it is refused."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection
from django.utils import timezone

from weicheng.journal.models import Operation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from weicheng.journal.refusals import Refusal


class ForeignOperation(Exception):
    """The op_id belongs to another actor: to the asker it does not exist."""


class OtherBody(Exception):
    """The op_id was used with another body."""


_BEGIN = """
INSERT INTO journal_operation (op_id, actor_id, act, behalf_person, behalf_unit, channel, body_hash,
                               response, occurred_at, recorded_at, device_offset_seconds)
VALUES (%s, %s, %s, %s, %s, %s, %s, '{}'::jsonb, %s, %s, %s)
ON CONFLICT (op_id) DO NOTHING RETURNING op_id
"""


@contextmanager
def refusing_when_busy(refused: type[Refusal]) -> Iterator[None]:
    """Waiting too long for a row that others hold, or a deadlock, is the refusal ``busy``."""
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") in {"55P03", "40P01"}:
            raise refused("busy") from error
        raise


def body_hash(act: str, body: dict[str, Any]) -> bytes:
    """SHA-256 (32 bytes) of the canonical JSON of an act and its arguments."""
    text = json.dumps([act, body], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).digest()


def begin(
    *,
    op_id: UUID,
    actor: UUID,
    act: str,
    body: dict[str, Any],
    behalf_person: UUID | None,
    behalf_unit: UUID | None,
    channel: str,
    occurred_at: datetime,
    recorded_at: datetime,
    device_offset_seconds: int | None,
) -> bool:
    """Claim the op_id inside the caller's transaction; False when the act was done before.

    An equal request that runs at the same moment waits here until the first one has committed.
    """
    digest = body_hash(act, body)
    values: list[Any] = [
        op_id, actor, act, behalf_person, behalf_unit, channel, digest,
        occurred_at, recorded_at, device_offset_seconds,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, values)
        if cursor.fetchone() is not None:
            return True
    kept = Operation.objects.get(pk=op_id)
    if kept.actor_id != actor:
        raise ForeignOperation
    if bytes(kept.body_hash) != digest:
        raise OtherBody
    return False


def claim(
    refused: type[Refusal],
    *,
    by: Any,
    act: str,
    body: dict[str, Any],
    op_id: UUID,
    now: datetime | None = None,
    occurred_at: datetime | None = None,
    offset_seconds: int | None = None,
    behalf: Any = None,
    channel: str = "",
) -> bool:
    """Claim an operation of an account, maybe for a person (``behalf``), inside the caller's
    transaction; False when the same was done before.

    Raises ``refused("other_body")`` of the caller's room, ForeignOperation.
    """
    moment = now or timezone.now()
    try:
        return begin(
            op_id=op_id, actor=by.pk, act=act, body=body,
            behalf_person=behalf.pk if behalf else None, behalf_unit=None, channel=channel,
            occurred_at=occurred_at or moment, recorded_at=moment,
            device_offset_seconds=offset_seconds,
        )  # fmt: skip
    except OtherBody as wrong:
        raise refused("other_body") from wrong

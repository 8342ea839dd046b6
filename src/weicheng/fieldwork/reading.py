"""Reads what phones send. What cannot be read is answered by a sentence; nothing is guessed."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime

from weicheng.fieldwork.refusals import Malformed
from weicheng.fieldwork.words import ActType

MOST_ACTS = 50
MOST_BYTES = 2 * 1024 * 1024
#: Photos of one act: a problem takes nine; a look at a whole market takes more.
MOST_PHOTOS = {ActType.VISIT: 60}
PHOTOS = 9
#: A phone's clock may be this wrong (seconds); beyond, the offset is a fault of the program.
WORST_CLOCK = 400 * 24 * 3600
#: Stands for an id that was not given, and is nobody's.
NOBODY = UUID(int=0)
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Told:
    """One act as a phone told it. ``occurred_at`` is the device's time, ``offset_seconds`` device
    minus server as measured, None when never measured."""

    op_id: UUID
    sort: ActType
    occurred_at: datetime
    offset_seconds: int | None
    photos: tuple[str, ...]
    body: Mapping[str, Any]
    raw: dict[str, Any] = field(repr=False)
    voice: str = ""

    @property
    def listed(self) -> list[str]:
        """Everything that travels apart from the act: its photos, and its spoken note."""
        return [*self.photos, *([self.voice] if self.voice else [])]


def document(data: bytes, *, limit: int = MOST_BYTES) -> dict[str, Any]:
    """A JSON object from a request's bytes. Raises Malformed."""
    if len(data) > limit:
        raise Malformed("too_long", limit=f"{limit // 1024 // 1024} MB")
    try:
        found = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Malformed("not_json") from error
    if not isinstance(found, dict) or "\\u0000" in data.decode("utf-8", "replace"):
        raise Malformed("not_json")
    return found


def _no_number(name: str) -> float:
    raise ValueError(name)


def listed(found: Mapping[str, Any], *, limit: int = MOST_ACTS) -> list[Any]:
    """The acts of a request. Raises Malformed."""
    acts = found.get("acts")
    if not isinstance(acts, list):
        raise Malformed("no_list")
    if len(acts) > limit:
        raise Malformed("too_many_acts", n=len(acts), limit=limit)
    return acts


def told(raw: Any) -> Told:
    """One act. Raises Malformed with a sentence for the phone."""
    if not isinstance(raw, dict):
        raise Malformed("not_json")
    op_id = uuid_in(raw, "op_id")
    if op_id is None:
        raise Malformed("no_op_id")
    sort, body = raw.get("type"), raw.get("body", {})
    if sort not in ActType.values:
        raise Malformed("unknown_type", type=str(sort)[:20])
    if not isinstance(body, dict):
        raise Malformed("wrong_field", field="body")
    return Told(
        op_id=op_id, sort=ActType(sort), occurred_at=moment(raw.get("occurred_at")),
        offset_seconds=offset(raw.get("offset_seconds")), photos=hashes(raw, ActType(sort)),
        body=body, raw={k: raw.get(k) for k in KEPT}, voice=voice_in(body),
    )  # fmt: skip


KEPT = ("op_id", "type", "occurred_at", "offset_seconds", "photos", "body")


def op_id_in(raw: Any) -> str:
    """The operation id of an act that could not be read, as it was written, for the answer."""
    return str(raw.get("op_id", ""))[:40] if isinstance(raw, dict) else ""


def moment(text: Any) -> datetime:
    """A device's time, ISO 8601; one without a zone is the district's own. Raises Malformed."""
    try:
        found = parse_datetime(text) if isinstance(text, str) else None
        if found is not None and found.tzinfo is None:
            from django.utils import timezone

            found = timezone.make_aware(found)
        found = found.astimezone(UTC) if found is not None else None
    except (ValueError, OverflowError):
        found = None
    if found is None or not 2000 <= found.year < 2100:
        raise Malformed("no_time")
    return found


def offset(value: Any) -> int | None:
    """Seconds, device minus server; None when not measured. Raises Malformed."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Malformed("wrong_field", field="offset_seconds")
    if abs(value) > WORST_CLOCK:
        raise Malformed("wrong_field", field="offset_seconds")
    return round(value)


def true_time(device: datetime, offset_seconds: int | None, now: datetime) -> datetime:
    """When it happened by server time; a device from the future counts as now."""
    return min(device - timedelta(seconds=offset_seconds or 0), now)


def hashes(raw: Mapping[str, Any], sort: ActType) -> tuple[str, ...]:
    """The listed photos, each once, in order. Raises Malformed."""
    given = raw.get("photos") or []
    if not isinstance(given, list) or any(not is_hash(one) for one in given):
        raise Malformed("wrong_hash")
    found = tuple(dict.fromkeys(given))
    limit = MOST_PHOTOS.get(sort, PHOTOS)
    if len(found) > limit:
        raise Malformed("too_many_photos", n=len(found), limit=limit)
    return found


def voice_in(body: Mapping[str, Any]) -> str:
    """The hash of a spoken note, empty without one. Raises Malformed."""
    given = body.get("voice")
    if given in (None, ""):
        return ""
    if not is_hash(given):
        raise Malformed("wrong_hash")
    return str(given)


def is_hash(text: Any) -> bool:
    """Whether this is a SHA-256 in lower-case hex."""
    return isinstance(text, str) and SHA256.fullmatch(text) is not None


def uuid_in(body: Mapping[str, Any], name: str) -> UUID | None:
    """An id, None when it is not given. Raises Malformed."""
    value = body.get(name)
    if value in (None, ""):
        return None
    try:
        return UUID(value)
    except (ValueError, AttributeError, TypeError) as error:
        raise _wrong(name) from error


def text_in(body: Mapping[str, Any], name: str, most: int) -> str:
    """Words, cut at what fits; empty when not given. Raises Malformed."""
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _wrong(name)
    return value.replace("\0", "").strip()[:most]


def keys_in(body: Mapping[str, Any], name: str) -> list[str]:
    """A list of keys. Raises Malformed."""
    value = body.get(name) or []
    if not isinstance(value, list) or any(not isinstance(one, str) for one in value):
        raise _wrong(name)
    if len(value) > 500:
        raise _wrong(name)
    return [one[:60] for one in value]


def number_in(body: Mapping[str, Any], name: str, least: float, most: float) -> float | None:
    """A number within bounds, None when not given. Raises Malformed."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _wrong(name)
    if not least <= value <= most:
        raise _wrong(name)
    return float(value)


def position_in(
    body: Mapping[str, Any], lat: str = "lat", lon: str = "lon"
) -> tuple[float, float] | None:
    """WGS84 degrees, None unless both are given. Raises Malformed."""
    north, east = number_in(body, lat, -90, 90), number_in(body, lon, -180, 180)
    return None if north is None or east is None else (north, east)


def _wrong(name: str) -> Malformed:
    return Malformed("wrong_field", field=name)

"""A phone of the tests: keeps its queue, sends photos in pieces and acts, as the real one does."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from django.test import Client
from django.utils import timezone
from PIL import Image
from tests.district import sign_in

from weicheng.journal.ids import uuid7
from weicheng.people.models import User

PIECE = 128 * 1024


def shot(seed: int, *, size: tuple[int, int] = (64, 48), quality: int = 80) -> bytes:
    """A small picture of its own for each seed."""
    shades = [(seed * 37 + i * 61) % 256 for i in range(12)]
    image = Image.new("RGB", (4, 1))
    image.putdata([tuple(shades[i * 3 : i * 3 + 3]) for i in range(4)])
    buffer = BytesIO()
    image.resize(size).save(buffer, "JPEG", quality=quality, comment=str(seed).encode())
    return buffer.getvalue()


def sha(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


class Phone:
    """One person's phone, signed in."""

    def __init__(self, user: User, client: Client | None = None) -> None:
        self.user = user
        self.client = sign_in(client or Client(), user)

    def post(self, path: str, told: Any) -> Any:
        """A POST of JSON to /field/<path>."""
        return self.client.post(
            f"/field/{path}", json.dumps(told), content_type="application/json",
            headers={"accept": "application/json"},
        )  # fmt: skip

    def announce(self, data: bytes, *, purpose: str = "before", **more: Any) -> Any:
        """Say that a photo will come."""
        told = {
            "sha256": sha(data), "size": len(data), "taken_at": timezone.now().isoformat(),
            "offset_seconds": 0, "lat": 30.0, "lon": 120.0, "accuracy_m": 8.0,
            "purpose": purpose, **more,
        }  # fmt: skip
        return self.post("photos", told)

    def piece(self, data: bytes, start: int, length: int = PIECE) -> Any:
        """Send bytes of a photo from an offset on."""
        return self.client.put(
            f"/field/photos/{sha(data)}?from={start}", data[start : start + length],
            content_type="application/octet-stream",
        )  # fmt: skip

    def send_photo(self, data: bytes, **more: Any) -> str:
        """A whole photo; its hash."""
        have = self.announce(data, **more).json()["have"]
        while have < len(data):
            have = self.piece(data, have).json()["have"]
        return sha(data)

    def act(self, sort: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        """An act as the phone keeps it."""
        return {
            "op_id": str(uuid7()), "type": sort, "occurred_at": timezone.now().isoformat(),
            "offset_seconds": 0, "photos": [], "body": body, **more,
        }  # fmt: skip

    def send(self, *acts: Any) -> list[dict[str, Any]]:
        """Send acts; what became of each."""
        found: list[dict[str, Any]] = self.post("acts", {"acts": list(acts)}).json()["results"]
        return found

    def do(self, sort: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        """One act, at once."""
        return self.send(self.act(sort, body, **more))[0]


def iso(moment: datetime) -> str:
    """As JavaScript writes it."""
    return moment.isoformat().replace("+00:00", "Z")


def ids(**given: UUID) -> dict[str, str]:
    """Ids as JSON."""
    return {name: str(value) for name, value in given.items()}

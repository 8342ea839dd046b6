"""What is true of a problem now, as one pure value, and its form in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

MOMENTS = (
    "due_at", "dispatched_at", "signed_at", "handed_in_at", "closed_at", "sign_due_at",
    "verify_due_at",
)  # fmt: skip


@dataclass(frozen=True)
class State:
    """What is true of a problem now. Ids are strings, times are aware datetimes."""

    status: str = "new"
    kind: str = ""
    region: str = ""
    site: str | None = None
    severity: str = "normal"
    level: str = "picture"
    lead_unit: str | None = None
    due_at: datetime | None = None
    dispatched_at: datetime | None = None
    signed_at: datetime | None = None
    handed_in_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    outcome: str = ""
    sent_back: int = 0
    relapsed: int = 0
    on_spot: bool = False
    parked: bool = False
    voided: bool = False
    oversample: bool = False
    fixes: tuple[dict[str, Any], ...] = field(default=())
    condition: str = ""
    person: str | None = None
    verifier: str = ""
    clock: dict[str, Any] | None = None
    sign_due_at: datetime | None = None
    verify_due_at: datetime | None = None
    extended: int = 0
    paused: bool = False
    asking: str = ""
    bounces: int = 0
    settler_unit: str | None = None
    said_again: int = 0
    merged_into: str | None = None


def moment(text: str | None) -> datetime | None:
    """An ISO time of an event's data."""
    return datetime.fromisoformat(text) if text else None


def dump(state: State) -> dict[str, Any]:
    """A state as JSON values."""
    values = asdict(state)
    for key, value in values.items():
        if isinstance(value, datetime):
            values[key] = value.isoformat()
    values["fixes"] = list(values["fixes"])
    return values


def load(values: Mapping[str, Any]) -> State:
    """A state from its JSON values."""
    known = dict(values)
    for key in MOMENTS:
        known[key] = moment(known.get(key))
    known["fixes"] = tuple(known.get("fixes", ()))
    return State(**known)

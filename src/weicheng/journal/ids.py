"""Ids: UUIDv7 made in Python, so that a row knows its id before the database does."""

from __future__ import annotations

import uuid

import uuid6


def uuid7() -> uuid.UUID:
    """A time-ordered unique id (RFC 9562, version 7)."""
    return uuid.UUID(int=uuid6.uuid7().int)


def derived(op_id: uuid.UUID, part: str) -> uuid.UUID:
    """The id of a step that an act takes in another room: the same act, the same id."""
    return uuid.uuid5(op_id, part)

"""What rooms above say hangs on the calendar, without this room knowing them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Affected:
    """So many matters whose due time no longer agrees with the calendar, and where they stand."""

    count: int
    url: str


Counter = Callable[[Any], Affected]
_counters: list[Counter] = []


def register(counter: Counter) -> None:
    """Let a room above say, for a user, what hangs on the calendar; call from AppConfig.ready()."""
    if counter not in _counters:
        _counters.append(counter)


def affected(user: Any) -> list[Affected]:
    """What no longer agrees, of every room that said so."""
    return [found for counter in _counters if (found := counter(user)).count]

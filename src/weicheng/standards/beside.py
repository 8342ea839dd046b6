"""What rooms above show beside an item of the standard; each registers its panel when ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Panel:
    """A template with what it shows."""

    template: str
    values: Any


#: Given the reader and the item's key: a panel, or None when there is nothing for this reader.
Maker = Callable[[Any, str], Panel | None]
_makers: list[Maker] = []


def add(maker: Maker) -> None:
    """Show a panel beside every item from now on (called from AppConfig.ready)."""
    if maker not in _makers:
        _makers.append(maker)


def panels(user: Any, key: str) -> list[Panel]:
    """The panels of an item for this reader."""
    return [panel for maker in _makers if (panel := maker(user, key)) is not None]

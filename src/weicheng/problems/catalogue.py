"""The problem kinds in process memory, for filters and chips of every page."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import get_language

from weicheng.people import directory

if TYPE_CHECKING:
    from weicheng.standards.models import ProblemKind

FRESH_SECONDS = 20.0
_kept: dict[str, tuple[float, int, dict[str, ProblemKind]]] = {}


def kinds() -> dict[str, ProblemKind]:
    """The active kinds by key in the catalogue's order, read again when older than 20 s.

    A copy that holds nothing is not kept, so that the first day needs no waiting."""
    from weicheng.standards.models import ProblemKind

    name = str(connection.settings_dict["NAME"])
    kept, stamp = _kept.get(name), directory.stamp()
    if kept and kept[1] == stamp and time.monotonic() - kept[0] < FRESH_SECONDS:
        return kept[2]
    fresh = {k.key: k for k in ProblemKind.objects.filter(active=True)}
    if fresh:
        _kept[name] = (time.monotonic(), stamp, fresh)
    return fresh


def name(key: str) -> str:
    """The kind's name in the reader's language."""
    kind = kinds().get(key)
    if kind is None:
        return key
    return kind.name_en if (get_language() or "").startswith("en") else kind.name_zh


def forget() -> None:
    """Read the kinds again at the next look-up."""
    _kept.clear()

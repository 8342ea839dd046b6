"""Who may change the content of the standard: the campaign office, nobody else."""

from __future__ import annotations

from typing import Any

OFFICE = "office"


def refusal(user: Any) -> str:
    """The code of the refusal, or an empty string when the user may edit."""
    return "" if getattr(user, "role", "") == OFFICE else "office_only"

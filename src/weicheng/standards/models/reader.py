"""Content that carries both languages, read in the one that the reader has chosen."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language


def in_language(row: Any, name: str = "name") -> str:
    """name_zh or name_en of a row, as the reader's language asks; Chinese where English lacks."""
    english = (get_language() or "").startswith("en")
    text = getattr(row, f"{name}_en", "") if english else ""
    return str(text or getattr(row, f"{name}_zh", ""))

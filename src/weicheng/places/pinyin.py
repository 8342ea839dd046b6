"""The key by which a Chinese name is sorted and found: its pinyin and then its initials."""

from __future__ import annotations

import unicodedata


def key(name: str) -> str:
    """“张家沟” → “zhangjiagou zjg”; latin letters and digits stay, in lower case."""
    from pypinyin import lazy_pinyin

    parts = [part.lower() for part in lazy_pinyin(plain(name)) if part.strip()]
    full = "".join(parts)
    initials = "".join(part if part.isdigit() else part[0] for part in parts)
    return full if full == initials else f"{full} {initials}"


def plain(text: str) -> str:
    """Text as people mean it: full-width letters and digits made narrow, spaces taken out."""
    return "".join(unicodedata.normalize("NFKC", text).split())

"""Compiles the message catalogues that have changed, without gettext."""

from __future__ import annotations

import os
from pathlib import Path


def compile_changed(folder: Path) -> list[Path]:
    """Writes a .mo beside every .po below `folder` that has changed; returns those written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        _compile(source, target)
        written.append(target)
    return written


def _compile(source: Path, target: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as read:
        catalogue = read_po(read)
    fresh = target.with_suffix(f".{os.getpid()}.tmp")  # two starts may compile side by side
    with fresh.open("wb") as written:
        write_mo(written, catalogue)
    fresh.replace(target)

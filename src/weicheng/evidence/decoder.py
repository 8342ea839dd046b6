"""The process that opens strangers' files: 512 MB, 10 seconds a file, no writing. No Django.

Started by evidence.pool as `python -m weicheng.evidence.decoder`; one JSON line asks about a file,
one JSON line (and the bytes of the small copies) answers. It ends when its parent does."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import resource
import select
import signal
from pathlib import Path
from typing import IO, Any

from weicheng.evidence.formats import (
    EXTENSIONS,
    HEIC,
    MB,
    OLE,
    PDF,
    PICTURE_EXTENSIONS,
    PICTURES,
    Finding,
    Refusal,
    check_size,
    sniff,
)

MEMORY = 512 * MB
SECONDS = 10
IDLE_SECONDS = 120
# Endings that promise something else; an ending nobody knows promises nothing.
PAPER_ENDINGS = ".pdf .doc .docx .docm .xls .xlsx .xlsm .ppt .pptx .txt .csv"
PAGE_ENDINGS = ".htm .html .svg .xml .js .php .zip .rar .7z .mp4 .mov .avi .mp3"
PROGRAM_ENDINGS = ".exe .bat .cmd .sh .py .jar .apk .msi .dll .vbs .ps1 .lnk .scr"
OTHER_ENDINGS = set(f"{PAPER_ENDINGS} {PAGE_ENDINGS} {PROGRAM_ENDINGS}".split())


def ending(name: str) -> str:
    """The file name's ending in lower case, with its dot; empty when there is none."""
    found = re.search(r"\.[A-Za-z0-9]{1,5}$", name.strip())
    return found[0].lower() if found else ""


def judge(path: Path, name: str, picture_only: bool) -> Finding:
    """Decide about the file at `path` that came under `name`: a Finding, or Refusal raised."""
    size = path.stat().st_size
    if size == 0:
        raise Refusal("empty")
    with path.open("rb") as file:
        media_type = sniff(file.read(32))
    extension = ending(name)
    refuse_type(media_type, extension)
    assert media_type is not None
    check_size(size, media_type)
    if media_type in PICTURES:
        if extension in OTHER_ENDINGS:
            raise Refusal("mismatch", extension=extension)
        return examine_picture(path, media_type)
    if picture_only:
        raise Refusal("not_a_picture")
    finding = examine_paper(path, media_type)
    if extension in (PICTURE_EXTENSIONS | OTHER_ENDINGS) - {EXTENSIONS[finding.media_type]}:
        raise Refusal("mismatch", extension=extension)
    return finding


def refuse_type(media_type: str | None, extension: str) -> None:
    """Refuse what is not on the list, with the reason that helps most."""
    if media_type is None and extension in PICTURE_EXTENSIONS | set(EXTENSIONS.values()):
        raise Refusal("mismatch", extension=extension)
    if media_type == OLE and extension in {".docx", ".xlsx"}:
        raise Refusal("locked_paper")  # a password turns the ZIP into an OLE container
    if media_type == OLE:
        raise Refusal("old_office")
    if media_type is None:
        raise Refusal("unknown_type")


def examine_picture(path: Path, media_type: str) -> Finding:
    """Decode; whatever a decoder stumbles over is a broken picture."""
    from weicheng.evidence import pictures

    try:
        return pictures.examine(path, media_type)
    except (Refusal, MemoryError):
        raise
    except Exception as error:
        if media_type == HEIC and "limit" in str(error).lower():
            raise Refusal("too_heavy") from error
        raise Refusal("broken_picture") from error


def examine_paper(path: Path, media_type: str) -> Finding:
    """Look through a PDF or an office paper."""
    from weicheng.evidence import papers

    try:
        return papers.examine_pdf(path) if media_type == PDF else papers.examine_office(path)
    except (Refusal, MemoryError):
        raise
    except Exception as error:
        raise Refusal("broken_paper") from error


def answer(order: dict[str, Any], out: IO[bytes]) -> bool:
    """Answer one question on `out`; False when this process should not answer another."""
    parts: dict[str, bytes] = {}
    healthy = True
    try:
        finding = judge(Path(order["path"]), order["name"], order["picture_only"])
        parts = finding.derived
        reply: dict[str, Any] = {
            "media_type": finding.media_type,
            "width": finding.width,
            "height": finding.height,
            "phash": finding.phash,
            "taken": finding.taken.isoformat() if finding.taken else None,
            "position": finding.position,
        }
    except Refusal as refusal:
        reply = {"refused": refusal.code, "params": refusal.params}
    except MemoryError:
        reply, healthy = {"refused": "too_heavy", "params": {}, "tired": True}, False
    reply["parts"] = {key: len(data) for key, data in parts.items()}
    out.write(json.dumps(reply).encode() + b"\n" + b"".join(parts.values()))
    out.flush()
    return healthy


def confine() -> None:
    """Give up memory beyond MEMORY, writing of files, core dumps, new privileges."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS


def main() -> None:
    """Answer questions from standard input until it closes, or nobody asks for IDLE_SECONDS."""
    confine()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not spoil an answer
    from weicheng.evidence import papers, pictures  # noqa: F401  warm before the first question

    pending = b""
    while True:
        ready, _, _ = select.select([0], [], [], IDLE_SECONDS)
        piece = os.read(0, 65536) if ready else b""
        if not piece:
            return
        pending += piece
        while b"\n" in pending:
            line, pending = pending.split(b"\n", 1)
            signal.alarm(SECONDS)
            healthy = answer(json.loads(line), out)
            signal.alarm(0)
            if not healthy:
                return


if __name__ == "__main__":
    main()

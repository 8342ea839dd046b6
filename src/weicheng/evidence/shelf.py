"""Where bytes lie: a local folder, or an S3-compatible store when STORAGES names "evidence".

A name exists only with its whole content, and what `put` returned from survives a power cut."""

from __future__ import annotations

import contextlib
import errno
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings

from weicheng.evidence.refusals import EvidenceRefused

RESERVE = 64 * 1024 * 1024  # bytes left free for the database and the logs
SIZES = ("thumb", "screen")
FULL = {errno.ENOSPC, errno.EDQUOT}


def original_name(sha256: str) -> str:
    """Where the bytes as they came lie."""
    return f"original/{sha256[:2]}/{sha256}"


def derived_name(sha256: str, size: str) -> str:
    """Where a served copy lies; it can always be made again from the original."""
    return f"derived/{sha256[:2]}/{sha256}-{size}.jpg"


def hash_in(name: str) -> str:
    """The SHA-256 that a stored name stands for."""
    return name.rsplit("/", 1)[-1][:64]


class Shelf(Protocol):
    """What a store of bytes must do. `put` moves or uploads the file at `source`."""

    def put(self, name: str, source: Path) -> None: ...
    def put_bytes(self, name: str, data: bytes) -> None: ...
    def settle(self, names: list[str]) -> None: ...
    def open(self, name: str) -> IO[bytes]: ...
    def exists(self, name: str) -> bool: ...
    def delete(self, name: str) -> None: ...
    def changed_at(self, name: str) -> float | None: ...
    def walk(self) -> Iterator[tuple[str, float]]: ...


@contextlib.contextmanager
def refusing_when_full() -> Iterator[None]:
    """Turn 'no space' into the refusal that a view answers with 507."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise EvidenceRefused("disk_full") from error
        raise


def root() -> Path:
    """The folder of the evidence store."""
    return Path(settings.EVIDENCE_ROOT)


def incoming() -> Path:
    """A fresh temporary path in the store's own file system. Refuses when the disk is full."""
    folder = root() / "incoming"
    with refusing_when_full():
        folder.mkdir(parents=True, exist_ok=True)
        found = os.statvfs(folder)
    if found.f_bavail * found.f_frsize < RESERVE:
        raise EvidenceRefused("disk_full")
    return folder / f"{time.time_ns()}-{uuid.uuid4().hex}"


def current() -> Shelf:
    """The shelf that the settings name."""
    if "evidence" in getattr(settings, "STORAGES", {}):
        from weicheng.evidence.s3 import S3Shelf

        return S3Shelf()
    return FolderShelf(root())


class FolderShelf:
    """A local folder: temp file → fsync → rename → fsync of the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, source: Path) -> None:
        """Move `source` (already fsynced, same file system) to its name, durably."""
        target = self.folder / name
        with refusing_when_full():
            self._make_folder(target.parent)
            source.replace(target)
            sync_folder(target.parent)

    def put_bytes(self, name: str, data: bytes) -> None:
        """Write a small file whole; durable after `settle`."""
        target = self.folder / name
        temporary = incoming()
        try:
            with refusing_when_full():
                self._make_folder(target.parent)
                with temporary.open("xb") as file:
                    file.write(data)
                temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)

    def settle(self, names: list[str]) -> None:
        """Make what `put_bytes` wrote durable."""
        for name in names:
            with (self.folder / name).open("rb") as file:
                os.fsync(file.fileno())
        for parent in {(self.folder / name).parent for name in names}:
            sync_folder(parent)

    def open(self, name: str) -> IO[bytes]:
        """Raises FileNotFoundError."""
        return (self.folder / name).open("rb")

    def exists(self, name: str) -> bool:
        return (self.folder / name).is_file()

    def delete(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)

    def changed_at(self, name: str) -> float | None:
        """Seconds since 1970 when the name was last put, None when it is not there."""
        try:
            return (self.folder / name).stat().st_mtime
        except FileNotFoundError:
            return None

    def walk(self) -> Iterator[tuple[str, float]]:
        """Every stored name with the time it was put."""
        for area in ("original", "derived"):
            for path in (self.folder / area).glob("*/*"):
                with contextlib.suppress(FileNotFoundError):
                    yield str(path.relative_to(self.folder)), path.stat().st_mtime

    def _make_folder(self, folder: Path) -> None:
        """Make the folder durable in its parent, once."""
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            sync_folder(folder.parent)
            sync_folder(folder.parent.parent)


def sync_folder(folder: Path) -> None:
    """fsync a directory, so that the names in it survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

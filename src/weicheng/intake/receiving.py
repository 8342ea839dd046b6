"""Sorts a drop of any files: each table becomes a batch, chat texts and photos become one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from weicheng.intake.models import Batch, BatchKind, Drop
from weicheng.sheets.archive import MAX_PACKED
from weicheng.sheets.chats import read_chat
from weicheng.sheets.errors import SheetError
from weicheng.sheets.headers import guess_kind
from weicheng.sheets.photos import describe_photo
from weicheng.sheets.workbook import Table, read_tables

if TYPE_CHECKING:
    from weicheng.people.models import User
    from weicheng.places.models import Region

PICTURE_ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".gif", ".bmp"}
PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM")
TEXT_ENDINGS = {".txt", ".text", ".md", ""}
IGNORED = {".ds_store", "thumbs.db", "desktop.ini"}
MOST_SHEETS = 12
SPEAKERS = 2


@dataclass(frozen=True)
class Arrived:
    """One file as it came: its name and its bytes (or an UploadedFile to be read once)."""

    name: str
    file: Any

    def read(self) -> bytes:
        """All bytes."""
        if isinstance(self.file, bytes):
            return self.file
        data: bytes = self.file.read()
        return data


@dataclass
class _Drop:
    """What one drop makes: batches, and what belongs to the chat."""

    district: Region
    by: User
    now: datetime
    batches: list[Batch] = field(default_factory=list)
    chat: list[Drop] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


@transaction.atomic
def receive(
    files: Iterable[Arrived],
    text: str = "",
    *,
    district: Region,
    by: User,
    now: datetime | None = None,
) -> list[Batch]:
    """Keep what was dropped or pasted; nothing is taken in yet. Batches come in order of the drop.

    A file that cannot be read becomes a batch that says why.
    """
    drop = _Drop(district, by, now or timezone.now())
    for arrived in files:
        if PurePath(arrived.name).name.lower() not in IGNORED:
            _sort(drop, arrived)
    if text.strip():
        _keep_text(drop, "", text.encode())
    if drop.chat:
        _chat_batch(drop)
    return drop.batches


def _sort(drop: _Drop, arrived: Arrived) -> None:
    name = PurePath(arrived.name.replace("\\", "/")).name[:200]
    size = getattr(arrived.file, "size", 0)
    if size > MAX_PACKED:
        _refused(drop, name, SheetError("too_large", size=size, limit=MAX_PACKED))
        return
    data = arrived.read()
    ending = PurePath(name).suffix.lower()
    if data.startswith(PICTURE_STARTS) or ending in PICTURE_ENDINGS:
        _keep_picture(drop, name, data)
    elif ending in TEXT_ENDINGS and is_chat(data):
        _keep_text(drop, name, data)
    else:
        _keep_table(drop, name, data)


def is_chat(data: bytes) -> bool:
    """Whether a text reads like a chat: somebody speaks, and it is no table."""
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return False
    try:
        if any(guess_kind(t) for t in read_tables(data, "x.csv")):
            return False
    except SheetError:
        pass
    try:
        messages = read_chat(data, today=timezone.localdate(), tz=timezone.get_default_timezone())
    except SheetError:
        return False
    return sum(1 for m in messages if m.sender) >= SPEAKERS


def _keep_picture(drop: _Drop, name: str, data: bytes) -> None:
    photo = describe_photo(name, data, tz=timezone.get_default_timezone())
    drop.chat.append(_kept(drop, name, data, is_picture=True, at=photo.at))


def _keep_text(drop: _Drop, name: str, data: bytes) -> None:
    drop.texts.append(name)
    drop.chat.append(_kept(drop, name, data))


def _kept(drop: _Drop, name: str, data: bytes, **more: Any) -> Drop:
    return Drop.objects.create(
        filename=name, content=data, size=len(data), received_at=drop.now, **more
    )


def _chat_batch(drop: _Drop) -> None:
    named = next((n for n in drop.texts if n), "")
    batch = _batch(drop, BatchKind.CHAT, named)
    batch.drops.set(drop.chat)


def _keep_table(drop: _Drop, name: str, data: bytes) -> None:
    try:
        tables = read_tables(data, name)
    except SheetError as error:
        _refused(drop, name, error)
        return
    kept = _kept(drop, name, data)
    for table, kind in sheets_of(tables):
        batch = _batch(drop, kind or BatchKind.UNKNOWN, name, sheet=table.sheet[:80])
        batch.total = len(table.rows)
        batch.save(update_fields=["total"])
        batch.drops.set([kept])


def sheets_of(tables: list[Table]) -> list[tuple[Table, str]]:
    """The sheets worth taking in with their kinds; the first one, unrecognised, when none is."""
    guessed = [(t, found[0]) for t in tables if not t.hidden and (found := guess_kind(t))]
    return guessed[:MOST_SHEETS] or [(tables[0], "")]


def _refused(drop: _Drop, name: str, error: SheetError) -> None:
    batch = _batch(drop, BatchKind.UNKNOWN, name, state=Batch.State.FAILED)
    params = {
        key: value if isinstance(value, int) else str(value) for key, value in error.params.items()
    }
    batch.report = {"error": [error.code, params]}
    batch.finished_at = drop.now
    batch.save(update_fields=["report", "finished_at"])


def _batch(drop: _Drop, kind: str, name: str, **more: Any) -> Batch:
    batch = Batch.objects.create(
        district=drop.district, kind=kind, filename=name, by=drop.by, created_at=drop.now,
        state=more.pop("state", Batch.State.READING), **more,
    )  # fmt: skip
    drop.batches.append(batch)
    return batch

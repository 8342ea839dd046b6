"""A dropped chat with its photos: grouped into findings, previewed, taken into the pool."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from weicheng.evidence import store
from weicheng.evidence.models import Attachment, Purpose
from weicheng.intake.leads import learn_chat
from weicheng.sheets.chats import Message, read_chat
from weicheng.sheets.errors import SheetError
from weicheng.sheets.findings import Finding, group
from weicheng.sheets.photos import Photo

if TYPE_CHECKING:
    from weicheng.intake.models import Batch, Drop

AT_ONCE = 10
SHOWN = 60


@dataclass(frozen=True)
class Heard:
    """A chat read: its messages, its photos (drops without their bytes), its findings."""

    messages: list[Message]
    pictures: list[Drop]
    findings: list[Finding]

    @property
    def left_out(self) -> int:
        """Messages that belong to no finding."""
        return len(self.messages) - sum(len(f.messages) for f in self.findings)


def hear(batch: Batch) -> Heard:
    """Read the texts of a batch and group them with its photos. Raises SheetError."""
    tz, today = timezone.get_default_timezone(), timezone.localdate(batch.created_at)
    messages: list[Message] = []
    for drop in batch.drops.filter(is_picture=False).order_by("received_at", "id"):
        messages += read_chat(bytes(drop.content), today=today, tz=tz)
    pictures = list(batch.drops.filter(is_picture=True).defer("content").order_by("id"))
    photos = [Photo(p.filename, timezone.localtime(p.at) if p.at else None) for p in pictures]
    if not messages and not photos:
        raise SheetError("empty")
    return Heard(messages, pictures, group(messages, photos))


def preview(batch: Batch) -> dict[str, Any]:
    """What the chat holds, as the batch's report."""
    heard = hear(batch)
    batch.total = len(heard.findings)
    return {
        "findings": len(heard.findings), "photos": len(heard.pictures),
        "messages": len(heard.messages), "left_out": heard.left_out,
        "doubtful": sum(1 for f in heard.findings if f.doubtful),
        "shown": [
            [f.at.isoformat() if f.at else "", f.sender, f.text[:80], len(f.photos)]
            for f in heard.findings[:SHOWN]
        ],
    }  # fmt: skip


def take(batch: Batch, tell: Callable[[int], None]) -> dict[str, Any]:
    """Keep the photos and make leads of the findings; the same chat again adds nothing."""
    heard = hear(batch)
    kept: list[Attachment | None] = []
    refusals: list[str] = []
    for some in _portions(heard.pictures):
        for answer, drop in zip(_kept(batch, some), some, strict=True):
            kept.append(answer if isinstance(answer, Attachment) else None)
            if not isinstance(answer, Attachment):
                refusals.append(answer.sentence_about(drop.filename))
        tell(len(kept))
    leads, known = learn_chat(heard.findings, kept, district=batch.district, batch=batch)
    return {
        "leads": len(leads), "known": known, "photos": sum(1 for a in kept if a),
        "left_out": heard.left_out, "refusals": refusals,
    }  # fmt: skip


def _portions(pictures: list[Drop]) -> Iterator[list[Drop]]:
    """A few at a time with their bytes, so that memory stays flat."""
    model = type(pictures[0]) if pictures else None
    for start in range(0, len(pictures), AT_ONCE):
        ids = [p.pk for p in pictures[start : start + AT_ONCE]]
        found = model.objects.in_bulk(ids) if model else {}
        yield [found[i] for i in ids]


def _kept(batch: Batch, drops: list[Drop]) -> list[Any]:
    files = [
        store.Incoming(bytes(d.content), d.filename, Purpose.BEFORE, taken_at=None) for d in drops
    ]
    return store.keep_many(files, by=batch.by)

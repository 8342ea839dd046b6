"""The watermark of a rendered copy: when, where and which bytes. Never on what is kept.

It carries no name: a copy from an undercover check looks like every other one."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment

QUALITY = 82


def words_of(attachment: Attachment) -> str:
    """Time of taking (else of receipt), position with accuracy, and the beginning of the hash, in
    plain ASCII."""
    moment = attachment.taken_at or attachment.created_at
    parts = [timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")]
    if attachment.latitude is not None and attachment.longitude is not None:
        place = f"{attachment.latitude:.5f},{attachment.longitude:.5f}"
        if attachment.accuracy_m is not None:
            place += f" +-{attachment.accuracy_m:.0f}m"
        parts.append(place)
    parts.append(f"sha256 {(attachment.blob_id or '')[:16]}")
    return "  ".join(parts)


def marked(jpeg: bytes, words: str) -> bytes:
    """The picture (one of our own clean JPEGs) with a dark strip and the words along its foot."""
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as opened:
        picture = opened.convert("RGB")
    size = max(9, picture.width // 55)
    font = ImageFont.load_default(size)
    while size > 9 and font.getlength(words) > picture.width - size:
        size -= 1
        font = ImageFont.load_default(size)
    strip = Image.new("RGBA", (picture.width, size * 2), (0, 0, 0, 150))
    ImageDraw.Draw(strip).text((size // 2, size // 3), words, font=font, fill=(255, 255, 255, 255))
    picture.paste(strip, (0, picture.height - strip.height), strip)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()

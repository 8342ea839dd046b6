"""What may be kept: media types known by their first bytes, and how large. No Django."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

MB = 1024 * 1024
PICTURE_BYTES = 15 * MB
PAPER_BYTES = 30 * MB
MAX_PIXELS = 40_000_000
MAX_SIDE = 65_500
PER_ACT = 9

JPEG = "image/jpeg"
PNG = "image/png"
WEBP = "image/webp"
HEIC = "image/heic"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
OLE = "application/x-ole-storage"

WEBM = "audio/webm"
OGG = "audio/ogg"
M4A = "audio/mp4"

PICTURES = {JPEG: ".jpg", PNG: ".png", WEBP: ".webp", HEIC: ".heic"}
PAPERS = {PDF: ".pdf", DOCX: ".docx", XLSX: ".xlsx"}
SOUNDS = {WEBM: ".webm", OGG: ".ogg", M4A: ".m4a"}
SOUND_BYTES = 2 * MB  # half a minute of speech takes 100 KB
EXTENSIONS = {**PICTURES, **PAPERS}

MAGIC = {
    b"\xff\xd8\xff": JPEG,
    b"\x89PNG\r\n\x1a\n": PNG,
    b"%PDF-": PDF,
    b"PK\x03\x04": ZIP,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": OLE,
}
PICTURE_EXTENSIONS = {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".heic", ".heif"}
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


class Refusal(Exception):
    """Inside the decoder: why a file is not accepted. Codes are those of refusals.SENTENCES."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Finding:
    """What the decoder found in an accepted file. Pixels upright; `taken` is naive local time
    unless the picture names its offset; `position` is (latitude, longitude, metres or None)."""

    media_type: str
    width: int | None = None
    height: int | None = None
    phash: int | None = None
    taken: datetime | None = None
    position: tuple[float, float, float | None] | None = None
    derived: dict[str, bytes] = field(default_factory=dict, repr=False)  # size name → JPEG


@dataclass(frozen=True)
class Prepared:
    """One of our own JPEGs, ready to be kept: its bytes, their hash, and what was found."""

    data: bytes = field(repr=False)
    sha256: str
    finding: Finding = field(repr=False)


def sniff(head: bytes) -> str | None:
    """The media type that the first 32 bytes announce; ZIP and OLE stand for office papers."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        return HEIC
    return next((kind for mark, kind in MAGIC.items() if head.startswith(mark)), None)


def webp_size(head: bytes) -> tuple[int, int]:
    """Width and height of a WebP from its first 30 bytes, before any decoder asks for memory."""
    if head[12:16] == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if head[12:16] == b"VP8L":
        both = int.from_bytes(head[21:25], "little")
        return (both & 0x3FFF) + 1, (both >> 14 & 0x3FFF) + 1
    sides = int.from_bytes(head[26:28], "little"), int.from_bytes(head[28:30], "little")
    return sides[0] & 0x3FFF, sides[1] & 0x3FFF


def check_pixels(width: int, height: int) -> None:
    """Refuse a picture of too many pixels, by what its header says."""
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        million = 1_000_000
        megapixels = -(-width * height // million)
        raise Refusal("too_many_pixels", megapixels=megapixels, limit=MAX_PIXELS // million)


def check_size(size: int, media_type: str) -> None:
    """Refuse more bytes than the kind of file may have."""
    limit = PICTURE_BYTES if media_type in PICTURES else PAPER_BYTES
    if size > limit:
        raise Refusal("too_big", size_mb=megabytes(size), limit_mb=limit // MB)


def megabytes(size: int) -> str:
    """Bytes as megabytes with one decimal, never rounded down to the limit."""
    return f"{-(-size * 10 // MB) / 10:.1f}"


def sniff_sound(head: bytes) -> str | None:
    """The kind of a recording by its first bytes (≥ 12), None when it is none of ours.

    Nothing here decodes sound: it is kept as it came, and sent as what its first bytes say."""
    if head.startswith(b"\x1aE\xdf\xa3"):
        return WEBM
    if head.startswith(b"OggS"):
        return OGG
    return M4A if head[4:8] == b"ftyp" and head[8:12] not in HEIF_BRANDS else None

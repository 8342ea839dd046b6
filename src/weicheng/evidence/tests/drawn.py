"""Draws the harmless and the odd pictures that the tests feed in."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

GPS_EXIF = {1: "N", 2: (30.0, 15.0, 36.0), 3: "E", 4: (114.0, 18.0, 0.0), 31: 8.0}
TAKEN_EXIF = {0x9003: "2026:12:03 09:41:20", 0x9011: "+08:00"}


def scene(width: int = 240, height: int = 160, *, seed: int = 1, mode: str = "RGB") -> Image.Image:
    """A soft patchwork, never twice the same for different seeds."""
    small = np.random.default_rng(seed).integers(0, 255, (5, 7, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC).convert(mode)


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The picture as a file of that kind."""
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def jpeg(width: int = 240, height: int = 160, *, seed: int = 1, **options: Any) -> bytes:
    """A JPEG photo."""
    return saved(scene(width, height, seed=seed), **options)


def exif(*, turn: int = 1, gps: bool = True, taken: bool = True) -> Image.Exif:
    """An EXIF block as a phone writes it."""
    block = Image.Exif()
    block[0x0112] = turn
    block[0x010F] = "秘密手机 SECRETPHONE"
    if taken:
        block.get_ifd(0x8769).update(TAKEN_EXIF)
    if gps:
        block.get_ifd(0x8825).update(GPS_EXIF)
    return block


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int,
    height: int,
    *,
    depth: int = 8,
    colour: int = 2,
    body: bytes = b"",
    extra: bytes = b"",
) -> bytes:
    """A PNG file from its parts; `body` uncompressed, `extra` chunks before it."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", head)
        + extra
        + png_chunk(b"IDAT", zlib.compress(body))
        + png_chunk(b"IEND", b"")
    )


def png_16_bit_colour(side: int = 40) -> bytes:
    row = b"\x00" + b"\x12\x34\x56\x78\x9a\xbc" * side
    return png(side, side, depth=16, body=row * side)


def jpeg_segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def with_segment(picture: bytes, marker: int, data: bytes) -> bytes:
    """The JPEG with one more segment right after its start."""
    return picture[:2] + jpeg_segment(marker, data) + picture[2:]


def with_xmp(picture: bytes, words: bytes) -> bytes:
    packet = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + words + b"</x:xmpmeta>"
    return with_segment(picture, 0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + packet)


def huge_jpeg_header() -> bytes:
    """A small JPEG whose header says 65,500 × 65,500."""
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 65_500, 65_500)
    return bytes(data)


def huge_webp_header() -> bytes:
    """A small WebP whose header says 8,000 × 6,000."""
    data = bytearray(saved(scene(mode="RGBA"), "WEBP", exif=exif()))
    assert data[12:16] == b"VP8X"
    data[24:30] = (7999).to_bytes(3, "little") + (5999).to_bytes(3, "little")
    return bytes(data)


def mpo() -> bytes:
    """Two pictures in one JPEG file, as phones with a depth or gain map write."""
    first, second = scene(seed=3), scene(120, 80, seed=4)
    return saved(first, "MPO", save_all=True, append_images=[second])


def motion_photo() -> bytes:
    """A JPEG with a short film behind it, as 'live' phones write."""
    return jpeg() + b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(5000)


def wide_gamut() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return jpeg(icc_profile=profile)


def broken_exif() -> bytes:
    return with_segment(jpeg(), 0xE1, b"Exif\x00\x00MM\x00*\xff\xff\xff\xff" + bytes(range(256)))


def foreign_thumbnail() -> bytes:
    """EXIF whose embedded thumbnail shows another scene."""
    return jpeg(exif=exif().tobytes() + jpeg(60, 40, seed=99))


def animated(kind: str) -> bytes:
    frames = [scene(60, 40, seed=seed) for seed in range(4)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:])


def segments(picture: bytes) -> list[tuple[int, bytes]]:
    """Markers and contents of a JPEG before its image data; nothing may follow its end."""
    found, at = [], 2
    while picture[at + 1] != 0xDA:
        length = struct.unpack(">H", picture[at + 2 : at + 4])[0]
        found.append((picture[at + 1], picture[at + 4 : at + 2 + length]))
        at += 2 + length
    assert picture.endswith(b"\xff\xd9") and picture.count(b"\xff\xd9") == 1
    return found
